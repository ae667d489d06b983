// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/json/json_writer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

/// A subscription in Hyperliquid's manner.
struct hyperliquid_stream {
  std::string type;
  /// Empty for `allMids`.
  std::string coin{};
  /// Only of `l2Book`: 5 levels, more often.
  bool is_fast = false;

  /// Returns the name by which faults know it: `trades:BTC`.
  std::string name() const;

  /// Writes the object, with the members that the venue adds.
  void write(json_writer& out) const;

  /// Returns the JSON text, which also tells one from another.
  std::string text() const;
};

/// Reads a subscription of a type that the simulator has.
std::optional<hyperliquid_stream> read_hyperliquid_stream(const json& from);

/// Returns the text of an error of the venue.
std::string hyperliquid_error(std::string_view words);

/// Returns the text that confirms a subscription, or its end.
std::string hyperliquid_confirmation(const char* method,
                                     const hyperliquid_stream& stream);

} // namespace zenws::sim
