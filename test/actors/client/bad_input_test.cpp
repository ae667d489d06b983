// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE bad_input

#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

std::string repeated(const std::string& text, size_t n) {
  std::string result;
  result.reserve(text.size() * n);
  for (size_t i = 0; i < n; ++i)
    result += text;
  return result;
}

constexpr size_t deep = 10'000;

// Texts without a meaning in any dialect.
std::vector<std::string> broken_texts() {
  return {
    "",
    "{",
    "nonsense",
    R"({"id":)",
    R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":"tra)",
    R"({"result":null,"id":1}})",
    R"({"id":1,"result":1} {"id":2,"result":2})",
    R"({"id":1,"id":2,"result":null})",
    R"({"id":1e,"result":null})",
    R"({"id":--1,"result":null})",
    "{\"id\":1,\"result\":\"line\nbreak",
    repeated("[", deep),
    repeated(R"({"a":)", deep),
  };
}

// Valid JSON of no use.
std::vector<std::string> useless_texts() {
  return {
    "null",
    "0",
    R"("text")",
    "[]",
    "{}",
    repeated("[", deep) + repeated("]", deep),
    R"({"x":)" + repeated(R"({"a":)", deep) + '1' + repeated("}", deep) + '}',
    R"({"id":99999999999999999999999999999999,"result":null})",
    R"({"id":1e999999999,"result":null})",
    R"({"id":-1,"result":)" + std::string(1000, '9') + '}',
    R"({"id":{"id":1},"result":null})",
    R"({"id":77,"result":"\ud800"})",
    R"({"\u0069d":78,"result":null})",
  };
}

struct fixture : venue_world {
  std::unique_ptr<sim::server> server = start_server();

  std::pair<client_actor, inbox_ptr> connect(const std::string& dialect,
                                             const std::string& path) {
    client_spec spec{.config = quick(server->url(path))};
    spec.config.venue.dialect = dialect;
    return connect_watched(spec);
  }
};

struct row {
  std::string dialect;
  std::string path;
  std::string channel;
};

const row table[] = {
  {"deribit", "/ws/api/v2", "trades.BTC-PERPETUAL.100ms"},
  {"binance", "/stream", "btcusdt@trade"},
  {"okx", "/ws/v5/public", "trades:BTC-USDT"},
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(bad_input_tests, fixture)

CAF_TEST(broken messages are counted and harm nothing) {
  for (auto& [dialect, path, channel] : table) {
    auto [uut, events] = connect(dialect, path);
    auto [plain, all] = collect(uut);
    auto [subscriber, in] = follow(uut, {channel});
    for (auto& text : broken_texts())
      server->broadcast(text, path);
    server->broadcast("the end", path);
    CAF_REQUIRE(all->wait_for_text("the end"));
    auto status = status_of(uut);
    CAF_CHECK_EQUAL(status.malformed, broken_texts().size() + 1);
    CAF_CHECK_EQUAL(status.epoch, 1u);
    // Subscribers of everything get these, too; those of a channel do not.
    CAF_CHECK(all->wait_for_text("nonsense"));
    CAF_REQUIRE(in->wait_for_messages(in->count() + 5));
    for (auto& x : in->messages())
      CAF_CHECK(x.payload.find("\"data\"") != std::string::npos);
  }
}

CAF_TEST(messages without a meaning harm nothing) {
  for (auto& [dialect, path, channel] : table) {
    auto [uut, events] = connect(dialect, path);
    auto [plain, all] = collect(uut);
    auto [subscriber, in] = follow(uut, {channel});
    for (auto& text : useless_texts())
      server->broadcast(text, path);
    server->broadcast("the end", path);
    CAF_REQUIRE(all->wait_for_text("the end"));
    CAF_CHECK_EQUAL(status_of(uut).epoch, 1u);
    CAF_REQUIRE(in->wait_for_messages(in->count() + 5));
    for (auto& x : in->messages())
      CAF_CHECK(x.payload.find("\"data\"") != std::string::npos);
    // Nothing of it was taken for an answer.
    CAF_CHECK(ask<client_status>(uut, get_status{})->pending_calls == 0);
  }
}

CAF_TEST(text that is not UTF8 costs the connection and no channel) {
  for (auto& [dialect, path, channel] : table) {
    auto [uut, events] = connect(dialect, path);
    auto [subscriber, in] = follow(uut, {channel});
    server->broadcast("{\"id\":1,\"result\":\"\xc3\x28\"}", path);
    CAF_CHECK_EQUAL(reason_of_outage(events), ec::invalid_utf8);
    CAF_REQUIRE(events->wait_for_state(client_state::ready, 2));
    CAF_REQUIRE(in->wait_for_messages(in->count() + 5));
    CAF_CHECK_EQUAL(status_of(uut).malformed, 0u);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
