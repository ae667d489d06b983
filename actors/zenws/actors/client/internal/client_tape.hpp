// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/delivery/internal/client_front.hpp"
#include "zenws/actors/recording/internal/recording_tape.hpp"

#include <cstdint>
#include <string_view>

namespace zenws {

namespace detail {

/// Reports to a client that its recorder has failed for now.
struct recorder_trouble {
  error reason;
};

template <class Inspector>
auto inspect(Inspector& f, recorder_trouble& x) {
  return caf_compat::inspect_as(f, "zenws::recorder_trouble", "reason",
                                x.reason);
}

} // namespace detail

/// The recording of one client as seen from its position. Does nothing if the
/// client has no recorder.
class client_tape {
public:
  client_tape(recording_tape* tape, const client_position& position) noexcept
    : tape_(tape), position_(position) {
    // nop
  }

  explicit operator bool() const noexcept {
    return tape_ != nullptr;
  }

  /// Sends `detail::recorder_trouble` to `client` when the recorder fails.
  void attach(caf::weak_actor_ptr client) const;

  /// Ends that; the recording goes on.
  void detach() const;

  /// Records the messages from index `first` up to, but not including, `last`.
  void put(const shared_slab_ptr& messages, uint32_t first,
           uint32_t last) const;

  void put(const shared_slab_ptr& messages) const;

  void put(recorded_direction direction, recorded_type type,
           std::string_view data) const;

  void put_close(recorded_direction direction, uint16_t code,
                 std::string_view reason) const;

  void put(const client_event& event) const;

private:
  recording_tape* tape_;
  const client_position& position_;
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2851, zenws::detail::recorder_trouble)
