// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/hyperliquid/hyperliquid_subscription.hpp"

#include "zenws/json/internal/json_cursor.hpp"

namespace zenws {

namespace {

using internal::json_cursor;

// Addresses are hexadecimal numbers: the venue may write them otherwise.
std::string lower_case(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// "Subscriptions", "Data formats": their messages do not name the user.
bool hides_user(std::string_view type) noexcept {
  return type == "orderUpdates" || type == "userEvents"
         || type == "notification";
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

std::optional<hyperliquid_subscription>
hyperliquid_subscription::parse(std::string_view json) {
  hyperliquid_subscription result;
  json_cursor in{json};
  if (in.peek() != json_kind::object)
    return std::nullopt;
  json_value name;
  for (in.enter_object(); in.next_member(name);) {
    auto value = in.value();
    if (name.is("type"))
      result.type_ = value.string().value_or("");
    else
      result.read(name, value);
  }
  if (!in.finish() || result.type_.empty())
    return std::nullopt;
  return result;
}

hyperliquid_subscription
hyperliquid_subscription::shown_by(std::string_view channel,
                                   const json_value& data) {
  hyperliquid_subscription result;
  result.type_ = hyperliquid_type(channel);
  json_cursor in{data.text};
  // All trades of a message are of one coin.
  if (data.kind == json_kind::array && result.type_ == "trades"
      && in.enter_array() && in.next_element())
    in = json_cursor{in.value().text};
  if (in.peek() != json_kind::object)
    return result;
  json_value name;
  for (in.enter_object(); in.next_member(name);) {
    auto value = in.value();
    auto is_candle = result.type_ == "candle";
    if (is_candle && name.is("s"))
      result.coin_ = value.string().value_or("");
    else if (is_candle && name.is("i"))
      result.interval_ = value.string().value_or("");
    else if (!is_candle)
      result.read(name, value);
  }
  return result;
}

void hyperliquid_subscription::read(const json_value& name,
                                    const json_value& value) {
  auto text = [&] { return value.string().value_or(""); };
  if (name.is("coin"))
    coin_ = text();
  else if (name.is("interval"))
    interval_ = text();
  else if (name.is("user"))
    user_ = lower_case(text());
  else if (name.is("dex"))
    dex_ = text();
}

// -- properties ---------------------------------------------------------------

std::string hyperliquid_subscription::usual_name() const {
  return coin_.empty() ? type_ : type_ + ':' + coin_;
}

std::string hyperliquid_subscription::key() const {
  auto result = usual_name();
  auto add = [&](std::string_view member, const std::string& value) {
    if (!value.empty())
      result.append(" ").append(member).append("=").append(value);
  };
  add("interval", interval_);
  add("dex", dex_);
  if (!hides_user(type_))
    add("user", user_);
  return result;
}

std::string_view hyperliquid_type(std::string_view channel) noexcept {
  if (channel == "activeSpotAssetCtx")
    return "activeAssetCtx";
  if (channel == "user")
    return "userEvents";
  return channel;
}

} // namespace zenws
