// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market

#include "support/market_inbox.hpp"
#include "support/unit_test.hpp"
#include "support/venue_world.hpp"

using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

const std::string btc = "BTC-PERPETUAL";
const std::string eth = "ETH-PERPETUAL";

struct fixture : venue_world {
  std::unique_ptr<sim::server> server = start_server();

  client_spec spec() const {
    client_spec result{.name = "feed", .config = quick(server->url())};
    result.config.venue.dialect = "deribit";
    return result;
  }

  struct subscription {
    caf::expected<market_report> report;
    market_subscriber subscriber;
    market_inbox_ptr in;
  };

  template <class Handle>
  subscription subscribe_to(const Handle& client,
                            std::vector<std::string> instruments,
                            data_kinds kinds) {
    auto in = std::make_shared<market_inbox>();
    auto subscriber = sys.spawn<market_collector>(in);
    auto report = ask<market_report>(
      client, subscribe_market{.instruments = std::move(instruments),
                               .kinds = kinds,
                               .subscriber = subscriber});
    return {std::move(report), subscriber, in};
  }

  market_inbox_ptr follow_market(const client_actor& client, data_kinds kinds) {
    auto [report, subscriber, in] = subscribe_to(client, {btc}, kinds);
    if (!report)
      CAF_FAIL(caf_compat::to_text(report.error()));
    CAF_REQUIRE(report->all_granted());
    return in;
  }

