// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/fault.hpp"
#include "zenws/sim/net/frame.hpp"

#include <string_view>

namespace zenws::sim {

/// Serves one connection on a path. Lives as long as the connection.
class endpoint {
public:
  virtual ~endpoint();

  /// The upgrade is answered.
  virtual void opened();

  /// A text or binary message came.
  virtual void received(const message& received);

  /// A ping came; the connection answers it.
  virtual void pinged();

  virtual void ponged(std::string_view payload);

  /// The connection will be cut soon: the moment to say so.
  virtual void ending();

  /// Everything sent so far is with the kernel: the moment to send more for
  /// connections that send as fast as the client reads.
  virtual void drained();

  /// Nothing can be sent any more. Called once.
  virtual void closed();

  // -- faults of channels; those covered by `channel` are affected ------------

  /// Granted channels bring nothing until they are subscribed to anew.
  virtual void silence(std::string_view channel);

  /// Granted channels are taken away.
  virtual void revoke(std::string_view channel, revocation words);

  /// A broken message comes on each granted channel.
  virtual void send_malformed(std::string_view channel, breakage mode);

  /// The listen keys of the connection expire.
  virtual void expire_listen_keys();

  /// The server pings at another pace from now on.
  virtual void ping_interval_changed();
};

} // namespace zenws::sim
