// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/order_knobs.hpp"

#include <algorithm>
#include <utility>

namespace zenws::sim {

namespace {

using knob_verdict = knob_outcome::verdict;

knob_outcome bad_parameter(const char* name, const char* reason) {
  return {
    .result = knob_verdict::bad_parameter, .parameter = name, .reason = reason};
}

} // namespace

struct order_knobs::knob {
  std::string_view name;
  knob_outcome (order_knobs::*turn)(const json&, std::chrono::milliseconds);
};

const order_knobs::knob* order_knobs::find_knob(std::string_view name) {
  static constexpr knob knobs[] = {
    {"sim/fill_order", &order_knobs::fill_order},
    {"sim/follow_market", &order_knobs::follow_market},
    {"sim/tell_fills", &order_knobs::tell_fills},
    {"sim/trigger_order", &order_knobs::trigger_order},
  };
  auto i = std::ranges::find(knobs, name, &knob::name);
  return i != std::end(knobs) ? i : nullptr;
}

order_knobs::order_knobs(order_store& store, quote_fun quote)
  : store_(store), matcher_(store), quote_(std::move(quote)) {
  // nop
}

bool order_knobs::knows(std::string_view name) {
  return find_knob(name) != nullptr;
}

knob_outcome order_knobs::turn(std::string_view name, const json& params,
                               std::chrono::milliseconds now) {
  return (this->*find_knob(name)->turn)(params, now);
}

// Returns the latest order of that state that the parameters name, or null.
order* order_knobs::find_order(const json& params, order_state state) {
  auto id = text_member(params, "order_id");
  auto label = text_member(params, "label");
  return store_.find_latest([&](const order& x) {
    return x.state == state && (id.empty() || x.id == id)
           && (label.empty() || x.label == label)
           && !(id.empty() && label.empty());
  });
}

knob_outcome order_knobs::fill_order(const json& params,
                                     std::chrono::milliseconds now) {
  auto* x = find_order(params, order_state::open);
  if (x == nullptr)
    return {.result = knob_verdict::no_such_order};
  auto amount = number_member(params, "amount").value_or(remaining(*x));
  auto price = number_member(params, "price").value_or(x->price);
  if (amount <= 0 || amount > remaining(*x))
    return bad_parameter("amount", "must not exceed the rest of the order");
  if (price <= 0)
    return bad_parameter("price", "must be a positive number");
  return {.changes = {matcher_.trade_resting(*x, amount, price, now)}};
}

knob_outcome order_knobs::trigger_order(const json& params,
                                        std::chrono::milliseconds now) {
  auto* x = find_order(params, order_state::untriggered);
  if (x == nullptr)
    return {.result = knob_verdict::no_such_order};
  auto market = quote_(x->instrument).value_or(market_quote{});
  return {.changes = matcher_.trigger(*x, market, now)};
}

knob_outcome order_knobs::follow_market(const json& params,
                                        std::chrono::milliseconds) {
  auto* enabled = find(params, "enabled");
  if (enabled == nullptr || !enabled->IsBool())
    return bad_parameter("enabled", "must be boolean");
  store_.follow_market(enabled->GetBool());
  return {};
}

knob_outcome order_knobs::tell_fills(const json& params,
                                     std::chrono::milliseconds) {
  auto mode = text_member(params, "mode");
  if (mode == "once")
    return {.fills = fill_news::once};
  if (mode == "twice")
    return {.fills = fill_news::twice};
  if (mode == "held")
    return {.fills = fill_news::held};
  return bad_parameter("mode", "must be once, twice or held");
}

} // namespace zenws::sim
