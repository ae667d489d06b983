// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/json/json_value.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace zenws {

/// Identity of a channel of OKX: all members of the argument that it is
/// subscribed by (okx.com/docs-v5, "WebSocket", "Subscribe"). Settings
/// ("extraParams") and what the venue adds in its messages ("uid") are none of
/// them.
class okx_argument {
public:
  /// Reads an object of JSON; nothing if it is none or has no channel.
  static std::optional<okx_argument> parse(std::string_view json);

  std::string_view channel() const;

  std::string_view instrument() const;

  /// Returns whether this has nothing but a channel and perhaps an instrument.
  bool is_plain() const;

  /// Returns whether an argument of the venue's is about this channel: it may
  /// have more members.
  bool covers(const okx_argument& of_venue) const;

  size_t size() const noexcept {
    return members_.size();
  }

  bool operator==(const okx_argument&) const = default;

private:
  std::string_view value_of(std::string_view name) const;

  std::map<std::string, std::string, std::less<>> members_;
};

} // namespace zenws
