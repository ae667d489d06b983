// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE market_nodes

#include "support/let_go.hpp"
#include "support/market_inbox.hpp"
#include "support/node_world.hpp"
#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::market;
using namespace zenws::test_support;

namespace {

const std::string btc = "BTC-PERPETUAL";
const std::string eth = "ETH-PERPETUAL";

// What a slow subscriber has seen. Thread-safe.
class slow_reader {
public:
  void put(const market_batch& batch) {
    std::lock_guard guard{mtx_};
    kept_.push_back(batch);
    for (auto& x : batch) {
      auto outcome = book_.apply(x);
      broken_ |= book_update_of(x) != nullptr
                 && (outcome == book_outcome::gap
                     || outcome == book_outcome::inconsistent);
      if (auto* loss = std::get_if<book_lost>(&x))
        lost_ |= loss->cause == loss_cause::gap;
      missed_trades_ |= std::holds_alternative<trade_gap>(x);
    }
  }

  void put(const client_event& event) {
    std::lock_guard guard{mtx_};
    was_told_ |= event.kind == event_kind::messages_dropped
                 && event.dropped_messages > 0;
  }

  void let_go() {
    std::lock_guard guard{mtx_};
    kept_.clear();
  }

  // Whether it knows that it missed something, and has a good book again.
  bool has_recovered() const {
    std::lock_guard guard{mtx_};
    return was_told_ && lost_ && missed_trades_ && book_.is_valid();
  }

  bool broken() const {
    std::lock_guard guard{mtx_};
    return broken_;
  }

private:
  mutable std::mutex mtx_;
  std::vector<market_batch> kept_;
  order_book book_;
  bool broken_ = false;
  bool lost_ = false;
  bool missed_trades_ = false;
  bool was_told_ = false;
};

// Keeps batches until it is told to release them.
caf::behavior hoarding(caf::event_based_actor*,
                       std::shared_ptr<slow_reader> to) {
  return {
    [=](const market_batch& batch) { to->put(batch); },
    [=](const client_event& event) { to->put(event); },
    [=](let_go) {
      to->let_go();
      return true;
    },
  };
}

struct subscription {
  caf::expected<market_report> report;
  market_subscriber subscriber;
  market_inbox_ptr in;
};

subscription try_follow_market(world& where, const client_actor& client,
                               std::vector<std::string> instruments,
                               data_kinds kinds) {
  auto in = std::make_shared<market_inbox>();
  market_subscriber subscriber = where.sys.spawn<market_collector>(in);
  auto report = where.ask<market_report>(
    client, subscribe_market{.instruments = std::move(instruments),
                             .kinds = kinds,
                             .subscriber = subscriber});
  return {std::move(report), subscriber, in};
}

subscription follow_market(world& where, const client_actor& client,
                           std::vector<std::string> instruments,
                           data_kinds kinds) {
  auto result = try_follow_market(where, client, std::move(instruments), kinds);
  if (!result.report)
    CAF_FAIL(caf_compat::to_text(result.report.error()));
  CAF_CHECK(result.report->all_granted());
  return result;
}

struct fixture {
  fixture() {
    open_gateway(0);
  }

  // Starts the gateway, or the next one at the same port.
  void open_gateway(uint16_t port) {
    here = std::make_unique<gateway_world>(gateway_config{.port = port});
    auto started = here->ask<client_actor>(here->supervisor,
                                           start_client{deribit_at(*venue)});
    CAF_REQUIRE(started);
    at_home = *started;
    CAF_REQUIRE(here->ask<uint64_t>(at_home, await_ready{}));
  }

  // Takes the gateway away and returns its port.
  uint16_t close_gateway() {
    auto result = here->gateway->port();
    at_home = nullptr;
    here = nullptr;
    return result;
  }

  // Returns the bytes that wait at the gateway for its nodes.
  uint64_t waiting_bytes() {
    auto tree = here->ask<tree_node>(here->gateway->address(), get_tree{});
    CAF_REQUIRE(tree);
    uint64_t result = 0;
    for (auto& node : tree->children)
      for (auto& x : node.details)
        if (x.name == "waiting")
          result += std::stoull(x.value);
    return result;
  }

  bool gateway_has_channels(uint32_t n) {
    return eventually([&] { return here->status_of(at_home).channels == n; });
  }

