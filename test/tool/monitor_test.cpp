// SPDX-License-Identifier: BSD-3-Clause

// The verbs about running programs, against a monitor that says what a test
// wants.

#define CAF_SUITE tool_monitor

#include "tool_run.hpp"

#include "support/raw_peer.hpp"
#include "support/unit_test.hpp"

#include <filesystem>
#include <map>
#include <mutex>

using namespace zenws::test_support;

namespace {

constexpr auto state_json = R"({"program":"gateway","version":"0.1.0",
"time_ms":100000,"started_ms":10000,"actions":true,"authorized":true,
"totals":{"clients":2,"ready":1,"connecting":0,"restarting":1,"gave_up":0,
"messages":1234,"messages_per_s":56,"dropped":0,"gaps":3},
"desks":[{"name":"deribit","open":2,"unknown":0,"fills":7,"halted":true,
"positions":[{"instrument":"BTC-PERPETUAL","amount":"100"}]},
{"name":"okx","open":0,"unknown":1,"fills":0,"halted":false,"positions":[]}],
"limits":[{"name":"matching","owner":"mm1","capacity":20,"available":17}],
"nodes":[],"events":[]})";

constexpr auto clients_json = R"({"total":2,"matching":2,"from":0,"clients":[
{"name":"feed\u001b[31m","state":"ready","child":"running","epoch":3,
"up_ms":61000,"messages":1000,"rate":55.5,"restarts":0,"round_trip_us":420},
{"name":"other","state":"stopped","child":"gave_up","epoch":1,"up_ms":0,
"messages":234,"rate":0,"restarts":10,"round_trip_us":0}]})";

constexpr auto client_json = R"({"name":"feed","url":"wss://example.org/ws",
"supervisor":"venue","state":"backing_off","child":"running","epoch":3,
"last_error":{"code":"connect_failed","text":"refused","cause":"No one listens.",
"remedy":"Start it."},
"books":[{"instrument":"BTC","valid":false,"why":"gap"}],
"status":{"proxy":"socks5h://proxy:1080","channel_states":[
{"name":"trades.BTC","state":"confirmed","last_message_ago_ms":1500}]}})";

constexpr auto tree_json = R"({"name":"gateway","kind":"supervisor","state":
"running","details":{},"children":[{"name":"venue","kind":"supervisor",
"state":"running","details":{},"children":[{"name":"feed","kind":"client",
"state":"ready","details":{"epoch":"3"},"children":[]}]}]})";

constexpr auto events_json = R"({"lost":false,"events":[
{"seq":41,"time_ms":1000,"severity":"warning","source":"feed","text":"restarts"},
{"seq":42,"time_ms":2000,"severity":"error","source":"venue","text":"gave up"}]})";

/// A monitor that writes down what it is asked.
struct fake_monitor : tool_home {
  fake_monitor() : peer([this](const std::string& x) { return answer(x); }) {
    set("/state.json", 200, state_json);
    set("/client.json?name=feed", 200, client_json);
    set("/tree.json", 200, tree_json);
    set("/events.json?after=0", 200, events_json);
    set("/events.json?after=41", 200, events_json);
    set("/readyz", 200, "ready\n");
    set("/actions", 200, R"({"result":"done"})");
    set("/clients.json?from=0&count=7&sort=rate&order=desc&filter=a%20b", 200,
        clients_json);
  }

