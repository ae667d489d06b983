// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::bench {

// Notifications in the manner of Deribit (docs.deribit.com, "Notifications").

/// Notifications of books.
enum class notification_kind : unsigned char { snapshot, change };

/// The instruments that a flood of notifications is about in turn.
const std::vector<std::string>& flood_instruments();

/// The channels of their books.
std::vector<std::string> flood_channels();

/// The fewest bytes that a notification of each of these channels needs.
size_t min_notification_size();

/// Returns a notification of exactly `size` bytes, with as many levels of a
/// book as these can hold. Changes may follow a snapshot, and each other, any
/// number of times.
/// @pre `size >= min_notification_size()`
std::string make_notification(notification_kind kind,
                              std::string_view instrument, size_t size);

} // namespace zenws::bench
