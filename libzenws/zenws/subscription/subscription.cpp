// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/subscription/subscription.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws {

BOOST_DESCRIBE_ENUM(channel_access, open_to_all, authenticated_only)

std::string_view to_string(channel_access access) noexcept {
  return internal::enum_name(access);
}

BOOST_DESCRIBE_ENUM(channel_state, wanted, pending_subscribe, confirmed,
                    pending_unsubscribe)

std::string_view to_string(channel_state state) noexcept {
  return internal::enum_name(state);
}

BOOST_DESCRIBE_ENUM(subscription_request_kind, subscribe, unsubscribe)

std::string_view to_string(subscription_request_kind kind) noexcept {
  return internal::enum_name(kind);
}

BOOST_DESCRIBE_ENUM(outcome_kind, granted, rejected, withdrawn, revoked, lost,
                    restored, silent)

std::string_view to_string(outcome_kind kind) noexcept {
  return internal::enum_name(kind);
}

} // namespace zenws
