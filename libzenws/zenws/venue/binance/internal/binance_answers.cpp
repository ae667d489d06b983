// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/binance/internal/binance_answers.hpp"

#include "zenws/venue/binance/internal/binance_drafts.hpp"

#include <string>
#include <utility>
#include <vector>

namespace zenws::internal {

namespace {

using namespace binance;
using namespace trading;

using market::venue_time;

using enum presence;

// -- answers about orders -----------------------------------------------------

struct answered_order : order_draft {
  bool has_side = false;
  std::vector<fill> fills{};

  /// The orders that an answer has in place of its own.
  std::vector<answered_order> parts{};
  bool has_parts = false;
  bool is_part = false;
};

struct answered_fill {
  fill content{};
  int64_t trade = 0;
};

constexpr member<answered_fill> answered_fill_members[] = {
  {"price", into<&answered_fill::content, &fill::price>, required},
  {"qty", into<&answered_fill::content, &fill::amount>, required},
  {"commission", into<&answered_fill::content, &fill::fee>},
  {"commissionAsset", into<&answered_fill::content, &fill::fee_currency>},
  {"tradeId", [](auto& in, auto& to) { to.trade = in.signed_integer(); },
   required},
};

/// Trades that filled the order immediately. One without a number comes with
/// its event.
void read_answered_fill(market_reader& in, answered_order& to) {
  answered_fill draft;
  in.read_object<answered_fill_members>(draft);
  if (draft.trade <= 0)
    return;
  draft.content.id = fill_id::make(std::to_string(draft.trade)).value();
  draft.content.liquidity = fill_liquidity::taker;
  to.fills.push_back(draft.content);
}

void read_answered_side(market_reader& in, answered_order& to) {
  read_side(in, to);
  to.has_side = true;
}

void read_part(market_reader& in, answered_order& to);

/// web-socket-api.md, "Place new order", "Cancel order", "Order Amend Keep
/// Priority" and "Query order"; "New Order", "Modify Order", "Cancel Order" and
/// "Query Order" of USD-M.
constexpr member<answered_order> answered_order_members[] = {
  {"symbol", read_instrument},
  {"orderId", read_venue_id},
  {"orderListId"},
  {"origClientOrderId", read_original},
  {"clientOrderId", read_client_id},
  {"transactTime", into_report<&order_report::time>},
  {"price", into_report<&order_report::price>},
  {"origQty", into_report<&order_report::amount>},
  {"qty", into_report<&order_report::amount>},
  {"executedQty", into_report<&order_report::filled>},
  {"avgPrice", into_report<&order_report::average_price>},
  {"status", read_state},
  {"timeInForce"},
  {"type"},
  {"side", read_answered_side},
  {"updateTime", into_report<&order_report::time>},
  {"expiryReason", read_reason},
  {"fills",
   [](auto& in, auto& to) {
     in.each_element([&] { read_answered_fill(in, to); });
   }},
  {"amendedOrder", read_part},
  {"orderReports",
   [](auto& in, auto& to) {
     to.has_parts = true;
     in.each_element([&] { read_part(in, to); });
   }},
};

/// Parts have no parts.
void read_part(market_reader& in, answered_order& to) {
  if (to.is_part)
    return in.skip();
  to.has_parts = true;
  auto& part = to.parts.emplace_back();
  part.is_part = true;
  in.read_object<answered_order_members>(part);
}

void add_answered_order(market_reader& in, answered_order& x,
                        binance_naming naming, account_updates& out) {
  auto& content = x.content;
  in.require(!content.order.instrument.empty(), "symbol");
  in.require(!content.order.venue_id.empty(), "orderId");
  in.require(x.has_side, "side");
  in.require(!x.state.empty(), "status");
  x.finish();
  if (naming == binance_naming::by_venue_id)
    content.order.id = {};
  for (auto& next : x.fills) {
    next.order = content.order;
    next.side = content.side;
    next.time = content.time;
    out.emplace_back(next);
  }
  out.emplace_back(std::move(content));
}

void read_answered_order(market_reader& in, binance_naming naming,
                         account_updates& out) {
  answered_order draft;
  in.read_object<answered_order_members>(draft);
  if (!draft.has_parts)
    return add_answered_order(in, draft, naming, out);
  for (auto& part : draft.parts) {
    if (part.content.time == venue_time{})
      part.content.time = draft.content.time;
    add_answered_order(in, part, naming, out);
  }
}

// -- answers about fills and positions ----------------------------------------

/// web-socket-api.md, "Account trade history".
constexpr member<fill> fill_members[] = {
  {"symbol", into<&fill::order, &order_key::instrument>, required},
  {"id", into_venue_id<&fill::id>, required},
  {"orderId", into_venue_id<&fill::order, &order_key::venue_id>, required},
  {"orderListId"},
  {"price", into<&fill::price>, required},
  {"qty", into<&fill::amount>, required},
  {"quoteQty"},
  {"commission", into<&fill::fee>},
  {"commissionAsset", into<&fill::fee_currency>},
  {"time", into<&fill::time>, required},
  {"isBuyer",
   [](auto& in, auto& to) {
     to.side = in.boolean() ? order_side::buy : order_side::sell;
   },
   required},
  {"isMaker", into_liquidity<&fill::liquidity>},
  {"isBestMatch"},
};

/// "Position Information V2" of USD-M.
constexpr member<position_draft> answered_position_members[] = {
  {"symbol", into_position<&position::instrument>, required},
  {"positionSide", read_position_side, required},
  {"positionAmt", into_position<&position::amount>, required},
  {"entryPrice", into_position<&position::average_price>},
  {"breakEvenPrice"},
  {"markPrice"},
  {"unRealizedProfit"},
  {"liquidationPrice"},
  {"isolatedMargin"},
  {"notional"},
  {"marginAsset"},
  {"isolatedWallet"},
  {"initialMargin"},
  {"maintMargin"},
  {"positionInitialMargin"},
  {"openOrderInitialMargin"},
  {"adl"},
  {"bidNotional"},
  {"askNotional"},
  {"updateTime", into_position<&position::time>},
};

} // namespace

// -- answers ------------------------------------------------------------------

void read_binance_orders(market_reader& in, binance_naming naming,
                         account_updates& out) {
  if (in.peek() != json_kind::array)
    return read_answered_order(in, naming, out);
  in.each_element([&] { read_answered_order(in, naming, out); });
}

void read_binance_fills(market_reader& in, account_updates& out) {
  in.each_element([&] {
    fill next;
    in.read_object<fill_members>(next);
    out.emplace_back(next);
  });
}

void read_binance_position(market_reader& in,
                           const market::instrument_name& about,
                           account_updates& out) {
  position result{.instrument = about};
  in.each_element([&] {
    position_draft draft;
    in.read_object<answered_position_members>(draft);
    draft.finish();
    if (draft.side != "BOTH")
      in.complain("positionSide", "is of hedge mode");
    if (draft.content.instrument == about)
      result = draft.content;
  });
  out.emplace_back(result);
}

} // namespace zenws::internal
