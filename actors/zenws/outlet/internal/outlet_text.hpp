// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// The messages of an outlet; see docs/outlet.md.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/delivery/market_batch.hpp"
#include "zenws/events.hpp"
#include "zenws/message.hpp"
#include "zenws/outlet/internal/outlet_problem.hpp"
#include "zenws/outlet/internal/outlet_source.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws {

// -- answers ------------------------------------------------------------------

/// The result of requests that have no other.
constexpr std::string_view outlet_done = "\"done\"";

/// @param json the result.
std::string outlet_answer(int64_t id, std::string_view json);

/// @param id none if that of the request could not be read.
std::string outlet_refusal(std::optional<int64_t> id,
                           const outlet_problem& problem);

/// Returns the answer to a request that an actor has failed with `reason`: what
/// that means for the venue included.
std::string outlet_failure(int64_t id, const caf::error& reason);

/// Returns a text that may be JSON as a member: "data" if it is, else "base64".
/// @param name of the member for JSON.
std::string raw_member(std::string_view name, std::string_view text);

// -- subscriptions ------------------------------------------------------------

/// Returns the message of one that was received.
std::string outlet_message(const outlet_source& source, uint64_t epoch,
                           const message_view& message);

/// Returns the message of one piece of market data.
std::string outlet_update(const outlet_source& source, uint64_t epoch,
                          const market::update& update);

std::string outlet_event(const outlet_source& source,
                         const client_event& event);

/// Returns the message about a loss.
/// @param next_sequence number of the first message afterwards, 0 if nobody
///                      knows.
std::string outlet_loss(const outlet_source& source, uint64_t count,
                        uint64_t next_sequence);

} // namespace zenws
