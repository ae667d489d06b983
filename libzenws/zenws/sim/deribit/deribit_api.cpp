// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_api.hpp"

#include "zenws/sim/deribit/deribit_account.hpp"
#include "zenws/sim/deribit/deribit_user_channels.hpp"
#include "zenws/sim/market/notification.hpp"
#include "zenws/sim/orders/symbol.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace zenws::sim {

namespace {

constexpr int64_t min_heartbeat_seconds = 10;
constexpr const char* api_version = "1.2.26";
constexpr int64_t system_maintenance = 11051;

// Bounds of one session; the venue's own is 500 channels.
constexpr size_t max_channels = 4096;
constexpr size_t max_channel_name = 128;

// Returns whether a channel of market data is raw. Those of an account are for
// `private/subscribe`, which needs a login anyway.
bool names_raw(const json& channels) {
  return std::ranges::any_of(channels.GetArray(), [](const json& x) {
    auto name = text_of(x);
    return name.ends_with(".raw") && !name.starts_with("user.");
  });
}

quote_fun quotes_of(const api_surroundings& around) {
  if (around.quote)
    return around.quote;
  return [touch = around.touch](std::string_view name) {
    std::optional<market_quote> result;
    auto bid = touch(name, order_direction::sell);
    auto ask = touch(name, order_direction::buy);
    if (bid && ask)
      result = market_quote{.bid = *bid, .ask = *ask};
    return result;
  };
}

} // namespace

// A method of the interface.
struct deribit_api::method {
  std::string_view name;
  void (deribit_api::*run)(deribit_call&);
  cost price = cost::request;
};

const deribit_api::method* deribit_api::find_method(std::string_view name) {
  using self = deribit_api;
  using desk = deribit_orders;
  using queries = deribit_order_queries;
  static constexpr method methods[] = {
    {"public/auth", &self::authenticate},
    {"public/disable_heartbeat", &self::disable_heartbeat},
    {"public/get_instrument", &self::get_instrument},
    {"public/get_instruments", &self::get_instruments},
    {"public/get_last_trades_by_instrument", &self::get_last_trades},
    {"public/get_time", &self::get_time},
    {"public/hello", &self::hello},
    {"public/set_heartbeat", &self::set_heartbeat},
    {"public/subscribe", &self::subscribe, cost::subscription},
    {"public/test", &self::test},
    {"public/unsubscribe", &self::unsubscribe, cost::subscription},
    {"public/unsubscribe_all", &self::unsubscribe_all, cost::subscription},
    {"private/buy", &self::trade<&desk::buy>, cost::matching},
    {"private/cancel", &self::trade<&desk::cancel>, cost::matching},
    {"private/cancel_all", &self::trade<&desk::cancel_all>, cost::matching},
    {"private/cancel_all_by_instrument",
     &self::trade<&desk::cancel_all_by_instrument>, cost::matching},
    {"private/cancel_by_label", &self::trade<&desk::cancel_by_label>,
     cost::matching},
    {"private/disable_cancel_on_disconnect",
     &self::trade<&desk::disable_cancel_on_disconnect>},
    {"private/edit", &self::trade<&desk::edit>, cost::matching},
    {"private/edit_by_label", &self::trade<&desk::edit_by_label>,
     cost::matching},
    {"private/enable_cancel_on_disconnect",
     &self::trade<&desk::enable_cancel_on_disconnect>},
    {"private/get_open_orders", &self::ask<&queries::get_open_orders>},
    {"private/get_open_orders_by_currency",
     &self::ask<&queries::get_open_orders_by_currency>},
    {"private/get_open_orders_by_instrument",
     &self::ask<&queries::get_open_orders_by_instrument>},
    {"private/get_open_orders_by_label",
     &self::ask<&queries::get_open_orders_by_currency>},
    {"private/get_order_state", &self::ask<&queries::get_order_state>},
    {"private/get_order_state_by_label",
     &self::ask<&queries::get_order_state_by_label>},
    {"private/get_user_trades_by_instrument",
     &self::ask<&queries::get_user_trades_by_instrument>},
    {"private/get_user_trades_by_instrument_and_time",
     &self::ask<&queries::get_user_trades_by_instrument_and_time>},
    {"private/get_position", &self::get_position},
    {"private/get_positions", &self::get_positions},
    {"private/logout", &self::log_out},
    {"private/sell", &self::trade<&desk::sell>, cost::matching},
    {"private/subscribe", &self::subscribe_private, cost::subscription},
    {"private/unsubscribe", &self::unsubscribe, cost::subscription},
    {"private/unsubscribe_all", &self::unsubscribe_all, cost::subscription},
    {"sim/fill_order", &self::turn<&deribit_knobs::fill_order>},
    {"sim/follow_market", &self::turn<&deribit_knobs::follow_market>},
    {"sim/tell_fills", &self::turn<&deribit_knobs::tell_fills>},
    {"sim/trigger_order", &self::turn<&deribit_knobs::trigger_order>},
  };
  auto i = std::ranges::find(methods, name, &method::name);
  return i == std::end(methods) ? nullptr : i;
}

