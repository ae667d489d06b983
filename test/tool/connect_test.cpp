// SPDX-License-Identifier: BSD-3-Clause

// zenws connect, subscribe and call, against the simulator and a server by
// another hand.

#define CAF_SUITE tool_connect

#include "tool_run.hpp"

#include "support/program.hpp"
#include "support/unit_test.hpp"

#include "zenws/sim/server.hpp"

#include <csignal>
#include <filesystem>
#include <memory>
#include <stdexcept>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr std::chrono::minutes patience{5};

struct connect_fixture : tool_home {
  connect_fixture() {
    if (auto problem = server.start())
      CAF_FAIL(*problem);
  }

  /// Starts a server with TLS whose certificate is for these names.
  std::unique_ptr<sim::server> secured(std::vector<std::string> names) {
    sim::server_config cfg{.transport = sim::transport::tls};
    cfg.tls.names = std::move(names);
    auto result = std::make_unique<sim::server>(cfg);
    if (auto problem = result->start())
      CAF_FAIL(*problem);
    authority = write("ca.pem", result->ca_pem());
    return result;
  }

  std::string echo() const {
    return server.url("/echo");
  }

  sim::server server;
  std::string authority;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tool_connect_tests, connect_fixture)

// -- connect ------------------------------------------------------------------

CAF_TEST(lines of a pipe are messages and messages are lines in their order) {
  std::string lines;
  for (int i = 0; i < 500; ++i)
    lines += "line " + std::to_string(i) + '\n';
  auto result
    = run({.arguments = {"connect", echo(), "-c", "500"}, .input = lines});
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_CHECK_EQUAL(result.err, "");
  CAF_CHECK(result.out == lines);
}

CAF_TEST(the last line needs no line break) {
  auto result = run({.arguments = {"connect", echo(), "-c", "1"},
                     .input = "without a line break"});
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_CHECK_EQUAL(result.out, "without a line break\n");
}

CAF_TEST(an empty input ends the connection in order) {
  auto result = run({"connect", echo(), "--wait", "0"});
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_CHECK_EQUAL(result.out + result.err, "");
}

CAF_TEST(messages of the command line are sent instead of the input) {
  auto result = run(
    {.arguments = {"connect", echo(), "-x", "one", "-x", "two", "--count", "2"},
     .input = "three\n"});
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_CHECK_EQUAL(result.out, "one\ntwo\n");
}

CAF_TEST(as JSON each message is an object that keeps the digits) {
  auto result = run({.arguments = {"connect", echo(), "--json", "-c", "2"},
                     .input = "{\"price\":1.50}\nno JSON \"\n"});
  CAF_CHECK_EQUAL(result.status, 0);
  auto objects = objects_of(result.out);
  CAF_REQUIRE_EQUAL(objects.size(), 2u);
  CAF_CHECK(contains(result.out, "\"data\":{\"price\":1.50}"));
  CAF_CHECK_EQUAL(text_in(objects[1], "text"), "no JSON \"");
  CAF_CHECK_EQUAL(objects[1].at("sequence").to_number<int>(), 2);
}

CAF_TEST(a refused port and a bad URL are told with a remedy) {
  auto refused = run({"connect", "ws://127.0.0.1:1/", "-x", "a"});
  CAF_CHECK_EQUAL(refused.status, 1);
  CAF_CHECK_EQUAL(refused.out, "");
  CAF_CHECK(contains(refused.err, "connect_failed"));
  CAF_CHECK(contains(refused.err, "What to do:"));
  auto url = run({"connect", "http://127.0.0.1/"});
  CAF_CHECK_EQUAL(url.status, 2);
  CAF_CHECK(contains(url.err, "ws://"));
}

CAF_TEST(a certificate has to be of a trusted authority and for the name) {
  auto server_of_names = secured({"localhost", "127.0.0.1"});
  auto url = server_of_names->url("/echo");
  auto unknown = run({"connect", url, "-x", "a", "-c", "1"});
  CAF_CHECK_EQUAL(unknown.status, 1);
  CAF_CHECK(contains(unknown.err, "certificate_rejected"));
  auto known = run({"connect", url, "--ca", authority, "-x", "a", "-c", "1"});
  CAF_CHECK_EQUAL(known.status, 0);
  CAF_CHECK_EQUAL(known.out, "a\n");
  auto other = secured({"other.example"});
  auto arguments = std::vector<std::string>{
    "connect", other->url("/echo"), "--ca", authority, "-x", "a", "-c", "1"};
  CAF_CHECK(contains(run(arguments).err, "certificate_rejected"));
  arguments.emplace_back("--insecure");
  auto insecure = run(arguments);
  CAF_CHECK_EQUAL(insecure.out, "a\n");
  CAF_CHECK(insecure.err != ""); // says so
}

