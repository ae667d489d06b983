#include "zenws/delivery/subscription_options.hpp"

namespace zenws {

std::string_view to_string(overflow_policy policy) noexcept {
  switch (policy) {
    case overflow_policy::backpressure:
      return "backpressure";
    case overflow_policy::drop_newest:
      return "drop_newest";
    case overflow_policy::disconnect_subscriber:
      return "disconnect_subscriber";
  }
  return "unknown";
}

std::string_view to_string(subscription_content content) noexcept {
  switch (content) {
    case subscription_content::messages_and_events:
      return "messages_and_events";
    case subscription_content::messages:
      return "messages";
    case subscription_content::events:
      return "events";
  }
  return "unknown";
}

std::string_view to_string(subscriber_lifetime what) noexcept {
  switch (what) {
    case subscriber_lifetime::own:
      return "own";
    case subscriber_lifetime::ends_with_client:
      return "ends_with_client";
  }
  return "unknown";
}

} // namespace zenws
