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
#include <vector>

/// @file
/// Format of the recording of a client: one JSON object per line.
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

// -- files --------------------------------------------------------------------

/// A line that is no entry.
struct recording_problem {
  /// Counted from 1.
  uint64_t line = 0;

  error reason{};
};

/// Reads a recording piece by piece and collects its problems.
///
/// Pure: the caller brings the bytes. Nothing is skipped in silence: lines that
/// are no entries are counted and reported. A last line that was cut off, as by
/// a crash, is reported by `torn`.
class recording_reader {
public:
  // -- constants --------------------------------------------------------------

  /// A longer line is no entry.
  static constexpr size_t max_line_bytes = 512 * 1024 * 1024;

  /// Number of problems kept; all are counted.
  static constexpr size_t max_problems = 100;

  // -- reading ----------------------------------------------------------------

  /// Adds the next bytes of the file.
  void feed(std::string_view bytes);

  /// Ends the input.
  void finish() noexcept {
    finished_ = true;
  }

  /// Returns the next entry; nothing if more bytes are needed, or at the end.
  std::optional<recorded_entry> next();

  // -- account ----------------------------------------------------------------

  /// Lines so far, a torn one included.
  uint64_t lines() const noexcept {
    return lines_;
  }

  uint64_t entries() const noexcept {
    return entries_;
  }

  /// Lines that are no entries, without a torn one.
  uint64_t corrupt() const noexcept {
    return corrupt_;
  }

  /// The first of them.
  const std::vector<recording_problem>& problems() const noexcept {
    return problems_;
  }

  /// Returns whether the file ended within an entry.
  bool torn() const noexcept {
    return torn_;
  }

private:
  std::optional<recorded_entry> read(std::string_view line);

  std::optional<recorded_entry> read_rest();

  void report(error problem);

  std::string buffer_;
  size_t pos_ = 0;      // of the next line in the buffer
  size_t searched_ = 0; // up to here there is no end of it
  bool overlong_ = false;
  bool finished_ = false;
  uint64_t lines_ = 0;
  uint64_t entries_ = 0;
  uint64_t corrupt_ = 0;
  std::vector<recording_problem> problems_;
  bool torn_ = false;
};

} // namespace zenws
