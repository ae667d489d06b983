// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// The messages of an outlet about order desks; see docs/outlet.md.

#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/outlet/internal/outlet_source.hpp"

#include <string>

namespace zenws {

std::string desk_text(const outlet_source& source,
                      const trading::order_event& news);

std::string desk_text(const outlet_source& source, const trading::fill& news);

std::string desk_text(const outlet_source& source,
                      const trading::position& news);

std::string desk_text(const outlet_source& source,
                      const trading::balance& news);

std::string desk_text(const outlet_source& source,
                      const desk_state_changed& news);

std::string desk_text(const outlet_source& source,
                      const desk_request_failed& news);

/// Returns an order as a result: the answer to its placement.
std::string desk_text(const trading::order_key& order);

} // namespace zenws
