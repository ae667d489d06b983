// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/recorder_options.hpp"
#include "zenws/actors/recording/internal/recording_file.hpp"
#include "zenws/actors/recording/internal/recording_tape.hpp"
#include "zenws/json/redaction.hpp"
#include "zenws/recording/recording_block.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace zenws {

namespace detail {

/// Reminds a recorder of entries that wait in its memory.
struct flush_due {};

template <class Inspector>
auto inspect(Inspector& f, flush_due&) {
  return caf_compat::inspect_as(f, "zenws::flush_due");
}

} // namespace detail

/// State that a recorder shares with its predecessor, successor and client.
struct recorder_links {
  std::shared_ptr<recorder_alarm> alarm;

  /// Done when the last recorder of this file has closed it.
  std::shared_future<void> before;

  /// Fulfilled when this one has.
  std::shared_ptr<std::promise<void>> closed;

  /// Values that must not be written, under any name.
  std::shared_ptr<const secret_values> secrets;

  std::shared_ptr<recording_stats> stats;
};

/// Records the messages of one client, without its secrets.
///
/// Must be spawned detached: it waits for the disk as long as it takes. A disk
/// that fails is reported once (until it works again) and tried again later.
/// Entries without room in memory are left out in the meantime, and an event in
/// the recording gives their number.
class recorder : public ending_actor<caf::event_based_actor> {
public:
  // -- constructors, destructors, and assignment operators --------------------

  recorder(caf::actor_config& cfg, recorder_options options,
           recorder_links links, uint64_t client_id, std::string client);

  // -- implementation of local_actor ----------------------------------------

  const char* name() const override;

  caf::behavior make_behavior() override;

  void before_end() override;

private:
  using clock = std::chrono::steady_clock;

  void put(const message_batch& batch);

  void put(const recorded_header& header, std::string_view data);

  void append(const recorded_header& header, std::string_view data);

  // Writes the entries that wait, unless the disk failed recently.
  void flush();

  void write();

  // Returns the problem of the disk, if any.
  error write_blocks();

  void fail(const error& reason);

  recorder_options options_;
  recorder_links links_;
  uint64_t client_id_;
  std::string client_;
  recording_file file_;
  size_t block_bytes_;
  std::deque<recording_block> blocks_; // not written yet
  size_t waiting_bytes_ = 0;           // in them
  uint64_t left_out_ = 0;
  uint64_t last_epoch_ = 0;
  uint64_t next_sequence_ = 0;
  bool failing_ = false;
  bool ended_ = false;
  clock::time_point retry_at_;
};

/// The recorders of one runtime: no two write to one file. Thread-safe.
class recorder_registry {
public:
  /// Starts a recorder. If the last one of the same file is about to end, the
  /// new one waits for it.
  /// @returns `ec::already_exists` if the file is in use.
  result<std::unique_ptr<recording_tape>>
  start(caf::actor_system& sys, const recorder_options& options,
        uint64_t client_id, const std::string& client,
        std::shared_ptr<const secret_values> secrets,
        std::shared_ptr<recording_stats> stats);

  /// Ends all recorders and waits until their files are written.
  void finish();

private:
  struct slot {
    std::weak_ptr<void> claim;
    caf::weak_actor_ptr recorder;
    std::shared_future<void> closed;
  };

  void forget_closed();

  std::mutex mtx_;
  std::map<std::string, slot> slots_; // by the path without detours
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2864, zenws::detail::flush_due)
