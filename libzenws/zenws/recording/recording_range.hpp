// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/recording/recording.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace zenws {

/// Times and epochs of consecutive entries. Clocks are set back now and then,
/// and each run of a program counts its epochs from 1: neither need ascend.
struct recorded_span {
  std::chrono::system_clock::time_point earliest{};
  std::chrono::system_clock::time_point latest{};
  uint64_t lowest_epoch = 0;
  uint64_t highest_epoch = 0;

  /// Number of entries; the members above mean nothing without one.
  uint64_t entries = 0;

  /// Adds an entry.
  void add(const recorded_header& entry) noexcept;

  /// Adds all entries of another span.
  void add(const recorded_span& other) noexcept;

  bool operator==(const recorded_span&) const = default;
};

/// Entries of a recording by time and epoch: those that meet all that is set.
struct recording_range {
  std::optional<std::chrono::system_clock::time_point> from{};

  /// The last time included.
  std::optional<std::chrono::system_clock::time_point> to{};

  /// Of any run of the program that recorded.
  std::optional<uint64_t> epoch{};

  bool includes(const recorded_header& entry) const noexcept;

  /// Returns whether an entry of a span may be included.
  bool may_include(const recorded_span& span) const noexcept;
};

} // namespace zenws
