// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_order_terms.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

namespace {

using namespace std::chrono_literals;

using std::chrono::milliseconds;

bool refuse_order(kraken_call& call, const std::string& reason) {
  call.refuse(reason);
  return false;
}

bool refuse_param(kraken_call& call, const char* param) {
  return refuse_order(call, std::string{"EGeneral:Invalid arguments:"} + param);
}

// Products of two such numbers are numbers of JSON.
constexpr double largest_number = 1e15;

bool is_in_steps(double x, double unit) {
  auto count = unit > 0 ? x / unit : 0;
  return std::abs(count - std::round(count)) < 1e-6;
}

// -- times --------------------------------------------------------------------

/// Reads a time such as 2024-05-06T07:08:09.123Z.
std::optional<milliseconds> read_time(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  double second = 0;
  if (std::sscanf(std::string{text}.c_str(), "%4d-%2u-%2uT%2d:%2d:%9lfZ", &year,
                  &month, &day, &hour, &minute, &second)
      != 6)
    return std::nullopt;
  std::chrono::year_month_day date{
    std::chrono::year{year}, std::chrono::month{month}, std::chrono::day{day}};
  if (!date.ok())
    return std::nullopt;
  auto days = std::chrono::sys_days{date}.time_since_epoch();
  auto count = static_cast<int64_t>(std::llround(second * 1e3));
  return days + std::chrono::hours{hour} + std::chrono::minutes{minute}
         + milliseconds{count};
}

// Member `deadline`: 500 ms to 60 s from now.
bool check_deadline(kraken_call& call) {
  auto text = text_member(call.params(), "deadline");
  if (text.empty())
    return true;
  auto time = read_time(text);
  if (!time || *time > call.now.wall + 60s)
    return refuse_param(call, "deadline");
  return *time > call.now.wall
         || refuse_order(call, "EService:Deadline elapsed");
}

// -- amounts and prices -------------------------------------------------------

bool read_quantity(kraken_call& call, const market_quote& market, double& out) {
  auto amount = number_member(call.params(), "order_qty");
  if (!amount || *amount <= 0 || *amount > largest_number
      || !is_in_steps(*amount, market.lot))
    return refuse_param(call, "order_qty");
  out = *amount;
  return *amount >= market.lot
         || refuse_order(call, "EOrder:Order minimum not met");
}

bool read_kraken_price(kraken_call& call, const json& from, const char* name,
                       const market_quote& market, double& out) {
  auto price = number_member(from, name);
  if (!price || *price <= 0 || *price > largest_number)
    return refuse_param(call, name);
  out = *price;
  return is_in_steps(*price, market.tick)
         || refuse_order(call, "EOrder:Invalid price");
}

// -- new orders ---------------------------------------------------------------

bool read_kraken_type(kraken_call& call, order& out) {
  struct named {
    std::string_view name;
    order_type type;
  };
  constexpr named types[] = {
    {"limit", order_type::limit},
    {"market", order_type::market},
    {"stop-loss-limit", order_type::stop_limit},
    {"stop-loss", order_type::stop_market},
  };
  auto name = text_member(call.params(), "order_type");
  auto i = std::ranges::find(types, name, &named::name);
  if (i == std::end(types))
    return refuse_param(call, "order_type");
  out.type = i->type;
  return true;
}

bool read_kraken_side(kraken_call& call, order& out) {
  auto side = text_member(call.params(), "side");
  out.direction = side == "buy" ? order_direction::buy : order_direction::sell;
  return side == "buy" || side == "sell" || refuse_param(call, "side");
}

// Fill-or-kill is for limit orders only.
bool read_kraken_validity(kraken_call& call, order& out) {
  auto name = text_member(call.params(), "time_in_force");
  if (name == "ioc")
    out.validity = order_validity::immediate_or_cancel;
  else if (name == "fok" && out.type == order_type::limit)
    out.validity = order_validity::fill_or_kill;
  else if (!name.empty() && name != "gtc")
    return refuse_param(call, "time_in_force");
  return true;
}

// Member `cl_ord_id`: free text of at most 18 characters, or a UUID with or
// without its hyphens.
bool is_kraken_label(std::string_view text) {
  auto is_hex = [](unsigned char c) { return std::isxdigit(c) != 0; };
  auto is_uuid = (text.size() == 32 && std::ranges::all_of(text, is_hex))
                 || (text.size() == 36 && text[8] == '-' && text[13] == '-'
                     && text[18] == '-' && text[23] == '-');
  return text.size() <= 18 || is_uuid;
}

bool read_kraken_label(kraken_call& call, order& out) {
  out.label = text_member(call.params(), "cl_ord_id");
  return is_kraken_label(out.label) || refuse_param(call, "cl_ord_id");
}

bool read_triggers(kraken_call& call, const market_quote& market, order& out) {
  if (out.type != order_type::stop_limit && out.type != order_type::stop_market)
    return true;
  auto* triggers = find(call.params(), "triggers");
  if (!triggers)
    return refuse_param(call, "triggers");
  out.state = order_state::untriggered;
  return read_kraken_price(call, *triggers, "price", market, out.trigger_price);
}

} // namespace

bool read_kraken_order(kraken_call& call, const market_quote& market,
                       order& out) {
  out.post_only = call.flag("post_only", false);
  out.reduce_only = call.flag("reduce_only", false);
  if (!read_kraken_type(call, out) || !read_kraken_side(call, out)
      || !read_kraken_validity(call, out) || !read_kraken_label(call, out)
      || !read_quantity(call, market, out.amount))
    return false;
  auto has_limit = out.type == order_type::limit
                   || out.type == order_type::stop_limit;
  return (!has_limit
          || read_kraken_price(call, call.params(), "limit_price", market,
                               out.price))
         && read_triggers(call, market, out) && check_deadline(call);
}

bool read_kraken_amendment(kraken_call& call, const market_quote& market,
                           order& out) {
  auto has = [&](const char* name) { return find(call.params(), name); };
  if (!has("order_qty") && !has("limit_price") && !has("trigger_price"))
    return refuse_order(call, "EGeneral:Invalid arguments");
  return (!has("order_qty") || read_quantity(call, market, out.amount))
         && (!has("limit_price")
             || read_kraken_price(call, call.params(), "limit_price", market,
                                  out.price))
         && (!has("trigger_price")
             || read_kraken_price(call, call.params(), "trigger_price", market,
                                  out.trigger_price))
         && check_deadline(call);
}

} // namespace zenws::sim
