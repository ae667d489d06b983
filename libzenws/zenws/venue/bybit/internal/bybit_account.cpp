// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/bybit/internal/bybit_account.hpp"

#include "zenws/market/exact_sum.hpp"
#include "zenws/market/internal/powers_of_ten.hpp"
#include "zenws/venue/bybit/internal/bybit_values.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace zenws::internal {

namespace {

using namespace market;
using namespace trading;

using enum presence;

/// Reads a figure that the venue has computed. It may have more digits than can
/// be kept: the last ones are left out.
void read_computed(market_reader& in, std::optional<decimal>& to) {
  constexpr size_t most = 18;
  auto value = in.value();
  auto text = value.text;
  if (value.is_null() || (value.kind == json_kind::string && text.empty()))
    return;
  to = decimal::parse(text);
  auto is_long = text.find('.') < most && text.size() > most
                 && text.find_first_not_of("-.0123456789") == text.npos;
  if (!to && is_long)
    to = decimal::parse(text.substr(0, most + 1));
  if (!to)
    in.complain("is not a number that can be kept");
}

template <auto... Path>
constexpr auto into_computed
  = [](auto& in, auto& to) { read_computed(in, value_at<Path...>(to)); };

/// Returns nothing for 0, which is how the venue writes a price that there is
/// not.
std::optional<decimal> price_of(std::optional<decimal> x) noexcept {
  return x && !x->is_zero() ? x : std::nullopt;
}

// -- messages -----------------------------------------------------------------

template <class Fun>
struct message_draft {
  Fun read_row;
  venue_time created{};
};

template <class Fun>
constexpr member<message_draft<Fun>> message_members[] = {
  {"id"},
  {"topic"},
  {"creationTime", into_bybit<&message_draft<Fun>::created>},
  {"data", [](auto& in, auto& to) { in.each_element(to.read_row); }, required},
};

/// Reads a message.
/// @param read_row reads an element of "data".
/// @returns when the venue made the message.
template <class Fun>
venue_time read_message(market_reader& in, Fun read_row) {
  message_draft<Fun> result{read_row};
  in.read_object<message_members<Fun>>(result);
  return result.created;
}

// -- orders -------------------------------------------------------------------

struct order_draft : bybit_news<order_report> {
  std::optional<order_side> side{};
  std::string type{};
  std::string unit{};
  std::string status{};
  std::string reject_reason{};
  std::string cancel_type{};
};

template <auto... Path>
constexpr auto into_order = into<&order_draft::content, Path...>;

/// docs/v5/websocket/private/order.
constexpr member<order_draft> order_members[] = {
  {"symbol", into_order<&order_report::order, &order_key::instrument>,
   required},
  {"orderId",
   into_name<&order_draft::content, &order_report::order, &order_key::venue_id>,
   required},
  {"side", into_bybit<&order_draft::side>, required},
  {"orderType", into_bybit<&order_draft::type>},
  {"cancelType", into_bybit<&order_draft::cancel_type>},
  {"price", into_order<&order_report::price>},
  {"qty", into_order<&order_report::amount>},
  {"orderIv"},
  {"timeInForce"},
  {"orderStatus", into_bybit<&order_draft::status>, required},
  {"orderLinkId",
   into_client_id<&order_draft::content, &order_report::order, &order_key::id>},
  {"lastPriceOnCreated"},
  {"reduceOnly"},
  {"leavesQty"},
  {"leavesValue"},
  {"cumExecQty", into_order<&order_report::filled>},
  {"cumExecValue"},
  {"avgPrice",
   into_computed<&order_draft::content, &order_report::average_price>},
  {"blockTradeId"},
  {"positionIdx"},
  {"cumExecFee"},
  {"closedPnl"},
  {"createdTime"},
  {"updatedTime", into_bybit<&order_draft::content, &order_report::time>},
  {"rejectReason", into_bybit<&order_draft::reject_reason>},
  {"stopOrderType"},
  {"tpslMode"},
  {"triggerPrice"},
  {"takeProfit"},
  {"stopLoss"},
  {"tpTriggerBy"},
  {"slTriggerBy"},
  {"tpLimitPrice"},
  {"slLimitPrice"},
  {"triggerDirection"},
  {"triggerBy"},
  {"closeOnTrigger"},
  {"category", into_bybit<&order_draft::product>, required},
  {"placeType"},
  {"smpType"},
  {"smpGroup"},
  {"smpOrderId"},
  {"feeCurrency"},
  {"cumFeeDetail"},
  {"rpiTakerAccess"},
  {"rpiMatchedQty"},
  {"createType"},
  {"isLeverage"},
  {"marketUnit", into_bybit<&order_draft::unit>},
  {"parentOrderLinkId"},
  {"ocoTriggerBy"},
  {"slippageToleranceType"},
  {"slippageTolerance"},
  {"brokerOrderPrice"},
};

/// docs/v5/enum, "orderStatus". "Triggered" is on its way to "New", although
/// the page lists it as closed.
std::optional<venue_order_state> state_named(std::string_view name) noexcept {
  if (name == "New" || name == "PartiallyFilled" || name == "Untriggered"
      || name == "Triggered")
    return venue_order_state::open;
  if (name == "Filled")
    return venue_order_state::filled;
  if (name == "Cancelled" || name == "PartiallyFilledCanceled"
      || name == "Deactivated")
    return venue_order_state::canceled;
  if (name == "Rejected")
    return venue_order_state::rejected;
  return std::nullopt;
}

/// An order of an unknown state may still trade, so it is open.
///
/// One that would have traded although it is post-only is "Cancelled", of which
/// docs/v5/enum, "rejectReason", says "was rejected". One that has fills was
/// not rejected, whatever the venue says.
venue_order_state state_of(const order_draft& x) {
  auto result = state_named(x.status).value_or(venue_order_state::open);
  auto has_fills = x.content.filled && !x.content.filled->is_zero();
  if (result == venue_order_state::rejected && has_fills)
    return venue_order_state::canceled;
  if (result == venue_order_state::canceled && !has_fills
      && x.reject_reason == "EC_PostOnlyWillTakeLiquidity")
    return venue_order_state::rejected;
  return result;
}

/// An order that is open has a reason if a change or a cancellation of it was
/// rejected. One that is filled needs none: it names a cancellation that came
/// too late (docs/v5/websocket/private/order, "two orderStatus=Filled
/// messages").
std::string reason_of(const order_draft& x) {
  if (!state_named(x.status))
    return "unknown state " + x.status;
  if (x.content.state == venue_order_state::filled)
    return {};
  if (!x.reject_reason.empty() && x.reject_reason != "EC_NoError")
    return x.reject_reason;
  if (x.content.state == venue_order_state::open || x.cancel_type == "UNKNOWN")
    return {};
  return x.cancel_type;
}

/// Returns whether the amount is in the quote currency. docs/v5/order/
/// create-order, "qty": "Spot: Market Buy order by value by default".
bool is_by_value(const order_draft& x) {
  if (x.product != bybit_category::spot || x.type != "Market")
    return false;
  return x.unit == "quoteCoin"
         || (x.side == order_side::buy && x.unit != "baseCoin");
}

void finish(market_reader& in, order_draft& x) {
  auto& result = x.content;
  in.require(!result.order.venue_id.empty(), "orderId");
  in.require(x.side.has_value(), "side");
  result.side = x.side.value_or(order_side::buy);
  result.state = state_of(x);
  result.reason = reason_of(x);
  if (is_by_value(x))
    result.amount = std::nullopt;
  // Of market orders it is a bound that the venue has set.
  result.price = x.type == "Limit" ? price_of(result.price) : std::nullopt;
  result.average_price = price_of(result.average_price);
}

// -- fills --------------------------------------------------------------------

struct fill_draft : bybit_news<fill> {
  std::optional<order_side> side{};
  std::optional<decimal> price{};
  std::optional<decimal> amount{};
  std::string type{};
};

void read_liquidity(market_reader& in, fill_draft& to) {
  if (in.peek() == json_kind::null)
    return in.skip();
  to.content.liquidity = in.boolean() ? fill_liquidity::maker
                                      : fill_liquidity::taker;
}

/// docs/v5/websocket/private/execution.
constexpr member<fill_draft> fill_members[] = {
  {"category", into_bybit<&fill_draft::product>, required},
  {"symbol", into<&fill_draft::content, &fill::order, &order_key::instrument>,
   required},
  {"closedSize"},
  // docs/v5/account/transaction-log: "Positive fee value means expense".
  {"execFee", into_computed<&fill_draft::content, &fill::fee>},
  {"execId", into_name<&fill_draft::content, &fill::id>},
  {"execPrice", into<&fill_draft::price>},
  {"execQty", into<&fill_draft::amount>},
  {"execType", into_bybit<&fill_draft::type>, required},
  {"execValue"},
  {"feeRate"},
  {"tradeIv"},
  {"markIv"},
  {"blockTradeId"},
  {"markPrice"},
  {"indexPrice"},
  {"underlyingPrice"},
  {"leavesQty"},
  {"orderId",
   into_name<&fill_draft::content, &fill::order, &order_key::venue_id>},
  {"orderLinkId",
   into_client_id<&fill_draft::content, &fill::order, &order_key::id>},
  {"orderPrice"},
  {"orderQty"},
  {"orderType"},
  {"stopOrderType"},
  {"side", into_bybit<&fill_draft::side>},
  {"execTime", into_bybit<&fill_draft::content, &fill::time>},
  {"isLeverage"},
  {"isMaker", read_liquidity},
  {"seq"},
  {"marketUnit"},
  {"execPnl"},
  {"createType"},
  {"extraFees"},
  {"feeCurrency", into<&fill_draft::content, &fill::fee_currency>},
};

/// What an execution is for an account.
enum class execution_kind : uint8_t {
  /// A trade of an order.
  trade,
  /// The venue changed the position, not by an order of the client's.
  intervention,
  /// Nothing that changes a position at a price; or it is not told how.
  other,
};

/// docs/v5/enum, "execType". Whatever else has an id of ours is a trade.
execution_kind kind_of(const fill_draft& x) {
  static constexpr std::string_view trades[] = {"Trade", "BlockTrade",
                                                "FutureSpread"};
  static constexpr std::string_view interventions[]
    = {"AdlTrade", "BustTrade", "Delivery", "Settle", "MovePosition"};
  // Splits of stocks change amount and price of a position without a trade; the
  // channel of positions tells.
  static constexpr std::string_view others[] = {"Funding", "SessionSettlePnL",
                                                "CorporateAction"};
  auto is_in = [&](auto& names) {
    return std::ranges::find(names, x.type) != std::end(names);
  };
  if (x.amount && x.amount->is_zero())
    return execution_kind::other;
  if (is_in(interventions))
    return x.side ? execution_kind::intervention : execution_kind::other;
  if (is_in(others))
    return execution_kind::other;
  return is_in(trades) || !x.content.order.id.empty() ? execution_kind::trade
                                                      : execution_kind::other;
}

void finish(market_reader& in, fill_draft& x, execution_kind kind) {
  in.require(!x.content.id.empty(), "execId");
  in.require(x.side.has_value(), "side");
  in.require(x.price.has_value(), "execPrice");
  in.require(x.amount.has_value(), "execQty");
  auto& result = x.content;
  result.side = x.side.value_or(order_side::buy);
  result.price = x.price.value_or(decimal{});
  result.amount = x.amount.value_or(decimal{});
  if (kind == execution_kind::intervention) {
    result.order.id = {};
    result.liquidity = fill_liquidity::unknown;
  }
}

// -- positions ----------------------------------------------------------------

struct position_draft : bybit_position {
  /// 0 in one-way mode.
  uint64_t index = 0;

