// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"
#include "zenws/market/instrument_name.hpp"
#include "zenws/market/venue_time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

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
  /// distinguish the other three.
  set,
};

/// One price of a book, or its change.
struct level_change {
  book_side side = book_side::bid;

  level_action action = level_action::set;

  /// Digits behind the point as the venue wrote them, which a `decimal` does
  /// not keep; checksums are made of them.
  uint8_t price_places = 0;
  uint8_t amount_places = 0;

  decimal price{};
  decimal amount{};

  bool operator==(const level_change&) const noexcept = default;
};

/// Members that a snapshot and a change of an order book have in common.
struct book_update {
  instrument_name instrument{};

  venue_time time{};

  /// Number of the client's message that brought it, as in raw batches.
  uint64_t message = 0;

  /// Number of the last change in this message; 0 if the venue does not number
  /// them.
  uint64_t sequence = 0;

  /// Number of the first change in this message; that of the last one if the
  /// venue does not tell.
  uint64_t first_sequence = 0;

  /// Number of the message that this one continues, if the venue sends it.
  std::optional<uint64_t> previous{};

  /// Checksum of the book after this update, if the venue sends one.
  std::optional<uint32_t> checksum{};

  /// Valid for as long as the batch.
  std::span<const level_change> levels{};
};

/// The whole book, or as much of it as the channel shows.
struct book_snapshot : book_update {};

/// Changes since the update before.
struct book_change : book_update {};

/// Cause of the loss of a book.
enum class loss_cause : uint8_t {
  /// The connection has ended.
  disconnected,
  /// Messages are missing by their numbers.
  gap,
  /// The book does not have the checksum that the venue sent, or its best bid
  /// is not below its best ask.
  inconsistent,
  /// A message could not be read.
  unreadable,
  /// The venue brings nothing any more.
  silent,
  /// The venue has ended the channel.
  ended,
};

/// Number of enumerators.
inline constexpr size_t num_loss_causes = 6;

/// Returns the name of the enumerator.
std::string_view to_string(loss_cause value) noexcept;

/// Nothing is known about the book of an instrument until the next snapshot,
/// which has been asked for.
struct book_lost {
  instrument_name instrument{};

  venue_time time{};

  /// Number of the client's message that showed it, or of the last one before.
  uint64_t message = 0;

  loss_cause cause = loss_cause::disconnected;

  bool operator==(const book_lost&) const noexcept = default;
};

} // namespace zenws::market
