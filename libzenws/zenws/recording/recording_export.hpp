// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/recording/recording_source.hpp"
#include "zenws/recording/recording_tables.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace zenws {

/// Format of an export.
enum class export_format : uint8_t {
  /// A file for each table that has rows, as RFC 4180 has it: lines end with
  /// CRLF, values with quotes, commas or ends of lines are quoted, the first
  /// line names the columns. Bytes that are no text are base64.
  csv,
  /// An object for each row, with the name of its table as "table".
  jsonl,
  /// A database with the tables.
  sqlite,
};

/// Returns the name of the enumerator.
std::string_view to_string(export_format value) noexcept;

/// Takes the bytes of an export; returns whether they were written.
using byte_sink = std::function<bool(std::string_view)>;

/// Writes one table as CSV; rows of other tables are left out.
std::unique_ptr<table_writer> make_csv_writer(recording_table table,
                                              byte_sink to);

/// Writes objects of JSON, one a line.
std::unique_ptr<table_writer> make_jsonl_writer(byte_sink to);

/// Creates the destination of an export.
/// @param path a folder for CSV, which is created; otherwise a file. Nothing
///             that exists is replaced.
/// @returns `ec::recording_failed` if it exists or cannot be created.
result<std::unique_ptr<table_writer>>
make_table_writer(export_format format, const std::string& path);

/// Writes all entries of a source.
/// @param venue reads the market data; may be null.
/// @returns `ec::recording_failed` if a file cannot be read or written.
error export_recording(recording_source& source, dialect_ptr venue,
                       table_writer& to);

} // namespace zenws
