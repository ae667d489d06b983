// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace zenws::market {

enum class book_side : uint8_t { bid, ask };

/// Action on one price of a book.
enum class level_action : uint8_t {
  /// It was not there.
  create,
  /// It was there with another amount.
  change,
  /// It was there.
  remove,
  /// The price has this amount now, 0 removes it. Used by venues that do not
  /// distinguish the other three (Binance).
  set,
};

/// Change of one price of a book.
struct level_change {
  book_side side = book_side::bid;
  level_action action = level_action::create;
  decimal price{};
  decimal amount{};
};

enum class update_kind : uint8_t {
  /// The whole book, or as much of it as the channel shows.
  snapshot,
  /// Changes since the update before.
  change,
};

/// A whole order book, or the changes in one.
struct book_change {
  instrument_name instrument{};
  venue_time time{};
  update_kind kind = update_kind::snapshot;

  /// Number of the first change in this message; that of the last one if the
  /// venue does not tell (Deribit).
  uint64_t first_change_id = 0;

  /// Number of the last change in this message.
  uint64_t change_id = 0;

  /// Number of the message that a change continues, if the venue sends it: all
  /// but Binance's spot market do.
  std::optional<uint64_t> prev_change_id{};

  std::vector<level_change> levels{};

  /// Forgets everything but the memory of `levels`.
  void clear() noexcept {
    auto memory = std::move(levels);
    memory.clear();
    *this = {.levels = std::move(memory)};
  }
};

} // namespace zenws::market
