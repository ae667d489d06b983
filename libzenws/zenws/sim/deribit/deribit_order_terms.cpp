// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_order_terms.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

namespace zenws::sim {

namespace {

constexpr size_t max_label = 64;

bool is_multiple(double x, double unit) {
  if (unit <= 0)
    return true;
  auto count = x / unit;
  return std::abs(count - std::round(count)) < 1e-6;
}

bool refuse(deribit_call& call, const char* param, const char* reason) {
  call.bad_param(param, reason);
  return false;
}

bool refuse(deribit_call& call, int64_t code, std::string_view message) {
  call.error(code, message);
  return false;
}

// -- members ------------------------------------------------------------------

// "In other cases timed_out error will be responded."
bool check_valid_until(deribit_call& call) {
  auto end = number_member(call.params, "valid_until");
  if (end && *end < static_cast<double>(call.received_ms().count()))
    return refuse(call, 13888, "timed_out");
  return true;
}

bool read_amount(deribit_call& call, const market_quote& market, double& out) {
  auto amount = number_member(call.params, "amount");
  if (!amount || *amount <= 0)
    return refuse(call, "amount", "must be a positive number");
  if (!is_multiple(*amount, market.lot))
    return refuse(call, "amount", "must be a multiple of contract size");
  out = *amount;
  return true;
}

bool read_price(deribit_call& call, const market_quote& market,
                const char* param, double& out) {
  auto price = number_member(call.params, param);
  if (!price || *price <= 0)
    return refuse(call, param, "must be a positive number");
  if (!is_multiple(*price, market.tick)) {
    auto is_limit = std::string_view{param} == "price";
    return is_limit ? refuse(call, 10043, "price_wrong_tick")
                    : refuse(call, 10044, "trigger_price_wrong_tick");
  }
  out = *price;
  return true;
}

bool read_flag(deribit_call& call, const char* param, bool& out) {
  auto* value = find(call.params, param);
  if (!value)
    return true;
  if (!value->IsBool())
    return refuse(call, param, "must be boolean");
  out = value->GetBool();
  return true;
}

bool read_flags(deribit_call& call, order& out) {
  return read_flag(call, "post_only", out.post_only)
         && read_flag(call, "reject_post_only", out.reject_post_only)
         && read_flag(call, "reduce_only", out.reduce_only);
}

// -- members of new orders ----------------------------------------------------

template <class T>
struct named {
  std::string_view name;
  T value;
};

template <class T, size_t N>
bool read_name(deribit_call& call, const char* param, const named<T> (&all)[N],
               T& out) {
  auto* member = find(call.params, param);
  if (!member)
    return true;
  auto name = text_member(call.params, param);
  auto i = std::ranges::find(all, name, &named<T>::name);
  if (i == std::end(all))
    return refuse(call, param, "is not supported");
  out = i->value;
  return true;
}

bool read_type(deribit_call& call, order& out) {
  constexpr named<order_type> all[] = {
    {"limit", order_type::limit},
    {"market", order_type::market},
    {"stop_limit", order_type::stop_limit},
    {"stop_market", order_type::stop_market},
  };
  return read_name(call, "type", all, out.type);
}

bool read_validity(deribit_call& call, order& out) {
  constexpr named<order_validity> all[] = {
    {"good_til_cancelled", order_validity::good_til_cancelled},
    {"immediate_or_cancel", order_validity::immediate_or_cancel},
    {"fill_or_kill", order_validity::fill_or_kill},
  };
  return read_name(call, "time_in_force", all, out.validity);
}

bool read_label(deribit_call& call, order& out) {
  out.label = text_member(call.params, "label");
  return out.label.size() <= max_label
         || refuse(call, "label", "must be at most 64 characters");
}

// The index and the mark price are the last one here.
bool read_trigger(deribit_call& call, const market_quote& market, order& out) {
  if (!call.required_text("trigger"))
    return false;
  out.state = order_state::untriggered;
  return read_price(call, market, "trigger_price", out.trigger_price);
}

bool read_prices(deribit_call& call, const market_quote& market, order& out) {
  auto has_limit = out.type == order_type::limit
                   || out.type == order_type::stop_limit;
  auto is_stop = out.type == order_type::stop_limit
                 || out.type == order_type::stop_market;
  return (!has_limit || read_price(call, market, "price", out.price))
         && (!is_stop || read_trigger(call, market, out));
}

} // namespace

bool read_new_order(deribit_call& call, const quote_fun& quote, order& out) {
  auto instrument = call.required_text("instrument_name");
  if (!instrument)
    return false;
  auto market = quote(*instrument);
  if (!market)
    return refuse(call, "instrument_name", "unknown instrument");
  out.instrument = *instrument;
  return read_amount(call, *market, out.amount) && check_valid_until(call)
         && read_label(call, out) && read_type(call, out)
         && read_validity(call, out) && read_flags(call, out)
         && read_prices(call, *market, out);
}

bool read_amendment(deribit_call& call, const market_quote& market,
                    order& out) {
  auto has = [&](const char* param) { return find(call.params, param); };
  if (has("price") && !read_price(call, market, "price", out.price))
    return false;
  if (has("trigger_price")
      && !read_price(call, market, "trigger_price", out.trigger_price))
    return false;
  // A new price is post-only if that is told again.
  if (has("price"))
    out.post_only = out.reject_post_only = false;
  if (!read_amount(call, market, out.amount) || !check_valid_until(call)
      || !read_flags(call, out))
    return false;
  return out.amount > out.filled || refuse(call, 11008, "already_filled");
}

} // namespace zenws::sim
