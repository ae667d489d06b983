// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_knobs.hpp"

#include <utility>

namespace zenws::sim {

deribit_knobs::deribit_knobs(order_store& store, quote_fun quote)
  : store_(store), matcher_(store), quote_(std::move(quote)) {
  // nop
}

// Returns the latest order of that state that the call names, or answers with
// an error.
order* deribit_knobs::find(deribit_call& call, order_state state) {
  auto id = text_member(call.params, "order_id");
  auto label = text_member(call.params, "label");
  auto* result = store_.find_latest([&](const order& x) {
    return x.state == state && (id.empty() || x.id == id)
           && (label.empty() || x.label == label)
           && !(id.empty() && label.empty());
  });
  if (!result)
    call.error(10004, "order_not_found");
  return result;
}

void deribit_knobs::fill_order(deribit_call& call) {
  auto* x = find(call, order_state::open);
  if (!x)
    return;
  auto amount = number_member(call.params, "amount").value_or(remaining(*x));
  auto price = number_member(call.params, "price").value_or(x->price);
  if (amount <= 0 || amount > remaining(*x))
    return call.bad_param("amount", "must not exceed the rest of the order");
  if (price <= 0)
    return call.bad_param("price", "must be a positive number");
  call.outcome.changes.push_back(
    matcher_.trade_resting(*x, amount, price, call.received_ms()));
  call.ok();
}

void deribit_knobs::trigger_order(deribit_call& call) {
  auto* x = find(call, order_state::untriggered);
  if (!x)
    return;
  auto market = quote_(x->instrument).value_or(market_quote{});
  call.outcome.changes = matcher_.trigger(*x, market, call.received_ms());
  call.ok();
}

void deribit_knobs::follow_market(deribit_call& call) {
  auto* enabled = sim::find(call.params, "enabled");
  if (!enabled || !enabled->IsBool())
    return call.bad_param("enabled", "must be boolean");
  store_.follow_market(enabled->GetBool());
  call.ok();
}

void deribit_knobs::tell_fills(deribit_call& call) {
  auto mode = text_member(call.params, "mode");
  if (mode == "once")
    call.outcome.fills = fill_news::once;
  else if (mode == "twice")
    call.outcome.fills = fill_news::twice;
  else if (mode == "held")
    call.outcome.fills = fill_news::held;
  else
    return call.bad_param("mode", "must be once, twice or held");
  call.ok();
}

} // namespace zenws::sim
