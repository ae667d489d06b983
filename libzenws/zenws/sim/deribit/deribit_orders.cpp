// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_orders.hpp"

#include "zenws/sim/market/notification.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <utility>

namespace zenws::sim {

namespace {

constexpr size_t max_label = 64;

const char* name_of(order_state x) {
  switch (x) {
    case order_state::open:
      return "open";
    case order_state::filled:
      return "filled";
    default:
      return "cancelled";
  }
}

const char* name_of(order_direction x) {
  return x == order_direction::buy ? "buy" : "sell";
}

void write_order(json_writer& out, const order& x) {
  out.begin_object();
  out.member("order_id", x.id);
  out.member("order_state", name_of(x.state));
  out.member("order_type", x.type == order_type::market ? "market" : "limit");
  out.member("instrument_name", x.instrument);
  out.member("label", x.label);
  out.member("direction", name_of(x.direction));
  out.member("price", x.price);
  out.member("amount", x.amount);
  out.member("filled_amount", x.filled);
  out.member("average_price", x.filled > 0 ? x.price : 0.0);
  out.member("time_in_force", "good_til_cancelled");
  out.member("creation_timestamp", int64_t{x.created.count()});
  out.member("last_update_timestamp", int64_t{x.updated.count()});
  out.member("api", true);
  out.end_object();
}

// A market order trades at once and whole.
void write_trades(json_writer& out, const order& x) {
  out.begin_array();
  if (x.filled > 0) {
    out.begin_object();
    out.member("trade_id", x.id + "-T");
    out.member("order_id", x.id);
    out.member("instrument_name", x.instrument);
    out.member("label", x.label);
    out.member("direction", name_of(x.direction));
    out.member("price", x.price);
    out.member("amount", x.filled);
    out.member("timestamp", int64_t{x.updated.count()});
    out.end_object();
  }
  out.end_array();
}

void write_orders(json_writer& out, const std::vector<order>& xs) {
  out.begin_array();
  for (auto& x : xs)
    write_order(out, x);
  out.end_array();
}

bool is_open(const order& x) noexcept {
  return x.state == order_state::open;
}

} // namespace

deribit_orders::deribit_orders(order_store& store, uint64_t connection,
                               touch_fun touch)
  : store_(store), connection_(connection), touch_(std::move(touch)) {
  // nop
}

// -- placing and changing -----------------------------------------------------

void deribit_orders::place(deribit_call& call, const std::string& account,
                           order_direction direction) {
  order draft;
  draft.direction = direction;
  if (!read_terms(call, draft))
    return;
  draft.account = account;
  draft.connection = connection_;
  draft.created = draft.updated = call.received_ms();
  auto* placed = store_.add(std::move(draft));
  if (!placed)
    return call.error(10013, "pme_max_total_open_orders");
  answer_with(call, *placed);
}

// Reads the parameters of a new order, or answers with an error.
bool deribit_orders::read_terms(deribit_call& call, order& out) {
  auto instrument = call.required_text("instrument_name");
  if (!instrument)
    return false;
  auto touch = touch_(*instrument, out.direction);
  if (!touch)
    return call.bad_param("instrument_name", "unknown instrument"), false;
  out.instrument = *instrument;
  auto amount = number_member(call.params, "amount");
  if (!amount || *amount <= 0)
    return call.bad_param("amount", "must be a positive number"), false;
  out.amount = *amount;
  auto valid_until = number_member(call.params, "valid_until");
  if (valid_until
      && *valid_until < static_cast<double>(call.received_ms().count()))
    return call.error(13888, "timed_out"), false;
  out.label = text_member(call.params, "label");
  if (out.label.size() > max_label)
    return call.bad_param("label", "must be at most 64 characters"), false;
  auto type = text_member(call.params, "type");
  if (type == "market") {
    out.type = order_type::market;
    out.state = order_state::filled;
    out.price = *touch;
    out.filled = out.amount;
    return true;
  }
  if (!type.empty() && type != "limit")
    return call.bad_param("type", "must be limit or market"), false;
  auto price = number_member(call.params, "price");
  if (!price || *price <= 0)
    return call.bad_param("price", "must be a positive number"), false;
  out.price = *price;
  return true;
}

void deribit_orders::edit(deribit_call& call, const std::string& account) {
  auto* x = find_open(call, account, 10010, "already_closed");
  if (!x)
    return;
  auto* has_price = find(call.params, "price");
  auto price = number_member(call.params, "price");
  auto amount = number_member(call.params, "amount");
  if (has_price && (!price || *price <= 0))
    return call.bad_param("price", "must be a positive number");
  if (!amount || *amount <= 0)
    return call.bad_param("amount", "must be a positive number");
  x->price = price.value_or(x->price);
  x->amount = *amount;
  x->updated = call.received_ms();
  answer_with(call, *x);
}

// Returns the open order that the call names, or answers with an error.
order* deribit_orders::find_open(deribit_call& call, const std::string& account,
                                 int64_t closed_code,
                                 const char* closed_message) {
  auto id = call.required_text("order_id");
  if (!id)
    return nullptr;
  auto* result = store_.find(account, *id);
  if (!result)
    call.error(10004, "order_not_found");
  else if (!is_open(*result))
    call.error(closed_code, closed_message);
  else
    return result;
  return nullptr;
}

void deribit_orders::answer_with(deribit_call& call, const order& x) {
  call.outcome.orders.push_back(x);
  call.result([&](json_writer& out) {
    out.begin_object();
    out.key("order");
    write_order(out, x);
    out.key("trades");
    write_trades(out, x);
    out.end_object();
  });
}

// -- canceling ----------------------------------------------------------------

void deribit_orders::cancel(deribit_call& call, const std::string& account) {
  auto* x = find_open(call, account, 11044, "not_open_order");
  if (!x)
    return;
  x->state = order_state::cancelled;
  x->updated = call.received_ms();
  call.outcome.orders.push_back(*x);
  call.result([x](json_writer& out) { write_order(out, *x); });
}

void deribit_orders::cancel_all(deribit_call& call,
                                const std::string& account) {
  auto& changed = call.outcome.orders;
  changed = store_.cancel(call.received_ms(),
                          [&](const order& x) { return x.account == account; });
  call.result([&](json_writer& out) { out.value(uint64_t{changed.size()}); });
}

void deribit_orders::cancel_by_label(deribit_call& call,
                                     const std::string& account) {
  auto label = call.required_text("label");
  if (!label)
    return;
  auto& changed = call.outcome.orders;
  changed = store_.cancel(call.received_ms(), [&](const order& x) {
    return x.account == account && x.label == *label;
  });
  call.result([&](json_writer& out) { out.value(uint64_t{changed.size()}); });
}

// -- reading ------------------------------------------------------------------

void deribit_orders::get_open_orders_by_currency(deribit_call& call,
                                                 const std::string& account) {
  if (call.required_text("currency"))
    get_open_orders(call, account);
}

// A currency, a label or an instrument narrows the list.
void deribit_orders::get_open_orders(deribit_call& call,
                                     const std::string& account) {
  auto label = text_member(call.params, "label");
  auto instrument = text_member(call.params, "instrument_name");
  auto currency = text_member(call.params, "currency");
  auto found = store_.select([&](const order& x) {
    return is_open(x) && x.account == account
           && (label.empty() || x.label == label)
           && (instrument.empty() || x.instrument == instrument)
           && (currency.empty()
               || currency == settlement_currency(x.instrument));
  });
  call.result([&](json_writer& out) { write_orders(out, found); });
}

void deribit_orders::get_order_state(deribit_call& call,
                                     const std::string& account) {
  auto id = call.required_text("order_id");
  if (!id)
    return;
  auto* x = store_.find(account, *id);
  if (!x)
    return call.error(10004, "order_not_found");
  call.result([x](json_writer& out) { write_order(out, *x); });
}

// Open and closed orders of a label and a currency.
void deribit_orders::get_order_state_by_label(deribit_call& call,
                                              const std::string& account) {
  auto label = call.required_text("label");
  auto currency = label ? call.required_text("currency") : std::nullopt;
  if (!currency)
    return;
  auto found = store_.select([&](const order& x) {
    return x.account == account && x.label == *label
           && settlement_currency(x.instrument) == *currency;
  });
  call.result([&](json_writer& out) { write_orders(out, found); });
}

// -- cancel on disconnect -----------------------------------------------------

void deribit_orders::cancel_on_disconnect(deribit_call& call,
                                          const std::string& account,
                                          bool enabled) {
  auto scope = text_member(call.params, "scope");
  if (scope.empty() || scope == "connection")
    cancels_own_ = enabled;
  else if (scope == "account")
    store_.cancel_on_disconnect(account, enabled);
  else
    return call.bad_param("scope", "must be connection or account");
  call.ok();
}

std::vector<order> deribit_orders::disconnected(std::string_view account,
                                                std::chrono::milliseconds now) {
  if (keeps_)
    return {};
  auto whole = !account.empty()
               && store_.cancels_on_disconnect(std::string{account});
  return store_.cancel(now, [&](const order& x) {
    return (cancels_own_ && x.connection == connection_)
           || (whole && x.account == account);
  });
}

// -- channels -----------------------------------------------------------------

namespace {

constexpr std::string_view order_prefix = "user.orders.";
constexpr std::string_view raw_suffix = ".raw";

// Filter of a channel of orders.
struct order_scope {
  std::string_view instrument;
  std::string_view kind;
  std::string_view currency;
};

std::optional<order_scope> parse_scope(std::string_view channel) {
  if (!channel.starts_with(order_prefix) || !channel.ends_with(raw_suffix)
      || channel.size() <= order_prefix.size() + raw_suffix.size())
    return std::nullopt;
  channel.remove_prefix(order_prefix.size());
  channel.remove_suffix(raw_suffix.size());
  auto dot = channel.find('.');
  if (dot == std::string_view::npos)
    return order_scope{channel, {}, {}};
  return order_scope{{}, channel.substr(0, dot), channel.substr(dot + 1)};
}

bool covers(const order_scope& scope, const order& entry) {
  if (!scope.instrument.empty())
    return scope.instrument == entry.instrument;
  std::string_view name = entry.instrument;
  return (scope.kind == "any" || scope.kind == "future")
         && (scope.currency == "any"
             || scope.currency == name.substr(0, name.find('-')));
}

} // namespace

bool is_order_channel(std::string_view channel,
                      const deribit_orders::touch_fun& touch) {
  constexpr std::string_view kinds[] = {"any", "future", "option", "spot"};
  constexpr std::string_view currencies[] = {"any", "BTC",  "ETH",
                                             "SOL", "USDC", "USDT"};
  auto scope = parse_scope(channel);
  if (!scope)
    return false;
  if (!scope->instrument.empty())
    return touch(scope->instrument, order_direction::buy).has_value();
  return std::ranges::find(kinds, scope->kind) != std::end(kinds)
         && std::ranges::find(currencies, scope->currency)
              != std::end(currencies);
}

std::optional<std::string> order_notification(std::string_view channel,
                                              const order& entry) {
  auto scope = parse_scope(channel);
  if (!scope || !covers(*scope, entry))
    return std::nullopt;
  return notification(channel,
                      [&](json_writer& out) { write_order(out, entry); });
}

} // namespace zenws::sim
