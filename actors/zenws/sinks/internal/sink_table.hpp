// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sinks/sink_record.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// @file
/// Records as rows of tables, the same for all stores.

namespace zenws {

/// A table, stream or topic of a store. In the order of the alternatives of
/// `sink_record::content`.
enum class sink_table : uint8_t { messages, trades, quotes, tickers, losses };

inline constexpr size_t num_sink_tables = 5;

/// Returns the name of the enumerator.
std::string_view to_string(sink_table value) noexcept;

enum class column_type : uint8_t { time, integer, number, text, bytes };

enum class column_presence : uint8_t { required, optional };

struct sink_column {
  std::string_view name{};
  column_type type = column_type::text;
  column_presence presence = column_presence::required;
};

/// Bytes that are no text.
struct sink_bytes {
  std::string_view content{};
};

/// A value of a row, nothing among them. Texts live as long as the record, and
/// have no NUL.
using sink_cell = std::variant<std::monostate, sink_time, int64_t,
                               market::decimal, std::string_view, sink_bytes>;

/// Columns that all tables begin with, the time first. The first six, but with
/// the client before the time, are the primary key.
inline constexpr size_t num_key_columns = 6;

/// Returns the columns of a table.
std::span<const sink_column> columns_of(sink_table table) noexcept;

/// Returns the table of a record.
inline sink_table table_of(const sink_record& record) noexcept {
  return static_cast<sink_table>(record.content.index());
}

/// Replaces `out` by the values of a record, as many as its table has columns.
void read_cells(const sink_record& record, std::vector<sink_cell>& out);

/// Returns a value as text, nothing as an empty one: times in UTC.
std::string to_text(const sink_cell& cell);

/// Returns a record as a JSON object of its values, without those that are
/// nothing. Times are microseconds since 1970, numbers are strings, and bytes
/// are left out.
std::string to_json(const sink_record& record);

} // namespace zenws