// -- entry and exit -----------------------------------------------------------

deribit_api::deribit_api(const server_config& cfg, order_store& orders,
                         uint64_t connection, api_surroundings around)
  : around_(std::move(around)),
    quote_(quotes_of(around_)),
    login_(cfg.accounts, cfg.api.token_lifetime),
    orders_(orders, connection, quote_),
    queries_(orders),
    knobs_(orders, quote_),
    store_(orders),
    max_request_bytes_(cfg.api.max_request_bytes) {
  if (cfg.api.limits)
    allowance_.emplace(*cfg.api.limits);
}

api_outcome deribit_api::handle(std::string_view text) {
  rapidjson::Document doc;
  auto is_too_large = max_request_bytes_ > 0
                      && text.size() > max_request_bytes_;
  auto parsed = parse_json(is_too_large ? "{}" : text, doc);
  deribit_call call{doc, {}, around_.now(), around_.now, {}};
  if (is_too_large) {
    call.error(-32600, "request entity too large");
    return std::move(call.outcome);
  }
  auto* id = find(doc, "id");
  if (!parsed) {
    call.error(11050, "bad_request");
  } else if (text_member(doc, "method").empty() || (id && !is_scalar(*id))) {
    call.error(-32600, "Invalid Request");
  } else {
    if (doc.HasMember("params"))
      call.params = doc["params"].Move();
    dispatch(call);
  }
  return std::move(call.outcome);
}

void deribit_api::dispatch(deribit_call& call) {
  auto name = text_member(call.request, "method");
  auto* known = find_method(name);
  if (!affords(known ? known->price : cost::request, call.received)) {
    call.outcome.end = session_end::rate_limited;
    return call.error(10028, "too_many_requests");
  }
  auto is_private = name.starts_with("private/");
  if (is_private && login_.account_at(call.received).empty())
    return call.unauthorized();
  if (!known)
    return call.error(-32601, "Method not found");
  (this->*known->run)(call);
}

bool deribit_api::affords(cost kind, std::chrono::microseconds now) {
  if (!allowance_)
    return true;
  switch (kind) {
    case cost::subscription:
      return allowance_->subscriptions.take(now);
    case cost::matching:
      return allowance_->matching.take(now);
    default:
      return allowance_->requests.take(now);
  }
}

std::string deribit_api::failure(std::string_view text,
                                 const call_error& error) const {
  rapidjson::Document doc;
  parse_json(text, doc);
  deribit_call call{doc, {}, around_.now(), around_.now, {}};
  if (error.code.empty()) {
    call.error(system_maintenance, "system_maintenance");
  } else {
    auto code = std::strtoll(error.code.c_str(), nullptr, 10);
    call.error(code, error.message);
  }
  return std::move(call.outcome.answer);
}

