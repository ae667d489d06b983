// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Serialization of orders and accounts. Decimals travel as text.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/market/decimal.hpp"
#include "zenws/market/short_text.hpp"
#include "zenws/trading/account_update.hpp"
#include "zenws/trading/order_event.hpp"
#include "zenws/trading/order_request.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace zenws {

namespace detail {

/// Returns nothing as an empty text.
inline std::string text_of(const std::optional<market::decimal>& x) {
  return x ? to_string(*x) : std::string{};
}

/// @returns `false` if the text is neither empty nor a number.
inline bool read_text(const std::string& text,
                      std::optional<market::decimal>& to) {
  to = text.empty() ? std::nullopt : market::decimal::parse(text);
  return to.has_value() == !text.empty();
}

inline caf::error malformed_unless(bool is_right) {
  return is_right ? caf::error{} : make_error(ec::invalid_data);
}

} // namespace detail

namespace market {

template <class Inspector, size_t MaxSize>
auto inspect(Inspector& f, short_text<MaxSize>& x) {
  std::string text{x.view()};
  auto restore = [&]() -> caf::error {
    auto value = short_text<MaxSize>::make(text);
    x = value.value_or(short_text<MaxSize>{});
    return detail::malformed_unless(value.has_value());
  };
  return caf_compat::inspect_and_load(f, "text", restore, "text", text);
}

template <class Inspector>
auto inspect(Inspector& f, decimal& x) {
  auto text = to_string(x);
  auto restore = [&]() -> caf::error {
    auto value = decimal::parse(text);
    x = value.value_or(decimal{});
    return detail::malformed_unless(value.has_value());
  };
  return caf_compat::inspect_and_load(f, "decimal", restore, "text", text);
}

} // namespace market

namespace trading {

template <class Inspector>
auto inspect(Inspector& f, order_key& x) {
  return caf_compat::inspect_as(f, "order_key", "instrument", x.instrument,
                                "id", x.id, "venue_id", x.venue_id);
}

template <class Inspector>
auto inspect(Inspector& f, order_request& x) {
  auto price = detail::text_of(x.price);
  auto trigger = detail::text_of(x.trigger);
  auto restore = [&]() -> caf::error {
    return detail::malformed_unless(detail::read_text(price, x.price)
                                    && detail::read_text(trigger, x.trigger));
  };
  return caf_compat::inspect_and_load(
    f, "order_request", restore, "instrument", x.instrument, "side", x.side,
    "type", x.type, "amount", x.amount, "price", price, "trigger", trigger,
    "validity", x.validity, "post_only", x.post_only, "reduce_only",
    x.reduce_only, "venue_members", x.venue_members);
}

template <class Inspector>
auto inspect(Inspector& f, order& x) {
  return caf_compat::inspect_as(f, "zenws::order", "key", x.key, "terms",
                                x.terms, "state", x.state, "filled", x.filled,
                                "reason", x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, order_event& x) {
  auto time = x.time.time_since_epoch().count();
  auto restore = [&]() -> caf::error {
    x.time = market::venue_time{market::venue_time::duration{time}};
    return {};
  };
  return caf_compat::inspect_and_load(f, "zenws::order_event", restore, "kind",
                                      x.kind, "content", x.content, "time",
                                      time);
}

template <class Inspector>
auto inspect(Inspector& f, fill& x) {
  auto fee = detail::text_of(x.fee);
  auto time = x.time.time_since_epoch().count();
  auto restore = [&]() -> caf::error {
    x.time = market::venue_time{market::venue_time::duration{time}};
    return detail::malformed_unless(detail::read_text(fee, x.fee));
  };
  return caf_compat::inspect_and_load(
    f, "zenws::fill", restore, "order", x.order, "id", x.id, "side", x.side,
    "price", x.price, "amount", x.amount, "fee", fee, "fee_currency",
    x.fee_currency, "liquidity", x.liquidity, "time", time);
}

template <class Inspector>
auto inspect(Inspector& f, position& x) {
  auto average = detail::text_of(x.average_price);
  auto time = x.time.time_since_epoch().count();
  auto restore = [&]() -> caf::error {
    x.time = market::venue_time{market::venue_time::duration{time}};
    return detail::malformed_unless(
      detail::read_text(average, x.average_price));
  };
  return caf_compat::inspect_and_load(f, "zenws::position", restore,
                                      "instrument", x.instrument, "amount",
                                      x.amount, "average", average, "time",
                                      time);
}

template <class Inspector>
auto inspect(Inspector& f, balance& x) {
  auto available = detail::text_of(x.available);
  auto time = x.time.time_since_epoch().count();
  auto restore = [&]() -> caf::error {
    x.time = market::venue_time{market::venue_time::duration{time}};
    return detail::malformed_unless(detail::read_text(available, x.available));
  };
  return caf_compat::inspect_and_load(f, "zenws::balance", restore, "currency",
                                      x.currency, "total", x.total, "available",
                                      available, "time", time);
}

} // namespace trading

} // namespace zenws
