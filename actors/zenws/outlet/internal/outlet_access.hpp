// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/internal/site_guard.hpp"
#include "zenws/outlet/outlet_options.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/status.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws {

/// The upgrade request of a program.
using outlet_upgrade
  = boost::beast::http::request<boost::beast::http::empty_body>;

/// Who a program is.
struct outlet_identity {
  /// That of its token; empty without one.
  std::string name{};

  outlet_rights rights{};
};

/// Why there is no upgrade.
struct upgrade_denial {
  boost::beast::http::status status;
  std::string_view text;
};

/// Decides who may connect to an outlet, and what for. No I/O.
class outlet_access {
public:
  // -- constructors, destructors, and assignment operators --------------------

  explicit outlet_access(const outlet_options& options);

  // -- checks -----------------------------------------------------------------

  /// Checks a request to upgrade: it must be one, and be for us rather than for
  /// a name that leads to us (DNS rebinding); pages of other sites are denied;
  /// a token, if there is one, must be right.
  std::variant<outlet_identity, upgrade_denial>
  admit(const outlet_upgrade& request) const;

  /// Returns the owner of a token, nothing if it is wrong. The time does not
  /// depend on which one it is, or on how much of it is right.
  std::optional<outlet_identity> owner_of(std::string_view token) const;

private:
  internal::site_guard site_;
  std::vector<outlet_token> tokens_;
};

} // namespace zenws
