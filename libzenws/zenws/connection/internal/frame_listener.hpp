#pragma once

#include "zenws/connection/internal/tcp_transport.hpp"
#include "zenws/delivery/slab.hpp"
#include "zenws/error.hpp"

#include <memory>
#include <string_view>

namespace zenws::internal {

/// Receives what a fast lane finds. All calls are made on the loop's thread.
class frame_listener {
public:
  virtual ~frame_listener() = default;

  /// Keeps the owner (and thereby the lane) alive across an operation.
  virtual std::shared_ptr<void> keep_alive() = 0;

  /// Messages in order. Never empty.
  virtual void on_burst(slab_ptr messages) = 0;

  /// The peer answered the upgrade with something else than 101; `response`
  /// grows from call to call.
  /// @returns `true` if that is enough of it.
  virtual bool on_refusal(std::string_view response, error_code ec) = 0;

  /// The peer's Close frame came; messages that came before it have been told.
  /// @param reason `closed_by_peer`, or `protocol_error` if the frame is none
  ///               that may be sent.
  virtual void on_peer_close(error reason) = 0;

  /// The closing handshake is over; all that is left is the peer's FIN.
  virtual void on_teardown() = 0;

  /// That came, or the connection was lost.
  virtual void on_drained() = 0;
};

} // namespace zenws::internal