  std::string side{};
};

/// docs/v5/websocket/private/position.
constexpr member<position_draft> position_members[] = {
  {"positionIdx", into<&position_draft::index>, required},
  {"tradeMode"},
  {"riskId"},
  {"riskLimitValue"},
  {"symbol", into<&position_draft::content, &position::instrument>, required},
  {"side", into_bybit<&position_draft::side>, required},
  {"size", into<&position_draft::content, &position::amount>, required},
  {"entryPrice",
   into_computed<&position_draft::content, &position::average_price>},
  {"sessionAvgPrice"},
  {"leverage"},
  {"breakEvenPrice"},
  {"positionValue"},
  {"positionBalance"},
  {"markPrice"},
  {"positionIM"},
  {"positionMM"},
  {"positionIMByMp"},
  {"positionMMByMp"},
  {"takeProfit"},
  {"stopLoss"},
  {"trailingStop"},
  {"unrealisedPnl"},
  {"cumRealisedPnl"},
  {"curRealisedPnl"},
  {"createdTime"},
  {"updatedTime", into_bybit<&position_draft::content, &position::time>},
  {"tpslMode"},
  {"liqPrice"},
  {"bustPrice"},
  {"category", into_bybit<&position_draft::product>, required},
  {"positionStatus"},
  {"adlRankIndicator"},
  {"autoAddMargin"},
  {"leverageSysUpdatedTime"},
  {"mmrSysUpdatedTime"},
  {"seq"},
  {"isReduceOnly"},
  {"openTime"},
  // Of options.
  {"delta"},
  {"gamma"},
  {"vega"},
  {"theta"},
};

/// The size has no sign, and no side if it is 0.
void finish(market_reader& in, position_draft& x) {
  x.is_hedged = x.index != 0;
  auto& result = x.content;
  auto side = bybit_side_named(x.side);
  if (result.amount.mantissa() < 0)
    in.complain("size", "is negative");
  else if (!side && !result.amount.is_zero())
    in.complain("side", "is neither Buy nor Sell");
  if (side == order_side::sell)
    result.amount = negative(result.amount);
  result.average_price = price_of(result.average_price);
}

// -- balances -----------------------------------------------------------------

struct balance_draft {
  balance content{};
  std::optional<decimal> total{};
  std::optional<decimal> borrowed{};
};

/// docs/v5/websocket/private/wallet. What is available is told in USD for the
/// account as a whole only: "availableToWithdraw" is deprecated.
constexpr member<balance_draft> balance_members[] = {
  {"coin", into<&balance_draft::content, &balance::currency>, required},
  {"equity"},
  {"usdValue"},
  {"walletBalance", into_computed<&balance_draft::total>, required},
  {"availableToWithdraw"},
  {"availableToBorrow"},
  {"borrowAmount"},
  {"accruedInterest"},
  {"totalOrderIM"},
  {"totalPositionIM"},
  {"totalPositionMM"},
  {"unrealisedPnl"},
  {"cumRealisedPnl"},
  {"bonus"},
  {"collateralSwitch"},
  {"marginCollateral"},
  {"locked"},
  {"spotHedgingQty"},
  {"spotBorrow", into_computed<&balance_draft::borrowed>},
  {"colRes"},
  {"free"},
};

decimal without_digits_behind(int places, decimal x) noexcept {
  auto excess = -places - x.exponent();
  if (excess <= 0)
    return x;
  if (static_cast<size_t>(excess) >= powers_of_ten.size())
    return {};
  auto power = powers_of_ten[static_cast<size_t>(excess)];
  return decimal::make(x.mantissa() / power, -places).value_or(decimal{});
}

/// Returns the difference, with as many digits as can be kept.
std::optional<decimal> difference(decimal x, decimal y) noexcept {
  for (auto places : {18, 12, 8, 4, 0}) {
    exact_sum result;
    if (result.add(without_digits_behind(places, x))
        && result.subtract(without_digits_behind(places, y)))
      if (auto value = result.value())
        return value;
  }
  return std::nullopt;
}

/// "walletBalance" contains what is borrowed (same page).
void finish(market_reader& in, balance_draft& x) {
  auto total = x.total ? difference(*x.total, x.borrowed.value_or(decimal{}))
                       : std::nullopt;
  if (!total)
    in.complain("walletBalance", "is not a number that can be kept");
  x.content.total = total.value_or(decimal{});
}

void read_balances(market_reader& in, account_updates& out) {
  in.each_element([&] {
    balance_draft row;
    in.read_object<balance_members>(row);
    finish(in, row);
    if (!row.content.currency.empty())
      out.emplace_back(row.content);
  });
}

constexpr member<account_updates> wallet_members[] = {
  {"accountIMRate"},
  {"accountIMRateByMp"},
  {"accountMMRate"},
  {"accountMMRateByMp"},
  {"totalEquity"},
  {"totalWalletBalance"},
  {"totalMarginBalance"},
  {"totalAvailableBalance"},
  {"totalPerpUPL"},
  {"totalInitialMargin"},
  {"totalInitialMarginByMp"},
  {"totalMaintenanceMargin"},
  {"totalMaintenanceMarginByMp"},
  {"coin", read_balances, required},
  {"accountLTV"},
  {"accountType"},
};

} // namespace

