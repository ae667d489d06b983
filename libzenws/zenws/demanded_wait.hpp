// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace zenws {

/// Returns the time that a venue demands to be left alone, read from its text:
/// a member of JSON ("retryAfter", "retry_after", "wait", as seconds or as a
/// time since the epoch) or words ("banned until 1618228675371", "retry after
/// 30 seconds"). Returns nothing if there is no demand, or if its time has
/// passed.
std::optional<std::chrono::milliseconds>
demanded_wait(std::string_view text, std::chrono::system_clock::time_point now);

} // namespace zenws
