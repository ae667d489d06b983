// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/fwd.hpp"

#include <cstdint>
#include <string_view>

namespace zenws {

/// Effect on the peer of a message or call that failed.
enum class send_outcome : uint8_t {
  /// Nothing was sent: sending it again is safe.
  not_sent,
  /// The peer has it and said no: nothing happened.
  refused,
  /// The peer has it and said not now: nothing happened.
  try_later,
  /// The peer may have it: only the peer can tell.
  unknown,
};

/// Returns the name of the enumerator.
std::string_view to_string(send_outcome value) noexcept;

/// Returns the outcome of a message or call that failed with `code`: `unknown`
/// unless it is certain, also for errors of other subjects.
send_outcome outcome_of(ec code) noexcept;

} // namespace zenws
