// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/venue_time.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

/// Moments as venues write them.
namespace zenws::internal {

/// Reads a number of milliseconds, microseconds or nanoseconds since the epoch,
/// which are easily distinguished between 1973 and 5138. Nothing beyond that.
std::optional<market::venue_time> time_of(uint64_t count) noexcept;

/// Reads a text of RFC 3339 such as "2023-09-25T09:04:31.742599Z", also with a
/// space instead of the T and with an offset; or a number as `time_of` does.
/// Digits below microseconds are left out.
std::optional<market::venue_time> parse_time(std::string_view text) noexcept;

} // namespace zenws::internal
