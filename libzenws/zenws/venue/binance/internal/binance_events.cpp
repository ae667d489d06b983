// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/binance/internal/binance_events.hpp"

#include "zenws/market/exact_sum.hpp"
#include "zenws/venue/binance/internal/binance_drafts.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <variant>

namespace zenws::internal {

namespace {

using namespace binance;
using namespace trading;

using market::decimal;
using market::venue_time;

using enum presence;

// -- executions ---------------------------------------------------------------

/// An order and what has happened to it.
struct execution : order_draft {
  fill latest{};
  std::string kind{};
  int64_t trade = 0;
  venue_time sent{};

  /// The venue has placed the order to close a position.
  bool is_of_venue = false;
};

template <auto Member>
constexpr auto into_latest = into<&execution::latest, Member>;

void read_kind(market_reader& in, execution& to) {
  to.kind = in.text();
}

void read_trade(market_reader& in, execution& to) {
  to.trade = in.signed_integer();
}

/// Liquidations, deleveraging, and settlements of what is delisted or delivered
/// ("Event: Trade Lite Update"). Ids of ours have no such signs.
bool is_id_of_venue(std::string_view id) noexcept {
  return id.starts_with("autoclose-") || id.starts_with("adl_autoclose")
         || id.starts_with("settlement_autoclose-")
         || id.starts_with("delivery_autoclose-");
}

void read_order_id(market_reader& in, execution& to) {
  auto text = in.text();
  to.is_of_venue = is_id_of_venue(text);
  to.content.order.id = client_order_id::make(text).value_or(client_order_id{});
}

/// user-data-stream.md, "Order Update".
constexpr member<execution> spot_order_members[] = {
  {"e"},
  {"E", into<&execution::sent>},
  {"s", read_instrument, required},
  {"c", read_order_id, required},
  {"S", read_side, required},
  {"o"},
  {"f"},
  {"q", into_report<&order_report::amount>},
  {"p", into_report<&order_report::price>},
  {"P"},
  {"F"},
  {"g"},
  {"C", read_original},
  {"x", read_kind, required},
  {"X", read_state, required},
  {"r", read_reason},
  {"i", read_venue_id, required},
  {"l", into_latest<&fill::amount>, required},
  {"z", into_report<&order_report::filled>, required},
  {"L", into_latest<&fill::price>, required},
  {"n", into_latest<&fill::fee>},
  {"N", into_latest<&fill::fee_currency>},
  {"T", into_report<&order_report::time>},
  {"t", read_trade, required},
  {"v"},
  {"I"},
  {"w"},
  {"m", into_liquidity<&execution::latest, &fill::liquidity>},
  {"M"},
  {"O"},
  {"Z"},
  {"Y"},
  {"Q"},
  {"W"},
  {"V"},
  {"eR", read_reason},
};

/// "Event: Order Update", member o.
constexpr member<execution> futures_order_members[] = {
  {"s", read_instrument, required},
  {"c", read_order_id, required},
  {"S", read_side, required},
  {"o"},
  {"f"},
  {"q", into_report<&order_report::amount>},
  {"p", into_report<&order_report::price>},
  {"ap", into_report<&order_report::average_price>},
  {"sp"},
  {"x", read_kind, required},
  {"X", read_state, required},
  {"i", read_venue_id, required},
  {"l", into_latest<&fill::amount>, required},
  {"z", into_report<&order_report::filled>, required},
  {"L", into_latest<&fill::price>, required},
  {"N", into_latest<&fill::fee_currency>},
  {"n", into_latest<&fill::fee>},
  {"T", into_report<&order_report::time>},
  {"t", read_trade, required},
  {"b"},
  {"a"},
  {"m", into_liquidity<&execution::latest, &fill::liquidity>},
  {"R"},
  {"wt"},
  {"ot"},
  {"ps"},
  {"cp"},
  {"AP"},
  {"cr"},
  {"pP"},
  {"si"},
  {"ss"},
  {"rp"},
  {"V"},
  {"pm"},
  {"gtd"},
  {"er", read_reason},
};

constexpr member<execution> futures_event_members[] = {
  {"e"},
  {"T"},
  {"E", into<&execution::sent>},
  {"o",
   [](market_reader& in, execution& to) {
     in.read_object<futures_order_members>(to);
   },
   required},
};

/// Returns an id without equal for an execution that has no number: allocations
/// of spot have none, and it is not documented that liquidations have one. The
/// amount filled so far grows with each execution of an order.
fill_id id_of(const execution& x) {
  auto text = x.trade > 0 ? std::to_string(x.trade)
                          : std::string{x.content.order.venue_id.view()} + ':'
                              + to_string(x.content.filled.value_or(decimal{}));
  return fill_id::make(text).value_or(fill_id{});
}

void add_fill(const execution& x, account_updates& out) {
  auto next = x.latest;
  next.order = x.content.order;
  next.id = id_of(x);
  next.side = x.content.side;
  next.time = x.content.time;
  out.emplace_back(next);
}

/// Orders of the venue bring their fills only: what becomes of them is not told
/// reliably ("X shows as NEW", "Event: Order Update"), and nobody can cancel
/// them.
void add_execution(execution& x, account_updates& out) {
  x.finish();
  if (x.content.time == venue_time{})
    x.content.time = x.sent;
  auto is_of_venue = x.is_of_venue || x.kind == "CALCULATED";
  if (is_of_venue)
    x.content.order.id = {};
  auto is_trade = x.kind == "TRADE" || x.kind == "CALCULATED";
  if (is_trade && !x.latest.amount.is_zero())
    add_fill(x, out);
  if (!is_of_venue)
    out.emplace_back(std::move(x.content));
}

template <const auto& Members>
void read_execution(market_reader& in, account_updates& out) {
  execution draft;
  in.read_object<Members>(draft);
  add_execution(draft, out);
}

// -- balances and positions ---------------------------------------------------

struct account_draft {
  account_updates* out;
  venue_time sent{};
  venue_time time{};
  bool is_hedged = false;
};

struct spot_balance {
  balance content{};
  decimal locked{};
};

constexpr member<spot_balance> spot_balance_members[] = {
  {"a", into<&spot_balance::content, &balance::currency>, required},
  {"f", into<&spot_balance::content, &balance::available>, required},
  {"l", into<&spot_balance::locked>, required},
};

void read_spot_balance(market_reader& in, account_draft& to) {
  spot_balance draft;
  in.read_object<spot_balance_members>(draft);
  auto& content = draft.content;
  in.require(!content.currency.empty(), "a");
  in.require(content.available.has_value(), "f");
  market::exact_sum sum;
  sum.add(content.available.value_or(decimal{}));
  sum.add(draft.locked);
  auto total = sum.value();
  if (!total)
    in.complain("l", "is not a number that can be added");
  content.total = total.value_or(decimal{});
  to.out->emplace_back(content);
}

/// user-data-stream.md, "Account Update".
constexpr member<account_draft> spot_balances_members[] = {
  {"e"},
  {"E", into<&account_draft::sent>},
  {"u", into<&account_draft::time>},
  {"B",
   [](auto& in, auto& to) {
     in.each_element([&] { read_spot_balance(in, to); });
   },
   required},
};

/// What is not bound by margins is not told: "cw" is the wallet of all crossed
/// positions.
constexpr member<balance> futures_balance_members[] = {
  {"a", into<&balance::currency>, required},
  {"wb", into<&balance::total>, required},
  {"cw"},
  {"bc"},
};

void read_futures_balance(market_reader& in, account_draft& to) {
  balance content;
  in.read_object<futures_balance_members>(content);
  in.require(!content.currency.empty(), "a");
  to.out->emplace_back(content);
}

constexpr member<position_draft> position_members[] = {
  {"s", into_position<&position::instrument>, required},
  {"pa", into_position<&position::amount>, required},
  {"ep", into_position<&position::average_price>},
  {"bep"},
  {"cr"},
  {"up"},
  {"mt"},
  {"iw"},
  {"ps", read_position_side, required},
};

void read_position(market_reader& in, account_draft& to) {
  position_draft draft;
  in.read_object<position_members>(draft);
  draft.finish();
  to.is_hedged |= draft.side != "BOTH";
  to.out->emplace_back(draft.content);
}

/// "Event: Balance and Position Update", member a.
constexpr member<account_draft> futures_account_members[] = {
  {"m"},
  {"B",
   [](auto& in, auto& to) {
     in.each_element([&] { read_futures_balance(in, to); });
   }},
  {"P",
   [](auto& in, auto& to) { in.each_element([&] { read_position(in, to); }); }},
};

constexpr member<account_draft> futures_account_event_members[] = {
  {"e"},
  {"T", into<&account_draft::time>},
  {"E", into<&account_draft::sent>},
  {"a",
   [](market_reader& in, account_draft& to) {
     in.read_object<futures_account_members>(to);
   },
   required},
};

void set_time(account_update& to, venue_time time) {
  std::visit([=](auto& x) { x.time = time; }, to);
}

/// Leaves out the positions of an account in hedge mode: LONG and SHORT are two
/// of one instrument, and neither of them is all that the account has.
template <const auto& Members>
void read_account(market_reader& in, account_updates& out) {
  auto first = static_cast<std::ptrdiff_t>(out.size());
  account_draft draft{&out};
  in.read_object<Members>(draft);
  if (draft.is_hedged) {
    auto is_position = [](auto& x) {
      return std::holds_alternative<position>(x);
    };
    out.erase(std::remove_if(out.begin() + first, out.end(), is_position),
              out.end());
  }
  auto time = draft.time != venue_time{} ? draft.time : draft.sent;
  std::for_each(out.begin() + first, out.end(),
                [=](auto& x) { set_time(x, time); });
}

} // namespace

// -- events -------------------------------------------------------------------

binance_event binance_event_of(std::string_view name) noexcept {
  if (name == "executionReport")
    return binance_event::spot_order;
  if (name == "outboundAccountPosition")
    return binance_event::spot_balances;
  if (name == "ORDER_TRADE_UPDATE")
    return binance_event::futures_order;
  if (name == "ACCOUNT_UPDATE")
    return binance_event::futures_account;
  return binance_event::other;
}

void read_binance_event(market_reader& in, binance_event kind,
                        account_updates& out) {
  switch (kind) {
    case binance_event::spot_order:
      return read_execution<spot_order_members>(in, out);
    case binance_event::spot_balances:
      return read_account<spot_balances_members>(in, out);
    case binance_event::futures_order:
      return read_execution<futures_event_members>(in, out);
    case binance_event::futures_account:
      return read_account<futures_account_event_members>(in, out);
    default:
      in.skip();
  }
}

} // namespace zenws::internal
