// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/recording/recording_stats.hpp"
#include "zenws/delivery/delivery_budget.hpp"
#include "zenws/delivery/message_batch.hpp"
#include "zenws/delivery/slab.hpp"
#include "zenws/events.hpp"
#include "zenws/recording/recording.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace zenws {

namespace detail {

/// An entry that waits for the disk and counts against a budget until then.
struct waiting_entry {
  waiting_entry(recorded_header header, std::string_view content,
                std::shared_ptr<delivery_budget> account);

  waiting_entry(const waiting_entry&) = delete;

  waiting_entry& operator=(const waiting_entry&) = delete;

  ~waiting_entry();

  size_t footprint() const noexcept {
    return sizeof(*this) + data.size();
  }

  recorded_header head;
  std::string data;
  std::shared_ptr<delivery_budget> budget;
};

/// Asks a recorder to write something down.
struct record_entry {
  std::shared_ptr<const waiting_entry> content;
};

/// Asks a recorder to write the entries that wait, and to end.
struct end_recording {};

template <class Inspector>
auto inspect(Inspector& f, record_entry&) {
  return caf_compat::inspect_as(f, "zenws::record_entry");
}

template <class Inspector>
auto inspect(Inspector& f, end_recording&) {
  return caf_compat::inspect_as(f, "zenws::end_recording");
}

} // namespace detail

/// Notifies the client of a recorder that the disk has failed. Thread-safe.
class recorder_alarm {
public:
  /// Sets the callback. Calls it at once if an alarm was raised before.
  void on_failure(std::function<void(const error&)> callback);

  void raise(const error& reason);

private:
  std::mutex mtx_;
  std::function<void(const error&)> callback_;
  std::optional<error> unheard_;
};

/// The client's end of a recording: passes entries on to the recorder, and
/// leaves it out (counted) while too much waits for the disk.
///
/// Belongs to the incarnation of a client, between two of them to its
/// supervisor. Received messages are passed on by reference.
class recording_tape {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @param claim kept until the end of the recording.
  recording_tape(caf::strong_actor_ptr recorder,
                 std::shared_ptr<recorder_alarm> alarm,
                 std::shared_ptr<void> claim, size_t budget_bytes,
                 uint64_t client_id, std::string client,
                 std::shared_ptr<recording_stats> stats);

  recording_tape(const recording_tape&) = delete;

  recording_tape& operator=(const recording_tape&) = delete;

  /// Ends the recording.
  ~recording_tape();

  // -- recording --------------------------------------------------------------

  /// Records the messages from index `first` up to, but not including, `last`.
  void put(const shared_slab_ptr& messages, uint32_t first, uint32_t last);

  void put(const recorded_header& header, std::string_view data);

  void put(const client_event& event);

  /// Nothing more will come.
  void end();

  // -- failures ---------------------------------------------------------------

  /// Sets the function that is called, from any thread, when the disk has
  /// failed.
  void on_failure(std::function<void(const error&)> callback);

private:
  // Counts entries without room; reports them before the next that fits.
  bool admit(uint64_t entries, uint64_t epoch, uint64_t sequence);

  void tell_gap(uint64_t epoch, uint64_t sequence);

  caf::strong_actor_ptr recorder_;
  std::shared_ptr<recorder_alarm> alarm_;
  std::shared_ptr<void> claim_;
  std::shared_ptr<delivery_budget> budget_;
  uint64_t client_id_;
  std::string client_;
  std::shared_ptr<recording_stats> stats_;
  uint64_t left_out_ = 0;
  uint64_t last_epoch_ = 0;
  uint64_t last_sequence_ = 0;
};

/// The entry for something that was not recorded.
client_event recording_gap(uint64_t client_id, std::string client,
                           uint64_t entries, uint64_t epoch,
                           uint64_t next_sequence);

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2865, zenws::detail::record_entry)
ZENWS_LOCAL_MESSAGE(2866, zenws::detail::end_recording)
