// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE early_message

#include "support/scripted_peer.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

std::string head(const std::string& id, int number) {
  return R"({"jsonrpc":"2.0","method":"eth_subscription","params":)"
         R"({"subscription":)"
         + id + R"(,"result":{"number":)" + std::to_string(number) + "}}}";
}

// A node that sends a notification before the answer which tells the id.
std::vector<std::string> hasty(const std::string& text, const std::string& id) {
  auto request = std::string{find_member(text, "id").text};
  if (text.find("eth_subscribe") == std::string::npos)
    return {R"({"jsonrpc":"2.0","id":)" + request + R"(,"result":true})"};
  return {head(id, 1), head("\"0xother\"", 7),
          R"({"jsonrpc":"2.0","id":)" + request + R"(,"result":)" + id + '}',
          head(id, 2)};
}

// A node that sends bytes right behind a notification.
scripted_peer::task send_bytes_behind_text(scripted_peer::stream& client) {
  boost::beast::flat_buffer in;
  auto write = [&client](message_kind kind,
                         std::string payload) -> scripted_peer::task {
    client.binary(kind == message_kind::binary);
    co_await client.async_write(boost::asio::buffer(payload),
                                scripted_peer::tuple);
  };
  for (;;) {
    auto [code, size] = co_await client.async_read(in, scripted_peer::tuple);
    if (code)
      co_return;
    auto text = boost::beast::buffers_to_string(in.data());
    in.consume(size);
    auto request = std::string{find_member(text, "id").text};
    auto is_subscription = text.find("eth_subscribe") != std::string::npos;
    co_await write(message_kind::text, R"({"jsonrpc":"2.0","id":)" + request
                                         + R"(,"result":"0x1"})");
    if (is_subscription) {
      co_await write(message_kind::text, head(R"("0x1")", 1));
      co_await write(message_kind::binary, "bytes");
    }
  }
}

struct fixture : venue_world {
  std::pair<client_actor, inbox_ptr> connect(const scripted_peer& peer) {
    client_spec spec{.config = quick(peer.url())};
    spec.config.venue.dialect = "json_rpc";
    return connect_watched(spec);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(early_message_tests, fixture)

// ethereum/go-ethereum, issue 2407: the first message was lost.
CAF_TEST(messages before the answer of a subscription are delivered in order) {
  for (std::string id : {R"("0x2b91")", "11121"}) {
    scripted_peer peer{
      [id](const std::string& text) { return hasty(text, id); }};
    auto [uut, events] = connect(peer);
    auto [all, everything] = collect(uut);
    auto [subscriber, in] = follow(uut, {"newHeads"});
    CAF_REQUIRE(in->wait_for_messages(2));
    auto got = in->messages();
    CAF_CHECK_EQUAL(got[0].payload, head(id, 1));
    CAF_CHECK_EQUAL(got[1].payload, head(id, 2));
    // Subscribers of everything have each once.
    CAF_CHECK(everything->wait_for_messages(3));
    CAF_CHECK(ask<rpc_result>(uut, call{"eth_chainId"}));
    CAF_CHECK_EQUAL(everything->count(), 3u);
    CAF_CHECK_EQUAL(in->count(), 2u);
  }
}

// It went to the subscribers of the message before it.
CAF_TEST(a binary message goes to no subscriber of a channel) {
  scripted_peer peer{scripted_peer::serve_fun{send_bytes_behind_text}};
  auto [uut, events] = connect(peer);
  auto [all, everything] = collect(uut);
  auto [subscriber, in] = follow(uut, {"newHeads"});
  CAF_REQUIRE(everything->wait_for_messages(2));
  CAF_CHECK(everything->messages()[1].payload == "bytes");
  CAF_CHECK(ask<rpc_result>(uut, call{"eth_chainId"}));
  CAF_CHECK_EQUAL(in->count(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
