// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_market_data.hpp"

#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace zenws::sim {

namespace {

// Largest whole number that a double distinguishes from its neighbors.
constexpr double max_whole = 9e15;

constexpr size_t max_levels = 5'000;
constexpr size_t max_trades_told = 1'000;

binance_refusal missing(const char* name) {
  return {.code = -1102,
          .message = "Mandatory parameter '" + std::string{name}
                     + "' was not sent, was empty/null, or malformed."};
}

binance_refusal bad_symbol() {
  return {.code = -1121, .message = "Invalid symbol."};
}

binance_refusal bad_value(const char* name) {
  return {.code = -1130,
          .message = "Data sent for parameter '" + std::string{name}
                     + "' is not valid."};
}

/// Returns a whole number that is not negative; nothing if it is something
/// else, `otherwise` if it is not there.
std::optional<uint64_t> whole(const json& params, const char* name,
                              uint64_t otherwise) {
  if (find(params, name) == nullptr)
    return otherwise;
  auto number = number_member(params, name);
  if (!number)
    number = decimal_member(params, name);
  if (!number || *number < 0 || *number > max_whole
      || *number != std::floor(*number))
    return std::nullopt;
  return static_cast<uint64_t>(*number);
}

// "Order book", "Weight".
size_t weight_of_depth(const json& params) {
  auto limit = whole(params, "limit", 100).value_or(100);
  if (limit <= 100)
    return 5;
  if (limit <= 500)
    return 25;
  return limit <= 1'000 ? 50 : 250;
}

template <class Levels>
void write_levels(json_writer& out, const instrument& item, const char* name,
                  const Levels& levels, size_t limit) {
  out.key(name).begin_array();
  for (auto& [price, amount] : levels) {
    if (limit-- == 0)
      break;
    out.begin_array();
    out.value(std::string_view{eight_decimals(item.price_of(price))});
    out.value(std::string_view{eight_decimals(item.amount_of(amount))});
    out.end_array();
  }
  out.end_array();
}

void write_trade(json_writer& out, const instrument& item,
                 const past_trade& x) {
  auto price = item.price_of(x.trade.price);
  auto amount = item.amount_of(x.trade.amount);
  out.begin_object();
  out.member("id", x.trade.sequence);
  out.member("price", eight_decimals(price));
  out.member("qty", eight_decimals(amount));
  out.member("quoteQty", eight_decimals(price * amount));
  out.member("time", int64_t{x.time.count()});
  out.member("isBuyerMaker", x.trade.taker == aggressor::seller);
  out.member("isBestMatch", true);
  out.end_object();
}

void write_aggregate(json_writer& out, const instrument& item,
                     const past_trade& x) {
  out.begin_object();
  out.member("a", x.trade.sequence);
  out.member("p", eight_decimals(item.price_of(x.trade.price)));
  out.member("q", eight_decimals(item.amount_of(x.trade.amount)));
  out.member("f", x.trade.sequence);
  out.member("l", x.trade.sequence);
  out.member("T", int64_t{x.time.count()});
  out.member("m", x.trade.taker == aggressor::seller);
  out.member("M", true);
  out.end_object();
}

void write_filters(json_writer& out, const instrument& item) {
  out.key("filters").begin_array();
  out.begin_object();
  out.member("filterType", "PRICE_FILTER");
  out.member("minPrice", eight_decimals(item.price_of(1)));
  out.member("maxPrice", "1000000.00000000");
  out.member("tickSize", eight_decimals(item.price_of(1)));
  out.end_object();
  out.begin_object();
  out.member("filterType", "LOT_SIZE");
  out.member("minQty", eight_decimals(item.amount_of(1)));
  out.member("maxQty", "9000000.00000000");
  out.member("stepSize", eight_decimals(item.amount_of(1)));
  out.end_object();
  out.end_array();
}

void write_symbol(json_writer& out, const instrument& item) {
  auto symbol = binance_symbol(item.terms().name);
  auto base = base_currency(item.terms().name);
  auto has_base = symbol.starts_with(base);
  out.begin_object();
  out.member("symbol", symbol);
  out.member("status", "TRADING");
  out.member("baseAsset", has_base ? base : symbol);
  out.member("baseAssetPrecision", int64_t{8});
  out.member("quoteAsset", has_base ? symbol.substr(base.size()) : "");
  out.member("quoteAssetPrecision", int64_t{8});
  out.member("isSpotTradingAllowed", true);
  write_filters(out, item);
  out.key("permissions").begin_array();
  out.end_array();
  out.end_object();
}

} // namespace

