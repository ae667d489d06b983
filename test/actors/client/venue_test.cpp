// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE venue

#include "support/unit_test.hpp"
#include "support/world.hpp"

#include <algorithm>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto trades = "trades.BTC-PERPETUAL.100ms";
constexpr auto book = "book.BTC-PERPETUAL.100ms";
constexpr auto ticker = "ticker.ETH-PERPETUAL.100ms";

struct fixture : world {
  std::unique_ptr<sim::server> server = start_server();

  client_config config() const {
    auto cfg = quick(server->url("/ws/api/v2"));
    cfg.venue.dialect = "deribit";
    return cfg;
  }

  client_actor connect() {
    auto uut = rt.connect({.config = config()});
    if (!uut)
      CAF_FAIL("cannot connect: " << caf_compat::to_text(uut.error()));
    return *uut;
  }

  // Starts a subscriber of channels.
  template <class Handle>
  std::pair<caf::actor, inbox_ptr>
  follow(const Handle& client, std::vector<std::string> names) {
    auto to = std::make_shared<inbox>();
    auto subscriber = sys.spawn(collecting, to);
    std::vector<channel_spec> channels;
    for (auto& name : names)
      channels.push_back({.name = std::move(name)});
    auto report = ask<channel_report>(
      client, subscribe_channels{std::move(channels), subscriber});
    CAF_REQUIRE(report);
    CAF_CHECK(report->all_granted());
    return {subscriber, to};
  }

  // Waits for `n` messages and returns the number of those not of `channel`.
  size_t unauthenticated(const inbox_ptr& in, size_t n,
                         const std::string& channel) {
    CAF_REQUIRE(in->wait_for_messages(n));
    auto all = in->messages();
    return static_cast<size_t>(
      std::count_if(all.begin(), all.end(), [&](auto& x) {
        return x.payload.find('"' + channel + '"') == std::string::npos;
      }));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(venue_tests, fixture)

CAF_TEST(subscribers get the messages of their channels only) {
  auto uut = connect();
  auto [first, of_trades] = follow(uut, {trades});
  auto [second, of_book] = follow(uut, {book});
  auto [third, of_ticker] = follow(uut, {ticker});
  CAF_CHECK_EQUAL(unauthenticated(of_trades, 20, trades), 0u);
  CAF_CHECK_EQUAL(unauthenticated(of_book, 20, book), 0u);
  CAF_CHECK_EQUAL(unauthenticated(of_ticker, 5, ticker), 0u);
  auto status = ask<client_status>(uut, get_status{});
  CAF_REQUIRE(status);
  CAF_CHECK_EQUAL(status->channels, 3u);
  CAF_CHECK_EQUAL(status->malformed, 0u);
}

CAF_TEST(a plain subscriber gets all data and no answers) {
  auto uut = connect();
  auto [everything, in] = collect(uut);
  auto [other, of_trades] = follow(uut, {trades});
  CAF_CHECK(ask<rpc_result>(uut, call{"public/test"}));
  CAF_CHECK_EQUAL(unauthenticated(in, 20, trades), 0u);
}

CAF_TEST(calls are answered by their results) {
  auto uut = connect();
  auto good = ask<rpc_result>(uut, call{.method = "public/test",
                                        .policy = queue_until(10s)});
  CAF_REQUIRE(good);
  CAF_CHECK(good->json.find("version") != std::string::npos);
  auto bad = ask<rpc_result>(uut, call{"public/no_such_method"});
  CAF_REQUIRE(!bad);
  CAF_CHECK_EQUAL(caf_compat::code_of(bad.error()), ec::request_refused);
  auto refusal = rpc_error_of(bad.error());
  CAF_REQUIRE(refusal);
  CAF_CHECK_EQUAL(refusal->code, -32601);
}

CAF_TEST(channels are back after a lost connection) {
  auto uut = connect();
  auto [subscriber, in] = follow(uut, {trades, book});
  CAF_REQUIRE(in->wait_for_messages(5));
  server->apply(sim::fault_drop{});
  CAF_REQUIRE(in->wait_for_state(client_state::restoring, 2));
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  auto before = in->count();
  CAF_CHECK(in->wait_for_messages(before + 20));
  auto all = in->messages();
  CAF_CHECK_EQUAL(all.back().epoch, 2u);
}

CAF_TEST(channels are back after a crash of the client) {
  auto supervisor = rt.supervise();
  auto uut = ask<client_actor>(
    supervisor, start_client{{.name = "feed", .config = config()}});
  CAF_REQUIRE(uut);
  auto [subscriber, in] = follow(*uut, {trades, book});
  CAF_REQUIRE(in->wait_for_messages(5));
  self->send_exit(*uut, caf::exit_reason::kill);
  CAF_REQUIRE(in->wait_for_kind(event_kind::restarted));
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  auto before = in->count();
  CAF_CHECK(in->wait_for_messages(before + 20));
}

CAF_TEST(the last subscriber that leaves takes the channel along) {
  auto uut = connect();
  auto [first, in] = follow(uut, {trades});
  auto [second, other] = follow(uut, {trades, book});
  CAF_CHECK_EQUAL(tell(uut, unsubscribe_channels{{trades}, first}), caf::none);
  self->send_exit(second, caf::exit_reason::user_shutdown);
  CAF_CHECK(eventually([&] {
    auto status = ask<client_status>(uut, get_status{});
    return status && status->channels == 0;
  }));
}

CAF_TEST(renewed channels begin anew for all their subscribers) {
  auto uut = connect();
  auto [first, in] = follow(uut, {book});
  auto [second, other] = follow(uut, {book, trades});
  auto snapshots = [](const inbox_ptr& from) {
    auto all = from->messages();
    return std::count_if(all.begin(), all.end(), [](auto& x) {
      return x.payload.find("\"snapshot\"") != std::string::npos;
    });
  };
  CAF_REQUIRE(in->wait_for_messages(5));
  auto before = snapshots(in);
  auto other_before = snapshots(other); // none if it came after the first one
  CAF_CHECK_EQUAL(tell(uut, renew_channels{{book, "unknown"}}), caf::none);
  CAF_CHECK(eventually([&, &in = in, &other = other] {
    CAF_REQUIRE(in->wait_for_messages(in->count() + 1));
    return snapshots(in) > before && snapshots(other) > other_before;
  }));
}

CAF_TEST(raw clients have neither calls nor channels) {
  auto uut = rt.connect({.config = quick(server->url("/echo"))});
  CAF_REQUIRE(uut);
  CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
  auto answer = ask<rpc_result>(*uut, call{"public/test"});
  CAF_REQUIRE(!answer);
  CAF_CHECK_EQUAL(caf_compat::code_of(answer.error()), ec::not_supported);
  auto report = ask<channel_report>(
    *uut, subscribe_channels{{{.name = "x"}},
                             sys.spawn(collecting, std::make_shared<inbox>())});
  CAF_REQUIRE(!report);
  CAF_CHECK_EQUAL(caf_compat::code_of(report.error()), ec::not_supported);
}

CAF_TEST_FIXTURE_SCOPE_END()
