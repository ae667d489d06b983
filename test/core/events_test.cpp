// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE events

#include "zenws/events.hpp"

#include "support/unit_test.hpp"

using namespace std::chrono_literals;
using namespace zenws;

namespace {

client_event of_desk(client_state state) {
  return {.state = state, .client_id = 7, .client = "desk"};
}

} // namespace

CAF_TEST(an event is told in a sentence) {
  auto uut = of_desk(client_state::backing_off);
  uut.attempt = 2;
  uut.retry_in = 1500ms;
  uut.reason = error{ec::connect_failed, "refused"};
  CAF_CHECK_EQUAL(describe(uut),
                  "Client \"desk\" tries to connect again in 1.5 s (attempt 2) "
                  "because of "
                    + to_string(uut.reason) + '.');
}

CAF_TEST(a client without a name is told by its number) {
  CAF_CHECK_EQUAL(describe({.state = client_state::stopped, .client_id = 7}),
                  "Client 7 has ended normally.");
}

CAF_TEST(an event of another node tells where it happened) {
  auto uut = of_desk(client_state::closing);
  uut.node = "tokyo-a";
  CAF_CHECK_EQUAL(describe(uut),
                  "Client \"desk\" at \"tokyo-a\" closes its connection.");
}

CAF_TEST(names that peers choose cannot make up lines) {
  auto uut = of_desk(client_state::ready);
  uut.client = "desk\nerror";
  uut.node = "tokyo\r\n";
  CAF_CHECK_EQUAL(describe(uut).find_first_of("\r\n"), std::string::npos);
}

CAF_TEST(an unknown kind has a text as well) {
  auto kind = static_cast<event_kind>(200);
  auto state = static_cast<client_state>(200);
  CAF_CHECK_EQUAL(to_string(kind), "unknown");
  CAF_CHECK_EQUAL(to_string(state), "unknown");
  CAF_CHECK(!describe({.kind = kind}).empty());
  CAF_CHECK(!describe({.state = state}).empty());
}
