// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zenws::internal {

/// Decides for an HTTP server of this machine which requests are meant for it.
class site_guard {
public:
  /// @param bind address that the server listens at, in digits.
  explicit site_guard(std::string bind);

  /// Returns whether only this machine reaches the server.
  bool is_local() const noexcept {
    return is_local_;
  }

  /// Checks the header Host. On the loopback, only local names are right: a
  /// page of another site may have had its own name resolved to this machine
  /// (DNS rebinding).
  bool is_for_us(std::string_view host) const;

private:
  std::string bind_;
  bool is_local_;
};

/// Checks the header Origin of a request for `host`: it is empty, or that of a
/// page of the server itself, perhaps by the scheme of a proxy.
bool is_own_page(std::string_view origin, std::string_view host);

/// Returns the token of a header Authorization of the scheme Bearer (RFC 6750),
/// nothing for any other. The case of a scheme does not matter (RFC 9110,
/// section 11.1).
std::optional<std::string_view> bearer_token(std::string_view authorization);

/// Compares secrets in a time that does not depend on their contents or sizes.
bool is_same_secret(std::string_view x, std::string_view y);

} // namespace zenws::internal
