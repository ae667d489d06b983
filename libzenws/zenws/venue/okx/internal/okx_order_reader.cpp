// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/okx/internal/okx_order_reader.hpp"

#include "zenws/venue/internal/account_values.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

// okx.com/docs-v5, "WS / Order channel".
namespace zenws::internal {

namespace okx_order_rows {

namespace {

using enum presence;

using market::decimal;

using trading::fill;
using trading::fill_liquidity;
using trading::order_key;
using trading::order_report;
using trading::order_side;
using trading::venue_order_state;

/// An order as it is told, and the fill that the message is about, if any.
struct order_draft {
  order_report report{};

  // Of this message; what was filled in all is in the report.
  trading::fill_id fill_id{};
  std::optional<decimal> fill_amount{};
  std::optional<decimal> fill_price{};
  std::optional<decimal> fill_fee{};
  market::asset_name fee_currency{};
  fill_liquidity liquidity = fill_liquidity::unknown;
  market::venue_time fill_time{};

  bool is_market = false;
  bool is_contract = false;
  std::string unit{};

  std::string state{};
  std::string cancel_source{};
  std::string cancel_reason{};
  std::string words{};
};

// -- values -------------------------------------------------------------------

std::optional<decimal> read_amount(market_reader& in) {
  auto result = in.optional_number();
  if (result && result->mantissa() < 0)
    in.complain("is negative");
  return result;
}

fill_liquidity read_liquidity(market_reader& in) {
  auto name = in.optional_text();
  if (name == "M")
    return fill_liquidity::maker;
  return name == "T" ? fill_liquidity::taker : fill_liquidity::unknown;
}

template <auto Member>
constexpr auto into_report = into<&order_draft::report, Member>;

template <auto Member>
constexpr auto into_text
  = [](auto& in, auto& to) { to.*Member = in.optional_text(); };

// At most 64 can be listed: of the members that do not matter, quickMgnType,
// stpId, tradeQuoteCcy, lastPx, isTpLimit and linkedAlgoOrd are left out.
constexpr member<order_draft> order_members[] = {
  {"accFillSz", [](auto& in, auto& to) { to.report.filled = read_amount(in); }},
  {"algoClOrdId"},
  {"algoId"},
  {"amendResult"},
  {"amendSource"},
  {"avgPx", into_report<&order_report::average_price>},
  {"cancelSource", into_text<&order_draft::cancel_source>},
  {"cancelSourceReason", into_text<&order_draft::cancel_reason>},
  {"category"},
  {"ccy"},
  {"clOrdId",
   into_client_id<&order_draft::report, &order_report::order, &order_key::id>},
  {"code"},
  {"cTime"},
  {"execType", [](auto& in, auto& to) { to.liquidity = read_liquidity(in); }},
  {"fee"},
  {"feeCcy"},
  {"fillFee", into<&order_draft::fill_fee>},
  {"fillFeeCcy", into<&order_draft::fee_currency>},
  {"fillNotionalUsd"},
  {"fillPx", into<&order_draft::fill_price>},
  {"fillSz", [](auto& in, auto& to) { to.fill_amount = read_amount(in); }},
  {"fillPnl"},
  {"fillTime", [](auto& in, auto& to) { to.fill_time = in.optional_time(); }},
  {"fillPxVol"},
  {"fillPxUsd"},
  {"fillMarkVol"},
  {"fillFwdPx"},
  {"fillMarkPx"},
  {"fillIdxPx"},
  {"instId",
   into<&order_draft::report, &order_report::order, &order_key::instrument>,
   required},
  {"instType",
   [](auto& in, auto& to) {
     auto type = in.text();
     to.is_contract = type == "SWAP" || type == "FUTURES" || type == "OPTION";
   }},
  {"lever"},
  {"msg", into_text<&order_draft::words>},
  {"notionalUsd"},
  {"ordId",
   into_name<&order_draft::report, &order_report::order, &order_key::venue_id>,
   required},
  {"ordType", [](auto& in, auto& to) { to.is_market = in.text() == "market"; }},
  {"pnl"},
  {"posSide"},
  {"px", into_report<&order_report::price>},
  {"pxUsd"},
  {"pxVol"},
  {"pxType"},
  {"rebate"},
  {"rebateCcy"},
  {"reduceOnly"},
  {"reqId"},
  {"side", into_side<&order_draft::report, &order_report::side>, required},
  {"attachAlgoClOrdId"},
  {"slOrdPx"},
  {"slTriggerPx"},
  {"slTriggerPxType"},
  {"source"},
  {"state", into_text<&order_draft::state>, required},
  {"stpMode"},
  {"sz", [](auto& in, auto& to) { to.report.amount = read_amount(in); }},
  {"tag"},
  {"tdMode"},
  {"tgtCcy", into_text<&order_draft::unit>},
  {"tpOrdPx"},
  {"tpTriggerPx"},
  {"tpTriggerPxType"},
  {"attachAlgoOrds"},
  {"tradeId", into_name<&order_draft::fill_id>},
  {"uTime", [](auto& in, auto& to) { to.report.time = in.optional_time(); }},
};

// -- meanings -----------------------------------------------------------------

/// "sz" of market orders of pairs: "default is quote_ccy for buy, base_ccy for
/// sell". What is filled is in the base currency always.
bool has_amount_in_quote(const order_draft& x) {
  if (!x.is_market || x.is_contract || x.unit == "base_ccy")
    return false;
  return !x.unit.empty() || x.report.side == order_side::buy;
}

/// Sources of a cancellation that end the time in force: the rests of orders
/// that were "fok" and "ioc".
bool is_expiry(std::string_view cancel_source) noexcept {
  return cancel_source == "13" || cancel_source == "14";
}

std::string reason_of(order_draft& x) {
  if (!x.cancel_reason.empty())
    return std::move(x.cancel_reason);
  if (!x.words.empty())
    return std::move(x.words);
  if (!x.cancel_source.empty())
    return "cancelSource " + x.cancel_source;
  return x.state != "canceled" ? x.state : "";
}

/// A state that is not known leaves the order open: nothing is taken for over
/// that may still trade.
void complete_state(order_draft& x) {
  auto& to = x.report;
  if (x.state == "filled") {
    to.state = venue_order_state::filled;
  } else if (x.state == "canceled" || x.state == "mmp_canceled") {
    to.state = is_expiry(x.cancel_source) ? venue_order_state::expired
                                          : venue_order_state::canceled;
    to.reason = reason_of(x);
  } else if (x.state != "live" && x.state != "partially_filled") {
    to.reason = "unknown state " + x.state;
  }
}

/// "If a tradeId is present, it means a fill." Liquidations and deleveraging
/// have negative ones. The end of a market order comes by itself, without.
bool has_fill(const order_draft& x) noexcept {
  return !x.fill_id.empty() && x.fill_amount && !x.fill_amount->is_zero();
}

/// "Negative number represents the user transaction fee."
std::optional<decimal> fee_paid(const order_draft& x) noexcept {
  return x.fill_fee ? std::optional{negative(*x.fill_fee)} : std::nullopt;
}

fill fill_of(const order_draft& x) {
  auto has_time = x.fill_time != market::venue_time{};
  return {.order = x.report.order,
          .id = x.fill_id,
          .side = x.report.side,
          .price = *x.fill_price,
          .amount = *x.fill_amount,
          .fee = fee_paid(x),
          .fee_currency = x.fee_currency,
          .liquidity = x.liquidity,
          .time = has_time ? x.fill_time : x.report.time};
}

void read_order(market_reader& in, trading::account_updates& out) {
  order_draft x;
  in.read_object<order_members>(x);
  in.require(!x.report.order.venue_id.empty(), "ordId");
  in.require(!x.state.empty(), "state");
  if (has_amount_in_quote(x))
    x.report.amount.reset();
  if (!x.report.filled || x.report.filled->is_zero())
    x.report.average_price.reset(); // it is 0
  complete_state(x);
  if (has_fill(x)) {
    in.require(x.fill_price.has_value(), "fillPx");
    if (x.fill_price)
      out.emplace_back(fill_of(x));
  }
  out.emplace_back(std::move(x.report));
}

} // namespace

} // namespace okx_order_rows

error read_okx_orders(const envelope& message, trading::account_updates& out) {
  market_reader in{message.data};
  in.each_element([&] { okx_order_rows::read_order(in, out); });
  return in.problem();
}

} // namespace zenws::internal
