// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE forward_request

#include "zenws/nodes/internal/forward_request.hpp"

#include "support/actor_test.hpp"
#include "support/answer_of.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace zenws;
using test_support::answer_of;

namespace {

// The answer to a number, which keeps something alive until it has come.
struct with_keepsake {
  std::string operator()(std::string x) const {
    return x + *keepsake;
  }

  std::shared_ptr<std::string> keepsake;
};

/// An actor that passes numbers on to another one, which answers later.
struct fixture : test_coordinator_fixture<> {
  fixture() {
    target = sys.spawn(
      [this](caf::event_based_actor* ptr, int) {
        return caf::behavior{
          [=, this](int) {
            open.push_back(ptr->make_response_promise());
            return open.back();
          },
          [this](const std::string& text) {
            caf_compat::answer(open.back(), text);
          },
          [this](bool) { open.clear(); },
        };
      },
      0);
    front = sys.spawn(
      [this](caf::event_based_actor* ptr, int) {
        return caf::behavior{
          [=, this](int x) {
            return forward_request<std::string>(*ptr, promises, target, x,
                                                with_keepsake{keepsake});
          },
          [=, this](bool) {
            promises.abandon_all(*ptr, make_error(ec::disconnected));
          }};
      },
      0);
    sched.run();
  }

  ~fixture() {
    caf_compat::anon_send(target, true);
    sched.run();
    caf::anon_send_exit(front, caf::exit_reason::kill);
    caf::anon_send_exit(target, caf::exit_reason::kill);
    sched.run();
  }

  auto send() {
    auto result = self->request(front, caf::infinite, 1);
    sched.run();
    return result;
  }

  void answer(const std::string& text) {
    caf_compat::anon_send(target, text);
    sched.run();
  }

  void lose_target() {
    caf_compat::anon_send(front, true);
    sched.run();
  }

  std::shared_ptr<std::string> keepsake = std::make_shared<std::string>("!");
  pending_responses promises;
  std::vector<caf::response_promise> open; // of the target
  caf::actor target;
  caf::actor front;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(forward_request_tests, fixture)

CAF_TEST(an answer is passed back) {
  auto request = send();
  answer("one");
  CAF_CHECK_EQUAL(answer_of(request), "one!");
}

// CAF 0.17 keeps a deadline, and the actor with it, after the answer.
CAF_TEST(a forwarded request leaves no deadline behind) {
  auto request = send();
  answer("one");
  answer_of(request);
  CAF_CHECK(!sched.trigger_timeout());
}

CAF_TEST(an abandoned request leaves nothing behind) {
  auto first = send();
  auto second = send();
  CAF_CHECK_EQUAL(keepsake.use_count(), 3);
  lose_target();
  CAF_CHECK_EQUAL(answer_of(first), to_string(ec::disconnected));
  CAF_CHECK_EQUAL(answer_of(second), to_string(ec::disconnected));
  CAF_CHECK_EQUAL(keepsake.use_count(), 1);
}

CAF_TEST(an answer after all comes too late) {
  auto request = send();
  lose_target();
  answer("late");
  CAF_CHECK_EQUAL(answer_of(request), to_string(ec::disconnected));
  CAF_CHECK(self->mailbox().empty());
  auto next = send();
  answer("next");
  CAF_CHECK_EQUAL(answer_of(next), "next!");
}

CAF_TEST_FIXTURE_SCOPE_END()
