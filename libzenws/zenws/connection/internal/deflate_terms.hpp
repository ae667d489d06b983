// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/error.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace zenws::internal {

/// Permission to refer to earlier messages when compressing one.
enum class context_takeover : uint8_t { no, yes };

/// Parameters of permessage-deflate (RFC 7692, section 7.1) that client and
/// server agreed on, for each side.
struct deflate_terms {
  struct side {
    unsigned window_bits = defaults::window_bits; // 8 to 15
    context_takeover takeover = context_takeover::yes;

    bool operator==(const side&) const = default;
  };

  side client{};
  side server{};

  bool operator==(const deflate_terms&) const = default;
};

/// Returns the value of `Sec-WebSocket-Extensions` for a request, empty if
/// there is nothing to offer.
std::string deflate_offer(const compression_config& cfg);

/// Reads the server's answer, the values of all its `Sec-WebSocket-Extensions`
/// fields joined by commas.
/// @returns nothing if the server does without, `ec::upgrade_invalid` if the
///          answer is malformed or does not fit the offer.
result<std::optional<deflate_terms>>
read_deflate_answer(const compression_config& cfg, std::string_view answer);

} // namespace zenws::internal
