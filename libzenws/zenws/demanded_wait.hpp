#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace zenws {

/// Returns how long a venue wants to be left alone, if a text of it says so:
/// a member of JSON ("retryAfter", "retry_after", "wait", as seconds or as a
/// time since the epoch) or words ("banned until 1618228675371", "retry after
/// 30 seconds"). Nothing if it does not say, or if that time has passed.
std::optional<std::chrono::milliseconds>
demanded_wait(std::string_view text, std::chrono::system_clock::time_point now);

} // namespace zenws
