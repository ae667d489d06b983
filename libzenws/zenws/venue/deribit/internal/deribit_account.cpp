// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/deribit/internal/deribit_account.hpp"

#include "zenws/venue/internal/account_values.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace zenws::internal {

namespace {

using trading::account_update;
using trading::account_updates;
using trading::fill;
using trading::order_key;
using trading::order_report;
using trading::venue_order_state;

using enum presence;

// -- orders -------------------------------------------------------------------

struct deribit_order {
  order_report* content;
  bool has_limit = true;
  std::string unusual_state{};

  void finish();
};

void deribit_order::finish() {
  // The price of a market order is a bound that the venue sets.
  if (!has_limit)
    content->price.reset();
  // It is 0 as long as nothing is filled.
  if (!content->filled || content->filled->is_zero())
    content->average_price.reset();
  if (content->reason.empty())
    content->reason = std::move(unusual_state);
}

/// Reads a state (docs.deribit.com, private/get_order_state). Stops wait as
/// "untriggered". One that is "triggered" lives on as another order with its
/// label. An unknown state is no proof that an order is over: it counts as
/// open, and the reason names it.
void read_deribit_state(market_reader& in, deribit_order& to) {
  constexpr std::string_view rejected = "rejected";
  auto& state = to.content->state;
  auto name = in.text();
  if (name == "filled") {
    state = venue_order_state::filled;
  } else if (name == "cancelled") {
    state = venue_order_state::canceled;
  } else if (name == "expired") {
    state = venue_order_state::expired;
  } else if (name.starts_with(rejected)) {
    // private/get_trigger_order_history: "rejected:reduce_direction"
    state = venue_order_state::rejected;
    to.unusual_state = name.substr(std::min(name.size(), rejected.size() + 1));
  } else if (name.empty()) {
    in.complain("is empty");
  } else if (name != "open" && name != "untriggered") {
    to.unusual_state = name;
  }
}

/// Reads a price, "market_price" for that of a stop without a limit
/// (docs.deribit.com, private/buy).
void read_deribit_price(market_reader& in, deribit_order& to) {
  if (in.peek() != json_kind::string)
    return in.read(to.content->price);
  auto text = in.text();
  if (text == "market_price" || text.empty())
    return;
  to.content->price = market::decimal::parse(text);
  if (!to.content->price)
    in.complain("is not a price");
}

void read_deribit_reason(market_reader& in, deribit_order& to) {
  to.content->reason = in.optional_text();
}

template <auto Member>
constexpr auto into_deribit_order = into<&deribit_order::content, Member>;

/// docs.deribit.com, private/get_order_state.
constexpr member<deribit_order> deribit_order_members[] = {
  {"label", into_client_id<&deribit_order::content, &order_report::order,
                           &order_key::id>},
  {"price", read_deribit_price},
  {"user_id"},
  {"amount", into_deribit_order<&order_report::amount>},
  {"direction", into_side<&deribit_order::content, &order_report::side>,
   required},
  {"time_in_force"},
  {"instrument_name",
   into<&deribit_order::content, &order_report::order, &order_key::instrument>,
   required},
  {"web"},
  {"api"},
  {"order_id",
   into_name<&deribit_order::content, &order_report::order,
             &order_key::venue_id>,
   required},
  {"creation_timestamp"},
  {"replaced"},
  {"filled_amount", into_deribit_order<&order_report::filled>},
  {"last_update_timestamp", into_deribit_order<&order_report::time>},
  {"post_only"},
  {"reduce_only"},
  {"cancel_reason", read_deribit_reason},
  {"average_price", into_deribit_order<&order_report::average_price>},
  {"trigger_price"},
  {"trigger"},
  {"mmp"},
  {"contracts"},
  {"reject_post_only"},
  {"order_state", read_deribit_state, required},
  {"order_type",
   [](auto& in, auto& to) { to.has_limit = !in.text().ends_with("market"); }},
  {"is_liquidation"},
  {"risk_reducing"},
};

void read_deribit_order(market_reader& in, account_updates& out) {
  out.emplace_back(order_report{});
  deribit_order draft{&std::get<order_report>(out.back())};
  in.read_object<deribit_order_members>(draft);
  in.require(!draft.content->order.venue_id.empty(), "order_id");
  draft.finish();
}

void read_deribit_orders(market_reader& in, account_updates& out) {
  in.each_element([&] { read_deribit_order(in, out); });
}

// -- fills --------------------------------------------------------------------

struct deribit_trade {
  fill* content;
  bool is_leg = false;
};

void read_deribit_liquidity(market_reader& in, deribit_trade& to) {
  if (in.peek() != json_kind::string)
    return in.skip();
  auto name = in.text();
  if (name == "M")
    to.content->liquidity = trading::fill_liquidity::maker;
  else if (name == "T")
    to.content->liquidity = trading::fill_liquidity::taker;
}

template <auto Member>
constexpr auto into_deribit_trade = into<&deribit_trade::content, Member>;

/// docs.deribit.com, private/get_user_trades_by_instrument. A fee is positive
/// if it is paid.
constexpr member<deribit_trade> deribit_trade_members[] = {
  {"trade_seq"},
  {"trade_id", into_name<&deribit_trade::content, &fill::id>, required},
  {"timestamp", into_deribit_trade<&fill::time>},
  {"tick_direction"},
  {"state"},
  {"risk_reducing"},
  {"reduce_only"},
  {"profit_loss"},
  {"price", into_deribit_trade<&fill::price>, required},
  {"post_only"},
  {"order_type"},
  {"order_id",
   into_name<&deribit_trade::content, &fill::order, &order_key::venue_id>},
  {"mmp"},
  {"matching_id"},
  {"mark_price"},
  {"liquidity", read_deribit_liquidity},
  {"label",
   into_client_id<&deribit_trade::content, &fill::order, &order_key::id>},
  {"instrument_name",
   into<&deribit_trade::content, &fill::order, &order_key::instrument>,
   required},
  {"index_price"},
  {"fee_currency", into_deribit_trade<&fill::fee_currency>},
  {"fee", into_deribit_trade<&fill::fee>},
  {"direction", into_side<&deribit_trade::content, &fill::side>, required},
  {"contracts"},
  {"api"},
  {"amount", into_deribit_trade<&fill::amount>, required},
  {"combo_id",
   [](auto& in, auto& to) {
     to.is_leg = in.peek() != json_kind::null;
     in.skip();
   }},
};

/// Reads a trade. That of a leg changes the position in the leg, but belongs to
/// an order for the combo.
void read_deribit_trade(market_reader& in, account_updates& out) {
  out.emplace_back(fill{});
  deribit_trade draft{&std::get<fill>(out.back())};
  in.read_object<deribit_trade_members>(draft);
  in.require(!draft.content->id.empty(), "trade_id");
  if (draft.is_leg)
    draft.content->order.id = {};
}

void read_deribit_trades(market_reader& in, account_updates& out) {
  in.each_element([&] { read_deribit_trade(in, out); });
}

/// Gives fills the side of their orders, where these are told as well. The
/// documentation calls the direction of a trade that of the taker, but all that
/// was seen is that of the account's order, which its clients rely on. That of
/// an order is beyond doubt.
void adopt_deribit_sides(std::span<account_update> news) {
  for (auto& x : news)
    if (auto* order = std::get_if<order_report>(&x))
      for (auto& y : news)
        if (auto* trade = std::get_if<fill>(&y);
            trade != nullptr && trade->order.venue_id == order->order.venue_id)
          trade->side = order->side;
}

// -- positions and balances ---------------------------------------------------

struct deribit_position {
  trading::position* content;

