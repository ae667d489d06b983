// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/subscription/subscription.hpp"

#include <string_view>

/// Channels of Kraken by their names: "book:BTC/USD", or "instrument" for those
/// without a symbol.
namespace zenws::internal {

/// The parts of a name.
struct kraken_channel {
  std::string_view kind{};

  /// Empty if the channel has none.
  std::string_view symbol{};

  static kraken_channel of(std::string_view name) noexcept;

  /// Returns whether channels of this kind are about one symbol each.
  static bool has_symbol(std::string_view kind) noexcept;
};

/// Returns an error if there cannot be such a channel.
error check_kraken_channel(const channel_spec& channel);

/// Returns whether two channels may be in one request: it has one kind of
/// channel and one set of parameters for all its symbols.
bool kraken_fit_together(const channel_spec& x, const channel_spec& y);

} // namespace zenws::internal
