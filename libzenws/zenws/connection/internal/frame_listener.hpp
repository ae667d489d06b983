// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/internal/tcp_transport.hpp"
#include "zenws/delivery/slab.hpp"
#include "zenws/error.hpp"

#include <memory>
#include <string_view>

namespace zenws::internal {

/// Receives the events of a fast path, always on the loop's thread.
class frame_listener {
public:
  virtual ~frame_listener() = default;

  /// Keeps the owner (and thereby the fast path) alive across an operation.
  virtual std::shared_ptr<void> keep_alive() = 0;

  /// Messages in order. Never empty.
  virtual void on_burst(slab_ptr messages) = 0;

  /// The peer answered the upgrade with another status than 101; `response`
  /// grows from call to call.
  /// @returns `true` if no more of it is needed.
  virtual bool on_refusal(std::string_view response, error_code ec) = 0;

  /// The peer's Close frame came; all messages before it have been delivered.
  /// @param reason `closed_by_peer`, or `protocol_error` if the frame is none
  ///               that may be sent.
  virtual void on_peer_close(error reason) = 0;

  /// The closing handshake is over; only the peer's FIN is missing.
  virtual void on_teardown() = 0;

  /// The peer's FIN came, or the connection was lost.
  virtual void on_drained() = 0;
};

} // namespace zenws::internal