CAF_TEST(headers may come from a file that others cannot read) {
  auto file = write("headers", "Authorization: Bearer s3cret\n\nX-Two: 2\n");
  std::filesystem::permissions(file, std::filesystem::perms{0600});
  auto result = run({"connect", echo(), "-H", '@' + file, "-H", "X-Three: 3",
                     "-x", "a", "-c", "1"});
  CAF_CHECK_EQUAL(result.status, 0);
  std::filesystem::permissions(file, std::filesystem::perms{0644});
  auto open = run({"connect", echo(), "-H", '@' + file, "-x", "a", "-c", "1"});
  CAF_CHECK_EQUAL(open.status, 2);
  auto bad = run({"connect", echo(), "-H", "s3cret", "-x", "a", "-c", "1"});
  CAF_CHECK_EQUAL(bad.status, 2);
  CAF_CHECK(!contains(bad.err, "s3cret"));
}

CAF_TEST(an interrupt ends the connection in order) {
  program uut{program_folder() / "zenws",
              {"connect", echo(), "-n", "-x", "hello"}};
  CAF_CHECK(uut.read_line(patience) == "hello");
  uut.signal(SIGINT);
  CAF_CHECK(uut.wait(patience) == 0);
  CAF_CHECK(server.wait_for_connections(0, patience));
}

CAF_TEST(a connection that is lost is made again if asked for) {
  program uut{program_folder() / "zenws",
              {"--json", "connect", server.url("/broadcast"), "-n", "-c", "2",
               "--reconnect", "-x", "hello", "--timeout", "1"}};
  auto next_epoch = [&] {
    auto line = uut.read_line(patience);
    return line ? boost::json::parse(*line).at("epoch").to_number<int>() : 0;
  };
  CAF_REQUIRE(server.wait_for_connections(1, patience));
  server.broadcast("one");
  CAF_CHECK_EQUAL(next_epoch(), 1);
  server.stop_listening();
  CAF_REQUIRE(!server.listen_again());
  CAF_REQUIRE(server.wait_for_connections(1, patience));
  server.broadcast("two");
  CAF_CHECK_EQUAL(next_epoch(), 2);
  CAF_CHECK(uut.wait(patience) == 0);
}

CAF_TEST(a connection that is lost is a failure otherwise) {
  program uut{program_folder() / "zenws", {"connect", echo(), "-n", "-x", "a"}};
  CAF_CHECK(uut.read_line(patience) == "a");
  server.stop_listening();
  CAF_CHECK(uut.wait(patience) == 1);
}

CAF_TEST(a server by another hand understands the tool) {
  program python{"/usr/bin/python3",
                 {ZENWS_EXAMPLES "/../../test/actors/client/"
                                 "independent_server.py"}};
  auto port = python.read_line(patience);
  CAF_REQUIRE(port);
  auto url = "ws://127.0.0.1:" + *port + "/";
  auto pieces = run({"connect", url, "-s", "zenws.test", "-x", "fragments",
                     "-x", "ping me", "-c", "2"});
  CAF_CHECK_EQUAL(pieces.status, 0);
  CAF_CHECK_EQUAL(pieces.out, "one two three\nponged\n");
  auto closed = run({"connect", url, "-x", "close 1012"});
  CAF_CHECK_EQUAL(closed.status, 1);
  CAF_CHECK(contains(closed.err, "service restart"));
  auto quit = run({"connect", url, "-x", "quit", "-n"});
  CAF_CHECK_EQUAL(quit.status, 0);
  CAF_CHECK(contains(quit.err, "closed by the peer"));
  CAF_CHECK(python.wait(patience) == 0);
}

// -- subscribe ----------------------------------------------------------------

CAF_TEST(channels bring what the venue sends) {
  auto result = run({"subscribe", "deribit", "trades.BTC-PERPETUAL.100ms",
                     "--url", server.url(), "-c", "3"});
  CAF_CHECK_EQUAL(result.status, 0);
  auto messages = objects_of(result.out);
  CAF_REQUIRE_EQUAL(messages.size(), 3u);
  for (auto& x : messages)
    CAF_CHECK_EQUAL(text_in(x.at("params").as_object(), "channel"),
                    "trades.BTC-PERPETUAL.100ms");
}

CAF_TEST(typed market data begins with a snapshot) {
  auto result
    = run({"subscribe", "okx", "BTC-USDT-SWAP", "--typed", "book,trades",
           "--url", server.url("/ws/v5/public"), "--json", "-c", "20"});
  CAF_CHECK_EQUAL(result.status, 0);
  auto updates = objects_of(result.out);
  CAF_REQUIRE_EQUAL(updates.size(), 20u);
  auto is_snapshot = [](auto& x) {
    return text_in(x, "type") == "book_snapshot";
  };
  CAF_CHECK_EQUAL(std::ranges::count_if(updates, is_snapshot), 1);
  auto first = std::ranges::find_if(updates, is_snapshot);
  auto& levels = first->at("levels").as_array();
  CAF_REQUIRE(!levels.empty());
  CAF_CHECK(!text_in(levels[0].as_object(), "price").empty());
  auto text = run({"subscribe", "deribit", "BTC-PERPETUAL", "-t", "book",
                   "--url", server.url(), "-c", "1"});
  CAF_CHECK(contains(text.out, " BTC-PERPETUAL book "));
  CAF_CHECK(contains(text.out, " / "));
}

