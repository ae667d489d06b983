// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "finding.hpp"

#include <chrono>
#include <string_view>

namespace zenws::tool {

/// Compares the clock of this machine with the `Date` header of an answer.
/// Reports nothing if there is no such header.
/// @param sent_at when the request was sent, by the clock of this machine.
/// @param took from then to the answer.
void check_peer_clock(std::string_view date,
                      std::chrono::system_clock::time_point sent_at,
                      std::chrono::microseconds took, const finding_sink& out);

} // namespace zenws::tool