  std::unique_ptr<sim::server> venue = start_server();
  std::unique_ptr<gateway_world> here;
  client_actor at_home;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(market_nodes_tests, fixture)

CAF_TEST(typed data reaches all subscribers of another node) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto first = follow_market(
    there, uut, {btc}, {data_kind::book, data_kind::trades, data_kind::ticker});
  auto second = follow_market(there, uut, {btc, eth}, {data_kind::book});
  CAF_REQUIRE(first.in->wait_for<book_change>(20));
  CAF_REQUIRE(first.in->wait_for<trade>(5));
  CAF_REQUIRE(first.in->wait_for<ticker>(5));
  CAF_REQUIRE(second.in->wait_for<book_change>(40));
  CAF_CHECK(first.in->book(btc).is_valid());
  CAF_CHECK(second.in->book(btc).is_valid());
  CAF_CHECK(second.in->book(eth).is_valid());
  CAF_CHECK_EQUAL(first.in->broken(), 0u);
  CAF_CHECK_EQUAL(second.in->broken(), 0u);
  CAF_CHECK(second.in->all<trade>().empty());
  auto [agreed, disagreed] = first.in->compared();
  CAF_CHECK_GREATER(agreed, 0u);
  CAF_CHECK_EQUAL(disagreed, 0u);
  CAF_CHECK_EQUAL(here->status_of(at_home).channels, 4u);
}

CAF_TEST(updates name the messages that brought them) {
  subscriber_world there{here->gateway->port()};
  // Messages from before are not of the node's counting.
  auto [early, before] = here->follow(at_home, {"book." + btc + ".100ms"});
  CAF_REQUIRE(before->wait_for_messages(5));
  auto uut = there.client("desk");
  auto [reader, raw] = there.follow(uut, {"trades." + btc + ".100ms"});
  auto typed = follow_market(there, uut, {btc}, {data_kind::trades});
  CAF_REQUIRE(typed.in->wait_for<trade>(10));
  CAF_REQUIRE(raw->wait_for_messages(typed.in->all<trade>().size()));
  for (auto& x : typed.in->all<trade>()) {
    auto id = "\"trade_seq\":" + std::to_string(x.sequence) + ',';
    auto brought_it = [&](auto& message) {
      return message.sequence == x.message
             && message.payload.find(id) != std::string::npos;
    };
    CAF_CHECK(eventually([&, raw = raw] {
      return std::ranges::any_of(raw->messages(), brought_it);
    }));
  }
}

CAF_TEST(who comes late gets the book and disturbs nobody) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto first = follow_market(there, uut, {btc}, {data_kind::book});
  CAF_REQUIRE(first.in->wait_for<book_change>(5));
  auto second = follow_market(there, uut, {btc}, {data_kind::book});
  CAF_REQUIRE(second.in->wait_for<book_change>(5));
  CAF_CHECK(second.in->book(btc).is_valid());
  CAF_CHECK(first.in->book(btc).is_valid());
  CAF_CHECK(first.in->all<book_lost>().empty());
  CAF_CHECK_EQUAL(first.in->broken(), 0u);
  CAF_CHECK_EQUAL(second.in->broken(), 0u);
  // Nothing of the book comes ahead of the snapshot.
  auto begin = second.in->all<book_snapshot>().front();
  for (auto& change : second.in->all<book_change>())
    CAF_CHECK_GREATER_OR_EQUAL(change.previous.value_or(0), begin.sequence);
  CAF_CHECK_EQUAL(here->status_of(at_home).channels, 1u);
}

CAF_TEST(what nobody wants any more is given up) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto first = follow_market(there, uut, {btc},
                             {data_kind::book, data_kind::trades});
  auto second = follow_market(there, uut, {btc}, {data_kind::book});
  CAF_CHECK(gateway_has_channels(2));
  CAF_CHECK(!there.tell(
    uut, unsubscribe_market{{btc}, {data_kind::trades}, first.subscriber}));
  CAF_CHECK(gateway_has_channels(1));
  there.self->send_exit(first.subscriber, caf::exit_reason::user_shutdown);
  CAF_CHECK(second.in->wait_for_next<book_change>());
  CAF_CHECK(second.in->book(btc).is_valid());
  there.self->send_exit(second.subscriber, caf::exit_reason::user_shutdown);
  CAF_CHECK(gateway_has_channels(0));
}