  /// Nothing if the venue says "zero".
  std::optional<trading::order_side> side{};

  void finish(market_reader& in);
};

/// Short positions are negative and "sell" (docs.deribit.com,
/// private/get_positions); one of the two is enough, but not for a long one.
void deribit_position::finish(market_reader& in) {
  auto& amount = content->amount;
  if (amount.is_zero())
    return content->average_price.reset();
  auto is_negative = amount.mantissa() < 0;
  if (!side || (side == trading::order_side::buy && is_negative))
    in.complain("size", "contradicts the direction");
  else if (side == trading::order_side::sell && !is_negative)
    amount = negative(amount);
}

void read_deribit_direction(market_reader& in, deribit_position& to) {
  auto name = in.text();
  if (name == "buy")
    to.side = trading::order_side::buy;
  else if (name == "sell")
    to.side = trading::order_side::sell;
  else if (name != "zero")
    in.complain("is neither buy, sell nor zero");
}

/// docs.deribit.com, private/get_position.
constexpr member<deribit_position> deribit_position_members[] = {
  {"total_profit_loss"},
  {"size_currency"},
  {"size", into<&deribit_position::content, &trading::position::amount>,
   required},
  {"settlement_price"},
  {"realized_profit_loss"},
  {"realized_funding"},
  {"open_orders_margin"},
  {"mark_price"},
  {"maintenance_margin"},
  {"leverage"},
  {"kind"},
  {"interest_value"},
  {"instrument_name",
   into<&deribit_position::content, &trading::position::instrument>, required},
  {"initial_margin"},
  {"index_price"},
  {"floating_profit_loss"},
  {"direction", read_deribit_direction, required},
  {"delta"},
  {"average_price",
   into<&deribit_position::content, &trading::position::average_price>},
};

void read_deribit_position(market_reader& in, account_updates& out) {
  out.emplace_back(trading::position{});
  deribit_position draft{&std::get<trading::position>(out.back())};
  in.read_object<deribit_position_members>(draft);
  draft.finish(in);
}

struct deribit_portfolio {
  trading::balance* content;
  std::optional<market::decimal> available_funds{};
  std::optional<market::decimal> withdrawable{};
  bool is_cross = false;
};

/// docs.deribit.com, user.portfolio.{currency}.
constexpr member<deribit_portfolio> deribit_portfolio_members[] = {
  {"total_maintenance_margin_usd"},
  {"projected_initial_margin"},
  {"total_delta_total_usd"},
  {"options_gamma_map"},
  {"options_session_rpl"},
  {"options_session_upl"},
  {"futures_session_rpl"},
  {"fee_balance"},
  {"projected_maintenance_margin"},
  {"session_upl"},
  {"projected_delta_total"},
  {"initial_margin"},
  {"options_pl"},
  {"options_vega_map"},
  {"margin_balance"},
  {"balance", into<&deribit_portfolio::content, &trading::balance::total>,
   required},
  {"maintenance_margin"},
  {"total_initial_margin_usd"},
  {"additional_reserve"},
  {"locked_balance"},
  {"options_value"},
  {"options_delta"},
  {"margin_model"},
  {"portfolio_margining_enabled"},
  {"options_gamma"},
  {"available_funds", into<&deribit_portfolio::available_funds>},
  {"cross_collateral_enabled", into<&deribit_portfolio::is_cross>},
  {"delta_total"},
  {"options_theta_map"},
  {"spot_reserve"},
  {"total_equity_usd"},
  {"options_theta"},
  {"futures_session_upl"},
  {"delta_total_map"},
  {"session_rpl"},
  {"futures_pl"},
  {"available_withdrawal_funds", into<&deribit_portfolio::withdrawable>},
  {"options_vega"},
  {"equity"},
  {"total_pl"},
  {"currency", into<&deribit_portfolio::content, &trading::balance::currency>,
   required},
  {"total_margin_balance_usd"},
};

/// Reads what the account has of a currency. With cross collateral the venue
/// converts all its currencies into the available funds of each.
void read_deribit_portfolio(market_reader& in, account_updates& out) {
  out.emplace_back(trading::balance{});
  deribit_portfolio draft{&std::get<trading::balance>(out.back())};
  in.read_object<deribit_portfolio_members>(draft);
  draft.content->available = draft.is_cross ? draft.withdrawable
                                            : draft.available_funds;
  if (draft.content->currency.empty())
    in.complain("currency", "is not the name of a currency");
}

// -- messages and answers -----------------------------------------------------

/// docs.deribit.com, user.changes.{instrument_name}.{interval}.
constexpr member<account_updates> deribit_changes_members[] = {
  {"trades", read_deribit_trades},
  {"positions",
   [](auto& in, auto& to) {
     in.each_element([&] { read_deribit_position(in, to); });
   }},
  {"orders", read_deribit_orders},
  {"instrument_name"},
};

void read_deribit_changes(market_reader& in, account_updates& out) {
  auto first = out.size();
  in.read_object<deribit_changes_members>(out);
  adopt_deribit_sides(std::span{out}.subspan(first));
}

/// docs.deribit.com, private/buy and private/edit.
constexpr member<account_updates> deribit_placement_members[] = {
  {"order", read_deribit_order, required},
  {"trades", read_deribit_trades},
};

void read_deribit_placement(market_reader& in, account_updates& out) {
  auto first = out.size();
  in.read_object<deribit_placement_members>(out);
  adopt_deribit_sides(std::span{out}.subspan(first));
}

/// Reads the orders of a label. A stop that was triggered and the order that it
/// has placed are two of them; the one that is over comes last, as it decides.
void read_deribit_label_orders(market_reader& in, account_updates& out) {
  auto first = std::ssize(out);
  read_deribit_orders(in, out);
  std::stable_partition(out.begin() + first, out.end(), [](auto& x) {
    return !is_final(std::get<order_report>(x).state);
  });
}

/// Answer of `private/get_user_trades_by_instrument`.
constexpr member<account_updates> deribit_old_trades_members[] = {
  {"trades", read_deribit_trades, required},
  {"has_more"},
};

void read_deribit_old_trades(market_reader& in, account_updates& out) {
  in.read_object<deribit_old_trades_members>(out);
}

/// docs.deribit.com, "Detailed response for cancel methods".
constexpr member<account_updates> deribit_cancellation_members[] = {
  {"type"},
  {"result", read_deribit_orders},
  {"instrument_name"},
  {"currency"},
  {"error",
   [](auto& in, auto&) {
     if (in.peek() != json_kind::null)
       in.complain("tells of orders that were not canceled");
     in.skip();
   }},
};

/// Reads which orders were canceled, or how many.
void read_deribit_cancellations(market_reader& in, account_updates& out) {
  if (in.peek() == json_kind::number)
    return in.skip();
  in.each_element([&] { in.read_object<deribit_cancellation_members>(out); });
}

/// Content of a channel, or of the answer to a method.
struct deribit_content {
  /// The method, or how the names of channels begin.
  std::string_view name;

