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
  // -- constants --------------------------------------------------------------

  static constexpr data_kind all[] = {data_kind::trades, data_kind::book,
                                      data_kind::quotes, data_kind::ticker,
                                      data_kind::instruments};

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

  // -- messages ---------------------------------------------------------------

  /// Returns all kinds as bits.
  constexpr uint8_t bits() const noexcept {
    return bits_;
  }

  /// Reads bits; those of no kind are left out.
  static constexpr data_kinds from_bits(uint8_t bits) noexcept {
    data_kinds result;
    for (auto kind : all)
      if ((bits & bit(kind)) != 0)
        result.insert(kind);
    return result;
  }

private:
  static constexpr uint8_t bit(data_kind kind) noexcept {
    return static_cast<uint8_t>(1u << static_cast<unsigned>(kind));
  }

  uint8_t bits_ = 0;
};

} // namespace zenws::market
