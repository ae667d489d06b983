// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE merged_client

#include "support/node_world.hpp"
#include "support/unit_test.hpp"

#include "zenws/market/order_book.hpp"
#include "zenws/market/update_list.hpp"
#include "zenws/venue/dialect.hpp"

#include <set>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto book = "book.BTC-PERPETUAL.100ms";
constexpr auto trades = "trades.BTC-PERPETUAL.100ms";

// Returns how many messages a book cannot take in, one after the other.
size_t count_misfits(const std::vector<inbox::message>& all) {
  size_t result = 0;
  auto venue = make_dialect("deribit");
  market::order_book uut{venue->market()->rules_of_books({})};
  market::update_list updates;
  for (auto& x : all) {
    updates.clear();
    auto problem = venue->market()->decode(venue->read(x.payload).content,
                                           updates);
    if (problem || updates.size() != 1
        || uut.apply(updates[0]) != market::book_outcome::applied)
      ++result;
  }
  return result;
}

struct fixture {
  // One of two gateways to one venue.
  std::unique_ptr<gateway_world> open_gateway(uint16_t port = 0) {
    auto result = std::make_unique<gateway_world>(gateway_config{.port = port});
    auto started = result->ask<client_actor>(result->supervisor,
                                             start_client{deribit_at(*venue)});
    CAF_REQUIRE(started);
    CAF_REQUIRE(result->ask<uint64_t>(*started, await_ready{}));
    return result;
  }

  fixture() {
    auto second = connect_gateway(there.rt,
                                  {.port = b->gateway->port(),
                                   .backoff = {.min = 10ms, .max = 100ms}});
    CAF_REQUIRE(second);
    link_to_b = std::move(*second);
    auto from_b = there.ask<client_actor>(link_to_b->gateway(),
                                          get_client{"desk"});
    CAF_REQUIRE(from_b);
    auto merged = there.rt.merge({.sources = {there.client("desk"), *from_b}});
    CAF_REQUIRE(merged);
    uut = *merged;
  }

  std::unique_ptr<sim::server> venue = start_server();
  std::unique_ptr<gateway_world> a = open_gateway();
  std::unique_ptr<gateway_world> b = open_gateway();
  subscriber_world there{a->gateway->port()};
  std::unique_ptr<gateway_connection> link_to_b;
  client_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(merge_tests, fixture)

CAF_TEST(two feeds are one) {
  auto [subscriber, in] = there.follow(uut, {book, trades});
  CAF_REQUIRE(in->wait_for_messages(200));
  std::set<std::string> seen;
  for (auto& x : in->messages())
    CAF_CHECK(seen.insert(x.payload).second);
}

CAF_TEST(the loss of either is no gap) {
  auto [subscriber, in] = there.follow(uut, {book});
  auto more = [&, in = in] {
    CAF_REQUIRE(in->wait_for_messages(in->count() + 50));
  };
  more();
  auto port = a->gateway->port();
  a = nullptr;
  more();
  a = open_gateway(port);
  // Until it brings the book again, or b would not be expendable.
  CAF_REQUIRE(eventually([&] {
    auto desk = a->rt.find_client("desk");
    if (!desk)
      return false;
    auto states = a->status_of(*desk).channel_states;
    return states.size() == 1 && states.front().last_message_ago >= 0ms;
  }));
  more();
  port = b->gateway->port();
  b = nullptr;
  more();
  b = open_gateway(port);
  more();
  CAF_CHECK_EQUAL(count_misfits(in->messages()), 0u);
  CAF_CHECK(in->messages().back().epoch == 1u);
}

CAF_TEST(requests go to a gateway that is there) {
  CAF_REQUIRE(there.ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK(there.ask<rpc_result>(uut, call{.method = "public/get_time"}));
  a = nullptr;
  CAF_CHECK(eventually([&] {
    return static_cast<bool>(
      there.ask<rpc_result>(uut, call{.method = "public/get_time"}));
  }));
  auto refused = there.ask<rpc_result>(uut, call{.method = "public/nothing"});
  CAF_REQUIRE(!refused);
  CAF_CHECK(rpc_error_of(refused.error()).has_value());
}

CAF_TEST(the loss of both is told) {
  auto [subscriber, in] = there.follow(uut, {book});
  CAF_REQUIRE(in->wait_for_messages(10));
  auto port = a->gateway->port();
  a = nullptr;
  b = nullptr;
  CAF_REQUIRE(in->wait_for_state(client_state::backing_off));
  auto refused = there.ask<rpc_result>(uut, call{.method = "public/get_time"});
  CAF_REQUIRE(!refused);
  CAF_CHECK(caf_compat::code_of(refused.error()) == ec::not_connected);
  a = open_gateway(port);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_REQUIRE(
    eventually([&in = in] { return in->messages().back().epoch == 2; }));
  std::vector<inbox::message> later;
  for (auto& x : in->messages())
    if (x.epoch == 2)
      later.push_back(x);
  CAF_CHECK_EQUAL(count_misfits(later), 0u);
}

CAF_TEST(a configuration without sense is refused) {
  auto refused = there.rt.merge({.dialect = "json_rpc"});
  CAF_REQUIRE(!refused);
  auto text = caf_compat::to_text(refused.error());
  CAF_CHECK(text.find("sources") != std::string::npos);
  CAF_CHECK(text.find("dialect") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