std::vector<order_change> deribit_api::disconnected() {
  using std::chrono::milliseconds;
  auto now = std::chrono::duration_cast<milliseconds>(around_.now());
  return orders_.disconnected(account(), now);
}

// -- channels -----------------------------------------------------------------

void deribit_api::subscribe(deribit_call& call) {
  grant(call, false);
}

void deribit_api::subscribe_private(deribit_call& call) {
  grant(call, true);
}

// Like the venue, leaves unknown channels out of the result without an error.
void deribit_api::grant(deribit_call& call, bool with_user) {
  auto* asked = call.channels();
  if (!asked)
    return;
  if (!allows_raw(call) && names_raw(*asked))
    return call.error(13778,
                      "raw_subscriptions_not_available_for_unauthorized");
  std::vector<std::string> granted;
  for (auto& x : asked->GetArray()) {
    auto name = text_of(x);
    auto own = with_user && is_user_channel(name, quote_);
    auto known = own
                 || (!name.starts_with("user.")
                     && name.size() <= max_channel_name
                     && around_.knows_channel(name));
    if (!known
        || (channels_.size() >= max_channels && !channels_.contains(name)))
      continue;
    granted.emplace_back(name);
    if (channels_.emplace(name).second)
      call.outcome.subscribed.emplace_back(name);
  }
  call.names(granted);
}

bool deribit_api::allows_raw(const deribit_call& call) const noexcept {
  return around_.raw_channels == raw_access::open
         || !login_.account_at(call.received).empty();
}

std::vector<std::string> deribit_api::covered(std::string_view pattern) const {
  std::vector<std::string> result;
  for (auto& name : channels_)
    if (covers_channel(pattern, name))
      result.push_back(name);
  return result;
}

std::vector<std::string> deribit_api::revoke(std::string_view pattern) {
  auto result = covered(pattern);
  for (auto& name : result)
    channels_.erase(name);
  return result;
}

void deribit_api::unsubscribe(deribit_call& call) {
  auto* asked = call.channels();
  if (!asked)
    return;
  for (auto& x : asked->GetArray())
    if (std::string name{text_of(x)}; channels_.erase(name) > 0)
      call.outcome.unsubscribed.push_back(std::move(name));
  call.names(call.outcome.unsubscribed);
}

void deribit_api::unsubscribe_all(deribit_call& call) {
  call.outcome.unsubscribed.assign(channels_.begin(), channels_.end());
  channels_.clear();
  call.ok();
}

// -- heartbeat ----------------------------------------------------------------

void deribit_api::set_heartbeat(deribit_call& call) {
  auto* interval = find(call.params, "interval");
  if (!interval)
    return call.bad_param("interval", "value required");
  if (!interval->IsInt())
    return call.bad_param("interval", "must be integer");
  if (interval->GetInt() < min_heartbeat_seconds)
    return call.bad_param("interval", "must be at least 10");
  call.outcome.heartbeat = std::chrono::seconds{interval->GetInt()};
  call.ok();
}

void deribit_api::disable_heartbeat(deribit_call& call) {
  call.outcome.heartbeat = std::chrono::seconds{0};
  call.ok();
}

std::string heartbeat_notification(std::string_view type) {
  json_writer out;
  out.begin_object();
  out.member("jsonrpc", "2.0");
  out.member("method", "heartbeat");
  out.key("params").begin_object();
  out.member("type", type);
  out.end_object();
  out.end_object();
  return out.text();
}

std::string malformed_notification(std::string_view channel, breakage mode) {
  auto number = [](json_writer& out) { out.value(int64_t{7}); };
  return broken(notification(channel, number), mode);
}

// -- session ------------------------------------------------------------------

void deribit_api::authenticate(deribit_call& call) {
  login_.authenticate(call);
}

