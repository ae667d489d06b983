// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "verbs/verbs.hpp"

#include "zenws/events.hpp"
#include "zenws/message.hpp"

#include <chrono>
#include <cstdint>
#include <string>

/// @file
/// Messages and events of clients, as lines.

namespace zenws::tool {

/// Returns a moment as in "2026-03-01T09:30:00.042137Z".
std::string to_text(std::chrono::system_clock::time_point moment);

/// Returns a message as it is; for a terminal without control characters and
/// with the bytes of binary ones in hex. With `--json`, an object with "time",
/// "epoch", "sequence" and either "data" (JSON as it was sent, line breaks
/// aside), "text", or "base64".
std::string to_line(const message_view& message, uint64_t epoch,
                    const common_options& common);

/// Returns an event as an object of JSON with "time", "event" and "text", and
/// "error" if it has a reason.
std::string to_json(const client_event& event);

/// Returns whether an event is more than a step of connecting: what users want
/// to know without `--verbose`.
bool is_notable(const client_event& event);

} // namespace zenws::tool
