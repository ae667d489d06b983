// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE pending_responses

#include "zenws/actors/caf/internal/pending_responses.hpp"

#include "support/actor_test.hpp"
#include "support/answer_of.hpp"

#include <functional>
#include <string>
#include <vector>

using namespace zenws;
using test_support::answer_of;

namespace {

struct fixture : test_coordinator_fixture<> {
  fixture() {
    // Keeps each request, and runs actions.
    server = sys.spawn(
      [this](caf::event_based_actor* ptr, int) {
        return caf::behavior{[=, this](int) {
                               auto result = ptr->make_response_promise();
                               tokens.push_back(uut.add(result));
                               return result;
                             },
                             [this](bool) { action(); }};
      },
      0);
    sched.run();
  }

  ~fixture() {
    caf::anon_send_exit(server, caf::exit_reason::kill);
    sched.run();
  }

  auto send() {
    auto result = self->request(server, caf::infinite, 1);
    sched.run();
    return result;
  }

  void in_server(std::function<void()> f) {
    action = std::move(f);
    caf_compat::anon_send(server, true);
    sched.run();
  }

  pending_responses uut;
  std::vector<uint64_t> tokens;
  std::function<void()> action;
  caf::actor server;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pending_responses_tests, fixture)

CAF_TEST(each request gets the answer to its token) {
  auto first = send();
  auto second = send();
  in_server([this] {
    uut.answer(tokens[1], std::string{"two"});
    uut.answer(tokens[0], std::string{"one"});
  });
  CAF_CHECK_EQUAL(answer_of(first), "one");
  CAF_CHECK_EQUAL(answer_of(second), "two");
}

CAF_TEST(tokens differ and none is zero) {
  for (int i = 0; i < 3; ++i) {
    auto request = send();
    in_server([this] { uut.answer(tokens.back(), std::string{"x"}); });
    answer_of(request);
  }
  CAF_CHECK(tokens == std::vector<uint64_t>({1, 2, 3}));
}

CAF_TEST(a request is answered once) {
  auto request = send();
  in_server([this] {
    uut.answer(tokens[0], std::string{"one"});
    uut.answer(tokens[0], std::string{"again"});
    uut.fail_all(make_error(ec::client_stopped));
  });
  CAF_CHECK_EQUAL(answer_of(request), "one");
  CAF_CHECK(self->mailbox().empty());
}

CAF_TEST(an answer to an unknown token is dropped) {
  auto request = send();
  in_server([this] {
    uut.answer(0, std::string{"zero"});
    uut.answer(tokens[0] + 1, std::string{"next"});
    uut.answer(tokens[0], std::string{"one"});
  });
  CAF_CHECK_EQUAL(answer_of(request), "one");
  CAF_CHECK(self->mailbox().empty());
}

CAF_TEST(one error answers all requests that are left) {
  auto first = send();
  auto second = send();
  auto third = send();
  in_server([this] {
    uut.answer(tokens[1], std::string{"two"});
    uut.fail_all(make_error(ec::client_stopped));
  });
  CAF_CHECK_EQUAL(answer_of(first), to_string(ec::client_stopped));
  CAF_CHECK_EQUAL(answer_of(second), "two");
  CAF_CHECK_EQUAL(answer_of(third), to_string(ec::client_stopped));
}

CAF_TEST(a plain message is not answered) {
  caf_compat::tell(*self, server, 1);
  sched.run();
  in_server([this] { uut.answer(tokens[0], std::string{"one"}); });
  CAF_CHECK(self->mailbox().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