CAF_TEST(market data of a node that is gone is given up) {
  {
    subscriber_world there{here->gateway->port()};
    auto uut = there.client("desk");
    auto in = follow_market(there, uut, {btc}, {data_kind::book}).in;
    CAF_REQUIRE(in->wait_for<book_change>(1));
  }
  CAF_CHECK(gateway_has_channels(0));
}

CAF_TEST(refusals take nothing away) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto [report, subscriber, in]
    = try_follow_market(there, uut, {"NO-SUCH", btc}, {data_kind::book});
  CAF_REQUIRE(report);
  CAF_REQUIRE_EQUAL(report->outcomes.size(), 2u);
  CAF_CHECK(report->outcomes[0].outcome == outcome_kind::rejected);
  CAF_CHECK(report->outcomes[1].outcome == outcome_kind::granted);
  auto other
    = there.ask<market_report>(uut, subscribe_market{.instruments = {btc},
                                                     .kinds = {data_kind::book},
                                                     .subscriber = subscriber,
                                                     .depth = 10});
  CAF_REQUIRE(other);
  CAF_REQUIRE_EQUAL(other->outcomes.size(), 1u);
  CAF_CHECK_EQUAL(other->outcomes[0].reason.code, ec::already_exists);
  CAF_CHECK(in->wait_for_next<book_change>());
  CAF_CHECK(in->book(btc).is_valid());
}

CAF_TEST(requests that make no sense are refused at the node) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto refused
    = there.ask<market_report>(uut, subscribe_market{{btc}, {data_kind::book}});
  CAF_REQUIRE(!refused);
  CAF_CHECK_EQUAL(caf_compat::code_of(refused.error()), ec::invalid_config);
  auto subscriber
    = there.sys.spawn<market_collector>(std::make_shared<market_inbox>());
  CAF_CHECK_EQUAL(
    there.tell(uut, unsubscribe_market{{btc}, {data_kind::book}, subscriber}),
    ec::not_found);
}

CAF_TEST(books and trades outlive the gateway and tell what was missed) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto in
    = follow_market(there, uut, {btc}, {data_kind::book, data_kind::trades}).in;
  CAF_REQUIRE(in->wait_for<trade>(3));
  CAF_REQUIRE(in->book(btc).is_valid());
  // Somebody for whom the market goes on.
  venue_world onlooker;
  auto other = onlooker.rt.connect(deribit_at(*venue, "onlooker"));
  CAF_REQUIRE(other);
  auto [watcher, meanwhile] = onlooker.follow(*other,
                                              {"trades." + btc + ".100ms"});
  auto port = close_gateway();
  CAF_REQUIRE(in->wait_for<book_lost>(1));
  CAF_CHECK(in->all<book_lost>().back().cause == loss_cause::disconnected);
  CAF_CHECK(!in->book(btc).is_valid());
  auto last = in->all<trade>().back();
  CAF_REQUIRE(meanwhile->wait_for_messages(meanwhile->count() + 3));
  auto snapshots = in->all<book_snapshot>().size();
  open_gateway(port);
  CAF_REQUIRE(in->wait_for<book_snapshot>(snapshots + 1));
  CAF_REQUIRE(in->wait_for<trade_gap>(1));
  auto gap = in->all<trade_gap>().front();
  CAF_CHECK_EQUAL(gap.after, last.sequence);
  CAF_CHECK_GREATER(gap.before, last.sequence + 1);
  CAF_REQUIRE(in->wait_for_next<trade>());
  CAF_CHECK(in->wait_for_next<book_change>());
  CAF_CHECK(in->book(btc).is_valid());
  CAF_CHECK_EQUAL(in->broken(), 0u);
  uint64_t before = 0;
  for (auto& x : in->all<trade>()) {
    CAF_CHECK_GREATER(x.sequence, before);
    before = x.sequence;
  }
}

