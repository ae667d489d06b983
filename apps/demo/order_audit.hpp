// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "venue_control.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace zenws::demo {

/// A journal of an engine that has ended.
struct engine_journal {
  std::filesystem::path file;

  /// Name that the orders carry.
  std::string owner;
};

/// Outcome of a comparison of journals with a venue.
struct order_audit {
  /// Orders that the journals have sent, that the venue has had, and that
  /// nobody knows about.
  uint64_t sent = 0;
  uint64_t acked = 0;
  uint64_t unknown = 0;

  uint64_t at_venue = 0;
  uint64_t duplicates = 0;

  /// Orders of the venue that the journals do not have, or have otherwise; and
  /// the other way round.
  uint64_t unaccounted = 0;

  /// Instruments whose positions differ.
  uint64_t wrong_positions = 0;

  order_audit& operator+=(const order_audit& other) noexcept;
};

/// Returns the number of positions that an engine tells otherwise at its end
/// than the venue.
/// @param last_words its last line, with "; VENUE INSTRUMENT AMOUNT" for each
///                   position.
uint64_t count_wrong_positions(const std::string& last_words,
                               const std::string& venue,
                               const venue_accounts& accounts);

/// Compares the orders and positions of a venue with the journals of all
/// engines that have traded there.
/// @throws std::runtime_error if a journal cannot be read.
order_audit audit(const venue_accounts& venue,
                  const std::vector<engine_journal>& journals);

} // namespace zenws::demo
