// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE stable_address

#include "zenws/actors/caf/answering_actor.hpp"
#include "zenws/actors/caf/stable_address.hpp"

#include "support/actor_test.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace zenws;

namespace {

using address = stable_address;

constexpr address::role with_patience{
  .may_wait = [](const caf::mailbox_element&) { return true; },
  .down_error = ec::not_connected,
  .gone_error = ec::client_stopped};

struct fixture : test_coordinator_fixture<> {
  ~fixture() {
    address::close(uut, caf::exit_reason::user_shutdown);
    for (auto& x : incarnations)
      caf::anon_send_exit(x, caf::exit_reason::kill);
    sched.run();
  }

  // Creates an incarnation that answers with its name.
  caf::actor spawn(std::string name) {
    auto result = sys.spawn(
      [](caf::event_based_actor*, const std::string& answer) {
        return caf::behavior{[answer](int) { return answer; }};
      },
      std::move(name));
    sched.run();
    incarnations.push_back(result);
    return result;
  }

  // Sends a request; `receive` yields the answer, or the code of the error.
  auto send() {
    return self->request(uut, caf::infinite, 1);
  }

  template <class Request>
  std::string receive(Request& request) {
    sched.run();
    std::string result;
    std::move(request).receive([&](std::string& x) { result = std::move(x); },
                               [&](caf::error& x) {
                                 result = to_string(caf_compat::code_of(x));
                               });
    return result;
  }

  std::string ask() {
    auto request = send();
    return receive(request);
  }

  void make_uut(const address::role& role) {
    uut = address::make<caf::actor>(sys, role);
  }

  caf::actor uut = address::make<caf::actor>(sys);
  std::vector<caf::actor> incarnations;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(stable_address_tests, fixture)

CAF_TEST(messages reach the current incarnation) {
  address::bind(uut, spawn("first"));
  CAF_CHECK_EQUAL(ask(), "first");
  address::bind(uut, spawn("second"));
  CAF_CHECK_EQUAL(ask(), "second");
}

CAF_TEST(requests without an incarnation are refused) {
  CAF_CHECK_EQUAL(ask(), to_string(ec::child_down));
  address::bind(uut, spawn("first"));
  address::unbind(uut);
  CAF_CHECK_EQUAL(ask(), to_string(ec::child_down));
}

CAF_TEST(messages that may wait reach the next incarnation in order) {
  make_uut(with_patience);
  std::vector<int> received;
  auto incarnation = sys.spawn(
    [&](caf::event_based_actor*, int) {
      return caf::behavior{[&](int x) { received.push_back(x); }};
    },
    0);
  incarnations.push_back(incarnation);
  caf_compat::anon_send(uut, 1);
  caf_compat::anon_send(uut, 2);
  address::bind(uut, incarnation);
  caf_compat::anon_send(uut, 3);
  sched.run();
  CAF_CHECK(received == std::vector<int>({1, 2, 3}));
}

CAF_TEST(no more messages wait than the limit) {
  make_uut(with_patience);
  for (size_t i = 1; i < address::max_waiting; ++i)
    caf_compat::anon_send(uut, 1);
  auto last = send();
  auto refused = send();
  CAF_CHECK_EQUAL(receive(refused), to_string(ec::not_connected));
  address::bind(uut, spawn("next"));
  CAF_CHECK_EQUAL(receive(last), "next");
}

CAF_TEST(monitors see the end of the address and not of an incarnation) {
  auto first = spawn("first");
  address::bind(uut, first);
  self->monitor(uut);
  caf::anon_send_exit(first, caf::exit_reason::kill);
  sched.run();
  CAF_CHECK(self->mailbox().empty());
  address::retire(uut, make_error(ec::retries_exhausted));
  size_t ends = 0;
  self->receive([&](const caf::down_msg& x) {
    ++ends;
    CAF_CHECK(x.source == uut.address());
    CAF_CHECK_EQUAL(caf_compat::code_of(x.reason), ec::retries_exhausted);
  });
  CAF_CHECK_EQUAL(ends, 1u);
}

CAF_TEST(a monitor of a retired address is told at once) {
  address::retire(uut, make_error(ec::retries_exhausted));
  self->monitor(uut);
  CAF_CHECK(!self->mailbox().empty());
}

CAF_TEST(a retired address refuses with the reason of its end) {
  make_uut(with_patience);
  auto waiting = send();
  address::retire(uut, make_error(error{ec::retries_exhausted, "five"}));
  CAF_CHECK_EQUAL(receive(waiting), to_string(ec::client_stopped));
  auto request = send();
  sched.run();
  std::move(request).receive([](std::string&) { CAF_FAIL("answered"); },
                             [](caf::error& x) {
                               CAF_CHECK_EQUAL(caf_compat::detail_of(x),
                                               "it has ended: "
                                               "zenws.retries_exhausted: five");
                             });
}

CAF_TEST(a retired address that is bound again is as good as new) {
  address::retire(uut, make_error(ec::retries_exhausted));
  address::bind(uut, spawn("again"));
  CAF_CHECK_EQUAL(ask(), "again");
  self->monitor(uut);
  CAF_CHECK(self->mailbox().empty());
  address::unbind(uut);
  CAF_CHECK_EQUAL(ask(), to_string(ec::child_down));
}

CAF_TEST(a closed address is never bound again) {
  make_uut(with_patience);
  address::close(uut, caf::exit_reason::user_shutdown);
  address::bind(uut, spawn("late"));
  CAF_CHECK_EQUAL(ask(), to_string(ec::client_stopped));
}

CAF_TEST(unread messages of an incarnation wait for the next one) {
  using answering = answering_actor<caf::event_based_actor>;
  make_uut(with_patience);
  struct ending : answering {
    ending(caf::actor_config& cfg, caf::actor of)
      : answering(cfg), address_(std::move(of)) {
      // nop
    }

    caf::behavior make_behavior() override {
      return {[](bool) {}};
    }

    void leave_unread() override {
      address::take_back(caf::actor_cast<caf::strong_actor_ptr>(address_),
                         ctrl(),
                         [this] { return caf_compat::close_mailbox(*this); });
    }

    caf::actor address_;
  };
  auto first = sys.spawn<ending>(uut);
  sched.run();
  address::bind(uut, caf::actor{first});
  caf::anon_send_exit(first, caf::exit_reason::kill);
  auto request = send(); // behind the exit message
  sched.run();
  address::bind(uut, spawn("second"));
  CAF_CHECK_EQUAL(receive(request), "second");
}

CAF_TEST_FIXTURE_SCOPE_END()
