// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE caf_compat

#include "zenws/actors/all.hpp"
#include "zenws/json/json_value.hpp"

#include "support/unit_test.hpp"

#include <typeinfo>

using namespace zenws;

namespace {

template <class Exception, class F>
bool throws(F f) {
  try {
    f();
  } catch (const Exception&) {
    return true;
  }
  return false;
}

// How CAF shows an error to users. Later versions than 0.17 cannot be taught.
template <class System>
std::string shown(System& host, const caf::error& reason) {
  if constexpr (requires { host.render(reason); })
    return host.render(reason);
  else
    return zenws::to_text(reason);
}

} // namespace

CAF_TEST(errors are rendered with their detail if there is one) {
  system_config cfg;
  caf::actor_system sys{cfg};
  CAF_CHECK_EQUAL(shown(sys, make_error(ec::client_stopped)),
                  "zenws.client_stopped");
  CAF_CHECK_EQUAL(shown(sys, make_error(error{ec::not_found, "feed"})),
                  "zenws.not_found: feed");
  CAF_CHECK_EQUAL(
    shown(sys, make_error(to_error(rpc_error{.code = 5, .message = "no"}), {})),
    "zenws.request_refused: " + to_error({5, "no", {}}).detail);
}

CAF_TEST(idle workers are woken at once unless the user says otherwise) {
  auto policy_of = [](system_config& cfg) {
    caf::actor_system sys{cfg};
    std::string type = typeid(sys.scheduler()).name();
    return type.find("sharing") != std::string::npos ? "sharing" : "stealing";
  };
  system_config cfg;
  CAF_CHECK_EQUAL(policy_of(cfg), std::string{"sharing"});
  system_config other;
  caf_compat::set_scheduler_policy(other, "stealing");
  CAF_CHECK_EQUAL(policy_of(other), std::string{"stealing"});
}

CAF_TEST(an actor of a loop runs nowhere else) {
  system_config cfg;
  caf::actor_system sys{cfg};
  CAF_CHECK(throws<std::logic_error>(
    [&] { sys.spawn<loop_actor<caf::event_based_actor>>(); }));
}

CAF_TEST(only addresses are handles of addresses) {
  system_config cfg;
  caf::actor_system sys{cfg};
  auto address = stable_address::make<caf::actor>(sys);
  CAF_CHECK(stable_address::handle_to(address).as<caf::actor>() == address);
  stable_address::close(address, {});
  caf::scoped_actor self{sys};
  CAF_CHECK(throws<std::invalid_argument>(
    [&] { stable_address::handle_to(caf::actor{self}); }));
}

CAF_TEST(the code of an error is ours or none) {
  CAF_CHECK(caf_compat::code_of(make_error(ec::not_found)) == ec::not_found);
  CAF_CHECK(caf_compat::code_of(caf::sec::runtime_error) == ec::none);
  CAF_CHECK(caf_compat::code_of(caf::error{}) == ec::none);
  CAF_CHECK_EQUAL(caf_compat::detail_of(caf::error{}), "");
  CAF_CHECK(!caf_compat::value_of<rpc_error>(caf::error{}));
  CAF_CHECK_EQUAL(caf_compat::detail_of(make_error(ec::not_found)), "");
}

CAF_TEST(an error of CAF has a code and an outcome and a text) {
  auto down = make_error(error{ec::client_stopped, "done"});
  CAF_CHECK_EQUAL(code_of(down), ec::client_stopped);
  CAF_CHECK(outcome_of(down) == send_outcome::not_sent);
  CAF_CHECK_EQUAL(to_text(down), "zenws.client_stopped: done");
  caf::error late = caf::sec::request_timeout;
  CAF_CHECK_EQUAL(code_of(late), ec::none);
  CAF_CHECK(outcome_of(late) == send_outcome::unknown);
}

CAF_TEST(the status of a client is readable) {
  client_status status;
  status.name = "feed";
  status.state = client_state::ready;
  status.epoch = 3;
  status.connected_for = std::chrono::milliseconds{12345};
  status.messages_received = 7;
  status.last_error = {ec::connection_lost, "reset"};
  CAF_CHECK_EQUAL(describe(status),
                  "feed (ready, epoch 3, up 12 s, received 7, sent 0, dropped "
                  "0, failed 0, subscribers 0, channels 0, last error "
                  "connection_lost: reset)");
  CAF_CHECK_EQUAL(caf::deep_to_string(status),
                  "zenws::client_status(\"" + describe(status) + "\")");
  auto json = to_json(status);
  CAF_CHECK(json.starts_with(R"({"id":0,"name":"feed","url":"")"));
  for (auto member : {R"("state":"ready")", R"("connected_for_ms":12345)",
                      R"("last_error":"connection_lost: reset")"})
    CAF_CHECK(json.find(member) != std::string::npos);
  CAF_CHECK_EQUAL(to_json(heartbeat_health{}),
                  R"({"kind":"none","failures":0,"last_beat_ago_ms":-1,)"
                  R"("round_trip_us":0})");
  auto metrics = to_json(state_metrics{});
  CAF_CHECK(find_member(metrics, "state").is("disconnected"));
  CAF_CHECK(find_member(metrics, "heartbeat").kind == json_kind::object);
}

CAF_TEST(messages show no secrets and nothing of binary payloads) {
  std::string secret = "sesame";
  auto json = R"({"access_token":")" + secret + R"("})";
  upgrade_refusal refusal;
  refusal.body = json;
  for (auto& shown :
       {caf::deep_to_string(send_text{json}),
        caf::deep_to_string(send_binary{secret}),
        caf::deep_to_string(send_balanced{json}),
        caf::deep_to_string(
          send_balanced{.payload = secret, .kind = message_kind::binary}),
        caf::deep_to_string(call{.method = "login", .params = json}),
        caf::deep_to_string(channel_spec{.name = "x", .arguments = json}),
        caf::deep_to_string(rpc_result{.json = json}),
        caf::deep_to_string(rpc_error{.data = json}),
        caf::deep_to_string(refusal)})
    CAF_CHECK_EQUAL(shown.find(secret), std::string::npos);
  CAF_CHECK(caf::deep_to_string(send_binary{secret}).find("6 bytes")
            != std::string::npos);
}
