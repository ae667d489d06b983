// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE monitor

#include "monitor_fixture.hpp"
#include "support/market_inbox.hpp"
#include "support/unit_test.hpp"

#include <boost/asio/post.hpp>

#include <future>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : monitor_fixture {
  void kill(const client_actor& client) {
    caf::anon_send_exit(caf::actor_cast<caf::actor>(client),
                        caf::exit_reason::kill);
  }
};

bool has_client(const rapidjson::Value& page, const std::string& name,
                const std::string& state) {
  for (auto& x : page["clients"].GetArray())
    if (x["name"].GetString() == name && x["state"].GetString() == state)
      return true;
  return false;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(monitor_tests, fixture)

CAF_TEST(options are checked) {
  CAF_CHECK(validate(monitor_options{}).empty());
  CAF_CHECK(validate({.bind = "::1"}).empty());
  CAF_CHECK(validate({.bind = "0.0.0.0", .token = right_token}).empty());
  auto problem = [](monitor_options x) { return validate(x).at(0).field; };
  CAF_CHECK_EQUAL(problem({.bind = "localhost"}), "bind");
  CAF_CHECK_EQUAL(problem({.bind = "0.0.0.0"}), "token");
  CAF_CHECK_EQUAL(problem({.token = "short"}), "token");
  CAF_CHECK_EQUAL(problem({.token = "a token with spaces"}), "token");
  CAF_CHECK_EQUAL(problem({.program = ""}), "program");
  auto refused = start_monitor(rt, {.bind = "0.0.0.0"});
  CAF_CHECK(!refused);
  CAF_CHECK(code_of(refused.error()) == ec::invalid_config);
}

CAF_TEST(a port that is taken is an error) {
  start();
  auto second = start_monitor(rt, {.port = uut->port()});
  CAF_REQUIRE(!second);
  CAF_CHECK(code_of(second.error()) == ec::connect_failed);
}

CAF_TEST(the page is served with headers that keep others out) {
  start();
  CAF_CHECK_EQUAL(uut->url(),
                  "http://127.0.0.1:" + std::to_string(uut->port()) + '/');
  auto page = get("/");
  CAF_CHECK_EQUAL(page.result_int(), 200u);
  CAF_CHECK_EQUAL(page["Content-Type"], "text/html; charset=utf-8");
  CAF_CHECK_EQUAL(page["Cache-Control"], "no-store");
  CAF_CHECK_EQUAL(page["X-Content-Type-Options"], "nosniff");
  CAF_CHECK(page["Content-Security-Policy"].starts_with("default-src 'self'"));
  CAF_CHECK(page.body().starts_with("<!doctype html>"));
  CAF_CHECK_EQUAL(text("/page/index.html"), page.body());
  CAF_CHECK_EQUAL(get("/page/../page/index.html").result_int(), 404u);
  CAF_CHECK_EQUAL(get("/page/").result_int(), 404u);
  CAF_CHECK_EQUAL(get("/other").result_int(), 404u);
}

CAF_TEST(the round trip of a heartbeat is shown) {
  start();
  auto beating = spec("venue");
  beating.config.heartbeat
    = {.kind = heartbeat_kind::ping_pong, .interval = 20ms, .max_missed = 100};
  auto client = ask<client_actor>(supervisor, zenws::start_client{beating});
  CAF_REQUIRE(client && ask<uint64_t>(*client, await_ready{}));
  CAF_CHECK(eventually([&] {
    auto page = json("/clients.json?sort=round_trip&order=desc");
    auto& row = page["clients"][0];
    return row["round_trip_us"].GetUint64() > 0;
  }));
}

CAF_TEST(books and their lag are shown) {
  start();
  auto feed = spec("feed", "/ws/api/v2");
  feed.config.venue.dialect = "deribit";
  auto client = ask<client_actor>(supervisor, zenws::start_client{feed});
  CAF_REQUIRE(client && ask<uint64_t>(*client, await_ready{}));
  CAF_CHECK(json("/client.json?name=feed")["books"].Empty());
  auto in = std::make_shared<market_inbox>();
  auto report = ask<market_report>(
    *client, subscribe_market{.instruments = {"BTC-PERPETUAL"},
                              .kinds = {market::data_kind::book},
                              .subscriber = sys.spawn<market_collector>(in)});
  CAF_REQUIRE(report && report->all_granted());
  CAF_CHECK(eventually([&] {
    auto detail = json("/client.json?name=feed");
    auto& books = detail["books"];
    if (books.Empty() || !books[0]["valid"].GetBool())
      return false;
    CAF_CHECK(!std::string{books[0]["bid"].GetString()}.empty());
    CAF_CHECK(books[0]["age_ms"].GetInt64() >= 0);
    for (auto& lag : detail["history"]["lag_us"].GetArray())
      if (lag.IsInt64())
        return true;
    return false;
  }));
}

CAF_TEST(HEAD is GET without a body) {
  start();
  http_client client{uut->port()};
  auto head = client.ask(http::verb::head, "/", {}, {});
  CAF_CHECK_EQUAL(head.result_int(), 200u);
  CAF_CHECK(head.body().empty());
  auto page = client.get("/"); // on the same connection
  CAF_CHECK_EQUAL(head["Content-Length"], std::to_string(page.body().size()));
}

CAF_TEST(metrics are those of the program) {
  start();
  CAF_CHECK_EQUAL(get("/metrics").result_int(), 404u);
  start({.metrics = [] { return std::string{"up 1\n"}; }});
  CAF_CHECK_EQUAL(text("/metrics"), "up 1\n");
  CAF_CHECK(get("/metrics")["Content-Type"].starts_with("text/plain"));
  start({.metrics = []() -> std::string { throw std::runtime_error{"no"}; }});
  CAF_CHECK_EQUAL(get("/metrics").result_int(), 500u);
}

CAF_TEST(a loop that is stuck is not healthy) {
  start();
  CAF_CHECK_EQUAL(text("/healthz"), "ok\n");
  std::promise<void> stuck;
  auto end = stuck.get_future();
  boost::asio::post(rt.loop(0).context(), [&] { end.wait(); });
  auto sick = get("/healthz");
  stuck.set_value();
  CAF_CHECK_EQUAL(sick.result_int(), 503u);
  CAF_CHECK_EQUAL(sick.body(), "I/O loop 0 does not answer\n");
  CAF_CHECK(eventually([&] { return get("/healthz").result_int() == 200; }));
}

CAF_TEST(readiness is that of the required clients) {
  start({.required = {"feed"}});
  CAF_CHECK_EQUAL(text("/readyz"), "feed: is not there\n");
  start_client("feed");
  CAF_CHECK_EQUAL(get("/readyz").result_int(), 200u);
  CAF_REQUIRE(!tell(supervisor, stop_client{"feed"}));
  CAF_CHECK_EQUAL(get("/readyz").result_int(), 503u);
}

CAF_TEST(without required clients all have to be ready) {
  start();
  CAF_CHECK_EQUAL(get("/readyz").result_int(), 200u);
  start_client("feed");
  CAF_CHECK_EQUAL(text("/readyz"), "ready\n");
  server->stop();
  CAF_CHECK(eventually([&] { return get("/readyz").result_int() == 503; }));
  CAF_CHECK(text("/readyz").starts_with("feed: "));
}

CAF_TEST(the state has the clients and their tree) {
  start({.program = "test"});
  start_client("feed");
  auto state = json("/state.json");
  CAF_CHECK_EQUAL(state["program"].GetString(), std::string{"test"});
  CAF_CHECK_EQUAL(state["actions"].GetBool(), false);
  CAF_CHECK_EQUAL(state["totals"]["clients"].GetUint(), 1u);
  CAF_CHECK_EQUAL(state["totals"]["ready"].GetUint(), 1u);
  auto& venues = state["tree"]["children"][0];
  CAF_CHECK_EQUAL(venues["name"].GetString(), std::string{"venues"});
  CAF_CHECK_EQUAL(venues["children"][0]["name"].GetString(),
                  std::string{"feed"});
  CAF_CHECK_EQUAL(venues["children"][0]["state"].GetString(),
                  std::string{"ready"});
  auto tree = json("/tree.json");
  CAF_CHECK_EQUAL(tree["name"].GetString(), std::string{"test"});
  CAF_CHECK(tree["children"][0] == venues);
}

CAF_TEST(a client is shown with its channels and its history) {
  start();
  auto client = start_client("feed", "/ws/api/v2");
  auto [subscriber, in] = collect(client);
  CAF_CHECK_EQUAL(get("/client.json?name=other").result_int(), 404u);
  auto detail = json("/client.json?name=feed");
  CAF_CHECK_EQUAL(detail["supervisor"].GetString(), std::string{"venues"});
  CAF_CHECK_EQUAL(detail["status"]["subscribers"].GetUint(), 1u);
  CAF_CHECK(detail["status"]["channel_states"].IsArray());
  CAF_CHECK(detail["metrics"].IsObject());
  CAF_CHECK(detail["last_error"].IsNull());
  CAF_CHECK_EQUAL(detail["history"]["step_ms"].GetInt(), 1000);
}

CAF_TEST(a client that is given up is explained) {
  start();
  auto bad = spec("feed", "/nowhere");
  bad.classify_refusal = refusals_are_final;
  server->apply(sim::fault_refuse{.status = 403});
  CAF_REQUIRE(ask<client_actor>(supervisor, zenws::start_client{bad}));
  CAF_REQUIRE(eventually(
    [&] { return json("/state.json")["totals"]["gave_up"].GetUint() == 1; }));
  auto detail = json("/client.json?name=feed");
  CAF_CHECK_EQUAL(detail["child"].GetString(), std::string{"gave_up"});
  auto& error = detail["last_error"];
  CAF_CHECK_EQUAL(error["code"].GetString(), std::string{"upgrade_refused"});
  CAF_CHECK(error["remedy"].GetStringLength() > 0);
}

CAF_TEST(clients of nested supervisors are found) {
  supervisor_config inner{.name = "inner"};
  inner.children.push_back(rt.child(spec("deep")));
  supervisor_config outer{.name = "outer"};
  outer.children.push_back(rt.child(std::move(inner)));
  outer.children.push_back(rt.child(client_supervisor_config{.name = "empty"}));
  auto root = rt.start_supervisor(std::move(outer));
  CAF_REQUIRE(root);
  start();
  CAF_REQUIRE(eventually(
    [&] { return has_client(json("/clients.json"), "deep", "ready"); }));
  auto page = json("/clients.json");
  CAF_CHECK_EQUAL(page["clients"][0]["supervisor"].GetString(),
                  std::string{"inner"});
}

CAF_TEST(a crash is an event and a restart) {
  start();
  auto client = start_client("feed");
  event_source updates{uut->port(), "/updates?client=feed"};
  updates.next_called("state");
  kill(client);
  updates.next([](auto& x) {
    return x.name == "state"
           && x.data.find("was restarted") != std::string::npos;
  });
  updates.next([](auto& x) {
    return x.name == "clients"
           && x.data.find(R"("restarts":1)") != std::string::npos;
  });
  CAF_CHECK_EQUAL(json("/clients.json")["clients"][0]["restarts"].GetUint(),
                  1u);
  auto events = json("/events.json");
  CAF_CHECK_EQUAL(events["lost"].GetBool(), false);
  auto last = events["events"].Size() - 1;
  auto sequence = events["events"][last]["seq"].GetUint64();
  auto rest = json("/events.json?after=" + std::to_string(sequence - 1));
  CAF_CHECK_EQUAL(rest["events"][0]["seq"].GetUint64(), sequence);
}

CAF_TEST(names with markup and control characters stay texts) {
  const std::string name = "</script><b>\"'\\\n\t\x01";
  const tree_node tree{
    .name = name,
    .kind = child_kind::supervisor,
    .state = "running",
    .children
    = {{.name = name, .kind = child_kind::client, .state = "\xff\xfe"}}};
  auto fake = sys.spawn(
    [](caf::event_based_actor*, const tree_node& shown) -> caf::behavior {
      return {[=](get_tree) { return shown; }};
    },
    tree);
  start({.trees = {fake}});
  auto page = json("/clients.json");
  CAF_CHECK_EQUAL(page["clients"][0]["name"].GetString(), name);
  CAF_CHECK_EQUAL(page["clients"][0]["state"].GetString(), std::string{"?"});
  auto state = get("/state.json");
  CAF_CHECK_EQUAL(state.body().find('\n'), std::string::npos);
  CAF_CHECK_EQUAL(state["Content-Type"], "application/json");
}

CAF_TEST_FIXTURE_SCOPE_END()
