// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE client_series

#include "support/unit_test.hpp"

#include "zenws/metrics/internal/client_series.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::internal;
using namespace std::chrono_literals;

namespace {

struct fixture {
  // Adds a client that has received so many messages.
  std::shared_ptr<client_stats> add(std::string name, uint64_t messages) {
    auto stats = std::make_shared<client_stats>();
    stats->messages = messages;
    stats->outbound_bytes.set(messages);
    clients.push_back(
      {.id = ++last_id, .name = std::move(name), .stats = stats});
    return stats;
  }

  void remove(const std::string& name) {
    std::erase_if(clients, [&](auto& x) { return x.name == name; });
  }

  // Returns the values of a metric by client.
  std::map<std::string, double> values(const std::string& metric) {
    std::vector<prometheus::MetricFamily> families;
    uut.collect(clients).append_to(families);
    std::map<std::string, double> result;
    for (auto& family : families)
      if (family.name == metric)
        for (auto& x : family.metric)
          result[x.label.at(0).value] = x.counter.value + x.gauge.value;
    return result;
  }

  std::map<std::string, double> messages() {
    return values("zenws_client_received_messages_total");
  }

  using expected = std::map<std::string, double>;

  client_series uut{2};
  std::vector<registered_client> clients;
  uint64_t last_id = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_series_tests, fixture)

CAF_TEST(clients beyond the limit are added up) {
  add("a", 1);
  add("b", 2);
  add("c", 30);
  add("d", 40);
  CAF_CHECK((messages() == expected{{"a", 1}, {"b", 2}, {"(other)", 70}}));
  CAF_CHECK_EQUAL(uut.others(), 2u);
}

CAF_TEST(the sum of the others never goes back) {
  add("a", 1);
  add("b", 2);
  auto c = add("c", 30);
  add("d", 40);
  messages();
  c->messages = 35;
  c->outbound_bytes.set(5);
  remove("c");
  CAF_CHECK_EQUAL(messages()["(other)"], 75);
  CAF_CHECK_EQUAL(values("zenws_client_outbound_bytes")["(other)"], 40);
  remove("d");
  CAF_CHECK_EQUAL(messages()["(other)"], 75);
  CAF_CHECK_EQUAL(values("zenws_client_outbound_bytes")["(other)"], 0);
  CAF_CHECK_EQUAL(uut.others(), 0u);
}

CAF_TEST(a client keeps its place when others go) {
  add("a", 1);
  add("b", 2);
  add("c", 30);
  messages();
  remove("a");
  add("d", 40);
  CAF_CHECK((messages() == expected{{"b", 2}, {"d", 40}, {"(other)", 30}}));
}

CAF_TEST(a client that is started anew under its name begins anew) {
  add("a", 10);
  messages();
  remove("a");
  add("a", 1);
  CAF_CHECK((messages() == expected{{"a", 1}}));
}

CAF_TEST(market data and recordings show once there are some) {
  auto a = add("a", 1);
  CAF_CHECK(values("zenws_market_lost_books_total").empty());
  CAF_CHECK(values("zenws_recording_entries_total").empty());
  ++a->market.updates;
  ++a->recording.entries;
  CAF_CHECK_EQUAL(values("zenws_market_lost_books_total").size(), 1u);
  CAF_CHECK_EQUAL(values("zenws_recording_entries_total")["a"], 1);
}

CAF_TEST(ten thousand clients are collected in little time and memory) {
  for (size_t i = 0; i < 10'000; ++i)
    add("client-" + std::to_string(i), 1);
  client_series many{1'000};
  std::vector<prometheus::MetricFamily> families;
  many.collect(clients).append_to(families);
  for (auto& family : families)
    CAF_CHECK_LESS(family.metric.size(), 1'002u);
  CAF_CHECK_EQUAL(many.others(), 9'000u);
}

CAF_TEST_FIXTURE_SCOPE_END()
