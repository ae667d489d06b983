// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/delivery/subscription_options.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws {

BOOST_DESCRIBE_ENUM(overflow_policy, backpressure, drop_newest,
                    disconnect_subscriber)

std::string_view to_string(overflow_policy policy) noexcept {
  return internal::enum_name(policy);
}

BOOST_DESCRIBE_ENUM(subscription_content, messages_and_events, messages, events)

std::string_view to_string(subscription_content content) noexcept {
  return internal::enum_name(content);
}

BOOST_DESCRIBE_ENUM(subscriber_lifetime, own, ends_with_client)

std::string_view to_string(subscriber_lifetime value) noexcept {
  return internal::enum_name(value);
}

} // namespace zenws
