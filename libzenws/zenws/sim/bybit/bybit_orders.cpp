// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/bybit/bybit_orders.hpp"

#include "zenws/sim/bybit/bybit_order_text.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace zenws::sim {

namespace {

// bybit-exchange.github.io/docs/v5/enum, "rejectReason".
constexpr const char* because_it_takes = "EC_PostOnlyWillTakeLiquidity";
constexpr const char* because_of_user = "user_request";

// docs/v5/order/create-order, "orderLinkId".
constexpr size_t max_link_id = 36;

bool fits_step(double x, double step) {
  auto count = x / step;
  return step <= 0 || std::abs(count - std::round(count)) < 1e-6;
}

// Reads a positive number that is a multiple of a step.
std::optional<double> read_multiple(const json& from, const char* name,
                                    double step) {
  auto result = decimal_member(from, name);
  auto fits = result && *result > 0 && fits_step(*result, step);
  return fits ? result : std::nullopt;
}

bool read_side(const json& from, order& out) {
  auto side = text_member(from, "side");
  out.direction = side == "Sell" ? order_direction::sell : order_direction::buy;
  return side == "Buy" || side == "Sell";
}

// "If not passed, GTC is used by default".
bool read_validity(const json& from, order& out) {
  auto name = text_member(from, "timeInForce");
  out.post_only = name == "PostOnly";
  if (name == "IOC")
    out.validity = order_validity::immediate_or_cancel;
  else if (name == "FOK")
    out.validity = order_validity::fill_or_kill;
  else
    return name.empty() || name == "GTC" || out.post_only;
  return true;
}

bool has_link_id(const order& x, std::string_view account,
                 std::string_view id) {
  return x.account == account && x.label == id;
}

} // namespace

struct bybit_orders::operation {
  std::string_view name;
  outcome (bybit_orders::*run)(const request&);
};

const bybit_orders::operation*
bybit_orders::find_operation(std::string_view op) {
  static constexpr operation operations[] = {
    {"order.create", &bybit_orders::create},
    {"order.amend", &bybit_orders::amend},
    {"order.cancel", &bybit_orders::cancel},
  };
  auto i = std::ranges::find(operations, op, &operation::name);
  return i == std::end(operations) ? nullptr : i;
}

bybit_orders::bybit_orders(const bybit_config& cfg, order_store& store,
                           uint64_t connection, instrument_lookup instruments)
  : cfg_(cfg),
    store_(store),
    matcher_(store),
    connection_(connection),
    instruments_(std::move(instruments)) {
  // nop
}

bool bybit_orders::knows(std::string_view op) {
  return find_operation(op) != nullptr;
}

bybit_orders::outcome bybit_orders::run(std::string_view op,
                                        const request& query) {
  return (this->*find_operation(op)->run)(query);
}

// -- placing ------------------------------------------------------------------

bybit_orders::outcome bybit_orders::create(const request& query) {
  order draft{.account = query.account, .connection = connection_};
  draft.created = draft.updated = query.time;
  auto problem = read_order(query.content, draft);
  if (problem.code == bybit_code::ok)
    problem = admit(draft);
  if (problem.code != bybit_code::ok)
    return {.code = problem.code, .message = problem.message};
  auto* placed = store_.add(std::move(draft));
  if (placed == nullptr)
    return {.code = bybit_code::too_many_orders,
            .message = "too many active orders"};
  auto market = quote(*placed);
  // "If the order would be filled immediately when submitted, it will be
  // cancelled": what the channels tell, and not the answer.
  if (placed->post_only && order_matcher::takes(*placed, market))
    return done(*placed, store_.cancel(*placed, query.time, because_it_takes));
  return done(*placed, matcher_.arrive(*placed, market, query.time));
}

