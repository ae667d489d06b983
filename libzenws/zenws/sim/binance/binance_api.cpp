// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_api.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace zenws::sim {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds one_minute{60'000};

quote_fun quote_for(const binance_market& around) {
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

// Of what accounts ask, one: the venue's weights are small there.
size_t weight_of(const binance_call& call) {
  auto method = text_member(call.request, "method");
  return binance_market_data::weight_of(method, call.params).value_or(1);
}

void write_subscription(json_writer& out, const binance_subscription& x) {
  out.begin_object();
  out.member("subscriptionId", x.id);
  out.end_object();
}

} // namespace

// A method of the interface.
struct binance_api::method {
  std::string_view name;
  void (binance_api::*run)(binance_call&);
};

const binance_api::method* binance_api::find_method(std::string_view name) {
  using self = binance_api;
  using desk = binance_trading;
  static constexpr method methods[] = {
    {"ping", &self::ping},
    {"time", &self::tell_time},
    {"session.logon", &self::log_on},
    {"session.logout", &self::log_out},
    {"session.status", &self::tell_session},
    {"session.subscriptions", &self::list_subscriptions},
    {"userDataStream.subscribe", &self::subscribe},
    {"userDataStream.subscribe.signature", &self::subscribe_signed},
    {"userDataStream.unsubscribe", &self::unsubscribe},
    {"account.status", &self::trade<&desk::balances>},
    {"myTrades", &self::trade<&desk::trades>},
    {"openOrders.cancelAll", &self::trade<&desk::cancel_all>},
    {"openOrders.status", &self::trade<&desk::open_orders>},
    {"order.amend.keepPriority", &self::trade<&desk::amend>},
    {"order.cancel", &self::trade<&desk::cancel>},
    {"order.place", &self::trade<&desk::place>},
    {"order.status", &self::trade<&desk::status>},
  };
  auto i = std::ranges::find(methods, name, &method::name);
  return i != std::end(methods) ? i : nullptr;
}

binance_api::binance_api(const server_config& cfg, order_store& orders,
                         uint64_t connection, binance_market around)
  : cfg_(cfg),
    market_(std::move(around)),
    weight_(cfg.binance.max_request_weight, one_minute),
    login_(cfg.accounts),
    trading_(orders, connection, market_.instrument, quote_for(market_)),
    knobs_(orders, quote_for(market_)) {
  // nop
}

binance_api_outcome binance_api::handle(std::string_view text,
                                        const moment& now) {
  rapidjson::Document doc;
  auto parsed = parse_json(text, doc);
  static const json nothing{rapidjson::kObjectType};
  auto* params = find(doc, "params");
  auto fits = !params || params->IsObject();
  binance_call call{doc, params && fits ? *params : nothing, now,
                    cfg_.binance.max_request_weight};
  if (!parsed || !fits || text_member(doc, "method").empty())
    call.error(-1135, "Invalid JSON request.");
  else if (!weight_.admit(now.steady, weight_of(call)))
    call.error(binance_call::too_many_requests, -1003,
               "Too much request weight used.");
  else
    dispatch(call);
  return std::move(call.outcome);
}

void binance_api::dispatch(binance_call& call) {
  auto name = text_member(call.request, "method");
  if (auto* known = find_method(name))
    return (this->*known->run)(call);
  if (market_.data && binance_market_data::weight_of(name, call.params))
    return tell_market(call, name);
  if (order_knobs::knows(name))
    return turn_knob(call, name);
  call.error(-1100, "Unknown method.");
}

void binance_api::tell_market(binance_call& call, std::string_view name) const {
  auto outcome = market_.data->answer(name, call.params, call.now.wall);
  if (auto* refusal = std::get_if<binance_refusal>(&outcome))
    return call.error(refusal->status, refusal->code, refusal->message);
  call.result(
    [&](json_writer& out) { out.raw(std::get<std::string>(outcome)); });
}

