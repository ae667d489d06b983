// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/connection/internal/deflate_terms.hpp"
#include "zenws/error.hpp"

#include <boost/beast/websocket/rfc6455.hpp>

#include <optional>
#include <string>
#include <vector>

namespace zenws::internal {

/// Terms that client and server agreed on in an upgrade.
struct upgrade_agreement {
  std::string subprotocol; // empty for none
  std::optional<deflate_terms> compression;
};

/// Offer of a client in its upgrade request. Checks the subprotocol and the
/// extensions of the answer, which Beast 1.81 leaves to us.
class upgrade_offer {
public:
  explicit upgrade_offer(const client_config& cfg);

  const compression_config& compression() const noexcept {
    return compression_;
  }

  /// Adds `headers` and the offer.
  void add_to(boost::beast::websocket::request_type& request,
              const std::vector<header>& headers) const;

  /// Reads an answer that Beast has accepted. Fails with `ec::upgrade_invalid`
  /// if the server chose something not offered.
  result<upgrade_agreement>
  read_answer(const boost::beast::websocket::response_type& response) const;

private:
  std::vector<std::string> subprotocols_;
  compression_config compression_;
};

} // namespace zenws::internal