// The venue closes without an answer, and cancels nothing.
void deribit_api::log_out(deribit_call& call) {
  orders_.keep_orders();
  call.outcome.end = session_end::logged_out;
}

void deribit_api::get_time(deribit_call& call) {
  call.result(
    [&](json_writer& out) { out.value(int64_t{call.received_ms().count()}); });
}

// -- instruments and positions ------------------------------------------------

void deribit_api::get_instrument(deribit_call& call) {
  auto name = call.required_text("instrument_name");
  if (!name)
    return;
  auto all = around_.instruments();
  auto i = std::ranges::find(all, *name, &instrument_terms::name);
  if (i == all.end())
    return call.bad_param("instrument_name", "instrument not found");
  call.result([&](json_writer& out) { write_instrument(out, *i); });
}

void deribit_api::get_instruments(deribit_call& call) {
  auto currency = call.required_text("currency");
  if (!currency)
    return;
  auto all = around_.instruments();
  std::erase_if(all, [&](const instrument_terms& x) {
    return *currency != "any" && settlement_currency(x.name) != *currency;
  });
  call.result([&](json_writer& out) { write_instruments(out, all); });
}

// docs.deribit.com, public/get_last_trades_by_instrument: at most 1,000, 10 by
// default; `has_more` if there are others in the range.
void deribit_api::get_last_trades(deribit_call& call) {
  auto name = call.required_text("instrument_name");
  if (!name)
    return;
  if (!around_.touch(*name, order_direction::buy))
    return call.bad_param("instrument_name", "instrument not found");
  auto first = number_member(call.params, "start_seq").value_or(0);
  auto last = number_member(call.params, "end_seq").value_or(first);
  auto wanted = number_member(call.params, "count").value_or(10);
  if (first < 1 || last < first || wanted < 1 || wanted > 1000)
    return call.bad_param("count", "out of range");
  auto all = static_cast<size_t>(last - first) + 1;
  auto limit = std::min(all, static_cast<size_t>(wanted));
  call.result([&](json_writer& out) {
    out.begin_object();
    out.key("trades").begin_array();
    auto written = around_.write_trades(out, *name,
                                        static_cast<uint64_t>(first), limit);
    out.end_array();
    out.member("has_more", written == limit && limit < all);
    out.end_object();
  });
}

void deribit_api::get_position(deribit_call& call) {
  auto name = call.required_text("instrument_name");
  if (!name)
    return;
  auto price = around_.touch(*name, order_direction::sell);
  if (!price)
    return call.bad_param("instrument_name", "instrument not found");
  auto found = store_.position_in(account(), std::string{*name});
  call.result([&](json_writer& out) { write_position(out, found, *price); });
}

// Closed positions stay in the list with a size of 0, as on the venue.
void deribit_api::get_positions(deribit_call& call) {
  auto currency = text_member(call.params, "currency");
  call.result([&](json_writer& out) {
    out.begin_array();
    for (auto& x : store_.positions(account())) {
      auto price = around_.touch(x.instrument, order_direction::sell);
      if (price
          && (currency.empty() || currency == "any"
              || settlement_currency(x.instrument) == currency))
        write_position(out, x, *price);
    }
    out.end_array();
  });
}

void deribit_api::hello(deribit_call& call) {
  call.result([](json_writer& out) {
    out.begin_object();
    out.member("version", api_version);
    out.end_object();
  });
}

void deribit_api::test(deribit_call& call) {
  call.outcome.is_test = true;
  hello(call);
}

// -- orders -------------------------------------------------------------------

template <auto Method>
void deribit_api::trade(deribit_call& call) {
  (orders_.*Method)(call, account());
}

template <auto Method>
void deribit_api::ask(deribit_call& call) {
  (queries_.*Method)(call, account());
}

template <auto Method>
void deribit_api::turn(deribit_call& call) {
  (knobs_.*Method)(call);
}

} // namespace zenws::sim
