// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/desk/internal/order_desk.hpp"

#include <algorithm>
#include <functional>

// Those who watch a desk, and questions about it.

namespace zenws {

namespace {

// Returns what an order that is open is told as to somebody who comes later.
trading::order_event_kind event_of(trading::order_state state) noexcept {
  switch (state) {
    case trading::order_state::pending:
      return trading::order_event_kind::pending;
    case trading::order_state::partially_filled:
      return trading::order_event_kind::partially_filled;
    case trading::order_state::unknown:
      return trading::order_event_kind::unknown;
    default:
      return trading::order_event_kind::accepted;
  }
}

} // namespace

caf::result<void> order_desk::watch(const watch_desk& request) {
  if (!request.watcher)
    return make_error(error{ec::invalid_config, "there is no watcher"});
  auto& watchers = memory_->watchers;
  if (std::ranges::find(watchers, request.watcher) == watchers.end()) {
    caf_compat::monitor(*this, request.watcher);
    watchers.push_back(request.watcher);
  }
  cancel_due_ = false;
  greet(request.watcher);
  return caf::unit;
}

void order_desk::greet(const desk_watcher& watcher) {
  for (auto& [name, limits] : options_.desk.instruments)
    tell(watcher, desk_state_changed{name, logic_.state_of(name)});
  for (auto* order : logic_.ledger().open_orders())
    tell(watcher, trading::order_event{.kind = event_of(order->state),
                                       .content = *order});
}

void order_desk::watcher_ended(const caf::actor_addr& watcher) {
  auto& watchers = memory_->watchers;
  auto is_ended = [&](auto& x) { return x.address() == watcher; };
  if (std::erase_if(watchers, is_ended) == 0 || !watchers.empty()
      || options_.when_unwatched == unwatched_orders::keep)
    return;
  cancel_due_ = true;
  if (is_ready())
    cancel_unwatched();
}

// One by one: the venue's own request would reach the orders of others as well.
void order_desk::cancel_unwatched() {
  cancel_due_ = false;
  for (auto* order : logic_.ledger().open_orders())
    (void) logic_.cancel(order->key.id, now(), actions_);
  (void) follow_up();
}

order_list order_desk::orders(const get_orders& request) const {
  order_list result;
  auto& ledger = logic_.ledger();
  for (auto* order : request.instrument.empty()
                       ? ledger.open_orders()
                       : ledger.open_orders(request.instrument))
    result.orders.push_back(*order);
  return result;
}

order_list order_desk::find(const find_orders& request) const {
  auto& ledger = logic_.ledger();
  auto found = ledger.placed_after(request.after);
  for (auto& id : request.ids)
    if (auto* order = ledger.find(id))
      found.push_back(order);
  std::ranges::sort(found, {}, [](auto* x) { return x->key.id; });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  order_list result;
  for (auto* order : found)
    result.orders.push_back(*order);
  return result;
}

position_list order_desk::positions() const {
  position_list result;
  for (auto& instrument : instruments())
    if (auto amount = logic_.position_of(instrument.view()))
      result.positions.push_back({.instrument = instrument, .amount = *amount});
  return result;
}

desk_report order_desk::report() const {
  auto& ledger = logic_.ledger();
  auto& counters = ledger.counters();
  desk_report result{.placed = counters.placed,
                     .kept_back = counters.kept_back,
                     .fills = counters.fills,
                     .ever_unknown = counters.ever_unknown,
                     .unknown = ledger.num_unknown(),
                     .open = ledger.num_open(),
                     .instruments = options_.desk.instruments.size(),
                     .adopted = counters.adopted,
                     .contradicted = counters.contradicted,
                     .is_halted = logic_.is_halted()};
  result.refusals.resize(trading::num_risk_causes);
  for (auto& [name, limits] : options_.desk.instruments) {
    if (logic_.state_of(name) == trading::desk_state::trading)
      ++result.traded;
    auto& refusals = logic_.gate_of(name).refusals();
    std::ranges::transform(refusals, result.refusals, result.refusals.begin(),
                           std::plus<>{});
  }
  return result;
}

// -- figures ------------------------------------------------------------------

void order_desk::publish() {
  auto& stats = *options_.stats;
  auto& ledger = logic_.ledger();
  auto& counters = ledger.counters();
  stats.placed.set(counters.placed);
  stats.kept_back.set(counters.kept_back);
  stats.fills.set(counters.fills);
  stats.ever_unknown.set(counters.ever_unknown);
  stats.unknown.set(ledger.num_unknown());
  stats.open.set(ledger.num_open());
  stats.adopted.set(counters.adopted);
  stats.contradicted.set(counters.contradicted);
  stats.is_halted.set(logic_.is_halted() ? 1 : 0);
}

void order_desk::publish_gates() {
  auto& stats = *options_.stats;
  auto current = report();
  stats.instruments.set(current.instruments);
  stats.traded.set(current.traded);
  for (size_t i = 0; i < current.refusals.size(); ++i)
    stats.refusals[i].set(current.refusals[i]);
}

} // namespace zenws