  void (*read)(market_reader& in, account_updates& out);
};

constexpr deribit_content deribit_channels[] = {
  {"user.changes.", read_deribit_changes},
  {"user.portfolio.", read_deribit_portfolio},
  {"user.trades.", read_deribit_trades},
  {"user.orders.",
   [](auto& in, auto& out) { // raw ones bring orders one by one
     if (in.peek() == json_kind::object)
       read_deribit_order(in, out);
     else
       read_deribit_orders(in, out);
   }},
};

constexpr deribit_content deribit_answers[] = {
  {"private/buy", read_deribit_placement},
  {"private/sell", read_deribit_placement},
  {"private/edit", read_deribit_placement},
  {"private/edit_by_label", read_deribit_placement},
  {"private/cancel", read_deribit_order},
  {"private/cancel_by_label", read_deribit_cancellations},
  {"private/cancel_all", read_deribit_cancellations},
  {"private/cancel_all_by_instrument", read_deribit_cancellations},
  {"private/get_order_state", read_deribit_order},
  {"private/get_order_state_by_label", read_deribit_label_orders},
  {"private/get_open_orders_by_instrument", read_deribit_orders},
  {"private/get_user_trades_by_instrument", read_deribit_old_trades},
  {"private/get_position", read_deribit_position},
};

} // namespace

error read_deribit_news(std::string_view channel, const json_value& data,
                        trading::account_updates& out) {
  for (auto& x : deribit_channels)
    if (channel.starts_with(x.name)) {
      market_reader in{data};
      x.read(in, out);
      return in.problem();
    }
  return {};
}

error read_deribit_answer(std::string_view method, std::string_view result,
                          trading::account_updates& out) {
  for (auto& x : deribit_answers)
    if (method == x.name) {
      market_reader in{result};
      x.read(in, out);
      return in.problem();
    }
  return {};
}

} // namespace zenws::internal
