// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// @file
/// Where venues are: their published addresses, for programs that are told the
/// name of a venue only.

namespace zenws {

/// Money at an address of a venue.
enum class venue_money : uint8_t { real, test };

/// Returns the name of the enumerator.
std::string_view to_string(venue_money value) noexcept;

/// An address of a venue.
struct venue_address {
  /// Tells the addresses of a venue apart, such as "spot"; that of a test net
  /// has the name of its counterpart, where there is one.
  std::string_view name{};

  std::string_view url{};

  /// An instrument that is traded there, as the venue writes it; empty where
  /// there is no market data.
  std::string_view instrument{};

  venue_money money = venue_money::real;
};

/// A venue for which zenws has a dialect.
struct known_venue {
  /// That of its dialect.
  std::string_view name{};

  /// As the venue writes itself.
  std::string_view title{};

  /// The first one is for market data that anybody may have.
  std::span<const venue_address> addresses{};

  /// Returns an address, the first one without a name; null if there is none.
  const venue_address* find(venue_money money,
                            std::string_view address = {}) const noexcept;
};

/// Returns all venues, in the order of the alphabet.
std::span<const known_venue> known_venues() noexcept;

/// Returns a venue by the name of its dialect; null if there is none.
const known_venue* find_venue(std::string_view name) noexcept;

} // namespace zenws