  void set(const std::string& target, int status, const std::string& body) {
    std::lock_guard guard{mtx};
    answers[target] = "HTTP/1.1 " + std::to_string(status)
                      + " x\r\nConnection: close\r\nContent-Length: "
                      + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  std::string answer(const std::string& request) {
    std::lock_guard guard{mtx};
    requests.push_back(request);
    auto begin = request.find(' ') + 1;
    auto target = request.substr(begin, request.find(' ', begin) - begin);
    auto i = answers.find(target);
    return i != answers.end() ? i->second
                              : "HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n";
  }

  std::string last_request() {
    std::lock_guard guard{mtx};
    return requests.empty() ? "" : requests.back();
  }

  /// Runs a verb with the address of the monitor.
  tool_result ask(std::vector<std::string> arguments,
                  std::map<std::string, std::string> environment = {}) {
    auto url = peer.url();
    environment["ZENWS_ADDRESS"] = "http" + url.substr(2, url.size() - 3);
    return run({.arguments = std::move(arguments),
                .environment = std::move(environment)});
  }

  std::mutex mtx;
  std::map<std::string, std::string> answers; // guarded by mtx
  std::vector<std::string> requests;          // guarded by mtx
  raw_peer peer;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(tool_monitor_tests, fake_monitor)

CAF_TEST(status sums a program up) {
  auto result = ask({"status"});
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_CHECK(contains(result.out, "gateway 0.1.0, up 1 min 30 s"));
  CAF_CHECK(contains(result.out, "1 of 2 ready"));
  CAF_CHECK(contains(result.out, "3 gaps"));
  CAF_CHECK(contains(result.out, "desk deribit: 2 orders open"));
  CAF_CHECK(contains(result.out, "HALTED"));
  CAF_CHECK(contains(result.out, "17 of 20 left"));
  auto json = objects_of(ask({"status", "--json"}).out).at(0);
  CAF_CHECK_EQUAL(text_in(json, "program"), "gateway");
}

CAF_TEST(status tells of one client why it is down and what to do) {
  auto result = ask({"status", "feed"});
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_CHECK(contains(result.out, "backing_off"));
  CAF_CHECK(contains(result.out, "What to do: Start it."));
  CAF_CHECK(contains(result.out, "book BTC: none, gap"));
  CAF_CHECK(contains(result.out, "trades.BTC"));
  CAF_CHECK(contains(result.out, "proxy: socks5h://proxy:1080"));
  set("/client.json?name=other", 404,
      R"({"error":"there is no client other"})");
  auto unknown = ask({"status", "other"});
  CAF_CHECK_EQUAL(unknown.status, 1);
  CAF_CHECK(contains(unknown.err, "there is no client other"));
}

CAF_TEST(status exits by whether the program is ready if asked to) {
  CAF_CHECK_EQUAL(ask({"status", "--ready"}).status, 0);
  set("/readyz", 503, "feed is backing_off\n");
  auto result = ask({"status", "--ready"});
  CAF_CHECK_EQUAL(result.status, 1);
  CAF_CHECK_EQUAL(result.out, "feed is backing_off\n");
}

CAF_TEST(the tree is drawn) {
  auto result = ask({"tree"});
  CAF_CHECK_EQUAL(result.status, 0);
  auto lines = lines_of(result.out);
  CAF_REQUIRE_EQUAL(lines.size(), 3u);
  CAF_CHECK(contains(lines[2], "feed"));
  CAF_CHECK(contains(lines[2], "epoch 3"));
  auto json = objects_of(ask({"tree", "--json"}).out).at(0);
  CAF_CHECK_EQUAL(json.at("children").as_array().size(), 1u);
}

CAF_TEST(top shows a window of the clients without their control characters) {
  auto result = ask({"top", "-n", "1", "--rows", "7", "--filter", "a b"});
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_CHECK(contains(result.out, "feed?[31m"));
  CAF_CHECK(contains(result.out, "gave_up"));
  CAF_CHECK(!contains(result.out, "\x1b"));
  auto json = ask({"top", "-n", "2", "-i", "0.1", "--rows", "7", "--filter",
                   "a b", "--json"});
  auto rounds = objects_of(json.out);
  CAF_REQUIRE_EQUAL(rounds.size(), 2u);
  CAF_CHECK(rounds[1].contains("clients"));
}

CAF_TEST(events are printed with their severity) {
  auto result = ask({"events"});
  CAF_CHECK_EQUAL(result.status, 0);
  auto lines = lines_of(result.out);
  CAF_REQUIRE_EQUAL(lines.size(), 2u);
  CAF_CHECK_EQUAL(lines[0],
                  "1970-01-01T00:00:01.000000Z warning feed: restarts");
  auto json = objects_of(ask({"events", "--json", "--after", "41"}).out);
  CAF_CHECK_EQUAL(json.size(), 2u);
  CAF_CHECK(contains(last_request(), "after=41"));
}

CAF_TEST(actions carry the token and tell their results) {
  auto token = write("token", "t0ken\n");
  std::filesystem::permissions(token, std::filesystem::perms{0600});
  auto result = ask({"restart", "feed", "--token-file", token});
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_CHECK_EQUAL(result.out, "done\n");
  CAF_CHECK(last_request().starts_with("POST /actions "));
  CAF_CHECK(contains(last_request(), "Authorization: Bearer t0ken\r\n"));
  CAF_CHECK(
    contains(last_request(), R"({"action":"restart","client":"feed"})"));
  CAF_CHECK_EQUAL(ask({"stop", "feed"}, {{"ZENWS_TOKEN", "other"}}).status, 0);
  CAF_CHECK(contains(last_request(), "Authorization: Bearer other\r\n"));
  CAF_CHECK(contains(last_request(), R"("action":"stop")"));
  CAF_CHECK_EQUAL(ask({"renew", "feed", "a", "b"}).out, "done\ndone\n");
  CAF_CHECK(contains(last_request(), R"("channel":"b")"));
}

CAF_TEST(an action that is refused fails with the words of the program) {
  set("/actions", 401, R"({"error":"no token","remedy":"send one"})");
  auto result = ask({"stop", "feed"});
  CAF_CHECK_EQUAL(result.status, 1);
  CAF_CHECK_EQUAL(result.out, "");
  CAF_CHECK(contains(result.err, "no token; send one"));
  set("/actions", 409, R"({"error":"it is being restarted"})");
  CAF_CHECK(contains(ask({"stop", "feed"}).err, "it is being restarted"));
}

CAF_TEST(the kill switch is thrown for all desks or for some) {
  auto all = ask({"kill", "--reason", "test"});
  CAF_CHECK_EQUAL(all.status, 0);
  CAF_CHECK_EQUAL(all.out, "done\ndone\n");
  CAF_CHECK(contains(last_request(),
                     R"({"action":"halt","desk":"okx","reason":"test"})"));
  CAF_CHECK_EQUAL(ask({"kill", "deribit", "--resume"}).status, 0);
  CAF_CHECK(
    contains(last_request(), R"({"action":"resume","desk":"deribit"})"));
  set("/state.json", 200, "{}");
  CAF_CHECK_EQUAL(ask({"kill"}).status, 1);
}

CAF_TEST(addresses and programs that cannot be used are told) {
  auto none = run({"tree"});
  CAF_CHECK_EQUAL(none.status, 2);
  CAF_CHECK(contains(none.err, "--address"));
  auto bad = run({"tree", "--address", "ftp://x"});
  CAF_CHECK_EQUAL(bad.status, 2);
  auto gone = run({"tree", "--address", "http://127.0.0.1:1"});
  CAF_CHECK_EQUAL(gone.status, 1);
  CAF_CHECK(contains(gone.err, "no program answers"));
  set("/tree.json", 200, "<html>");
  auto other = ask({"tree"});
  CAF_CHECK_EQUAL(other.status, 1);
  CAF_CHECK(contains(other.err, "no object of JSON"));
}

CAF_TEST_FIXTURE_SCOPE_END()
