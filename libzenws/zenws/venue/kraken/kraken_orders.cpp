// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/kraken/kraken_orders.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/venue/internal/account_values.hpp"
#include "zenws/venue/internal/order_check.hpp"
#include "zenws/venue/internal/venue_members.hpp"
#include "zenws/venue/kraken/internal/kraken_execution.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

namespace {

using namespace std::chrono_literals;
using namespace trading;

using internal::into;
using internal::into_client_id;
using internal::into_name;
using internal::into_side;
using internal::into_unless_null;
using internal::json_writer;
using internal::market_reader;
using internal::member;

using market::decimal;

using enum internal::presence;

// -- balances -----------------------------------------------------------------

// docs.kraken.com/api, "Balances": the balance of a snapshot as well as that of
// an update is what the account has in all of its wallets. What orders bind is
// not told.
constexpr member<balance> balance_members[] = {
  {"ledger_id"},
  {"ref_id"},
  {"timestamp", into_unless_null<&balance::time>},
  {"type"},
  {"subtype"},
  {"asset", into_name<&balance::currency>, required},
  {"asset_class"},
  {"category"},
  {"wallet_type"},
  {"wallet_id"},
  {"amount"},
  {"fee"},
  {"balance", into<&balance::total>, required},
  {"wallets"},
};

error decode_balances(const envelope& message, account_updates& out) {
  market_reader in{message.data};
  in.each_element([&] {
    balance x;
    in.read_object<balance_members>(x);
    in.require(!x.currency.empty(), "asset");
    out.emplace_back(x);
  });
  return in.problem();
}

// -- executions ---------------------------------------------------------------

error unknown_order(const order_key& order) {
  return {ec::invalid_data, "\"symbol\" or \"side\" is missing, and order "
                              + std::string{order.venue_id.view()}
                              + " is not known"};
}

// -- answers ------------------------------------------------------------------

/// A new order as it was requested.
struct placed_order {
  order_report report{};
  std::optional<order_side> side{};

  /// The order was checked only, and not placed.
  bool is_test = false;
};

constexpr member<placed_order> placed_members[] = {
  {"order_type"},
  {"side", into_side<&placed_order::side>, required},
  {"symbol",
   into<&placed_order::report, &order_report::order, &order_key::instrument>,
   required},
  {"order_qty", into<&placed_order::report, &order_report::amount>},
  {"limit_price", into<&placed_order::report, &order_report::price>},
  {"cl_ord_id",
   into_client_id<&placed_order::report, &order_report::order, &order_key::id>},
  {"validate", into_unless_null<&placed_order::is_test>},
};

constexpr member<order_report> placement_members[] = {
  {"order_id", into_name<&order_report::order, &order_key::venue_id>, required},
  {"cl_ord_id"},
  {"order_userref"},
  {"warnings"},
};

// -- requests -----------------------------------------------------------------

error bad_value(std::string problem) {
  return {ec::invalid_config, std::move(problem)};
}

// docs.kraken.com/api, "Add Order", members `cl_ord_id`, which may also be a
// UUID, and `time_in_force`.
error check_order(const order_request& order, const client_order_id& id) {
  if (auto problem = internal::check_order(order, id))
    return problem;
  if (id.view().size() > 18)
    return bad_value("the client's id has more than 18 characters");
  if (order.validity == time_in_force::fill_or_kill
      && order.type != order_type::limit)
    return {ec::not_supported, "only limit orders can be fill-or-kill"};
  return {};
}

std::string_view type_name(order_type type) noexcept {
  switch (type) {
    case order_type::market:
      return "market";
    case order_type::stop_limit:
      return "stop-loss-limit";
    case order_type::stop_market:
      return "stop-loss";
    default:
      return "limit";
  }
}

/// Returns a time in the form of RFC 3339.
std::string time_text(std::chrono::sys_time<std::chrono::milliseconds> time) {
  auto day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day date{day};
  std::chrono::hh_mm_ss clock{time - day};
  char text[64];
  auto size = std::snprintf(
    text, sizeof(text), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
    static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()),
    static_cast<int>(clock.subseconds().count()));
  return {text, static_cast<size_t>(size)};
}

// docs.kraken.com/api, "Add Order" and "Amend Order", member `deadline`: 500 ms
// to 60 s from now, else 5 s. The nearest is told.
void write_deadline(json_writer& out, const request_time& at) {
  auto lifetime = std::clamp<std::chrono::milliseconds>(at.lifetime, 500ms,
                                                        60s);
  out.key("deadline").string(time_text(at.now + lifetime));
}

