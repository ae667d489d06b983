// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/fwd.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// @file
/// Format of the recording of a client: one JSON object per line. The lines may
/// be in compressed blocks, see `recording_compression`.
///
///     {"ts":"2026-01-31T23:59:59.000001Z","dir":"in","type":"text",
///      "epoch":1,"seq":7,"data":"..."}
///
/// `data` is the payload; base64, and `"binary":true`, for binary messages and
/// for data that is not UTF-8. Readers ignore members that they do not know.
namespace zenws {

// -- entries ------------------------------------------------------------------

/// Direction of an entry.
enum class recorded_direction : uint8_t { in, out };

std::string_view to_string(recorded_direction value) noexcept;

/// Type of an entry.
enum class recorded_type : uint8_t {
  text,
  binary,
  ping,
  pong,
  /// A Close frame; the data is made by `close_to_json`.
  close,
  /// A `client_event`; the data is made by `event_to_json`.
  event,
};

std::string_view to_string(recorded_type value) noexcept;

/// All of an entry but its data.
struct recorded_header {
  /// With a resolution of microseconds.
  std::chrono::system_clock::time_point at{};

  recorded_direction direction = recorded_direction::in;

  recorded_type type = recorded_type::text;

  /// Connections of the client so far.
  uint64_t epoch = 0;

  /// The number of a received message; otherwise that of the next one.
  uint64_t sequence = 0;

  bool operator==(const recorded_header&) const = default;
};

struct recorded_entry : recorded_header {
  std::string data{};

  bool operator==(const recorded_entry&) const = default;
};

// -- times --------------------------------------------------------------------

/// Returns a time as entries have it: 2026-01-31T23:59:59.000001Z.
std::string time_to_string(std::chrono::system_clock::time_point at);

/// Reads a time of that form, or its beginning from the day on: what is left
/// out is 0. The Z may be left out as well.
/// @returns `ec::invalid_data` if it is none.
result<std::chrono::system_clock::time_point>
time_from_string(std::string_view text);

// -- lines --------------------------------------------------------------------

/// Appends an entry and the end of its line.
void append_line(std::string& out, const recorded_header& entry,
                 std::string_view data);

/// Returns an entry as a line, without its end.
std::string write_line(const recorded_entry& entry);

/// Reads a line without its end.
/// @returns `ec::invalid_json`, or `ec::invalid_data` with the member that is
///          missing or wrong.
result<recorded_entry> parse_line(std::string_view line);

// -- data of entries ----------------------------------------------------------

/// A Close frame as data of an entry.
std::string close_to_json(uint16_t code, std::string_view reason);

/// An event as data of an entry. Of a refused upgrade it keeps the status only:
/// headers and body may be secrets.
std::string event_to_json(const client_event& event);

/// Reads the output of `event_to_json`.
/// @returns `ec::invalid_data` with the member that is wrong.
result<client_event> event_from_json(std::string_view json);

} // namespace zenws