CAF_TEST(mistyped venues and channels and kinds are answered by a suggestion) {
  auto venue = run({"subscribe", "derebit", "trades.BTC-PERPETUAL.100ms"});
  CAF_CHECK_EQUAL(venue.status, 2);
  CAF_CHECK(contains(venue.err, "did you mean deribit?"));
  auto channel = run({"subscribe", "deribit", "trade.BTC-PERPETUAL.100ms",
                      "--url", server.url()});
  CAF_CHECK_EQUAL(channel.status, 1);
  CAF_CHECK(contains(channel.err, "did you mean trades.BTC-PERPETUAL.100ms?"));
  auto instrument
    = run({"subscribe", "deribit", "BTC-PERPETUAL", "--url", server.url()});
  CAF_CHECK(contains(instrument.err, "trades.BTC-PERPETUAL"));
  auto kind = run({"subscribe", "deribit", "BTC-PERPETUAL", "-t", "trade"});
  CAF_CHECK_EQUAL(kind.status, 2);
  CAF_CHECK(contains(kind.err, "did you mean trades?"));
  auto address
    = run({"subscribe", "bybit", "publicTrade.BTCUSDT", "--at", "nowhere"});
  CAF_CHECK_EQUAL(address.status, 2);
  CAF_CHECK(contains(address.err, "linear, spot"));
}

CAF_TEST(a subscription outlives an outage and tells it) {
  program uut{program_folder() / "zenws",
              {"subscribe", "deribit", "trades.BTC-PERPETUAL.100ms", "--url",
               server.url(), "--json", "--events", "--timeout", "1"}};
  auto read_until = [&](auto matches) {
    for (auto line = uut.read_line(patience); line;
         line = uut.read_line(patience)) {
      auto object = boost::json::parse(*line).as_object();
      if (matches(object))
        return true;
    }
    return false;
  };
  auto has_epoch = [](int epoch) {
    return [=](auto& x) {
      return x.contains("data")
             && x.at("epoch").template to_number<int>() == epoch;
    };
  };
  CAF_CHECK(read_until(has_epoch(1)));
  server.stop_listening();
  CAF_CHECK(read_until([](auto& x) {
    return x.contains("event") && text_in(x, "state") == "backing_off"
           && text_in(x, "error") == "connection_lost";
  }));
  CAF_REQUIRE(!server.listen_again());
  CAF_CHECK(read_until(has_epoch(2)));
  uut.signal(SIGTERM);
  CAF_CHECK(uut.wait(patience) == 0);
}

// -- call ---------------------------------------------------------------------

CAF_TEST(a call prints its result) {
  auto time
    = run({"call", "deribit", "public/get_time", "--url", server.url()});
  CAF_CHECK_EQUAL(time.status, 0);
  CAF_CHECK(boost::json::parse(time.out).is_number());
  auto from_pipe
    = run({.arguments = {"call", "deribit", "public/get_instrument", "-",
                         "--url", server.url()},
           .input = R"({"instrument_name":"BTC-PERPETUAL"})"});
  CAF_CHECK_EQUAL(from_pipe.status, 0);
}

CAF_TEST(a call that fails tells whether anything may have happened) {
  auto refused = run({"call", "deribit", "public/nothing", "{}", "--url",
                      server.url(), "--json"});
  CAF_CHECK_EQUAL(refused.status, 1);
  auto object = objects_of(refused.out).at(0);
  CAF_CHECK_EQUAL(text_in(object, "outcome"), "refused");
  CAF_CHECK_EQUAL(object.at("code").to_number<int>(), -32601);
  auto no_json
    = run({"call", "deribit", "public/get_time", "{", "--url", server.url()});
  CAF_CHECK_EQUAL(no_json.status, 2);
  CAF_CHECK(contains(no_json.err, "not JSON"));
}

CAF_TEST(a login takes its secrets from the environment and shows none) {
  std::vector<std::string> arguments{"call",
                                     "deribit",
                                     "private/get_positions",
                                     R"({"currency":"BTC"})",
                                     "--url",
                                     server.url(),
                                     "--login",
                                     "DEMO"};
  auto result = run(
    {.arguments = arguments,
     .environment = {{"DEMO_KEY", "demo"}, {"DEMO_SECRET", "demo-secret"}}});
  CAF_CHECK_EQUAL(result.status, 0);
  auto wrong = run(
    {.arguments = arguments,
     .environment = {{"DEMO_KEY", "demo"}, {"DEMO_SECRET", "another-secret"}}});
  CAF_CHECK_EQUAL(wrong.status, 1);
  CAF_CHECK(contains(wrong.err, "login"));
  CAF_CHECK(!contains(wrong.err + wrong.out, "another-secret"));
  auto missing = run(arguments);
  CAF_CHECK_EQUAL(missing.status, 1);
  CAF_CHECK(contains(missing.err, "DEMO_KEY"));
}

CAF_TEST_FIXTURE_SCOPE_END()
