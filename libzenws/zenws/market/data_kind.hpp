// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace zenws::market {

/// Kind of market data that a subscriber may ask for.
enum class data_kind : uint8_t {
  /// `trade`, and `trade_gap` where some are missing.
  trades,
  /// `book_snapshot` and `book_change`, and `book_lost` where the chain breaks.
  book,
  /// `quote`: the best prices and their amounts.
  quotes,
  /// `ticker`: last, mark and index price and the like.
  ticker,
  /// `instrument_state`: terms of an instrument, and whether it trades.
  instruments,
};

/// Returns the name of the enumerator.
std::string_view to_string(data_kind value) noexcept;

/// A set of kinds.
class data_kinds {
public:
  // -- constructors, destructors, and assignment operators --------------------

  constexpr data_kinds() noexcept = default;

  constexpr data_kinds(std::initializer_list<data_kind> kinds) noexcept {
    for (auto kind : kinds)
      insert(kind);
  }

  // -- properties -------------------------------------------------------------

  constexpr bool empty() const noexcept {
    return bits_ == 0;
  }

  constexpr bool contains(data_kind kind) const noexcept {
    return (bits_ & bit(kind)) != 0;
  }

  constexpr bool operator==(const data_kinds&) const noexcept = default;

  // -- modifiers --------------------------------------------------------------

  constexpr void insert(data_kind kind) noexcept {
    bits_ = static_cast<uint8_t>(bits_ | bit(kind));
  }

  template <class Inspector>
  friend auto inspect(Inspector& f, data_kinds& x) {
    return f(x.bits_);
  }

private:
  static constexpr uint8_t bit(data_kind kind) noexcept {
    return static_cast<uint8_t>(1u << static_cast<unsigned>(kind));
  }

  uint8_t bits_ = 0;
};

} // namespace zenws::market
