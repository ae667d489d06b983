// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/bybit/bybit_order_text.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>

namespace zenws::sim {

namespace {

using bybit_notice = std::optional<std::string>;

// Writes a number as the venue does: as a text.
void write_decimal(json_writer& out, std::string_view name, double x) {
  out.member(name, shortest_decimal(x));
}

void write_time(json_writer& out, std::string_view name,
                std::chrono::milliseconds x) {
  out.member(name, std::to_string(x.count()));
}

std::string uuid(const char* version, uint64_t number) {
  char text[40];
  auto size = std::snprintf(
    text, sizeof(text), "%08llx-0000-%s-8000-%012llx",
    static_cast<unsigned long long>(number * 2'654'435'761u & 0xffff'ffffu),
    version, static_cast<unsigned long long>(number));
  return {text, static_cast<size_t>(size)};
}

// -- words (bybit-exchange.github.io/docs/v5/enum) ----------------------------

const char* bybit_side(const order& x) noexcept {
  return x.direction == order_direction::buy ? "Buy" : "Sell";
}

const char* bybit_type(const order& x) noexcept {
  auto is_market = x.type == order_type::market
                   || x.type == order_type::stop_market;
  return is_market ? "Market" : "Limit";
}

const char* bybit_time_in_force(const order& x) noexcept {
  if (x.post_only)
    return "PostOnly";
  if (x.validity == order_validity::fill_or_kill)
    return "FOK";
  auto is_ioc = x.validity == order_validity::immediate_or_cancel
                || x.type == order_type::market
                || x.type == order_type::stop_market;
  return is_ioc ? "IOC" : "GTC";
}

// A stop that could only enlarge a position is canceled.
const char* bybit_status(const order& x) noexcept {
  switch (x.state) {
    case order_state::open:
      return x.filled > 0 ? "PartiallyFilled" : "New";
    case order_state::filled:
      return "Filled";
    case order_state::untriggered:
      return "Untriggered";
    case order_state::triggered:
      return "Triggered";
    default:
      return "Cancelled";
  }
}

bool is_for_lack_of_liquidity(const order& x) noexcept {
  return x.reason.empty() && x.validity != order_validity::good_til_cancelled;
}

std::string reject_reason_of(const order& x) {
  if (x.state != order_state::cancelled)
    return "EC_NoError";
  if (x.reason.starts_with("EC_"))
    return x.reason;
  if (!is_for_lack_of_liquidity(x))
    return "EC_PerCancelRequest";
  return x.validity == order_validity::fill_or_kill ? "EC_CancelForNoFullFill"
                                                    : "EC_NoImmediateQtyToFill";
}

const char* bybit_cancel_type(const order& x) noexcept {
  if (x.state == order_state::rejected)
    return "CancelByReduceOnly";
  auto is_by_user = x.state == order_state::cancelled
                    && !x.reason.starts_with("EC_")
                    && !is_for_lack_of_liquidity(x);
  return is_by_user ? "CancelByUser" : "UNKNOWN";
}

// -- messages -----------------------------------------------------------------

// Returns a message whose only row is written by `write`.
template <class Fun>
std::string
account_push(std::string_view topic, const order& about, Fun write) {
  json_writer out;
  out.begin_object();
  out.member("id", bybit_order_id(about));
  out.member("topic", topic);
  out.member("creationTime", int64_t{wall_clock().count()});
  out.key("data").begin_array();
  write(out);
  out.end_array();
  out.end_object();
  return out.text();
}

void write_bybit_symbol(json_writer& out, const order& x) {
  out.member("category", "linear");
  out.member("symbol", binance_symbol(x.instrument));
}

void write_stop(json_writer& out, const order& x) {
  auto is_stop = x.trigger_price > 0;
  auto direction = x.direction == order_direction::buy ? 1 : 2;
  out.member("stopOrderType", is_stop ? "Stop" : "");
  out.member("triggerPrice", is_stop ? shortest_decimal(x.trigger_price) : "");
  out.member("triggerDirection", int64_t{is_stop ? direction : 0});
  out.member("triggerBy", is_stop ? "LastPrice" : "");
}

void write_bybit_order(json_writer& out, const order& x) {
  out.begin_object();
  write_bybit_symbol(out, x);
  out.member("orderId", bybit_order_id(x));
  out.member("orderLinkId", x.label);
  out.member("side", bybit_side(x));
  out.member("orderType", bybit_type(x));
  out.member("timeInForce", bybit_time_in_force(x));
  write_decimal(out, "price", x.price);
  write_decimal(out, "qty", x.amount);
  out.member("orderStatus", bybit_status(x));
  out.member("cancelType", bybit_cancel_type(x));
  out.member("rejectReason", reject_reason_of(x));
  write_decimal(out, "leavesQty", is_alive(x) ? remaining(x) : 0);
  write_decimal(out, "cumExecQty", x.filled);
  write_decimal(out, "cumExecValue", x.filled_value);
  out.member("avgPrice",
             x.filled > 0 ? shortest_decimal(average_price(x)) : std::string{});
  out.member("reduceOnly", x.reduce_only);
  out.member("positionIdx", int64_t{0});
  write_stop(out, x);
  write_time(out, "createdTime", x.created);
  write_time(out, "updatedTime", x.updated);
  out.end_object();
}

void write_fill_head(json_writer& out, const fill& x) {
  write_bybit_symbol(out, x.of);
  out.member("execId", uuid("5000", x.number));
  write_decimal(out, "execPrice", x.price);
  write_decimal(out, "execQty", x.amount);
  out.member("orderId", bybit_order_id(x.of));
  out.member("isMaker", x.role == fill_role::maker);
  out.member("side", bybit_side(x.of));
  write_time(out, "execTime", x.time);
  out.member("seq", x.number);
}

// docs/v5/websocket/private/fast-execution: a maker's order has no orderLinkId.
void write_fast_fill(json_writer& out, const fill& x) {
  out.begin_object();
  write_fill_head(out, x);
  out.member("orderLinkId",
             x.role == fill_role::maker ? std::string{} : x.of.label);
  out.end_object();
}

void write_bybit_fill(json_writer& out, const fill& x) {
  out.begin_object();
  write_fill_head(out, x);
  out.member("execType", "Trade");
  write_decimal(out, "execFee", x.fee);
  write_decimal(out, "execValue", x.price * x.amount);
  write_decimal(out, "feeRate", fee_rate(x.role));
  out.member("feeCurrency", settlement_currency(x.of.instrument));
  out.member("orderLinkId", x.of.label);
  out.member("orderType", bybit_type(x.of));
  write_decimal(out, "orderPrice", x.of.price);
  write_decimal(out, "orderQty", x.of.amount);
  write_decimal(out, "leavesQty", remaining(x.of));
  out.member("isLeverage", "0");
  out.end_object();
}

template <class Fun>
bybit_notice
fill_push(std::string_view topic, const order_change& change, Fun write) {
  if (change.fills.empty())
    return std::nullopt;
  return account_push(topic, change.entry, [&](json_writer& out) {
    for (auto& x : change.fills)
      write(out, x);
  });
}

bybit_notice order_push(std::string_view topic, const order_change& change) {
  if (change.part == told_part::fills_only)
    return std::nullopt;
  return account_push(topic, change.entry, [&](json_writer& out) {
    write_bybit_order(out, change.entry);
  });
}

// Returns the number of the last fill of an account in an instrument.
int64_t last_fill_of(const order_store& store, const order& about) {
  auto& fills = store.fills();
  for (auto i = fills.rbegin(); i != fills.rend(); ++i)
    if (i->of.account == about.account && i->of.instrument == about.instrument)
      return static_cast<int64_t>(i->number);
  return -1;
}

// "Every time when you create/amend/cancel an order, the position topic will
// generate a new message (regardless if there's any actual change)"
// (docs/v5/websocket/private/position).
bybit_notice position_push(std::string_view topic, const order_store& store,
                           const order_change& change) {
  if (change.part == told_part::order_only)
    return std::nullopt;
  auto& about = change.entry;
  auto held
    = change.held.value_or(store.position_in(about.account, about.instrument));
  auto seq = change.fills.empty()
               ? last_fill_of(store, about)
               : static_cast<int64_t>(change.fills.back().number);
  return account_push(topic, about, [&](json_writer& out) {
    out.begin_object();
    write_bybit_symbol(out, about);
    out.member("positionIdx", int64_t{0});
    out.member("side", held.size > 0 ? "Buy" : held.size < 0 ? "Sell" : "");
    write_decimal(out, "size", std::abs(held.size));
    write_decimal(out, "entryPrice", held.average_price);
    write_decimal(out, "positionValue",
                  std::abs(held.size) * held.average_price);
    out.member("positionStatus", "Normal");
    write_time(out, "updatedTime", about.updated);
    out.member("seq", seq);
    out.end_object();
  });
}

bybit_notice wallet_push(std::string_view topic, const order_change& change) {
  if (change.fills.empty() || change.funds.currency.empty())
    return std::nullopt;
  return account_push(topic, change.entry, [&](json_writer& out) {
    auto total = shortest_decimal(change.funds.total);
    out.begin_object();
    out.member("accountType", "UNIFIED");
    out.key("coin").begin_array();
    out.begin_object();
    out.member("coin", change.funds.currency);
    out.member("equity", total);
    out.member("walletBalance", total);
    out.member("spotBorrow", "0");
    out.end_object();
    out.end_array();
    out.end_object();
  });
}

} // namespace

std::string bybit_order_id(const order& entry) {
  auto& first = entry.trigger_order_id.empty() ? entry.id
                                               : entry.trigger_order_id;
  return uuid("4000", number_of(first));
}

std::optional<std::string> bybit_account_push(std::string_view topic,
                                              const order_store& store,
                                              const order_change& change) {
  if (topic.starts_with("order"))
    return order_push(topic, change);
  if (topic.starts_with("execution.fast"))
    return fill_push(topic, change, write_fast_fill);
  if (topic.starts_with("execution"))
    return fill_push(topic, change, write_bybit_fill);
  if (topic.starts_with("position"))
    return position_push(topic, store, change);
  return wallet_push(topic, change);
}

} // namespace zenws::sim
