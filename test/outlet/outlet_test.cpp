// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE outlet

#include "outlet_fixture.hpp"
#include "support/unit_test.hpp"

#include "support/temporary_folder.hpp"
#include "zenws/sim/net/certificate.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <fstream>
#include <thread>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto channel = "trades.BTC-PERPETUAL.100ms";

const std::string everything
  = R"({"id":1,"op":"subscribe","client":"feed","everything":true})";

std::string about_channel(const std::string& op) {
  return R"({"id":2,"op":")" + op + R"(","client":"venue","channel":")"
         + channel + "\"}";
}

// Each has an id of its own.
std::string about_market(const std::string& op, const std::string& kinds) {
  static int id = 100;
  return "{\"id\":" + std::to_string(++id) + R"(,"op":")" + op
         + R"(","client":"venue","instruments":["BTC-PERPETUAL"],"kinds":[)"
         + kinds + "]}";
}

constexpr auto call_time
  = R"({"id":4,"op":"call","client":"venue","method":"public/get_time"})";

struct fixture : outlet_fixture {
  // Sends a text to all clients at /broadcast, and returns what comes of it.
  outlet_reply broadcast(outlet_client& program, const std::string& text) {
    server->broadcast(text);
    return program.read_until(is_no_event);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outlet_tests, fixture)

CAF_TEST(all messages of a client are passed on in order) {
  start();
  start_client("feed", "/broadcast");
  auto program = connect();
  CAF_CHECK_EQUAL(program->ask(everything)["result"], "done");
  auto first = broadcast(*program, R"({"x":"<b>\u0000"})");
  CAF_CHECK_EQUAL(first["client"], "feed");
  CAF_CHECK_EQUAL(first["epoch"], "1");
  CAF_CHECK_EQUAL(first["seq"], "1");
  CAF_CHECK(first.text().ends_with(R"("data":{"x":"<b>\u0000"}})"));
  auto second = broadcast(*program, "no JSON");
  CAF_CHECK_EQUAL(second["seq"], "2");
  CAF_CHECK_EQUAL(second["base64"], "bm8gSlNPTg==");
}

CAF_TEST(channels are granted and given up) {
  start();
  start_client("venue", "/ws/api/v2", "deribit");
  auto program = connect();
  CAF_CHECK_EQUAL(program->ask(about_channel("subscribe"))["result"], "done");
  auto data = program->read_until(is_no_event);
  CAF_CHECK_EQUAL(data["channel"], channel);
  CAF_CHECK(data.json()["data"].IsObject());
  CAF_CHECK_EQUAL(program->ask(about_channel("unsubscribe"))["result"], "done");
  // Nothing of the channel comes behind the answer.
  CAF_CHECK_EQUAL(program->ask(about_channel("unsubscribe")).code(),
                  "not_found");
  program->send(R"({"id":9,"op":"ping"})");
  CAF_CHECK_EQUAL(program->read()["result"], "pong");
  auto refused = program->ask(
    R"({"id":5,"op":"subscribe","client":"venue","channel":"nonsense"})");
  CAF_CHECK_EQUAL(refused.code(), "subscription_rejected");
}

CAF_TEST(market data comes typed) {
  start();
  start_client("venue", "/ws/api/v2", "deribit");
  auto program = connect();
  auto report = program->ask(about_market("subscribe", R"("trades","book")"));
  auto& outcomes = report.json()["result"]["outcomes"];
  CAF_REQUIRE_EQUAL(outcomes.Size(), 2u);
  CAF_CHECK(outcomes[0]["outcome"] == "granted");
  auto trade
    = program->read_until([](auto& x) { return x["type"] == "trade"; });
  CAF_CHECK_EQUAL(trade["instrument"], "BTC-PERPETUAL");
  CAF_CHECK(market::decimal::parse(trade["price"]));
  CAF_CHECK(trade.json()["seq"].GetUint64() > 0);
  program->send(about_market("subscribe", R"("book")"));
  auto book
    = program->read_until([](auto& x) { return x["type"] == "snapshot"; });
  CAF_CHECK(book.json()["bids"].Size() > 0);
  CAF_CHECK_EQUAL(
    program->ask(about_market("unsubscribe", R"("trades")"))["result"], "done");
  CAF_CHECK_EQUAL(
    program->ask(about_market("unsubscribe", R"("book")"))["result"], "done");
  CAF_CHECK_EQUAL(program->ask(about_market("unsubscribe", R"("book")")).code(),
                  "not_found");
}

CAF_TEST(a reconnect is told once and data go on in the next epoch) {
  start();
  auto client = start_client("venue", "/ws/api/v2", "deribit");
  auto program = connect();
  program->ask(about_channel("subscribe"));
  program->ask(about_market("subscribe", R"("ticker")"));
  CAF_REQUIRE(ask<client_actor>(supervisor, restart_client{"venue"}));
  size_t restarts = 0;
  program->read_until([&](auto& x) {
    restarts += x["event"] == "restarted";
    return x["channel"] == channel && x["epoch"] == "2";
  });
  CAF_CHECK_EQUAL(restarts, 1u);
}

CAF_TEST(events that are given up still come along with other subscriptions) {
  start();
  start_client("feed", "/broadcast");
  auto program = connect();
  auto events = [](std::string_view op) {
    return R"({"id":2,"client":"feed","events":true,"op":")" + std::string{op}
           + "\"}";
  };
  CAF_CHECK_EQUAL(program->ask(everything)["result"], "done");
  CAF_CHECK_EQUAL(program->ask(events("subscribe"))["result"], "done");
  CAF_CHECK_EQUAL(program->ask(events("unsubscribe"))["result"], "done");
  CAF_CHECK_EQUAL(program->ask(events("unsubscribe")).code(), "not_found");
  CAF_REQUIRE(ask<client_actor>(supervisor, restart_client{"feed"}));
  auto told
    = program->read_until([](auto& x) { return x["event"] == "restarted"; });
  CAF_CHECK_EQUAL(told["client"], "feed");
}