void binance_api::turn_knob(binance_call& call, std::string_view name) {
  using enum knob_outcome::verdict;
  auto done = knobs_.turn(name, call.params, call.now.wall);
  if (done.result == no_such_order)
    return call.error(-2013, "Order does not exist.");
  if (done.result == bad_parameter)
    return call.error(-1130, "Data sent for parameter '"
                               + std::string{done.parameter}
                               + "' is not valid.");
  call.outcome.changes = std::move(done.changes);
  call.outcome.fills = done.fills;
  call.result([](json_writer& out) { out.begin_object().end_object(); });
}

std::string binance_api::failure(std::string_view text, const call_error& error,
                                 const moment& now) const {
  rapidjson::Document doc;
  parse_json(text, doc);
  binance_call call{doc, doc, now, cfg_.binance.max_request_weight};
  if (error.code.empty())
    call.error(binance_call::unavailable, -1008,
               "Server is currently overloaded with other requests. Please try "
               "again in a few minutes.");
  else
    call.error(error.status, std::strtoll(error.code.c_str(), nullptr, 10),
               error.message);
  return std::move(call.outcome.answer);
}

template <auto Method>
void binance_api::trade(binance_call& call) {
  if (auto* account = login_.authorize(call))
    (trading_.*Method)(call, account->key);
}

// -- sessions -----------------------------------------------------------------

void binance_api::ping(binance_call& call) {
  call.result([](json_writer& out) { out.begin_object().end_object(); });
}

void binance_api::tell_time(binance_call& call) {
  call.result([&](json_writer& out) {
    out.begin_object();
    out.member("serverTime", int64_t{call.now.wall.count()});
    out.end_object();
  });
}

void binance_api::log_on(binance_call& call) {
  login_.log_on(call);
}

// "Will only close the subscription created with userDataStream.subscribe".
void binance_api::log_out(binance_call& call) {
  login_.log_out();
  for (auto i = subscriptions_.begin(); i != subscriptions_.end(); ++i)
    if (of_session_ == i->id) {
      call.outcome.unsubscribed.push_back(std::move(*i));
      subscriptions_.erase(i);
      break;
    }
  of_session_ = std::nullopt;
  tell_session(call);
}

void binance_api::tell_session(binance_call& call) {
  login_.tell(call, !subscriptions_.empty());
}

// -- subscriptions ------------------------------------------------------------

// How the venue refuses a session without a login is not documented.
void binance_api::subscribe(binance_call& call) {
  auto* account = login_.session();
  if (account == nullptr)
    return call.error(binance_call::unauthorized, -2015,
                      "Invalid API-key, IP, or permissions for action.");
  start(call, *account);
  if (!call.outcome.subscribed.empty())
    of_session_ = call.outcome.subscribed.back().id;
}

void binance_api::subscribe_signed(binance_call& call) {
  if (auto* account = login_.authorize_signed(call))
    start(call, *account);
}

// "Only one active subscription for a given account on a given connection."
void binance_api::start(binance_call& call, const account_config& account) {
  auto is_there = std::ranges::find(subscriptions_, account.key,
                                    &binance_subscription::account)
                  != subscriptions_.end();
  if (is_there)
    return call.error(-2035, "User Data Stream subscription already active.");
  auto& added = subscriptions_.emplace_back(
    binance_subscription{next_subscription_++, account.key});
  call.outcome.subscribed.push_back(added);
  call.result([&](json_writer& out) { write_subscription(out, added); });
}

void binance_api::unsubscribe(binance_call& call) {
  auto id = number_member(call.params, "subscriptionId");
  auto is_meant = [&](const binance_subscription& x) {
    return !id || static_cast<double>(x.id) == *id;
  };
  auto& ended = call.outcome.unsubscribed;
  std::ranges::copy_if(subscriptions_, std::back_inserter(ended), is_meant);
  if (ended.empty())
    return call.error(-2036, "User Data Stream subscription not active.");
  std::erase_if(subscriptions_, is_meant);
  call.result([](json_writer& out) { out.begin_object().end_object(); });
}

void binance_api::list_subscriptions(binance_call& call) {
  call.result([this](json_writer& out) {
    out.begin_array();
    for (auto& x : subscriptions_)
      write_subscription(out, x);
    out.end_array();
  });
}

} // namespace zenws::sim