// -- reading ------------------------------------------------------------------

error read_bybit_orders(const json_value& message,
                        std::vector<bybit_news<order_report>>& out) {
  market_reader in{message};
  read_message(in, [&] {
    order_draft row;
    in.read_object<order_members>(row);
    finish(in, row);
    out.push_back(std::move(row));
  });
  return in.problem();
}

error read_bybit_fills(const json_value& message,
                       std::vector<bybit_news<fill>>& out) {
  market_reader in{message};
  read_message(in, [&] {
    fill_draft row;
    in.read_object<fill_members>(row);
    auto kind = kind_of(row);
    if (kind == execution_kind::other)
      return;
    finish(in, row, kind);
    out.push_back(std::move(row));
  });
  return in.problem();
}

error read_bybit_positions(const json_value& message,
                           std::vector<bybit_position>& out) {
  market_reader in{message};
  read_message(in, [&] {
    position_draft row;
    in.read_object<position_members>(row);
    finish(in, row);
    out.push_back(std::move(row));
  });
  return in.problem();
}

error read_bybit_balances(const json_value& message, account_updates& out) {
  market_reader in{message};
  account_updates fresh;
  auto created = read_message(in,
                              [&] { in.read_object<wallet_members>(fresh); });
  for (auto& x : fresh) {
    std::get<balance>(x).time = created;
    out.push_back(std::move(x));
  }
  return in.problem();
}

} // namespace zenws::internal
