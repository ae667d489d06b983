// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/market/update_list.hpp"
#include "zenws/recording/recording.hpp"
#include "zenws/venue/dialect.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

/// @file
/// A recording as tables: typed market data where the dialect reads it, all
/// other entries as they are.
namespace zenws {

/// A table of an export.
enum class recording_table : uint8_t {
  trades,
  /// One row for each price of a snapshot or change of a book.
  book,
  quotes,
  tickers,
  /// All entries that have no market data.
  messages,
};

/// Returns the name of the enumerator.
std::string_view to_string(recording_table value) noexcept;

inline constexpr size_t num_recording_tables = 5;

/// Returns the names of the columns of a table.
std::span<const std::string_view> columns_of(recording_table table) noexcept;

/// Bytes that are no text.
struct table_blob {
  std::string_view bytes{};
};

/// A value of a table: nothing, a count, text (times and decimals are text as
/// well, so that they are exact), or bytes. Valid for the time of the call.
using table_cell
  = std::variant<std::monostate, uint64_t, std::string_view, table_blob>;

/// Receives the rows of an export.
class table_writer {
public:
  virtual ~table_writer();

  /// Writes a row.
  /// @param cells as many as the table has columns.
  /// @returns `ec::recording_failed` if it cannot be written.
  virtual error write(recording_table table, std::span<const table_cell> cells)
    = 0;

  /// Writes what is left. Nothing may be written afterwards.
  virtual error finish() = 0;
};

/// Turns entries of a recording into rows. Not thread-safe.
///
/// The market data is what the venue said: without proof that a book is
/// complete, other than in a replay.
class table_reader {
public:
  /// @param venue may be null: all entries are messages.
  explicit table_reader(dialect_ptr venue);

  /// Writes the rows of an entry.
  error add(const recorded_entry& entry, table_writer& to);

private:
  // Decodes the market data of an entry. Returns whether there is any.
  bool decode(const recorded_entry& entry);

  error add_message(const recorded_entry& entry, table_writer& to);

  dialect_ptr venue_;
  uint64_t epoch_ = 0;
  market::update_list updates_;
};

} // namespace zenws
