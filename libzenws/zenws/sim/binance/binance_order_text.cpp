// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_order_text.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/orders/symbol.hpp"

namespace zenws::sim {

namespace {

constexpr int64_t no_list = -1;

bool has_expired(const order& x) noexcept {
  return x.reason == unfilled_ioc || x.reason == unfilled_fok;
}

const char* binance_side(const order& x) noexcept {
  return x.direction == order_direction::buy ? "BUY" : "SELL";
}

const char* binance_type(const order& x) noexcept {
  if (x.type == order_type::market)
    return "MARKET";
  return x.post_only ? "LIMIT_MAKER" : "LIMIT";
}

const char* binance_validity(const order& x) noexcept {
  switch (x.validity) {
    case order_validity::immediate_or_cancel:
      return "IOC";
    case order_validity::fill_or_kill:
      return "FOK";
    default:
      return "GTC";
  }
}

// Orders of the market have none.
double limit_of(const order& x) noexcept {
  return x.type == order_type::market ? 0 : x.price;
}

void write_order_names(json_writer& out, const order& x) {
  out.member("symbol", binance_symbol(x.instrument));
  out.member("orderId", number_of(x));
  out.member("orderListId", no_list);
}

void write_order_amounts(json_writer& out, const order& x, const char* amount) {
  out.member("price", eight_decimals(limit_of(x)));
  out.member(amount, eight_decimals(x.amount));
  out.member("executedQty", eight_decimals(x.filled));
}

void write_order_terms(json_writer& out, const order& x) {
  out.member("status", binance_status(x));
  out.member("timeInForce", binance_validity(x));
  out.member("type", binance_type(x));
  out.member("side", binance_side(x));
}

void write_immediate_fills(json_writer& out, const std::vector<fill>& fills) {
  out.key("fills").begin_array();
  for (auto& x : fills) {
    auto paid = commission_of(x);
    out.begin_object();
    out.member("price", eight_decimals(x.price));
    out.member("qty", eight_decimals(x.amount));
    out.member("commission", eight_decimals(paid.amount));
    out.member("commissionAsset", paid.asset);
    out.member("tradeId", x.number);
    out.end_object();
  }
  out.end_array();
}

// "Current execution type".
const char* execution_type(const order_change& x) noexcept {
  if (!x.fills.empty())
    return "TRADE";
  switch (x.entry.state) {
    case order_state::cancelled:
      return has_expired(x.entry) ? "EXPIRED" : "CANCELED";
    case order_state::rejected:
      return "REJECTED";
    default:
      return x.entry.replaced ? "REPLACED" : "NEW";
  }
}

void write_latest_trade(json_writer& out, const fill* x) {
  auto paid = x != nullptr ? commission_of(*x) : binance_commission{};
  out.member("l", eight_decimals(x != nullptr ? x->amount : 0));
  out.member("L", eight_decimals(x != nullptr ? x->price : 0));
  out.member("n", eight_decimals(paid.amount));
  out.key("N");
  if (x != nullptr)
    out.value(std::string_view{paid.asset});
  else
    out.copy(json{});
  out.member("t", x != nullptr ? static_cast<int64_t>(x->number) : int64_t{-1});
  out.member("m", x != nullptr && x->role == fill_role::maker);
  out.member("Y", eight_decimals(x != nullptr ? x->amount * x->price : 0));
}

void write_reasons(json_writer& out, const order& x) {
  auto is_rejected = x.state == order_state::rejected;
  out.member("r", is_rejected ? std::string_view{x.reason} : "NONE");
  if (has_expired(x))
    out.member("eR", x.reason);
}

} // namespace

// -- values -------------------------------------------------------------------

std::string binance_quote_asset(std::string_view instrument) {
  auto symbol = binance_symbol(instrument);
  auto base = base_currency(instrument);
  return symbol.starts_with(base) ? symbol.substr(base.size()) : "";
}

binance_commission commission_of(const fill& entry) {
  if (entry.of.direction == order_direction::buy)
    return {base_currency(entry.of.instrument),
            entry.amount * binance_commission_rate};
  return {binance_quote_asset(entry.of.instrument),
          entry.amount * entry.price * binance_commission_rate};
}

const std::string& binance_client_id(const order& entry) noexcept {
  return entry.canceled_as.empty() ? entry.label : entry.canceled_as;
}

const char* binance_status(const order& entry) noexcept {
  switch (entry.state) {
    case order_state::open:
      return entry.filled > 0 ? "PARTIALLY_FILLED" : "NEW";
    case order_state::filled:
      return "FILLED";
    case order_state::rejected:
      return "REJECTED";
    case order_state::untriggered:
      return "NEW";
    default:
      return has_expired(entry) ? "EXPIRED" : "CANCELED";
  }
}

// -- answers ------------------------------------------------------------------

void write_binance_order(json_writer& out, const order& entry) {
  out.begin_object();
  write_order_names(out, entry);
  out.member("clientOrderId", binance_client_id(entry));
  write_order_amounts(out, entry, "origQty");
  out.member("cummulativeQuoteQty", eight_decimals(entry.filled_value));
  write_order_terms(out, entry);
  out.member("stopPrice", eight_decimals(entry.trigger_price));
  out.member("icebergQty", eight_decimals(0));
  out.member("time", int64_t{entry.created.count()});
  out.member("updateTime", int64_t{entry.updated.count()});
  out.member("isWorking", entry.state == order_state::open);
  out.member("workingTime", int64_t{entry.created.count()});
  out.member("origQuoteOrderQty", eight_decimals(0));
  out.member("selfTradePreventionMode", "NONE");
  out.end_object();
}

void write_placed_order(json_writer& out, const order& entry,
                        const std::vector<fill>& fills, binance_response form) {
  out.begin_object();
  write_order_names(out, entry);
  out.member("clientOrderId", entry.label);
  out.member("transactTime", int64_t{entry.updated.count()});
  if (form != binance_response::ack) {
    write_order_amounts(out, entry, "origQty");
    out.member("origQuoteOrderQty", eight_decimals(0));
    out.member("cummulativeQuoteQty", eight_decimals(entry.filled_value));
    write_order_terms(out, entry);
    out.member("workingTime", int64_t{entry.created.count()});
    out.member("selfTradePreventionMode", "NONE");
    if (has_expired(entry))
      out.member("expiryReason", entry.reason);
  }
  if (form == binance_response::full)
    write_immediate_fills(out, fills);
  out.end_object();
}

void write_canceled_order(json_writer& out, const order& entry) {
  out.begin_object();
  write_order_names(out, entry);
  out.member("origClientOrderId", entry.label);
  out.member("clientOrderId", binance_client_id(entry));
  out.member("transactTime", int64_t{entry.updated.count()});
  write_order_amounts(out, entry, "origQty");
  out.member("origQuoteOrderQty", eight_decimals(0));
  out.member("cummulativeQuoteQty", eight_decimals(entry.filled_value));
  write_order_terms(out, entry);
  out.member("selfTradePreventionMode", "NONE");
  out.end_object();
}

void write_amended_order(json_writer& out, const order& entry,
                         std::string_view before) {
  out.begin_object();
  out.member("transactTime", int64_t{entry.updated.count()});
  out.key("amendedOrder").begin_object();
  write_order_names(out, entry);
  out.member("origClientOrderId", before);
  out.member("clientOrderId", binance_client_id(entry));
  write_order_amounts(out, entry, "qty");
  out.member("preventedQty", eight_decimals(0));
  out.member("quoteOrderQty", eight_decimals(0));
  out.member("cumulativeQuoteQty", eight_decimals(entry.filled_value));
  write_order_terms(out, entry);
  out.member("workingTime", int64_t{entry.created.count()});
  out.member("selfTradePreventionMode", "NONE");
  out.end_object();
  out.end_object();
}

void write_own_trade(json_writer& out, const fill& entry) {
  auto paid = commission_of(entry);
  out.begin_object();
  out.member("symbol", binance_symbol(entry.of.instrument));
  out.member("id", entry.number);
  out.member("orderId", number_of(entry.of));
  out.member("orderListId", no_list);
  out.member("price", eight_decimals(entry.price));
  out.member("qty", eight_decimals(entry.amount));
  out.member("quoteQty", eight_decimals(entry.price * entry.amount));
  out.member("commission", eight_decimals(paid.amount));
  out.member("commissionAsset", paid.asset);
  out.member("time", int64_t{entry.time.count()});
  out.member("isBuyer", entry.of.direction == order_direction::buy);
  out.member("isMaker", entry.role == fill_role::maker);
  out.member("isBestMatch", true);
  out.end_object();
}

// -- events -------------------------------------------------------------------

// A trade and its order are told by one event: it is held as a whole.
std::optional<std::string> execution_report(const order_change& change) {
  if (change.part == told_part::order_only)
    return std::nullopt;
  auto& x = change.entry;
  auto is_over = x.state == order_state::cancelled;
  json_writer out;
  out.begin_object();
  out.member("e", "executionReport");
  out.member("E", wall_clock().count());
  out.member("s", binance_symbol(x.instrument));
  out.member("c", binance_client_id(x));
  out.member("S", binance_side(x));
  out.member("o", binance_type(x));
  out.member("f", binance_validity(x));
  out.member("q", eight_decimals(x.amount));
  out.member("p", eight_decimals(limit_of(x)));
  out.member("P", eight_decimals(x.trigger_price));
  out.member("F", eight_decimals(0));
  out.member("g", no_list);
  out.member("C", is_over && !x.canceled_as.empty() ? std::string_view{x.label}
                                                    : "");
  out.member("x", execution_type(change));
  out.member("X", binance_status(x));
  write_reasons(out, x);
  out.member("i", number_of(x));
  out.member("z", eight_decimals(x.filled));
  write_latest_trade(out,
                     change.fills.empty() ? nullptr : &change.fills.back());
  out.member("T", int64_t{x.updated.count()});
  out.member("w", x.state == order_state::open);
  out.member("M", false);
  out.member("O", int64_t{x.created.count()});
  out.member("Z", eight_decimals(x.filled_value));
  out.member("Q", eight_decimals(0));
  out.member("W", int64_t{x.created.count()});
  out.member("V", "NONE");
  out.end_object();
  return out.text();
}

} // namespace zenws::sim
