// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE monitor.requests

#include "monitor_fixture.hpp"
#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : monitor_fixture {
  unsigned status_of(const std::string& bytes) {
    http_client client{uut->port()};
    client.send(bytes);
    return client.read().result_int();
  }
};

const http_headers bearer = {{"Authorization", "Bearer " + right_token}};

} // namespace

CAF_TEST_FIXTURE_SCOPE(monitor_requests_tests, fixture)

CAF_TEST(what is no request is refused) {
  start();
  CAF_CHECK_EQUAL(status_of("hello\r\n\r\n"), 400u);
  CAF_CHECK_EQUAL(status_of("GET / HTTP/3.0\r\n\r\n"), 400u);
  CAF_CHECK_EQUAL(status_of("GET  HTTP/1.1\r\n\r\n"), 400u);
  CAF_CHECK_EQUAL(status_of("GET / HTTP/1.1\r\nno colon\r\n\r\n"), 400u);
  CAF_CHECK_EQUAL(status_of("POST /actions HTTP/1.1\r\nHost: localhost\r\n"
                            "Content-Length: many\r\n\r\n"),
                  400u);
  CAF_CHECK_EQUAL(status_of("GET http://x HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                  400u);
  CAF_CHECK_EQUAL(status_of("GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
                  400u);
  CAF_CHECK_EQUAL(status_of("GET / HTTP/1.1\r\n\r\n"), 403u); // no Host
  CAF_CHECK_EQUAL(get("/healthz").result_int(), 200u);
}

CAF_TEST(headers and bodies are limited) {
  start();
  const std::string large(64 * 1024, 'x');
  http_client client{uut->port()};
  client.send("GET / HTTP/1.1\r\nX: " + large + "\r\n\r\n");
  CAF_CHECK_EQUAL(client.read().result_int(), 431u);
  CAF_CHECK(client.is_closed());
  http_client other{uut->port()};
  CAF_CHECK_EQUAL(other.post("/actions", large).result_int(), 413u);
  CAF_CHECK(other.is_closed());
  CAF_CHECK_EQUAL(status_of("POST /actions HTTP/1.1\r\nHost: localhost\r\n"
                            "Transfer-Encoding: chunked\r\n\r\nfffff\r\n"
                            + large),
                  413u);
}

CAF_TEST(one connection more than allowed is closed) {
  start();
  std::vector<std::unique_ptr<http_client>> clients;
  for (size_t i = 0; i < 256; ++i)
    clients.push_back(std::make_unique<http_client>(uut->port()));
  CAF_CHECK_EQUAL(clients.back()->get("/").result_int(), 200u);
  CAF_CHECK(http_client{uut->port()}.is_closed());
  clients.clear();
  CAF_CHECK(eventually([&] {
    http_client client{uut->port()};
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return !client.is_closed();
  }));
}

CAF_TEST(pages of other sites are kept out) {
  start_with_token();
  // A page whose name was resolved to this machine.
  CAF_CHECK_EQUAL(
    get("/state.json", {{"Host", "attacker.example"}}).result_int(), 403u);
  http_client client{uut->port()};
  auto headers = bearer;
  headers.emplace_back("Origin", "http://attacker.example");
  const std::string body = R"({"action":"restart","client":"feed"})";
  CAF_CHECK_EQUAL(client.post("/actions", body, headers).result_int(), 403u);
  // A form.
  headers = bearer;
  headers.emplace_back("Content-Type", "text/plain");
  CAF_CHECK_EQUAL(
    client.ask(http::verb::post, "/actions", body, headers).result_int(), 403u);
}

CAF_TEST(other methods are not allowed) {
  start();
  http_client client{uut->port()};
  auto refused = client.post("/state.json", "{}");
  CAF_CHECK_EQUAL(refused.result_int(), 405u);
  CAF_CHECK_EQUAL(refused["Allow"], "GET");
  CAF_CHECK_EQUAL(client.get("/actions").result_int(), 405u);
  CAF_CHECK_EQUAL(client.ask(http::verb::delete_, "/", {}, {}).result_int(),
                  404u);
}

CAF_TEST(a mistake in a query is named) {
  start();
  auto problem = [&](const std::string& query) {
    auto response = get("/clients.json?" + query);
    CAF_CHECK_EQUAL(response.result_int(), 400u);
    return std::string{find_member(response.body(), "error").text};
  };
  CAF_CHECK_EQUAL(problem("from=-1"), "from: must be a whole number");
  CAF_CHECK_EQUAL(problem("count=501"), "count: must be 500 at most");
  CAF_CHECK(problem("sort=age").starts_with("sort: must be name, "));
  CAF_CHECK_EQUAL(problem("order=up"), "order: must be asc or desc");
  CAF_CHECK_EQUAL(get("/updates?count=x").result_int(), 400u);
  CAF_CHECK_EQUAL(get("/events.json?after=x").result_int(), 400u);
  CAF_CHECK_EQUAL(get("/clients.json?from=9999&count=0").result_int(), 200u);
}

CAF_TEST(elsewhere than on the loopback reading needs the token) {
  start_with_token({.bind = "0.0.0.0"});
  CAF_CHECK_EQUAL(get("/healthz").result_int(), 200u);
  CAF_CHECK_EQUAL(get("/readyz").result_int(), 200u);
  CAF_CHECK_EQUAL(get("/").result_int(), 200u);
  for (auto* target : {"/state.json", "/tree.json", "/clients.json",
                       "/client.json", "/events.json", "/updates", "/metrics"})
    CAF_CHECK_EQUAL(get(target).result_int(), 401u);
  CAF_CHECK_EQUAL(get("/state.json", bearer).result_int(), 200u);
}

CAF_TEST(a browser that has logged in is known by its cookie) {
  start_with_token({.bind = "0.0.0.0"});
  http_client client{uut->port()};
  CAF_CHECK_EQUAL(client.post("/login", R"({"token":"wrong"})").result_int(),
                  401u);
  auto granted = client.post("/login", R"({"token":")" + right_token + R"("})");
  CAF_REQUIRE_EQUAL(granted.result_int(), 204u);
  std::string cookie{granted["Set-Cookie"]};
  auto state = client.get("/state.json", {{"Cookie", cookie}});
  CAF_REQUIRE_EQUAL(state.result_int(), 200u);
  CAF_CHECK_EQUAL(find_member(state.body(), "authorized").text, "true");
  CAF_CHECK(entries->wait_for("wrong token"));
  for (int i = 0; i < 10; ++i)
    client.post("/login", R"({"token":"wrong"})");
  CAF_CHECK_EQUAL(client.post("/login", "{}").result_int(), 429u);
}

CAF_TEST_FIXTURE_SCOPE_END()
