// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zenws::internal {

/// Returns whether bytes may be the beginning of an HTTP/1 response.
bool may_be_response(std::string_view bytes) noexcept;

/// Returns the status of a response whose first line has come, or nothing if it
/// is not one of HTTP/1.
std::optional<unsigned> read_status(std::string_view response) noexcept;

/// Returns the reason behind the status, which may be empty. Beast's parser
/// invents one in this case.
/// @pre `read_status(response)`
std::string_view read_reason(std::string_view response) noexcept;

/// Returns a response with the space behind the status that RFC 9112, section 4
/// demands and Beast's parser insists on, which some servers omit.
std::string with_complete_status_line(std::string_view response);

/// Returns a description of bytes that should have been a response: their
/// first line, at most 100 bytes of it, or that they repeat our own request,
/// which may contain secrets.
std::string describe_no_response(std::string_view bytes);

} // namespace zenws::internal
