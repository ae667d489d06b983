// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Checks of any venue's orders and accounts, as those of its market data in
/// market_check.hpp.

#include "zenws/trading/account_update.hpp"
#include "zenws/venue/dialect.hpp"
#include "zenws/venue/order_protocol.hpp"

#include "core/venue/market_check.hpp"

#include <chrono>
#include <optional>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <variant>

namespace zenws::test_support {

// -- decoding -----------------------------------------------------------------

/// What a message tells about an account.
struct account_news {
  error problem{};
  trading::account_updates updates{};
};

/// Reads a message as a client does. A message that is no data tells nothing.
inline account_news read_news(order_protocol& protocol,
                              std::string_view dialect, std::string_view text) {
  account_news result;
  auto venue = make_dialect(dialect);
  auto message = venue->read(text);
  if (message.kind == inbound_kind::malformed)
    result.problem = error{ec::invalid_json};
  else if (message.kind == inbound_kind::data)
    result.problem = protocol.decode(message.content, result.updates);
  if (result.problem)
    result.updates.clear();
  return result;
}

// -- showing ------------------------------------------------------------------

inline std::string shown(const std::optional<market::decimal>& x) {
  return x ? to_string(*x) : "-";
}

namespace detail {

inline std::ostream& operator<<(std::ostream& out,
                                const trading::order_key& x) {
  return out << x.instrument.view() << '/' << x.id.view() << '/'
             << x.venue_id.view();
}

inline void show(std::ostream& out, const trading::order_report& x) {
  out << "order " << x.order << ' ' << to_string(x.side) << ' '
      << to_string(x.state) << ' ' << shown(x.filled) << " of "
      << shown(x.amount) << " at " << shown(x.price) << ", average "
      << shown(x.average_price) << " [" << x.reason << ']';
}

inline void show(std::ostream& out, const trading::fill& x) {
  out << "fill " << x.id.view() << ' ' << x.order << ' ' << to_string(x.side)
      << ' ' << to_string(x.amount) << " at " << to_string(x.price) << ", fee "
      << shown(x.fee) << ' ' << x.fee_currency.view() << ", "
      << to_string(x.liquidity);
}

inline void show(std::ostream& out, const trading::position& x) {
  out << "position " << x.instrument.view() << ' ' << to_string(x.amount)
      << " at " << shown(x.average_price);
}

inline void show(std::ostream& out, const trading::balance& x) {
  out << "balance " << x.currency.view() << ' ' << to_string(x.total) << ", "
      << shown(x.available);
}

} // namespace detail

/// Returns an update without its time.
inline std::string shown(const trading::account_update& update) {
  std::ostringstream out;
  std::visit([&](auto& x) { detail::show(out, x); }, update);
  return out.str();
}

/// Same with its time in milliseconds.
inline std::string shown_with_time(const trading::account_update& update) {
  auto time = std::visit([](auto& x) { return x.time; }, update);
  return shown(update) + ' '
         + std::to_string(time.time_since_epoch()
                          / std::chrono::milliseconds{1});
}

// -- checks -------------------------------------------------------------------

/// Checks that a readable message tells the same however it is spelled and
/// whatever the venue adds, and that a part of it tells nothing.
/// @param read returns the `account_news` of a text.
template <class Fun>
void check_news(std::string_view text, Fun read) {
  account_news expected = read(text);
  if (expected.problem)
    CAF_FAIL(to_string(expected.problem) << ": " << text);
  detail::each_spelling(text, [&](const std::string& other) {
    account_news result = read(other);
    if (result.problem || result.updates != expected.updates)
      CAF_FAIL("is read otherwise: " << other);
  });
  for (size_t size = 0; size < text.size(); ++size)
    if (account_news part = read(text.substr(0, size)); !part.problem)
      CAF_FAIL("a part is readable: " << text.substr(0, size));
}

/// Returns a text in which a part is replaced by another one.
inline std::string with(std::string_view text, std::string_view part,
                        std::string_view other) {
  auto pos = text.find(part);
  if (pos == text.npos)
    CAF_FAIL("there is no " << part << " in " << text);
  return std::string{text}.replace(pos, part.size(), other);
}

} // namespace zenws::test_support
