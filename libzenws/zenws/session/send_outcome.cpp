// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/session/send_outcome.hpp"

#include "zenws/error.hpp"
#include "zenws/internal/enum_names.hpp"

namespace zenws {

BOOST_DESCRIBE_ENUM(send_outcome, not_sent, refused, try_later, unknown)

std::string_view to_string(send_outcome value) noexcept {
  return internal::enum_name(value);
}

send_outcome outcome_of(ec code) noexcept {
  switch (code) {
    case ec::child_down:
    case ec::not_connected:
    case ec::rate_limited:
    case ec::request_too_costly:
    case ec::send_expired:
    case ec::outbound_full:
    case ec::outbound_too_big:
    case ec::invalid_config:
    case ec::invalid_message:
    case ec::too_many_pending:
    case ec::not_supported:
    case ec::request_too_big:
    case ec::client_stopped:
    case ec::runtime_stopped:
    case ec::risk_refused:
    case ec::journal_failed:
      return send_outcome::not_sent;
    case ec::request_refused:
      return send_outcome::refused;
    case ec::try_later:
      return send_outcome::try_later;
    default:
      return send_outcome::unknown;
  }
}

} // namespace zenws
