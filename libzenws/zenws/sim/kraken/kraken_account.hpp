// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/kraken/kraken_call.hpp"
#include "zenws/sim/kraken/kraken_channel.hpp"
#include "zenws/sim/kraken/kraken_orders.hpp"
#include "zenws/sim/kraken/kraken_tokens.hpp"

#include <optional>
#include <string>

namespace zenws::sim {

/// What a connection to Kraken's private endpoint may do: each request tells
/// its account by a token.
class kraken_account {
public:
  kraken_account(kraken_tokens& tokens, kraken_orders orders);

  /// Answers a request about orders. Returns false if it is none.
  bool handle(kraken_call& call);

  /// Reads a channel of an account, with its token. Refuses the request and
  /// returns false if it cannot be subscribed to.
  bool read_channel(kraken_call& call, kraken_channel& out) const;

  /// A channel was subscribed to.
  void hold(const kraken_channel& channel) {
    tokens_.hold(channel.token);
  }

  /// It has ended.
  void release(const kraken_channel& channel) {
    tokens_.release(channel.token);
  }

private:
  std::optional<std::string> account_of(kraken_call& call) const;

  kraken_tokens& tokens_;
  kraken_orders orders_;
};

} // namespace zenws::sim
