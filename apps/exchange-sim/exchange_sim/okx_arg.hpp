#pragma once

#include "exchange_sim/json_reader.hpp"
#include "exchange_sim/json_writer.hpp"

#include <optional>
#include <string>

namespace zenws::sim {

/// What a subscription is about, in OKX's manner.
struct okx_arg {
  std::string channel;
  /// Only of private channels.
  std::string inst_type{};
  /// Empty for all instruments of a private channel.
  std::string inst_id{};

  /// Whether it is about an account.
  bool is_private() const noexcept {
    return channel == "orders";
  }

  void write(json_writer& out) const;

  /// Returns the JSON text, which also tells one from another.
  std::string text() const;
};

/// Reads an argument; members that are unknown are left out.
std::optional<okx_arg> read_okx_arg(const json& from);

} // namespace zenws::sim
