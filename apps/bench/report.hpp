// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace zenws::bench {

inline double milliseconds_of(std::chrono::nanoseconds span) {
  return std::chrono::duration<double, std::milli>{span}.count();
}

inline double microseconds_of(std::chrono::nanoseconds span) {
  return std::chrono::duration<double, std::micro>{span}.count();
}

/// One figure of the bench.
struct row {
  std::string bench;

  /// Transport, bytes and placement: `plain/128/scheduled`.
  std::string label;

  std::string metric;
  double value = 0;
  std::string unit;

  /// Figure of plain Beast in the same run, if it can do this.
  std::optional<double> baseline{};
};

/// Prints figures: a table for people, or one JSON object a line.
class report {
public:
  enum class format : unsigned char { table, json };

  explicit report(format style) noexcept : format_(style) {
    // nop
  }

  /// Prints a line about conditions of the measurements; for people only.
  void note(const std::string& line) const;

  void add(const row& figure);

private:
  void print_json(const row& figure) const;

  void print_table(const row& figure);

  format format_;
  std::string bench_;
};

} // namespace zenws::bench