void write_number(json_writer& out, std::string_view name, decimal x) {
  out.key(name).raw(to_string(x));
}

// docs.kraken.com/api, "Add Order", member `triggers`.
void write_trigger(json_writer& out, decimal price) {
  out.key("triggers").begin_object();
  out.key("reference").string("last");
  write_number(out, "price", price);
  out.key("price_type").string("static");
  out.end_object();
}

/// Writes what differs from the defaults of the venue. An order that is not on
/// margin cannot reduce a position, and might trade what it must not.
void write_flags(json_writer& out, const order_request& order) {
  if (order.validity == time_in_force::immediate_or_cancel)
    out.key("time_in_force").string("ioc");
  else if (order.validity == time_in_force::fill_or_kill)
    out.key("time_in_force").string("fok");
  if (order.post_only)
    out.key("post_only").boolean(true);
  if (order.reduce_only) {
    out.key("margin").boolean(true);
    out.key("reduce_only").boolean(true);
  }
}

result<order_call> call_of(std::string method, json_writer& params,
                           std::string_view venue_members = {}) {
  auto text = internal::with_venue_members(params.end_object().take(),
                                           venue_members);
  if (!text)
    return text.error();
  return order_call{std::move(method), std::move(*text)};
}

error nameless() {
  return bad_value("an order must be named by an id");
}

} // namespace

// -- properties ---------------------------------------------------------------

order_lookup kraken_orders::lookup() const noexcept {
  return order_lookup::snapshot;
}

departure_rule kraken_orders::departure() const noexcept {
  return departure_rule::cancel_after;
}

bool kraken_orders::tells_position(
  const market::instrument_name&) const noexcept {
  return false;
}

// -- channels -----------------------------------------------------------------

// docs.kraken.com/api, "Executions": fills are in the snapshot on demand only.
std::vector<channel_spec>
kraken_orders::channels(const std::vector<market::instrument_name>&) const {
  auto access = channel_access::authenticated_only;
  return {{.name = "executions",
           .arguments
           = R"({"snap_orders":true,"snap_trades":true,"ratecounter":true})",
           .access = access},
          {.name = "balances",
           .arguments = R"({"snapshot":true})",
           .access = access}};
}

// -- messages -----------------------------------------------------------------

error kraken_orders::decode(const envelope& message, account_updates& out) {
  auto is_balances = message.channel.is("balances");
  if (message.method || (!is_balances && !message.channel.is("executions")))
    return {};
  if (!message.event.is("snapshot") && !message.event.is("update"))
    return {ec::invalid_data, "\"type\" is neither snapshot nor update"};
  return is_balances ? decode_balances(message, out)
                     : decode_executions(message, out);
}

bool kraken_orders::tells_open_orders(const envelope& message) const noexcept {
  return message.channel.is("executions") && message.event.is("snapshot");
}

error kraken_orders::decode_executions(const envelope& message,
                                       account_updates& out) {
  auto all = internal::read_kraken_executions(message.data);
  if (!all)
    return all.error();
  // A snapshot says "filled" of each old fill, without the amount that is
  // filled of its order: no proof that the order is.
  auto tells_state = [is_snapshot = message.event.is("snapshot")](auto& x) {
    return !is_snapshot || !x.is_trade;
  };
  // In advance, as fills may precede the orders that they belong to.
  for (auto& x : *all)
    if (tells_state(x) && !x.end && !x.comes_after_end() && x.is_described())
      remember(x);
  for (auto& x : *all) {
    complete(x);
    if (!x.is_described() && x.comes_after_end())
      continue;
    if (!x.is_described())
      return unknown_order(x.order);
    if (x.is_trade)
      out.emplace_back(fill_of(x));
    if (tells_state(x))
      out.emplace_back(report_of(x));
    if (x.end)
      open_.erase(x.order.venue_id);
  }
  return {};
}

/// Adds what earlier messages told about the order.
void kraken_orders::complete(internal::kraken_execution& x) const {
  auto pos = open_.find(x.order.venue_id);
  if (pos == open_.end())
    return;
  auto& known = pos->second;
  if (x.order.instrument.empty())
    x.order.instrument = known.instrument;
  if (x.order.id.empty())
    x.order.id = known.id;
  if (!x.side)
    x.side = known.side;
}

