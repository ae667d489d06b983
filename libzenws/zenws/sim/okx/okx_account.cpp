// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/okx/okx_account.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/okx/okx_push.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cmath>

namespace zenws::sim {

namespace {

// -- values -------------------------------------------------------------------

std::string okx_number(double x) {
  auto rounded = std::round(x * 1e8) / 1e8;
  return shortest_decimal(rounded == 0 ? 0.0 : rounded);
}

void write_empty(json_writer& out, std::initializer_list<const char*> names) {
  for (auto name : names)
    out.member(name, "");
}

const char* okx_state(const order& entry) noexcept {
  switch (entry.state) {
    case order_state::open:
      return entry.filled > 0 ? "partially_filled" : "live";
    case order_state::filled:
      return "filled";
    default:
      return "canceled";
  }
}

const char* okx_order_type(const order& entry) noexcept {
  using enum order_validity;
  if (entry.type == order_type::market)
    return entry.validity == immediate_or_cancel ? "optimal_limit_ioc"
                                                 : "market";
  if (entry.post_only)
    return "post_only";
  if (entry.validity == good_til_cancelled)
    return "limit";
  return entry.validity == fill_or_kill ? "fok" : "ioc";
}

// okx.com/docs-v5, "WS / Order channel", cancelSource.
const char* okx_cancel_source(const order& entry) noexcept {
  using enum order_validity;
  if (entry.state != order_state::cancelled)
    return "";
  if (entry.reason == "user_request")
    return "1";
  if (entry.post_only)
    return "31";
  if (entry.validity == good_til_cancelled)
    return "0";
  return entry.validity == fill_or_kill ? "13" : "14";
}

// The name by which a channel is told of an order; one that came by another
// venue has several.
std::optional<std::string> okx_name_for(const okx_arg& arg,
                                        const order& entry) {
  auto names = entry.venue_instrument.empty()
                 ? okx_names(entry.instrument)
                 : std::vector{entry.venue_instrument};
  auto found = std::ranges::find_if(names, [&](const std::string& x) {
    return arg.covers(x);
  });
  return found != names.end() ? std::optional{*found} : std::nullopt;
}

// -- orders -------------------------------------------------------------------

// "Negative number represents the user transaction fee", which is in the
// currency of settlement always: "spot fee in quote currency" is on.
void write_okx_fill(json_writer& out, const fill& x,
                    const std::string& currency) {
  out.member("execType", x.role == fill_role::maker ? "M" : "T");
  out.member("fillFee", okx_number(-x.fee));
  out.member("fillFeeCcy", currency);
  out.member("fillPnl", okx_number(x.profit));
  out.member("fillPx", okx_number(x.price));
  out.member("fillSz", okx_number(x.amount));
  out.member("fillTime", okx_time(x.time));
  out.member("tradeId", std::to_string(x.number));
}

void write_no_fill(json_writer& out) {
  write_empty(out, {"execType", "fillFeeCcy", "fillPx", "fillTime", "tradeId"});
  out.member("fillFee", "0");
  out.member("fillPnl", "0");
  out.member("fillSz", "0");
}

// @param x the fill that the row is about, or null
void write_okx_row(json_writer& out, const order& entry,
                   const std::string& name, const fill* x) {
  auto is_swap = is_okx_swap(name);
  auto currency = settlement_currency(name);
  auto is_market = entry.type == order_type::market;
  out.begin_object();
  out.member("accFillSz", okx_number(entry.filled));
  out.member("amendResult", entry.replaced ? "0" : "");
  out.member("amendSource", entry.replaced ? "1" : "");
  out.member("avgPx", okx_number(average_price(entry)));
  out.member("cTime", okx_time(entry.created));
  out.member("cancelSource", okx_cancel_source(entry));
  out.member("category", "normal");
  out.member("ccy", is_swap ? currency : std::string{});
  out.member("clOrdId", entry.label);
  out.member("code", "0");
  out.member("fee", okx_number(-entry.fees));
  out.member("feeCcy", currency);
  out.member("instId", name);
  out.member("instType", okx_type(name));
  out.member("lever", is_swap ? "1" : "0");
  out.member("ordId", okx_order_id(entry));
  out.member("ordType", okx_order_type(entry));
  out.member("pnl", x ? okx_number(x->profit) : std::string{"0"});
  out.member("posSide", is_swap ? "net" : "");
  out.member("px", is_market ? std::string{} : okx_number(entry.price));
  out.member("rebate", "0");
  out.member("rebateCcy", currency);
  out.member("reduceOnly", entry.reduce_only ? "true" : "false");
  out.member("side", entry.direction == order_direction::buy ? "buy" : "sell");
  out.member("state", okx_state(entry));
  out.member("stpMode", "cancel_maker");
  out.member("sz", okx_number(entry.amount));
  out.member("tdMode", is_swap ? "cross" : "cash");
  out.member("tgtCcy", is_market && !is_swap ? "base_ccy" : "");
  out.member("uTime", okx_time(entry.updated));
  write_empty(out,
              {"algoClOrdId", "algoId", "attachAlgoClOrdId",
               "cancelSourceReason", "msg", "pxType", "pxUsd", "pxVol", "reqId",
               "slOrdPx", "slTriggerPx", "slTriggerPxType", "source", "stpId",
               "tag", "tpOrdPx", "tpTriggerPx", "tpTriggerPxType"});
  out.key("attachAlgoOrds").begin_array();
  out.end_array();
  if (x)
    write_okx_fill(out, *x, currency);
  else
    write_no_fill(out);
  out.end_object();
}

// Stops are algo orders, which have a channel of their own.
bool has_okx_words(const order& entry) noexcept {
  return entry.state == order_state::open || entry.state == order_state::filled
         || entry.state == order_state::cancelled;
}

// The end of an order that was filled before.
bool needs_last_row(const order_change& change) noexcept {
  if (change.part == told_part::fills_only)
    return false;
  return change.fills.empty() || change.entry.state == order_state::cancelled;
}

// -- positions and balances ---------------------------------------------------

// Tells one position from another.
std::string okx_position_id(std::string_view instrument) {
  uint64_t sum = 307'173'036'051;
  for (auto c : instrument)
    sum = sum * 31 + static_cast<unsigned char>(c);
  return std::to_string(sum);
}

void write_okx_position(json_writer& out, const position& held) {
  auto time = okx_time(held.updated);
  out.begin_object();
  out.member("instType", okx_type(held.instrument));
  out.member("instId", held.instrument);
  out.member("mgnMode", "cross");
  out.member("posId", okx_position_id(held.instrument));
  out.member("posSide", "net");
  out.member("pos", okx_number(held.size));
  out.member("avgPx",
             held.size == 0 ? std::string{} : okx_number(held.average_price));
  out.member("ccy", settlement_currency(held.instrument));
  out.member("lever", "1");
  out.member("tradeId", std::to_string(held.last_fill));
  out.member("cTime", time);
  out.member("uTime", time);
  out.member("pTime", okx_time(wall_clock()));
  write_empty(out, {"availPos", "posCcy", "liab", "liabCcy", "optVal"});
  out.end_object();
}

void write_okx_balance(json_writer& out, const balance& x,
                       const std::string& time) {
  auto total = okx_number(x.total);
  out.begin_object();
  out.member("ccy", x.currency);
  for (auto name : {"cashBal", "eq", "availBal", "availEq"})
    out.member(name, total);
  for (auto name : {"frozenBal", "ordFrozen", "upl", "fixedBal"})
    out.member(name, "0");
  out.member("uTime", time);
  out.end_object();
}

void write_okx_balances(json_writer& out, const std::vector<balance>& all) {
  auto time = okx_time(wall_clock());
  out.begin_object();
  out.member("uTime", time);
  write_empty(out, {"totalEq", "adjEq", "imr", "mmr", "mgnRatio", "upl"});
  out.key("details").begin_array();
  for (auto& x : all)
    write_okx_balance(out, x, time);
  out.end_array();
  out.end_object();
}

// "Not included in `event_update` events": the pages of a snapshot.
void write_event(json_writer& out) {
  out.member("eventType", "event_update");
}

void write_whole(json_writer& out) {
  out.member("eventType", "snapshot");
  out.member("curPage", int64_t{1});
  out.member("lastPage", true);
}

} // namespace

std::string okx_order_id(const order& entry) {
  constexpr uint64_t first = 2'500'000'000'000'000'000;
  return std::to_string(first + number_of(entry));
}

std::optional<std::string> okx_order_news(const okx_arg& arg,
                                          std::string_view uid,
                                          const order_change& change) {
  auto name = okx_name_for(arg, change.entry);
  if (!name || !has_okx_words(change.entry))
    return std::nullopt;
  auto rows = [&](json_writer& out) {
    for (auto& x : change.fills)
      write_okx_row(out, x.of, *name, &x);
    if (needs_last_row(change))
      write_okx_row(out, change.entry, *name, nullptr);
  };
  return push_rows(
    arg, [](json_writer&) {}, rows, uid);
}

std::optional<std::string> okx_position_news(const okx_arg& arg,
                                             std::string_view uid,
                                             const order_change& change) {
  if (!change.held || !is_okx_swap(change.held->instrument)
      || !arg.covers(change.held->instrument))
    return std::nullopt;
  return push_rows(
    arg, write_event,
    [&](json_writer& out) { write_okx_position(out, *change.held); }, uid);
}

// "Only position with non-zero position quantity will be pushed."
std::string okx_position_snapshot(const okx_arg& arg, std::string_view uid,
                                  const std::vector<position>& all) {
  auto rows = [&](json_writer& out) {
    for (auto& x : all)
      if (x.size != 0 && is_okx_swap(x.instrument) && arg.covers(x.instrument))
        write_okx_position(out, x);
  };
  return push_rows(arg, write_whole, rows, uid);
}

std::string okx_balance_news(const okx_arg& arg, std::string_view uid,
                             const std::vector<balance>& changed) {
  return push_rows(
    arg, write_event,
    [&](json_writer& out) { write_okx_balances(out, changed); }, uid);
}

std::string okx_balance_snapshot(const okx_arg& arg, std::string_view uid,
                                 const std::vector<balance>& all) {
  return push_rows(
    arg, write_whole, [&](json_writer& out) { write_okx_balances(out, all); },
    uid);
}

} // namespace zenws::sim
