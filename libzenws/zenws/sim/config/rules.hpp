// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <span>
#include <string_view>

namespace zenws::sim {

/// Something that a venue does and the simulator enforces.
struct rule {
  std::string_view id;
  std::string_view venue;
  std::string_view sentence;
  /// Source of the rule, or `observed` if the venue's documentation lacks it.
  std::string_view source;
  /// The member of `server_config` that changes it; empty if it always holds.
  std::string_view setting;
};

/// Returns all rules. Each is on by default unless its sentence says otherwise.
std::span<const rule> rules() noexcept;

} // namespace zenws::sim