CAF_TEST(wrong requests are refused and the connection stays) {
  start({.max_subscriptions = 1});
  start_client("feed", "/broadcast");
  auto program = connect();
  program->send("no JSON");
  CAF_CHECK_EQUAL(program->read().code(), "invalid_json");
  CAF_CHECK_EQUAL(program->ask(R"({"id":1,"op":"fly"})").code(), "unknown_op");
  CAF_CHECK_EQUAL(
    program->ask(R"({"id":1,"op":"subscribe","client":"x","events":true})")
      .code(),
    "not_found");
  CAF_CHECK_EQUAL(program->ask(everything)["result"], "done");
  CAF_CHECK_EQUAL(
    program->ask(R"({"id":1,"op":"subscribe","client":"feed","channel":"x"})")
      .code(),
    "too_many_channels");
  CAF_CHECK_EQUAL(broadcast(*program, "1")["data"], "1");
}

CAF_TEST(without tokens everybody may read and nothing else) {
  start();
  start_client("venue", "/ws/api/v2", "deribit");
  auto program = connect();
  CAF_CHECK_EQUAL(program->ask(call_time).code(), "not_allowed");
  CAF_CHECK_EQUAL(
    program->ask(R"({"id":1,"op":"cancel","desk":"d","instrument":""})").code(),
    "not_allowed");
  CAF_CHECK_EQUAL(
    program->ask(R"({"id":1,"op":"subscribe","desk":"d"})").code(),
    "not_allowed");
}

CAF_TEST(a token gives its rights by header or by login) {
  start_with_tokens();
  start_client("venue", "/ws/api/v2", "deribit");
  auto reader = connect(reader_token);
  CAF_CHECK_EQUAL(reader->ask(call_time).code(), "not_allowed");
  auto caller = connect(caller_token);
  CAF_CHECK(caller->ask(call_time).json()["result"]["data"].IsInt64());
  auto late = connect();
  CAF_CHECK_EQUAL(late->ask(about_channel("subscribe")).code(), "not_allowed");
  auto rights
    = late->ask(R"({"id":1,"op":"login","token":")" + caller_token + "\"}");
  CAF_CHECK_EQUAL(rights.text(),
                  R"({"id":1,"result":{"rights":["read","call"]}})");
  CAF_CHECK(late->ask(call_time).has("result"));
  auto failed = late->ask(
    R"({"id":5,"op":"call","client":"venue","method":"public/nonsense"})");
  CAF_CHECK_EQUAL(failed.code(), "request_refused");
  CAF_CHECK(failed.json()["error"]["outcome"] == "refused");
}

CAF_TEST(a wrong token ends the connection) {
  start_with_tokens();
  CAF_CHECK_EQUAL(outlet_client{uut->port()}.upgrade("Bearer wrong"), 401u);
  CAF_CHECK_EQUAL(outlet_client{uut->port()}.upgrade(reader_token), 401u);
  auto program = connect();
  auto answer = program->ask(R"({"id":1,"op":"login","token":"wrong"})");
  CAF_CHECK_EQUAL(answer.code(), "wrong_token");
  CAF_CHECK_EQUAL(program->read_to_end(), 1008u);
}

