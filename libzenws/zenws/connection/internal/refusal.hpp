// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace zenws::internal {

/// Bytes kept of a refused upgrade's body.
inline constexpr size_t max_refusal_body = 4096;

/// Reads the server's answer to an upgrade that it did not accept.
/// @param response all bytes received so far.
/// @param end set if no more will come.
/// @returns null if there should be more, `ec::upgrade_invalid` if it is no
///          answer in HTTP.
result<std::shared_ptr<const upgrade_refusal>>
read_refusal(std::string_view response, boost::system::error_code end);

/// Returns our error for an upgrade that failed with `code`.
error classify_upgrade_failure(boost::system::error_code code);

/// Returns our error for an open connection that failed with `code`.
error classify_failure(boost::system::error_code code);

/// Returns the error for a message that we refuse, not Beast.
/// @param code `protocol_error`, `message_too_big` or `invalid_utf8`.
error bad_message(ec code);

/// Returns the code of the Close frame that such a message deserves (RFC 6455,
/// section 7.4.1).
uint16_t close_code_for(ec code) noexcept;

} // namespace zenws::internal
