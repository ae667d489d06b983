// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/messages.hpp"
#include "zenws/actors/recording/replay.hpp"

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace zenws::testing {

/// A message of a market that a test writes itself.
struct timed_message {
  /// Since the first one.
  std::chrono::microseconds after{};

  std::string text;
};

/// Writes a recording, for `virtual_market`, of messages of one connection.
/// @returns `ec::recording_failed` if the file cannot be written.
error write_recording(const std::string& path,
                      const std::vector<timed_message>& messages);

/// A recorded market in virtual time: it plays at its own pace, and so do the
/// timers of all actors, but no time goes by. An hour is a test of a second,
/// and it ends the same each time.
///
/// Subscribe actors to `source` by `subscribe_market` or `subscribe`, then
/// `play`.
class virtual_market {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @param sys uses CAF's deterministic test scheduler, as the fixture
  ///            `test_coordinator_fixture` does.
  /// @throws std::invalid_argument with every problem of the options, or if the
  ///         system has another scheduler.
  virtual_market(caf::actor_system& sys, replay_options options);

  virtual_market(const virtual_market&) = delete;

  virtual_market& operator=(const virtual_market&) = delete;

  ~virtual_market();

  // -- properties -------------------------------------------------------------

  const replay_actor& source() const noexcept {
    return source_;
  }

  // -- running ----------------------------------------------------------------

  /// Runs all actors until nothing is left to do now.
  void run();

  /// Plays the recording to its end: runs all actors, and whenever nothing is
  /// left to do moves the clock to the next timer. Ends once the recording has.
  caf::expected<replay_summary> play();

private:
  caf::actor_system& sys_;
  replay_actor source_;
};

} // namespace zenws::testing
