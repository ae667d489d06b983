// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE monitor.load

#include "monitor_fixture.hpp"
#include "support/unit_test.hpp"

#include <boost/asio/read.hpp>

#include <algorithm>
#include <array>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr size_t num_clients = 10'000;

std::string name_of(size_t i) {
  auto digits = std::to_string(i);
  return "client-" + std::string(5 - digits.size(), '0') + digits;
}

// A supervisor of many clients, one of which changes at each request.
struct crowd {
  size_t asked = 0;
  tree_node root{.name = "crowd",
                 .kind = child_kind::supervisor,
                 .state = "running"};

  crowd() {
    for (size_t i = 0; i < num_clients; ++i)
      root.children.push_back(
        {.name = name_of(i),
         .kind = child_kind::client,
         .state = "ready",
         .details = {{"epoch", "1"}, {"url", "wss://venue/ws"}}});
    root.children[7'000].state = "gave_up";
  }

  const tree_node& tree() {
    root.children[8'000].details[0].value = std::to_string(++asked);
    return root;
  }
};

caf::behavior play_crowd(caf::event_based_actor*,
                         const std::shared_ptr<crowd>& all) {
  return {[=](get_tree) { return all->tree(); }};
}

struct fixture : monitor_fixture {
  fixture() {
    start({.trees = {sys.spawn(play_crowd, std::make_shared<crowd>())}});
  }

  // On a busy machine, the crowd may be too slow for a snapshot.
  rapidjson::Document page(const std::string& query) {
    rapidjson::Document result;
    CAF_REQUIRE(eventually([&] {
      result = json("/clients.json?" + query);
      return result["total"].GetUint() == num_clients;
    }));
    return result;
  }

  rapidjson::Document tree(const std::string& target, const char* path) {
    rapidjson::Document result;
    CAF_REQUIRE(eventually([&] {
      result = json(target);
      return (*path != '\0' ? result[path] : result)["children"][0]["children"]
               .Size()
             > 0;
    }));
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(monitor_load_tests, fixture)

CAF_TEST(ten thousand clients are shown in parts) {
  auto content = tree("/state.json", "tree");
  CAF_CHECK(get("/state.json").body().size() < 64 * 1024);
  CAF_CHECK_EQUAL(content["totals"]["clients"].GetUint(), num_clients);
  CAF_CHECK_EQUAL(content["totals"]["ready"].GetUint(), num_clients - 1);
  auto& crowd = content["tree"]["children"][0];
  CAF_CHECK_EQUAL(crowd["children"].Size(), 100u);
  CAF_CHECK_EQUAL(crowd["more"].GetUint(), num_clients - 100);
  // The one in trouble is among those that are shown.
  auto shown = crowd["children"].GetArray();
  CAF_CHECK(std::any_of(shown.begin(), shown.end(), [](auto& x) {
    return x["name"].GetString() == name_of(7'000);
  }));
  auto last = page("from=9990&count=20");
  CAF_CHECK_EQUAL(last["clients"].Size(), 10u);
  CAF_CHECK_EQUAL(last["clients"][0]["name"].GetString(), name_of(9'990));
  auto worst = page("sort=state&count=1");
  CAF_CHECK_EQUAL(worst["clients"][0]["name"].GetString(), name_of(7'000));
  auto found = page("filter=NT-0123&sort=name&order=desc");
  CAF_CHECK_EQUAL(found["matching"].GetUint(), 10u);
  CAF_CHECK_EQUAL(found["clients"][0]["name"].GetString(), name_of(1'239));
  CAF_CHECK_EQUAL(tree("/tree.json", "")["children"][0]["children"].Size(),
                  num_clients);
}

CAF_TEST(a reader that stalls holds up nothing and gets the newest) {
  event_source stalled{uut->port(), "/updates?count=500&sort=name&from=7900"};
  CAF_CHECK(stalled.header().find("text/event-stream") != std::string::npos);
  event_source reader{uut->port(), "/updates?count=500&sort=name&from=7900"};
  for (int i = 0; i < 4; ++i)
    reader.next_called("clients");
  CAF_CHECK_EQUAL(get("/healthz").result_int(), 200u);
  stalled.next_called("clients");
}

CAF_TEST(streams are limited) {
  std::vector<std::unique_ptr<event_source>> streams;
  for (size_t i = 0; i < 64; ++i)
    streams.push_back(
      std::make_unique<event_source>(uut->port(), "/updates?count=1"));
  CAF_CHECK_EQUAL(get("/updates").result_int(), 503u);
  streams.clear();
  CAF_CHECK(eventually([&] {
    http_client client{uut->port()};
    client.send("GET /updates HTTP/1.1\r\nHost: localhost\r\n\r\n");
    std::array<char, 12> start{};
    boost::asio::read(client.socket(), boost::asio::buffer(start));
    return std::string_view{start.data(), start.size()} == "HTTP/1.1 200";
  }));
}

CAF_TEST(the end of the monitor ends its streams) {
  event_source reader{uut->port(), "/updates"};
  reader.next_called("state");
  uut->stop();
  auto ended = false;
  try {
    for (;;)
      reader.next_called("state");
  } catch (const boost::system::system_error&) {
    ended = true;
  }
  CAF_CHECK(ended);
}

CAF_TEST_FIXTURE_SCOPE_END()