CAF_TEST(a program that does not log in in time is left) {
  start_with_tokens({.login_within = 500ms});
  auto idle = connect();
  CAF_CHECK_EQUAL(idle->read_to_end(), 1008u);
  // One that never asks for the upgrade, too.
  outlet_client silent{uut->port()};
  std::string answer;
  boost::system::error_code ended;
  boost::asio::read(silent.stream().next_layer(),
                    boost::asio::dynamic_buffer(answer), ended);
  CAF_CHECK(answer.empty());
}

CAF_TEST(requests of pages and for other names are refused) {
  start();
  auto port = std::to_string(uut->port());
  auto status = [&](const std::string& origin, const std::string& host = {}) {
    return outlet_client{uut->port()}.upgrade("", origin, host);
  };
  CAF_CHECK_EQUAL(status("https://evil.example"), 403u);
  CAF_CHECK_EQUAL(status("null"), 403u);
  CAF_CHECK_EQUAL(status("http://127.0.0.1:" + port), 101u);
  CAF_CHECK_EQUAL(status("", "evil.example:" + port), 421u);
  CAF_CHECK_EQUAL(status("", "localhost:" + port), 101u);
}

CAF_TEST(a browser is told that this is no page) {
  start();
  outlet_client program{uut->port()};
  auto& socket = program.stream().next_layer();
  boost::asio::write(socket, boost::asio::buffer(std::string_view{
                               "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"}));
  std::string answer;
  boost::system::error_code ended;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answer), ended);
  CAF_CHECK(answer.starts_with("HTTP/1.1 426 "));
}

CAF_TEST(too many connections and too large messages are refused) {
  start({.max_connections = 1, .max_message_bytes = 100});
  auto program = connect();
  CAF_CHECK_EQUAL(outlet_client{uut->port()}.upgrade(), 0u);
  program->send(std::string(101, ' '));
  CAF_CHECK_EQUAL(program->read_to_end(), 1009u);
  // There is room again.
  CAF_CHECK(
    eventually([&] { return outlet_client{uut->port()}.upgrade() == 101u; }));
}

CAF_TEST(an outlet that ends says so) {
  start();
  auto program = connect();
  CAF_CHECK_EQUAL(program->ask(R"({"id":9,"op":"ping"})")["result"], "pong");
  std::thread reader{[&] { CAF_CHECK_EQUAL(program->read_to_end(), 1001u); }};
  uut->stop();
  reader.join();
}

CAF_TEST(a program that does not answer pings is left) {
  start({.silence_limit = 50ms});
  auto program = connect();
  // It reads nothing, so it sends no pong.
  program->stream().next_layer().wait(boost::asio::ip::tcp::socket::wait_read);
  CAF_CHECK(eventually([&] {
    boost::system::error_code failed;
    boost::asio::write(program->stream().next_layer(),
                       boost::asio::buffer("", 1), failed);
    return failed.failed();
  }));
}

CAF_TEST(with TLS all is the same) {
  sim::certificate_authority authority;
  auto pair = authority.issue_server({"127.0.0.1"},
                                     sim::leaf_validity::current);
  temporary_folder folder;
  std::ofstream{folder.file("cert.pem")} << pair.certificate_pem;
  std::ofstream{folder.file("key.pem")} << pair.key_pem;
  start_with_tokens({.bind = "0.0.0.0",
                     .tls{.cert_file = folder.file("cert.pem"),
                          .key_file = folder.file("key.pem")}});
  CAF_CHECK(uut->url().starts_with("wss://0.0.0.0:"));
  start_client("venue", "/ws/api/v2", "deribit");
  boost::asio::ssl::context tls{boost::asio::ssl::context::tls_client};
  tls.add_certificate_authority(boost::asio::buffer(authority.pem()));
  tls.set_verify_mode(boost::asio::ssl::verify_peer);
  outlet_tls_client program{uut->port(), tls};
  program.stream().next_layer().handshake(
    boost::asio::ssl::stream_base::client);
  // The case of the scheme does not matter.
  CAF_REQUIRE_EQUAL(program.upgrade("bearer " + caller_token), 101u);
  CAF_CHECK(program.ask(call_time).has("result"));
  // Without TLS there is nothing.
  CAF_CHECK_EQUAL(outlet_client{uut->port()}.upgrade(), 0u);
}

CAF_TEST(a port that is taken is an error) {
  start();
  auto other = start_outlet(rt, {.port = uut->port()});
  CAF_REQUIRE(!other);
  CAF_CHECK(caf_compat::code_of(other.error()) == ec::connect_failed);
  auto wrong = start_outlet(rt, {.bind = "0.0.0.0"});
  CAF_REQUIRE(!wrong);
  CAF_CHECK(caf_compat::code_of(wrong.error()) == ec::invalid_config);
}

CAF_TEST_FIXTURE_SCOPE_END()
