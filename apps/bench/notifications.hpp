// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::bench {

// Notifications in the manner of Deribit (docs.deribit.com, "Notifications").

/// The channels that a flood of notifications has in turn.
const std::vector<std::string>& flood_channels();

/// The fewest bytes that a notification of each of these channels needs.
size_t min_notification_size();

/// Returns a notification of exactly `size` bytes, with as many levels of a
/// book as these can hold.
/// @pre `size >= min_notification_size()`
std::string make_notification(std::string_view channel, size_t size);

} // namespace zenws::bench