CAF_TEST(what is asked for while the gateway is gone comes once it is back) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto early = follow_market(there, uut, {btc}, {data_kind::book});
  CAF_REQUIRE(early.in->wait_for<book_change>(1));
  auto port = close_gateway();
  CAF_REQUIRE(early.in->wait_for<book_lost>(1));
  auto in = std::make_shared<market_inbox>();
  market_subscriber late = there.sys.spawn<market_collector>(in);
  auto pending
    = there.self->request(uut, std::chrono::milliseconds{patience},
                          subscribe_market{.instruments = {btc, eth},
                                           .kinds = {data_kind::book},
                                           .subscriber = late});
  open_gateway(port);
  std::move(pending).receive(
    [](const market_report& report) { CAF_CHECK(report.all_granted()); },
    [](const caf::error& reason) { CAF_FAIL(caf_compat::to_text(reason)); });
  CAF_REQUIRE(in->wait_for<book_change>(10));
  CAF_CHECK(eventually([&] {
    return in->book(btc).is_valid() && in->book(eth).is_valid()
           && early.in->book(btc).is_valid();
  }));
  CAF_CHECK_EQUAL(in->broken(), 0u);
}

CAF_TEST(books are lost with the client that crashes at the gateway) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto in = follow_market(there, uut, {btc}, {data_kind::book}).in;
  CAF_REQUIRE(in->wait_for<book_change>(3));
  auto desk = here->rt.find_client("desk");
  CAF_REQUIRE(desk);
  here->self->send_exit(*desk, caf::exit_reason::kill);
  CAF_REQUIRE(in->wait_for<book_lost>(1));
  CAF_REQUIRE(in->wait_for<book_snapshot>(2));
  CAF_CHECK(in->wait_for_next<book_change>());
  CAF_CHECK(in->book(btc).is_valid());
  CAF_CHECK_EQUAL(in->broken(), 0u);
}

CAF_TEST(the end of a client is the end of its books) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto in = follow_market(there, uut, {btc}, {data_kind::book}).in;
  CAF_REQUIRE(in->wait_for<book_change>(3));
  CAF_CHECK(!here->tell(here->supervisor, stop_client{"desk"}));
  CAF_CHECK(
    in->wait_for_event([](auto& x) { return x.kind == event_kind::ended; }));
  CAF_CHECK(!in->book(btc).is_valid());
}

CAF_TEST(a client tells how its books stand from afar) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto in = follow_market(there, uut, {btc}, {data_kind::book}).in;
  CAF_REQUIRE(in->wait_for<book_change>(1));
  auto report = there.ask<book_report>(uut, get_books{});
  CAF_REQUIRE(report && report->books.size() == 1);
  CAF_CHECK_EQUAL(report->books[0].instrument, btc);
}

CAF_TEST(a book can be begun anew from afar) {
  subscriber_world there{here->gateway->port()};
  auto uut = there.client("desk");
  auto in = follow_market(there, uut, {btc}, {data_kind::book}).in;
  CAF_REQUIRE(in->wait_for<book_change>(3));
  CAF_CHECK(!there.tell(uut, renew_market{{btc}}));
  CAF_CHECK(in->wait_for<book_lost>(1));
  CAF_CHECK(in->wait_for<book_snapshot>(2));
  CAF_CHECK(in->wait_for_next<book_change>());
  CAF_CHECK(in->book(btc).is_valid());
}

CAF_TEST(a slow node learns what it lost and gets good books again) {
  constexpr size_t budget = 16 * 1024;
  auto port = here->gateway->port();
  subscriber_world slow{
    port,
    {.port = port, .stream = {.window_bytes = 4096, .budget_bytes = budget}}};
  auto state = std::make_shared<slow_reader>();
  auto hoarder = slow.sys.spawn(hoarding, state);
  auto report = slow.ask<market_report>(
    slow.client("desk"),
    subscribe_market{.instruments = {btc},
                     .kinds = {data_kind::book, data_kind::trades},
                     .subscriber = caf::actor_cast<market_subscriber>(hoarder),
                     .options = {.budget_bytes = 1024}});
  CAF_REQUIRE(report);
  CAF_REQUIRE(eventually([&] { return waiting_bytes() >= budget; }));
  // From now on the node loses what others get.
  auto swift = follow_market(*here, at_home, {btc},
                             {data_kind::book, data_kind::trades});
  CAF_REQUIRE(swift.in->wait_for<trade>(5));
  CAF_CHECK(waiting_bytes() <= 2 * budget);
  CAF_CHECK(eventually([&] {
    return slow.ask<bool>(hoarder, let_go{}) && state->has_recovered();
  }));
  CAF_CHECK(!state->broken());
  CAF_CHECK_EQUAL(swift.in->broken(), 0u);
  CAF_CHECK(swift.in->all<book_lost>().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
