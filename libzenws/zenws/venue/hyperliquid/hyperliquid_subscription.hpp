// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/json/json_value.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace zenws {

/// Subject of a subscription of Hyperliquid, as its messages show it
/// (hyperliquid.gitbook.io, "Subscriptions"): the type, and the coin, interval,
/// user and dex if they have one. Other members, such as "fast", are not in the
/// messages: two subscriptions that differ in them only cannot be told apart.
class hyperliquid_subscription {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// Reads the object of a request, or the venue's copy of it, with the
  /// members that it has added. Nothing if it is no object or has no type.
  static std::optional<hyperliquid_subscription> parse(std::string_view json);

  /// Reads the contents of a message. Those that show nothing but their type
  /// are possible.
  static hyperliquid_subscription shown_by(std::string_view channel,
                                           const json_value& data);

  // -- properties -------------------------------------------------------------

  std::string_view type() const noexcept {
    return type_;
  }

  /// Returns "type:coin", or the type alone if there is no coin.
  std::string usual_name() const;

  /// Returns a text that tells it from all others that can be told from it.
  std::string key() const;

private:
  void read(const json_value& name, const json_value& value);

  std::string type_;
  std::string coin_;
  std::string interval_;
  std::string user_;
  std::string dex_;
};

/// Returns the type of the subscriptions that bring messages of a channel: some
/// have another name (observed).
std::string_view hyperliquid_type(std::string_view channel) noexcept;

} // namespace zenws