  bool waits_for_channels(const client_actor& uut, size_t n) {
    return eventually([&] { return status_of(uut).channels == n; });
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(market_tests, fixture)

CAF_TEST(subscribers get typed data and a proven book) {
  auto [uut, events] = connect_watched(spec());
  auto in = follow_market(uut, {data_kind::book, data_kind::trades,
                                data_kind::ticker});
  CAF_CHECK(in->wait_for<book_snapshot>(1));
  CAF_CHECK(in->wait_for<book_change>(20));
  CAF_CHECK(in->wait_for<trade>(5));
  CAF_CHECK(in->wait_for<ticker>(5));
  CAF_CHECK_EQUAL(in->broken(), 0u);
  CAF_CHECK(in->book(btc).is_valid());
  auto [agreed, disagreed] = in->compared();
  CAF_CHECK_GREATER(agreed, 0u);
  CAF_CHECK_EQUAL(disagreed, 0u);
  for (auto& x : in->all<trade>())
    CAF_CHECK(x.instrument == btc);
}

CAF_TEST(each subscriber gets what it asked for) {
  auto [uut, events] = connect_watched(spec());
  auto first = subscribe_to(uut, {btc}, {data_kind::trades});
  auto second = subscribe_to(uut, {btc, eth}, {data_kind::book});
  CAF_REQUIRE(first.report && second.report);
  CAF_CHECK(first.in->wait_for<trade>(10));
  CAF_CHECK(second.in->wait_for<book_change>(40));
  CAF_CHECK(first.in->all<book_change>().empty());
  CAF_CHECK(second.in->all<trade>().empty());
  CAF_CHECK(second.in->book(btc).is_valid());
  CAF_CHECK(second.in->book(eth).is_valid());
}

CAF_TEST(who comes late gets the book without a new one of the venue) {
  auto [uut, events] = connect_watched(spec());
  auto first = follow_market(uut, {data_kind::book});
  CAF_REQUIRE(first->wait_for<book_change>(5));
  auto second = follow_market(uut, {data_kind::book});
  CAF_REQUIRE(second->wait_for<book_change>(5));
  CAF_CHECK(second->book(btc).is_valid());
  CAF_CHECK_EQUAL(second->broken(), 0u);
  CAF_CHECK_EQUAL(first->all<book_snapshot>().size(), 1u);
}

CAF_TEST(what the venue does not have is refused by name) {
  auto [uut, events] = connect_watched(spec());
  auto [report, subscriber, in] = subscribe_to(uut, {"NO-SUCH", btc},
                                               {data_kind::trades});
  CAF_REQUIRE(report);
  CAF_REQUIRE_EQUAL(report->outcomes.size(), 2u);
  CAF_CHECK_EQUAL(report->outcomes[0].instrument, "NO-SUCH");
  CAF_CHECK(report->outcomes[0].outcome == outcome_kind::rejected);
  CAF_CHECK(report->outcomes[1].outcome == outcome_kind::granted);
  CAF_CHECK(in->wait_for<trade>(1));
}

CAF_TEST(requests that make no sense change nothing) {
  auto [uut, events] = connect_watched(spec());
  for (auto& report :
       {subscribe_to(uut, {}, {data_kind::book}).report,
        subscribe_to(uut, {btc}, {}).report,
        subscribe_to(uut, {std::string(64, 'x')}, {data_kind::book}).report,
        ask<market_report>(uut, subscribe_market{{btc}, {data_kind::book}})}) {
    CAF_REQUIRE(!report);
    CAF_CHECK_EQUAL(caf_compat::code_of(report.error()), ec::invalid_config);
  }
  CAF_CHECK_EQUAL(status_of(uut).channels, 0u);
}

CAF_TEST(a client without a venue has no market data) {
  auto setup = spec();
  setup.config.venue.dialect = "raw";
  auto [uut, events] = connect_watched(setup);
  auto report = subscribe_to(uut, {btc}, {data_kind::book}).report;
  CAF_REQUIRE(!report);
  CAF_CHECK_EQUAL(caf_compat::code_of(report.error()), ec::not_supported);
}

CAF_TEST(a source that ends by itself is replaced) {
  auto [uut, events] = connect_watched(spec());
  auto first = follow_market(uut, {data_kind::book});
  CAF_REQUIRE(first->wait_for<book_change>(1));
  caf::anon_send_exit(first->source(), caf::exit_reason::kill);
  CAF_REQUIRE(
    first->wait_for_event([](auto& x) { return x.kind == event_kind::ended; }));
  CAF_REQUIRE(eventually([&, &uut = uut] {
    return bool{subscribe_to(uut, {btc}, {data_kind::trades}).report};
  }));
  auto second = follow_market(uut, {data_kind::book});
  CAF_REQUIRE(second->wait_for<book_change>(1));
  CAF_CHECK(second->book(btc).is_valid());
  CAF_CHECK(second->source() != first->source());
}

CAF_TEST(channels end with their last subscriber) {
  auto [uut, events] = connect_watched(spec());
  auto first = subscribe_to(uut, {btc}, {data_kind::book, data_kind::trades});
  auto second = subscribe_to(uut, {btc}, {data_kind::book});
  CAF_REQUIRE(first.report && second.report);
  CAF_CHECK_EQUAL(status_of(uut).channels, 2u);
  CAF_CHECK(!tell(
    uut, unsubscribe_market{{btc}, {data_kind::trades}, first.subscriber}));
  CAF_CHECK(waits_for_channels(uut, 1));
  self->send_exit(first.subscriber, caf::exit_reason::user_shutdown);
  CAF_CHECK(second.in->wait_for_next<book_change>());
  self->send_exit(second.subscriber, caf::exit_reason::user_shutdown);
  CAF_CHECK(waits_for_channels(uut, 0));
}

CAF_TEST(a gap of the venue loses the book until the next snapshot) {
  auto [uut, events] = connect_watched(spec());
  auto in = follow_market(uut, {data_kind::book});
  CAF_REQUIRE(in->wait_for<book_change>(5));
  server->apply(sim::fault_gap{});
  CAF_REQUIRE(in->wait_for<book_lost>(1));
  CAF_CHECK(in->all<book_lost>()[0].cause == loss_cause::gap);
  CAF_CHECK(in->wait_for<book_snapshot>(2));
  CAF_CHECK(in->wait_for_next<book_change>());
  CAF_CHECK_EQUAL(in->broken(), 0u);
}

CAF_TEST(a message that cannot be read loses the book) {
  auto [uut, events] = connect_watched(spec());
  auto in = follow_market(uut, {data_kind::book});
  CAF_REQUIRE(in->wait_for<book_change>(5));
  server->apply(sim::fault_malformed{.mode = sim::breakage::wrong_shape});
  CAF_REQUIRE(in->wait_for<book_lost>(1));
  CAF_CHECK(in->all<book_lost>()[0].cause == loss_cause::unreadable);
  CAF_CHECK(in->wait_for<book_snapshot>(2));
}

CAF_TEST(after an outage books begin anew and missed trades are told) {
  auto [uut, events] = connect_watched(spec());
  auto in = follow_market(uut, {data_kind::book, data_kind::trades});
  CAF_REQUIRE(in->wait_for<book_change>(5));
  CAF_REQUIRE(in->wait_for<trade>(5));
  server->apply(sim::fault_drop{});
  CAF_REQUIRE(in->wait_for<book_lost>(1));
  CAF_CHECK(in->all<book_lost>()[0].cause == loss_cause::disconnected);
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 2));
  CAF_CHECK(in->wait_for<book_snapshot>(2));
  CAF_CHECK(in->wait_for_next<trade>());
  CAF_CHECK(in->wait_for_next<trade>());
  // Each number is there once, late or not.
  uint64_t last = 0;
  for (auto& x : in->all<trade>()) {
    CAF_CHECK(last == 0 || x.sequence == last + 1);
    last = x.sequence;
  }
  CAF_CHECK(in->all<trade_gap>().empty());
  CAF_CHECK_EQUAL(in->broken(), 0u);
}

CAF_TEST(subscribers survive a crash of their client) {
  auto supervisor = rt.supervise();
  auto [uut, events] = start_watched(supervisor, spec());
  auto in = follow_market(uut, {data_kind::book});
  CAF_REQUIRE(in->wait_for<book_change>(5));
  self->send_exit(uut, caf::exit_reason::kill);
  CAF_REQUIRE(events->wait_for_kind(event_kind::restarted));
  CAF_REQUIRE(in->wait_for<book_lost>(1));
  CAF_CHECK(in->wait_for<book_snapshot>(2));
  CAF_CHECK(in->wait_for_next<book_change>());
  CAF_CHECK_EQUAL(in->broken(), 0u);
}

