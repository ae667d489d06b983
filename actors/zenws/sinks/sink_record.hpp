// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/quote.hpp"
#include "zenws/market/ticker.hpp"
#include "zenws/market/trade.hpp"
#include "zenws/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws {

using sink_time = std::chrono::sys_time<std::chrono::microseconds>;

/// Names a record for good: no two of a store have the same key, and a record
/// that is written again has the same as before.
struct sink_key {
  /// When the bytes were read from the socket; of a loss, when it was noticed.
  sink_time time{};

  std::shared_ptr<const std::string> client{};

  /// Distinguishes clients of one name, since epochs and sequence numbers begin
  /// anew with the process: milliseconds since 1970 and 20 random bits, drawn
  /// when the sink first sees the client.
  uint64_t run = 0;

  uint64_t epoch = 0;

  /// Number of the client's message that brought it.
  uint64_t sequence = 0;

  /// Counts the typed records and the losses of the client in this run; 0 of
  /// raw messages.
  uint64_t item = 0;
};

/// A message as the venue sent it.
struct sink_message {
  message_kind kind = message_kind::text;
  std::string payload{};
};

/// Cause of a loss.
enum class sink_loss_cause : uint8_t {
  /// The store was away or slow for longer than the budget lasts.
  sink_full,
  /// Messages came faster than the sink took them.
  sink_slow,
  /// The sink was started again.
  sink_restarted,
  /// The store cannot take a record, for example because of its size.
  refused,
  /// The venue's numbers of trades, or of its messages, have a hole.
  venue_gap,
};

/// Returns the name of the enumerator.
std::string_view to_string(sink_loss_cause value) noexcept;

/// Records that are missing. The key has the epoch and the sequence number of
/// the last message before it that the sink has seen.
struct sink_loss {
  sink_loss_cause cause = sink_loss_cause::sink_full;

  /// Number of the records, 0 if nobody knows.
  uint64_t lost = 0;

  /// The first and the last that are missing, 0 if nobody knows.
  uint64_t first_epoch = 0;
  uint64_t first_sequence = 0;
  uint64_t last_epoch = 0;
  uint64_t last_sequence = 0;

  /// Of a `venue_gap` among trades.
  market::instrument_name instrument{};
};

/// One row of a store.
struct sink_record {
  sink_key key{};

  std::variant<sink_message, market::trade, market::quote, market::ticker,
               sink_loss>
    content{};

  /// Returns the memory that it takes.
  size_t footprint() const noexcept;
};

/// Records that are written together, in their order.
struct sink_batch {
  /// Names the sink as `sink_key::run` names a client.
  uint64_t origin = 0;

  /// Counts the batches of the origin, from 1.
  uint64_t number = 0;

  std::vector<sink_record> records{};

  /// Sum of `sink_record::footprint`.
  size_t bytes = 0;

  /// When the first record came.
  std::chrono::steady_clock::time_point since{};
};

using sink_batch_ptr = std::shared_ptr<const sink_batch>;

} // namespace zenws
