// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/kraken/internal/kraken_channel.hpp"

#include "zenws/json/internal/json_cursor.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace zenws::internal {

namespace {

// docs.kraken.com/api, "Spot WebSocket v2": channels with a list of symbols.
constexpr std::array<std::string_view, 5> kinds_with_symbol{
  "book", "level3", "ohlc", "ticker", "trade"};

// These come by themselves: same place, "Status" and "Heartbeat".
constexpr std::array<std::string_view, 2> unasked_kinds{"heartbeat", "status"};

/// Reads the parameters of a channel.
/// @returns the problem, empty if there is none.
std::string_view problem_of(std::string_view arguments) {
  json_cursor in{arguments};
  if (in.peek() != json_kind::object)
    return "must be an object of JSON";
  json_value name;
  std::string_view result;
  for (in.enter_object(); in.next_member(name); in.skip())
    if (name.is("channel") || name.is("symbol"))
      result = "must not have the channel and the symbol, which are its name";
  return in.finish() ? result : "must be an object of JSON";
}

} // namespace

kraken_channel kraken_channel::of(std::string_view name) noexcept {
  auto colon = name.find(':');
  if (colon == std::string_view::npos)
    return {.kind = name};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

bool kraken_channel::has_symbol(std::string_view kind) noexcept {
  return std::ranges::find(kinds_with_symbol, kind) != kinds_with_symbol.end();
}

error check_kraken_channel(const channel_spec& channel) {
  auto bad = [&](std::string_view problem) {
    return error{ec::invalid_config,
                 "channel \"" + channel.name + "\": " + std::string{problem}};
  };
  auto parts = kraken_channel::of(channel.name);
  if (std::ranges::find(unasked_kinds, parts.kind) != unasked_kinds.end())
    return bad("it comes by itself");
  auto needs_symbol = kraken_channel::has_symbol(parts.kind);
  if (needs_symbol && parts.symbol.empty())
    return bad("its name must have a symbol, such as \"book:BTC/USD\"");
  if (!needs_symbol && parts.kind.size() < channel.name.size())
    return bad("such channels have no symbol");
  if (channel.arguments.empty())
    return {};
  if (auto problem = problem_of(channel.arguments); !problem.empty())
    return bad("its arguments " + std::string{problem});
  return {};
}

bool kraken_fit_together(const channel_spec& x, const channel_spec& y) {
  auto kind = kraken_channel::of(x.name).kind;
  return kraken_channel::has_symbol(kind)
         && kind == kraken_channel::of(y.name).kind
         && x.arguments == y.arguments;
}

} // namespace zenws::internal