void kraken_orders::remember(const internal::kraken_execution& x) {
  // So many are here only if the ends of others were missed. Any one will do:
  // news of one that is open lead to a snapshot, which brings it back.
  if (open_.size() >= max_known_orders && !open_.contains(x.order.venue_id))
    open_.erase(open_.begin());
  auto& known = open_[x.order.venue_id];
  known.instrument = x.order.instrument;
  known.side = *x.side;
  if (!x.order.id.empty())
    known.id = x.order.id;
}

// -- requests -----------------------------------------------------------------

result<order_call> kraken_orders::place(const order_request& order,
                                        const client_order_id& id,
                                        const request_time& at) const {
  if (auto problem = check_order(order, id))
    return problem;
  json_writer params;
  params.begin_object();
  params.key("order_type").string(type_name(order.type));
  params.key("side").string(to_string(order.side));
  params.key("symbol").string(order.instrument.view(), "the instrument");
  write_number(params, "order_qty", order.amount);
  if (order.price)
    write_number(params, "limit_price", *order.price);
  if (order.trigger)
    write_trigger(params, *order.trigger);
  write_flags(params, order);
  params.key("cl_ord_id").string(id.view(), "the client's id");
  write_deadline(params, at);
  return call_of("add_order", params, order.venue_members);
}

// docs.kraken.com/api, "Amend Order". The quantity includes what is filled: if
// it is less than that, the rest is canceled. The symbol is needed for pairs of
// tokenized stocks.
result<order_call> kraken_orders::amend(const amend_request& change,
                                        const request_time& at) const {
  auto& order = change.order;
  if (auto problem = internal::check_change(change))
    return problem;
  json_writer params;
  params.begin_object();
  if (!order.id.empty())
    params.key("cl_ord_id").string(order.id.view(), "the client's id");
  else if (!order.venue_id.empty())
    params.key("order_id").string(order.venue_id.view(), "the venue's id");
  else
    return nameless();
  if (!order.instrument.empty())
    params.key("symbol").string(order.instrument.view(), "the instrument");
  if (change.amount)
    write_number(params, "order_qty", *change.amount);
  if (change.price)
    write_number(params, "limit_price", *change.price);
  // It is an option of the amendment: without it, the order may take.
  if (change.price && change.post_only)
    params.key("post_only").boolean(true);
  write_deadline(params, at);
  return call_of("amend_order", params);
}

// docs.kraken.com/api, "Cancel Order": lists of ids of one kind, an answer
// each.
result<order_call> kraken_orders::cancel(const order_key& order,
                                         const request_time&) const {
  json_writer params;
  params.begin_object();
  if (!order.id.empty())
    params.key("cl_ord_id")
      .begin_array()
      .string(order.id.view(), "the client's id");
  else if (!order.venue_id.empty())
    params.key("order_id")
      .begin_array()
      .string(order.venue_id.view(), "the venue's id");
  else
    return nameless();
  params.end_array();
  return call_of("cancel_order", params);
}

// docs.kraken.com/api, "Cancel All": it has no parameter but the token.
result<order_call>
kraken_orders::cancel_all(const market::instrument_name& instrument,
                          const request_time&) const {
  if (!instrument.empty())
    return error{ec::not_supported,
                 "Kraken cancels orders one by one or those of the account"};
  return order_call{"cancel_all", "{}"};
}

// docs.kraken.com/api, "Cancel on Disconnect", member `timeout`: in seconds,
// less than 86400; 0 switches it off.
result<order_call> kraken_orders::guard(std::chrono::seconds time,
                                        const request_time&) const {
  if (time < 0s || time >= 24h)
    return bad_value("the time of a guard must be less than a day");
  json_writer params;
  params.begin_object();
  params.key("timeout").number(time.count());
  return call_of("cancel_all_orders_after", params);
}

// -- questions ----------------------------------------------------------------

error kraken_orders::read_answer(const order_call& request,
                                 std::string_view result,
                                 account_updates& out) const {
  if (request.method != "add_order")
    return {};
  placed_order order;
  market_reader sent{request.params};
  sent.read_object<placed_members>(order);
  if (auto problem = sent.problem())
    return problem;
  if (order.is_test)
    return {};
  order.report.side = *order.side;
  market_reader in{result};
  in.read_object<placement_members>(order.report);
  in.require(!order.report.order.venue_id.empty(), "order_id");
  if (auto problem = in.problem())
    return problem;
  out.emplace_back(std::move(order.report));
  return {};
}

// docs.kraken.com/exchange/guides/general/errors.
bool kraken_orders::is_absence(const rpc_error& refusal) const noexcept {
  return refusal.message.starts_with("EOrder:Unknown order");
}

} // namespace zenws
