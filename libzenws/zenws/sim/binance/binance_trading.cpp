// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_trading.hpp"

#include "zenws/sim/binance/binance_order_text.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

namespace zenws::sim {

namespace {

// Largest whole number that a double distinguishes from its neighbors.
constexpr double largest_id = 9e15;

constexpr const char* unknown_order = "Unknown order sent.";

bool is_multiple_of(double x, double unit) {
  if (unit <= 0)
    return true;
  auto count = x / unit;
  return std::abs(count - std::round(count)) < 1e-6;
}

// As USD-M documents it ("New Order"): ^[\.A-Z\:/a-z0-9_-]{1,36}$
bool is_client_id(std::string_view x) {
  constexpr size_t longest = 36;
  auto fits = [](unsigned char c) {
    return std::isalnum(c) != 0
           || std::string_view{".:/_-"}.find(static_cast<char>(c))
                != std::string_view::npos;
  };
  return x.size() <= longest && std::ranges::all_of(x, fits);
}

// "newOrderRespType: ACK, RESULT, or FULL. MARKET and LIMIT orders use FULL by
// default."
binance_response response_form(const json& params) {
  auto name = text_member(params, "newOrderRespType");
  if (name == "ACK")
    return binance_response::ack;
  return name == "RESULT" ? binance_response::result : binance_response::full;
}

// Ends what must not rest ("Order Expiry Reason").
void expire_rest(order& x) {
  if (x.state == order_state::cancelled)
    x.reason = x.validity == order_validity::fill_or_kill ? unfilled_fok
                                                          : unfilled_ioc;
}

std::string name_of_cancellation(const order& x, std::string_view wanted) {
  return wanted.empty() ? "canceled-" + std::to_string(number_of(x))
                        : std::string{wanted};
}

} // namespace

binance_trading::binance_trading(order_store& store, uint64_t connection,
                                 symbol_fun instrument, quote_fun quote)
  : store_(store),
    matcher_(store),
    connection_(connection),
    instrument_(std::move(instrument)),
    quote_(std::move(quote)),
    balances_(store) {
  // nop
}

// -- new orders ---------------------------------------------------------------

void binance_trading::place(binance_call& call, const std::string& account) {
  order draft;
  draft.account = account;
  draft.connection = connection_;
  draft.of_binance = true;
  draft.created = draft.updated = call.now.wall;
  if (!read_terms(call, draft) || !admit(call, draft))
    return;
  auto* placed = store_.add(std::move(draft));
  if (placed == nullptr)
    return call.error(-1015, "Too many new orders.");
  if (placed->label.empty())
    placed->label = "sim-" + std::to_string(number_of(*placed));
  arrive(call, *placed);
}

// An order that is new, each of its trades, and its end have an event each.
void binance_trading::arrive(binance_call& call, order& entry) {
  auto& changes = call.outcome.changes;
  changes.push_back(store_.report(entry));
  auto market = quote_(entry.instrument).value_or(market_quote{});
  auto change = matcher_.arrive(entry, market, call.now.wall);
  expire_rest(entry);
  auto fills = std::move(change.fills);
  for (auto& x : fills)
    changes.push_back(store_.report(x.of, {x}));
  if (entry.state == order_state::cancelled)
    changes.push_back(store_.report(entry));
  call.result([&](json_writer& out) {
    write_placed_order(out, entry, fills, response_form(call.params));
  });
}

// Reads the parameters of a new order, or answers with an error.
bool binance_trading::read_terms(binance_call& call, order& out) const {
  auto& params = call.params;
  auto instrument = instrument_(text_member(params, "symbol"));
  if (!instrument)
    return call.error(-1121, "Invalid symbol."), false;
  out.instrument = *instrument;
  auto side = text_member(params, "side");
  if (side.empty())
    return call.missing("side"), false;
  if (side != "BUY" && side != "SELL")
    return call.error(-1117, "Invalid side."), false;
  out.direction = side == "BUY" ? order_direction::buy : order_direction::sell;
  auto amount = call.number("quantity");
  if (!amount || *amount <= 0)
    return call.missing("quantity"), false;
  out.amount = *amount;
  out.label = text_member(params, "newClientOrderId");
  if (!is_client_id(out.label))
    return call.error(-1100, "Illegal characters found in parameter "
                             "'newClientOrderId'; legal range is "
                             "'^[\\.A-Z\\:/a-z0-9_-]{1,36}$'."),
           false;
  return read_type(call, out);
}

bool binance_trading::read_type(binance_call& call, order& out) const {
  auto type = text_member(call.params, "type");
  if (type.empty())
    return call.missing("type"), false;
  if (type == "MARKET")
    return out.type = order_type::market, true;
  if (type.starts_with("STOP_LOSS") || type.starts_with("TAKE_PROFIT"))
    return call.error(-2010, "Stop loss orders are not supported for this "
                             "symbol."),
           false;
  if (type != "LIMIT" && type != "LIMIT_MAKER")
    return call.error(-1116, "Invalid orderType."), false;
  auto price = call.number("price");
  if (!price || *price <= 0)
    return call.missing("price"), false;
  out.price = *price;
  out.post_only = type == "LIMIT_MAKER";
  if (out.post_only)
    return true;
  auto validity = text_member(call.params, "timeInForce");
  if (validity.empty())
    return call.missing("timeInForce"), false;
  if (validity == "IOC")
    out.validity = order_validity::immediate_or_cancel;
  else if (validity == "FOK")
    out.validity = order_validity::fill_or_kill;
  else if (validity != "GTC")
    return call.error(-1115, "Invalid timeInForce."), false;
  return true;
}

// Filters come first, then what the matching engine refuses.
bool binance_trading::admit(binance_call& call, const order& draft) {
  auto market = quote_(draft.instrument).value_or(market_quote{});
  if (draft.type == order_type::limit
      && !is_multiple_of(draft.price, market.tick))
    return call.error(-1013, "Filter failure: PRICE_FILTER"), false;
  if (!is_multiple_of(draft.amount, market.lot))
    return call.error(-1013, "Filter failure: LOT_SIZE"), false;
  auto is_twin = [&](const order& x) {
    return is_alive(x) && x.account == draft.account && x.label == draft.label;
  };
  if (!draft.label.empty() && store_.find_latest(is_twin) != nullptr)
    return call.error(-2010, "Duplicate order sent."), false;
  if (draft.post_only && order_matcher::takes(draft, market))
    return reject(call, draft, "WOULD_MATCH_IMMEDIATELY",
                  "Order would immediately match and take.");
  auto price = draft.type == order_type::market
                 ? touch_of(market, draft.direction)
                 : draft.price;
  if (!balances_.covers(draft, price))
    return reject(call, draft, "INSUFFICIENT_BALANCES",
                  "Account has insufficient balance for requested action.");
  return true;
}

// "Order Reject Reason": the account is told as well. Its number is used up.
bool binance_trading::reject(binance_call& call, const order& draft,
                             const char* reason, const char* message) {
  if (auto* x = store_.add(draft)) {
    x->state = order_state::rejected;
    x->reason = reason;
    call.outcome.changes.push_back(store_.report(*x));
  }
  call.error(-2010, message);
  return false;
}

// -- known orders -------------------------------------------------------------

// Returns the order that a request names, or answers with an error. "The
// orderId is searched first, then the origClientOrderId from that result is
// checked."
order* binance_trading::find_order(binance_call& call,
                                   const std::string& account,
                                   refusal absence) {
  auto name = text_member(call.params, "origClientOrderId");
  auto id = number_member(call.params, "orderId");
  if (name.empty() && !id)
    return call.missing("orderId"), nullptr;
  order* result = nullptr;
  if (id && *id > 0 && *id < largest_id)
    result = store_.find_number(account, static_cast<uint64_t>(*id));
  else if (!id)
    result = store_.find_latest([&](const order& x) {
      return x.account == account && binance_client_id(x) == name;
    });
  auto is_named = [&](const order& x) {
    return name.empty() || binance_client_id(x) == name;
  };
  if (result == nullptr)
    call.error(absence.code, absence.message);
  else if (!is_named(*result))
    call.error(-2039, "Client order ID is not correct for this order ID.");
  else
    return result;
  return nullptr;
}

void binance_trading::close(binance_call& call, order& entry,
                            std::string_view name) {
  entry.canceled_as = name_of_cancellation(entry, name);
  call.outcome.changes.push_back(store_.cancel(entry, call.now.wall, ""));
}

void binance_trading::cancel(binance_call& call, const std::string& account) {
  auto* x = find_order(call, account, {-2011, unknown_order});
  if (x == nullptr)
    return;
  if (x->state != order_state::open)
    return call.error(-2011, unknown_order);
  close(call, *x, text_member(call.params, "newClientOrderId"));
  call.result([x](json_writer& out) { write_canceled_order(out, *x); });
}

void binance_trading::cancel_all(binance_call& call,
                                 const std::string& account) {
  auto instrument = instrument_(text_member(call.params, "symbol"));
  if (!instrument)
    return call.error(-1121, "Invalid symbol.");
  auto& changes = call.outcome.changes;
  for (auto& x : store_.select([&](const order& candidate) {
         return candidate.state == order_state::open
                && candidate.account == account
                && candidate.instrument == *instrument;
       }))
    close(call, *store_.find_number(account, number_of(x)), {});
  if (changes.empty())
    return call.error(-2011, unknown_order);
  call.result([&](json_writer& out) {
    out.begin_array();
    for (auto& x : changes)
      write_canceled_order(out, x.entry);
    out.end_array();
  });
}

void binance_trading::amend(binance_call& call, const std::string& account) {
  auto* x = find_order(call, account, {-2038, unknown_order});
  if (x == nullptr)
    return;
  auto amount = call.number("newQty");
  if (!amount || *amount <= 0)
    return call.missing("newQty");
  if (x->state != order_state::open)
    return call.error(-2038, unknown_order);
  auto lot = quote_(x->instrument).value_or(market_quote{}).lot;
  if (!is_multiple_of(*amount, lot))
    return call.error(-1013, "Filter failure: LOT_SIZE");
  if (*amount > x->amount)
    return call.error(-2038, "Order amend (quantity increase) is not "
                             "supported.");
  if (*amount == x->amount || *amount <= x->filled)
    return call.error(-2038, "The requested action would change no state; "
                             "rejecting");
  auto before = x->label;
  auto name = text_member(call.params, "newClientOrderId");
  x->label = name.empty() ? "amended-" + std::to_string(number_of(*x))
                          : std::string{name};
  x->amount = *amount;
  x->replaced = true;
  x->updated = call.now.wall;
  call.outcome.changes.push_back(store_.report(*x));
  call.result([&](json_writer& out) { write_amended_order(out, *x, before); });
}

// -- questions ----------------------------------------------------------------

void binance_trading::status(binance_call& call, const std::string& account) {
  if (auto* x = find_order(call, account, {-2013, "Order does not exist."}))
    call.result([x](json_writer& out) { write_binance_order(out, *x); });
}

// A symbol narrows the list.
void binance_trading::open_orders(binance_call& call,
                                  const std::string& account) {
  auto symbol = text_member(call.params, "symbol");
  auto found = store_.select([&](const order& x) {
    return x.state == order_state::open && x.account == account
           && (symbol.empty() || binance_symbol(x.instrument) == symbol);
  });
  call.result([&](json_writer& out) {
    out.begin_array();
    for (auto& x : found)
      write_binance_order(out, x);
    out.end_array();
  });
}

// "With startTime, returns oldest items from startTime up to the limit",
// without one the most recent ones.
void binance_trading::trades(binance_call& call, const std::string& account) {
  constexpr double most = 1'000;
  auto instrument = instrument_(text_member(call.params, "symbol"));
  if (!instrument)
    return call.error(-1121, "Invalid symbol.");
  auto start = number_member(call.params, "startTime");
  auto id = number_member(call.params, "orderId");
  auto limit = number_member(call.params, "limit").value_or(500);
  if (limit < 1 || limit > most)
    return call.error(-1130, "Data sent for parameter 'limit' is not valid.");
  std::vector<const fill*> found;
  for (auto& x : store_.fills())
    if (x.of.account == account && x.of.instrument == *instrument
        && (!start || static_cast<double>(x.time.count()) >= *start)
        && (!id || static_cast<double>(number_of(x.of)) == *id))
      found.push_back(&x);
  auto count = std::min(found.size(), static_cast<size_t>(limit));
  auto first = start ? 0 : found.size() - count;
  call.result([&](json_writer& out) {
    out.begin_array();
    for (size_t i = first; i < first + count; ++i)
      write_own_trade(out, *found[i]);
    out.end_array();
  });
}

void binance_trading::balances(binance_call& call, const std::string& account) {
  std::vector<binance_balance> all;
  auto add = [&](const std::string& asset) {
    if (std::ranges::find(all, asset, &binance_balance::asset) == all.end())
      all.push_back(balances_.of(account, asset));
  };
  for (auto& x : store_.select([&](const order& candidate) {
         return candidate.of_binance && candidate.account == account;
       })) {
    add(base_currency(x.instrument));
    add(binance_quote_asset(x.instrument));
  }
  call.result([&](json_writer& out) {
    out.begin_object();
    out.member("canTrade", true);
    out.member("accountType", "SPOT");
    out.member("updateTime", int64_t{call.now.wall.count()});
    out.key("balances");
    write_balances(out, all);
    out.end_object();
  });
}

} // namespace zenws::sim