bybit_orders::refusal bybit_orders::read_order(const json& from,
                                               order& out) const {
  auto* listed = instruments_(text_member(from, "symbol"));
  if (listed == nullptr)
    return {bybit_code::unknown_symbol, "The requested symbol is invalid."};
  out.instrument = listed->terms().name;
  out.label = text_member(from, "orderLinkId");
  auto market = quote_of(*listed);
  auto amount = read_multiple(from, "qty", market.lot);
  auto type = text_member(from, "orderType");
  if (!amount)
    return {bybit_code::bad_parameter, "Qty invalid"};
  if (!read_side(from, out) || !read_validity(from, out)
      || (type != "Limit" && type != "Market")
      || out.label.size() > max_link_id)
    return {bybit_code::bad_parameter, "params error"};
  out.amount = *amount;
  out.type = type == "Limit" ? order_type::limit : order_type::market;
  if (type == "Limit") {
    auto price = read_multiple(from, "price", market.tick);
    if (!price)
      return {bybit_code::bad_parameter, "Price invalid"};
    out.price = *price;
  }
  if (auto* flag = find(from, "reduceOnly"))
    out.reduce_only = flag->IsBool() && flag->GetBool();
  if (find(from, "triggerPrice") == nullptr)
    return {};
  // A stop: it waits until the price has gone on in its direction.
  auto trigger = read_multiple(from, "triggerPrice", market.tick);
  auto direction = out.direction == order_direction::buy ? 1 : 2;
  if (!trigger || number_member(from, "triggerDirection") != direction)
    return {bybit_code::bad_parameter, "TriggerPrice invalid"};
  out.trigger_price = *trigger;
  out.type = type == "Limit" ? order_type::stop_limit : order_type::stop_market;
  out.state = order_state::untriggered;
  return {};
}

bybit_orders::refusal bybit_orders::admit(order& draft) const {
  auto is_known = [&](const order& x) {
    return has_link_id(x, draft.account, draft.label);
  };
  if (!draft.label.empty() && store_.find_latest(is_known) != nullptr)
    return {bybit_code::repeated_link_id, "OrderLinkedID is duplicate"};
  if (cfg_.max_order_size > 0 && draft.amount > cfg_.max_order_size)
    return {bybit_code::no_funds, "ab not enough for new order"};
  if (!draft.reduce_only || draft.state == order_state::untriggered)
    return {};
  draft.amount = std::min(draft.amount, matcher_.reducible(draft));
  if (draft.amount <= 0)
    return {bybit_code::enlarges_position,
            "current position is zero, cannot fix "
            "reduce-only order qty"};
  return {};
}

// -- changing -----------------------------------------------------------------

bybit_orders::outcome bybit_orders::amend(const request& query) {
  auto* entry = find_alive(query);
  if (entry == nullptr)
    return {.code = bybit_code::no_such_order,
            .message = "order not exists or too late to replace"};
  auto market = quote(*entry);
  auto has = [&](const char* name) {
    return find(query.content, name) != nullptr;
  };
  auto amount = has("qty") ? read_multiple(query.content, "qty", market.lot)
                           : entry->amount;
  auto price = has("price") ? read_multiple(query.content, "price", market.tick)
                            : entry->price;
  if (!amount || !price)
    return {.code = bybit_code::bad_parameter, .message = "params error"};
  if (*amount == entry->amount && *price == entry->price)
    return {.code = bybit_code::bad_parameter, .message = "order not modified"};
  if (*amount <= entry->filled)
    return {.code = bybit_code::below_filled,
            .message = "The number of contracts modified cannot be less than "
                       "or equal to the filled quantity"};
  entry->amount = *amount;
  entry->price = *price;
  entry->updated = query.time;
  entry->replaced = true;
  if (entry->post_only && order_matcher::takes(*entry, market))
    return done(*entry, store_.cancel(*entry, query.time, because_it_takes));
  return done(*entry, matcher_.arrive(*entry, market, query.time));
}

bybit_orders::outcome bybit_orders::cancel(const request& query) {
  auto* entry = find_alive(query);
  if (entry == nullptr)
    return {.code = bybit_code::no_such_order,
            .message = "order not exists or too late to cancel"};
  return done(*entry, store_.cancel(*entry, query.time, because_of_user));
}

// -- utilities ----------------------------------------------------------------

bybit_orders::outcome bybit_orders::done(const order& entry,
                                         order_change change) const {
  outcome result{.id = bybit_order_id(entry), .label = entry.label};
  result.changes.push_back(std::move(change));
  return result;
}

// "If orderId and orderLinkId do not match, the system will process orderId
// first."
order* bybit_orders::find_alive(const request& query) {
  auto symbol = text_member(query.content, "symbol");
  auto id = text_member(query.content, "orderId");
  auto link_id = text_member(query.content, "orderLinkId");
  return store_.find_latest([&](const order& x) {
    auto is_named = id.empty() ? !link_id.empty() && x.label == link_id
                               : bybit_order_id(x) == id;
    return is_named && x.account == query.account && is_alive(x)
           && binance_symbol(x.instrument) == symbol;
  });
}

market_quote bybit_orders::quote(const order& about) const {
  auto* listed = instruments_(binance_symbol(about.instrument));
  return listed != nullptr ? quote_of(*listed) : market_quote{};
}

} // namespace zenws::sim
