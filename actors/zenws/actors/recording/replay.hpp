// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/messages.hpp"
#include "zenws/config_problem.hpp"
#include "zenws/recording/recording_range.hpp"

#include <caf/expected.hpp>
#include <caf/fwd.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace zenws {

/// Options of a replay.
struct replay_options {
  /// The recording; those of its older files that are still there come first.
  std::string path{};

  /// The part to play.
  recording_range range{};

  /// Factor of the original speed, or 0 for as fast as subscribers take it.
  double speed = 1;

  /// Longer pauses are cut to this, as between two runs of a recorder; 0 for
  /// none.
  std::chrono::milliseconds max_gap{0};

  /// The dialect of the client: subscribers do not see answers and heartbeats,
  /// as they did not then. With "raw" they see all that was received.
  std::string dialect = "raw";

  /// Client ID in batches and events; 0 for the recorded one.
  uint64_t client_id = 0;

  /// Settings of typed market data. Its times are those of the recording.
  feed_config feed{};
};

/// Returns every problem of the options.
std::vector<config_problem> validate(const replay_options& options);

/// Starts a replay, which waits for `start_replay`.
/// @returns `ec::invalid_config` naming every problem.
caf::expected<replay_actor>
spawn_replay(caf::actor_system& sys, replay_options options,
             std::vector<subscribe> subscribers = {});

} // namespace zenws
