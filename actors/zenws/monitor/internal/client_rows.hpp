// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/monitor/internal/snapshot.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zenws::monitoring {

/// A client in a table.
struct client_row {
  std::string name;
  std::string url;        // without secrets
  std::string supervisor; // may be empty
  std::string child;      // as of `child_state`
  std::string state;      // as of `client_state`
  std::string last_error; // of one that does not run; may be empty
  uint64_t epoch = 0;
  std::chrono::milliseconds up{0}; // 0 if it is not ready
  uint64_t messages = 0;
  double rate = 0; // messages per second
  uint64_t restarts = 0;
  std::chrono::microseconds round_trip{0}; // of the last heartbeat, 0 if none
  uint64_t dropped = 0; // messages and updates that overflow policies left out
  uint64_t gaps = 0;    // in trades, and in books by their numbers
};

/// Returns a client that runs, or null.
const registered_client* find_client(const snapshot& from,
                                     std::string_view name);

/// Returns all clients: those of the trees, and those of the runtime that are
/// in none, by name.
std::vector<client_row> rows_of(const snapshot& from);

// -- rates --------------------------------------------------------------------

/// Computes messages per second between snapshots.
class rate_meter {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// A shorter interval is measured together with the next one.
  static constexpr std::chrono::milliseconds min_interval{1'000};

  /// Sets the rates of all rows; 0 for those that are new.
  void measure(std::vector<client_row>& rows, time_point now);

private:
  struct sample {
    uint64_t messages = 0;
    double rate = 0;
  };

  std::unordered_map<std::string, sample> samples_;
  time_point time_{};
};

// -- totals -------------------------------------------------------------------

/// Sums over all clients.
struct client_totals {
  uint64_t clients = 0;
  uint64_t ready = 0;
  uint64_t connecting = 0; // run, and are not ready
  uint64_t restarting = 0;
  uint64_t gave_up = 0;
  uint64_t messages = 0;
  double rate = 0; // messages per second
  uint64_t dropped = 0;
  uint64_t gaps = 0;
};

client_totals totals_of(const std::vector<client_row>& rows);

// -- queries ------------------------------------------------------------------

/// Column that a table of clients is sorted by.
enum class row_key : uint8_t {
  name,
  state,
  messages,
  rate,
  restarts,
  round_trip
};

/// Part of a table of clients.
struct row_query {
  static constexpr size_t max_count = 500;

  size_t from = 0;
  size_t count = 100;
  row_key key = row_key::name;
  bool descending = false;

  /// Part of name, state, address or supervisor, in any case; empty: all.
  std::string filter{};

  auto operator<=>(const row_query&) const = default;
};

struct row_page {
  size_t matching = 0;
  std::vector<const client_row*> rows{};
};

/// Returns the rows of a query. Sorted by state, those in trouble come first.
row_page select(const std::vector<client_row>& rows, const row_query& query);

/// Returns how well a client is, as the function below.
int rank_of(const client_row& row) noexcept;

/// Returns how well a state is: 0 for a child that was given up, up to 4 for
/// one that is ready.
int rank_of(std::string_view state) noexcept;

} // namespace zenws::monitoring
