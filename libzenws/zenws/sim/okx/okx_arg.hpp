// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/json/json_reader.hpp"
#include "zenws/sim/json/json_writer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

/// End of the names of perpetuals.
inline constexpr std::string_view okx_swap_suffix = "-SWAP";

/// Argument of a subscription, in OKX's manner. Holds the client's own:
/// acknowledgements repeat that and nothing else.
struct okx_arg {
  std::string channel;
  std::string inst_type{};
  std::string inst_family{};
  /// Empty for all instruments of a private channel.
  std::string inst_id{};

  /// Returns whether it is about an account.
  bool is_private() const noexcept {
    return channel == "orders" || channel == "positions"
           || channel == "account";
  }

  /// Returns whether it is about balances, which belong to no instrument.
  bool is_about_balances() const noexcept {
    return channel == "account";
  }

  /// Returns whether it is about all instruments of a type.
  bool lists_instruments() const noexcept {
    return channel == "instruments";
  }

  /// Returns the argument that messages of the channel carry.
  okx_arg pushed() const;

  /// Returns the name by which faults know it: `trades:BTC-USDT`.
  std::string name() const;

  /// Returns whether orders of an instrument are of interest here.
  bool covers(std::string_view instrument) const;

  /// @param uid added to private messages, unless empty
  void write(json_writer& out, std::string_view uid = {}) const;

  /// Returns the text by which refusals name it:
  /// `channel:trades,instId:BTC-USDT`.
  std::string described() const;

  /// Returns the JSON text, which also tells one from another.
  std::string text() const;
};

/// Reads an argument; members that are unknown are left out.
std::optional<okx_arg> read_okx_arg(const json& from);

} // namespace zenws::sim
