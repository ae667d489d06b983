// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE hostile_answers

#include "support/scripted_peer.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

using texts = std::vector<std::string>;

std::string result_for(const std::string& id, const std::string& value) {
  return R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + value + '}';
}

std::string data_of(const std::string& channel, int number) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")"
         + channel + R"(","data":)" + std::to_string(number) + "}}";
}

std::string id_in(const std::string& request) {
  return std::string{find_member(request, "id").text};
}

std::string method_in(const std::string& request) {
  return find_member(request, "method").string().value_or("");
}

struct fixture : venue_world {
  std::pair<client_actor, inbox_ptr> connect(const scripted_peer& peer) {
    client_spec spec{.config = quick(peer.url())};
    spec.config.venue.dialect = "deribit";
    spec.config.heartbeat.kind = heartbeat_kind::none;
    return connect_watched(spec);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(hostile_answers_tests, fixture)

CAF_TEST(acknowledgements of other requests grant nothing) {
  scripted_peer peer{[](const std::string& text) -> texts {
    auto id = id_in(text);
    if (method_in(text) != "public/subscribe")
      return {result_for(id, R"(["a"])")};
    // Answers to other requests, or to none.
    return {result_for("0", R"(["a"])"),
            result_for("-1", R"(["a"])"),
            result_for(id + "0", R"(["a"])"),
            result_for('"' + id + '"', R"(["a"])"),
            result_for(id + ".0", R"(["a"])"),
            result_for("null", R"(["a"])"),
            R"({"jsonrpc":"2.0","result":["a"]})",
            R"({"id":)" + id + R"(,"id":)" + id + R"(,"result":["a"]})"};
  }};
  auto [uut, events] = connect(peer);
  CAF_REQUIRE(events->wait_for_state(client_state::ready));
  auto in = std::make_shared<inbox>();
  caf_compat::tell(
    *self, uut, subscribe_channels{{{.name = "a"}}, sys.spawn(collecting, in)});
  // The answer to this comes after all of those.
  CAF_CHECK(ask<rpc_result>(uut, call{"public/test"}));
  auto status = status_of(uut);
  CAF_CHECK_EQUAL(status.channels, 1u);
  CAF_CHECK_EQUAL(status.pending_calls, 1u);
  CAF_CHECK_EQUAL(status.malformed, 1u);
  CAF_CHECK_EQUAL(status.epoch, 1u);
}

CAF_TEST(channels that were not requested are not granted) {
  scripted_peer peer{[](const std::string& text) -> texts {
    return {result_for(id_in(text), R"(["b","c"])"), data_of("b", 1),
            data_of("c", 2)};
  }};
  auto [uut, events] = connect(peer);
  auto [report, subscriber, in] = try_follow(uut,
                                             {{.name = "a"}, {.name = "b"}});
  CAF_REQUIRE(report);
  auto outcomes = outcomes_of(*report);
  CAF_CHECK_EQUAL(outcomes.size(), 2u);
  CAF_CHECK(outcomes["a"] == outcome_kind::rejected);
  CAF_CHECK(outcomes["b"] == outcome_kind::granted);
  CAF_CHECK_EQUAL(status_of(uut).channels, 1u);
  CAF_REQUIRE(in->wait_for_messages(1));
  CAF_CHECK(ask<rpc_result>(uut, call{"public/test"}));
  for (auto& x : in->messages())
    CAF_CHECK(x.payload.find("\"c\"") == std::string::npos);
}

CAF_TEST(acknowledgements that are repeated change nothing) {
  scripted_peer peer{
    [granted = std::string{}](const std::string& text) mutable -> texts {
      auto answer = result_for(id_in(text), R"(["a"])");
      if (method_in(text) == "public/subscribe")
        granted = answer;
      // The old one is back whatever was asked.
      return {granted, answer, answer, data_of("a", 1)};
    }};
  auto [uut, events] = connect(peer);
  auto [plain, all] = collect(uut);
  auto [subscriber, in] = follow(uut, {"a"});
  CAF_REQUIRE(in->wait_for_messages(1));
  CAF_CHECK_EQUAL(tell(uut, unsubscribe_channels{{"a"}, subscriber}),
                  caf::none);
  CAF_CHECK(ask<rpc_result>(uut, call{"public/test"}));
  CAF_REQUIRE(all->wait_for_text(data_of("a", 1)));
  auto status = status_of(uut);
  CAF_CHECK_EQUAL(status.channels, 0u);
  CAF_CHECK_EQUAL(status.pending_calls, 0u);
  CAF_CHECK_EQUAL(status.epoch, 1u);
}

CAF_TEST(answers that come too late settle no other call) {
  scripted_peer peer{
    [kept = std::string{}](const std::string& text) mutable -> texts {
      auto id = id_in(text);
      if (method_in(text) == "late") {
        kept = result_for(id, "\"late\"");
        return {};
      }
      return {kept, kept, result_for(id, "\"in time\"")};
    }};
  auto [uut, events] = connect(peer);
  auto [plain, in] = collect(uut);
  CAF_REQUIRE(events->wait_for_state(client_state::ready));
  auto first = ask<rpc_result>(uut, call{"late", {}, 30ms});
  CAF_REQUIRE(!first);
  CAF_CHECK_EQUAL(caf_compat::code_of(first.error()), ec::request_timeout);
  auto second = ask<rpc_result>(uut, call{"other"});
  CAF_REQUIRE(second);
  CAF_CHECK_EQUAL(second->json, "\"in time\"");
  // Answers without a request are data.
  CAF_REQUIRE(in->wait_for_messages(2));
  for (auto& x : in->messages())
    CAF_CHECK(x.payload.find("\"late\"") != std::string::npos);
}

CAF_TEST(ids within market data settle no call) {
  scripted_peer peer{[](const std::string& text) -> texts {
    auto id = id_in(text);
    auto trap = R"({"id":)" + id + R"(,"result":"trap"})";
    return {R"({"jsonrpc":"2.0","method":"subscription","params":)"
            R"({"channel":"a","data":)"
              + trap + "}}",
            '[' + trap + ']', R"({"data":)" + trap + '}',
            result_for(id, "\"true\"")};
  }};
  auto [uut, events] = connect(peer);
  CAF_REQUIRE(events->wait_for_state(client_state::ready));
  auto answer = ask<rpc_result>(uut, call{"public/test"});
  CAF_REQUIRE(answer);
  CAF_CHECK_EQUAL(answer->json, "\"true\"");
}

CAF_TEST_FIXTURE_SCOPE_END()
