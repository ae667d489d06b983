// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Requests to replays.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/messages/client_messages.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace zenws {

/// Plays a recording from its beginning; answered with a `replay_summary` when
/// all of it has been delivered, or with `ec::recording_failed`,
/// `ec::already_exists` if it is being played already.
struct start_replay {};

/// Contents of a recording.
struct replay_summary {
  uint64_t messages = 0; // received ones, delivered
  uint64_t events = 0;   // delivered
  uint64_t skipped = 0;  // sent messages, control frames, answers

  /// Lines that are no entries and blocks that cannot be read, and the problems
  /// of the first of them.
  uint64_t corrupt = 0;
  std::vector<std::string> problems;

  /// The end of a file was cut off, as by a crash.
  bool torn = false;
};

/// Plays a recording to subscribers.
using replay_actor
  = caf::typed_actor<caf_compat::answers<subscribe>,
                     caf_compat::answers<unsubscribe>,
                     caf_compat::answers<subscribe_market, market_report>,
                     caf_compat::answers<unsubscribe_market>,
                     caf_compat::answers<start_replay, replay_summary>>;

// -- inspection -------------------------------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, start_replay&) {
  return caf_compat::inspect_as(f, "zenws::start_replay");
}

template <class Inspector>
auto inspect(Inspector& f, replay_summary& x) {
  return caf_compat::inspect_as(f, "zenws::replay_summary", "messages",
                                x.messages, "events", x.events, "skipped",
                                x.skipped, "corrupt", x.corrupt, "problems",
                                x.problems, "torn", x.torn);
}

} // namespace zenws