CAF_TEST(a client that is started anew has market data again) {
  auto setup = spec();
  setup.classify_refusal = refusals_are_final;
  auto supervisor = rt.supervise();
  auto [uut, events] = start_watched(supervisor, setup);
  auto first = follow_market(uut, {data_kind::book});
  server->apply(sim::fault_refuse{.status = 403});
  server->apply(sim::fault_drop{});
  CAF_REQUIRE(first->wait_for_event(
    [](const client_event& x) { return x.kind == event_kind::ended; }));
  server->apply(sim::fault_accept{});
  CAF_REQUIRE(ask<client_actor>(supervisor, restart_client{"feed"}));
  auto second = follow_market(uut, {data_kind::book});
  CAF_CHECK(second->wait_for<book_change>(5));
}

CAF_TEST(events are those of the client from the first one on) {
  auto [uut, events] = connect_watched(spec());
  CAF_REQUIRE(events->wait_for_state(client_state::ready, 1));
  auto in = follow_market(uut, {data_kind::trades});
  CAF_CHECK(in->wait_for<trade>(1));
  auto id = status_of(uut).id;
  CAF_REQUIRE(!in->events().empty());
  for (auto& x : in->events()) {
    CAF_CHECK_EQUAL(x.client_id, id);
    CAF_CHECK(x.state == client_state::ready);
  }
}

CAF_TEST(a subscriber that stands still holds up the others for a while only) {
  auto setup = spec();
  setup.config.max_reading_pause = 50ms;
  auto [uut, events] = connect_watched(setup);
  auto fast = follow_market(uut, {data_kind::book});
  // Lets go of nothing.
  auto held = std::make_shared<std::vector<market_batch>>();
  using batches_ptr = std::shared_ptr<std::vector<market_batch>>;
  auto slow = sys.spawn(
    [](caf::event_based_actor*, const batches_ptr& to) -> caf::behavior {
      return {
        [to](const market_batch& x) { to->push_back(x); },
        [](const client_event&) {},
      };
    },
    held);
  CAF_REQUIRE(ask<market_report>(
    uut,
    subscribe_market{.instruments = {btc},
                     .kinds = {data_kind::book},
                     .subscriber = caf::actor_cast<market_subscriber>(slow),
                     .options = {.budget_bytes = 1}}));
  for (size_t i = 0; i < 20; ++i)
    CAF_CHECK(fast->wait_for_next<book_change>());
  CAF_CHECK_EQUAL(fast->broken(), 0u);
  self->send_exit(slow, caf::exit_reason::user_shutdown);
}

CAF_TEST(the end of a client ends its market data) {
  auto [uut, events] = connect_watched(spec());
  auto in = follow_market(uut, {data_kind::book});
  CAF_REQUIRE(in->wait_for<book_snapshot>(1));
  CAF_CHECK(!tell(uut, close_client{}));
  CAF_CHECK(in->wait_for_event(
    [](const client_event& x) { return x.kind == event_kind::ended; }));
}

CAF_TEST(a client tells how its books stand) {
  auto [uut, events] = connect_watched(spec());
  auto books = [&] { return ask<book_report>(uut, get_books{})->books; };
  CAF_CHECK(books().empty());
  auto in = follow_market(uut, {data_kind::book, data_kind::trades});
  CAF_REQUIRE(in->wait_for<book_change>(1));
  CAF_REQUIRE(eventually([&] { return books().at(0).is_valid; }));
  auto book = books().at(0);
  CAF_CHECK_EQUAL(book.instrument, btc);
  CAF_CHECK(!book.bid.empty());
  CAF_CHECK(!book.ask.empty());
}

CAF_TEST(a book can be begun anew on demand) {
  auto [uut, events] = connect_watched(spec());
  auto in = follow_market(uut, {data_kind::book});
  CAF_REQUIRE(in->wait_for<book_change>(5));
  CAF_CHECK(!tell(uut, renew_market{{btc}}));
  CAF_CHECK(in->wait_for<book_lost>(1));
  CAF_CHECK(in->wait_for<book_snapshot>(2));
}

CAF_TEST(the terms of an instrument are asked for) {
  auto [uut, events] = connect_watched(spec());
  auto in = follow_market(uut, {data_kind::instruments});
  CAF_REQUIRE(in->wait_for<instrument_state>(1));
  auto terms = in->all<instrument_state>()[0];
  CAF_CHECK(terms.instrument == btc);
  CAF_CHECK(terms.kind == instrument_kind::perpetual);
  CAF_CHECK(terms.state == trading_state::open);
  CAF_CHECK(terms.tick.has_value());
}

CAF_TEST_FIXTURE_SCOPE_END()
