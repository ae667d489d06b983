// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/latency_histogram.hpp"
#include "zenws/recording/recording_range.hpp"
#include "zenws/recording/recording_source.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// A connection in a recording: consecutive entries of one epoch.
struct recorded_epoch {
  recorded_span span{};

  /// Received data messages.
  uint64_t messages = 0;

  /// Why it ended, as the client told; empty if the recording does not have it.
  std::string end{};
};

/// Messages that are not in a recording, by the numbers of those that are.
struct recorded_gap {
  std::chrono::system_clock::time_point at{}; // of the first one after it
  uint64_t epoch = 0;
  uint64_t after = 0; // number of the last one before it
  uint64_t missing = 0;
};

/// A time in which a connection brought no message.
struct recorded_silence {
  std::chrono::system_clock::time_point begin{};
  std::chrono::microseconds length{0};
  uint64_t epoch = 0;
};

/// Settings of a summary.
struct summary_options {
  /// The dialect of the client, for the latencies of calls and of market data;
  /// empty: the one that reads most of the first messages.
  std::string dialect{};

  /// Shorter silences are none.
  std::chrono::milliseconds min_silence{10'000};
};

/// The content of a recording.
struct recording_summary {
  // -- constants --------------------------------------------------------------

  /// Epochs, gaps and names kept; all are counted.
  static constexpr size_t max_items = 1000;

  /// Silences kept: the longest.
  static constexpr size_t max_silences = 20;

  // -- content ----------------------------------------------------------------

  /// Of all entries.
  recorded_span span{};

  /// Dialect that was used.
  std::string dialect{};

  /// Names of the clients.
  std::vector<std::string> clients{};

  uint64_t received = 0; // data messages
  uint64_t received_bytes = 0;
  uint64_t sent = 0;
  uint64_t control_frames = 0;
  uint64_t events = 0;

  uint64_t num_epochs = 0;
  std::vector<recorded_epoch> epochs{};

  // -- losses -----------------------------------------------------------------

  uint64_t num_gaps = 0;
  uint64_t missing = 0; // messages in all gaps
  std::vector<recorded_gap> gaps{};

  /// Entries that the recorder left out, as it told.
  uint64_t left_out = 0;

  uint64_t num_silences = 0;

  /// The longest first.
  std::vector<recorded_silence> silences{};

  // -- rates ------------------------------------------------------------------

  /// Most messages received in one second of the clock, and when.
  uint64_t peak_rate = 0;
  std::chrono::system_clock::time_point peak_at{};

  // -- latencies --------------------------------------------------------------

  latency_summary round_trips{}; // of pings
  latency_summary calls{};       // from a request to its answer

  /// Age of market data by the venue's clock when it was received.
  latency_summary market_data{};

  /// Market data from the future, by the venue's clock; its age counts as 0.
  uint64_t market_data_ahead = 0;

  // -- files ------------------------------------------------------------------

  recording_account account{};

  /// Returns whether a part of the recording cannot be read.
  bool is_damaged() const noexcept {
    return account.corrupt > 0 || account.torn;
  }

  /// Messages received per second, from the first entry to the last.
  double mean_rate() const noexcept;
};

/// Reads a recording to its end.
/// @pre `options.dialect` is empty or known
/// @returns `ec::recording_failed` if a file cannot be read.
result<recording_summary> summarize(recording_source& source,
                                    const summary_options& options);

/// Returns the summary for people, of several lines.
std::string describe(const recording_summary& summary);

/// Returns the summary as an object of JSON.
std::string to_json(const recording_summary& summary);

/// Returns the name of the dialect that reads market data from most of the
/// messages received, "raw" if none does.
std::string find_dialect(std::span<const recorded_entry> entries);

} // namespace zenws