std::optional<size_t> binance_market_data::weight_of(std::string_view method,
                                                     const json& params) {
  if (method == "depth")
    return weight_of_depth(params);
  if (method == "trades.recent" || method == "trades.historical")
    return 25;
  if (method == "trades.aggregate")
    return 4;
  if (method == "exchangeInfo")
    return 20;
  return std::nullopt;
}

std::variant<std::string, binance_refusal>
binance_market_data::answer(std::string_view method, const json& params,
                            std::chrono::milliseconds now) const {
  if (method == "depth")
    return depth(params);
  if (method == "exchangeInfo")
    return exchange_info(params, now);
  return trades(method, params);
}

const instrument* binance_market_data::find(std::string_view symbol) const {
  auto& all = exchange_.instruments();
  auto i = std::ranges::find_if(all, [symbol](const instrument& x) {
    return binance_symbol(x.terms().name) == symbol;
  });
  return i != all.end() ? &*i : nullptr;
}

binance_market_data::outcome
binance_market_data::depth(const json& params) const {
  auto symbol = text_member(params, "symbol");
  if (symbol.empty())
    return missing("symbol");
  auto* item = find(symbol);
  if (item == nullptr)
    return bad_symbol();
  auto limit = whole(params, "limit", 100);
  if (!limit || *limit == 0)
    return bad_value("limit");
  auto levels = std::min<size_t>(*limit, max_levels);
  json_writer out;
  out.begin_object();
  out.member("lastUpdateId", item->change_id());
  write_levels(out, *item, "bids", item->book().bids(), levels);
  write_levels(out, *item, "asks", item->book().asks(), levels);
  out.end_object();
  return out.text();
}

// Without `fromId`, the latest ones are told.
binance_market_data::outcome
binance_market_data::trades(std::string_view method, const json& params) const {
  auto symbol = text_member(params, "symbol");
  if (symbol.empty())
    return missing("symbol");
  auto* item = find(symbol);
  if (item == nullptr)
    return bad_symbol();
  auto limit = whole(params, "limit", 500);
  if (!limit || *limit == 0)
    return bad_value("limit");
  auto from = whole(params, "fromId", 0);
  if (!from)
    return bad_value("fromId");
  auto count = std::min<size_t>(*limit, max_trades_told);
  auto& name = item->terms().name;
  auto by_id = method != "trades.recent"
               && sim::find(params, "fromId") != nullptr;
  auto found = by_id ? history_.since(name, *from, count)
                     : history_.latest(name, count);
  json_writer out;
  out.begin_array();
  for (auto& x : found)
    if (method == "trades.aggregate")
      write_aggregate(out, *item, x);
    else
      write_trade(out, *item, x);
  out.end_array();
  return out.text();
}

binance_market_data::outcome
binance_market_data::exchange_info(const json& params,
                                   std::chrono::milliseconds now) const {
  auto* symbol = sim::find(params, "symbol");
  auto* symbols = sim::find(params, "symbols");
  if (symbol && symbols)
    return binance_refusal{.code = -1128,
                           .message = "Combination of optional parameters "
                                      "invalid."};
  std::vector<const instrument*> told;
  if (symbol)
    told = {find(text_member(params, "symbol"))};
  else if (symbols && (!symbols->IsArray() || !all_strings(*symbols)))
    return bad_value("symbols");
  else if (symbols)
    for (auto& x : symbols->GetArray())
      told.push_back(find(text_of(x)));
  else
    for (auto& x : exchange_.instruments())
      told.push_back(&x);
  if (std::ranges::find(told, nullptr) != told.end())
    return bad_symbol();
  json_writer out;
  out.begin_object();
  out.member("timezone", "UTC");
  out.member("serverTime", int64_t{now.count()});
  out.key("rateLimits").begin_array();
  out.end_array();
  out.key("exchangeFilters").begin_array();
  out.end_array();
  out.key("symbols").begin_array();
  for (auto* x : told)
    write_symbol(out, *x);
  out.end_array();
  out.end_object();
  return out.text();
}

} // namespace zenws::sim
