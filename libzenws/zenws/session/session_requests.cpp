#include "zenws/session/session.hpp"

#include <utility>

// What a session passes on to its protocol.

namespace zenws {

// -- requests -----------------------------------------------------------------

session_actions session::send(uint64_t token, message_kind kind,
                              std::string payload, send_policy policy,
                              time_point now) {
  session_actions out;
  if (ending() || is_closing())
    out.emplace_back(action::fail{token, error{ec::not_connected}});
  else
    venue_protocol_.send(token, kind, std::move(payload), policy, now, out);
  return out;
}

session_actions session::call(uint64_t token, std::string method,
                              std::string params,
                              std::chrono::milliseconds answer_within,
                              send_policy policy, time_point now) {
  session_actions out;
  if (ending() || is_closing())
    out.emplace_back(action::fail{token, error{ec::not_connected}});
  else
    venue_protocol_.call(token, std::move(method), std::move(params),
                         answer_within, policy, now, out);
  return out;
}

result<uint64_t> session::subscribe(uint64_t subscriber,
                                    std::span<const channel_spec> channels,
                                    time_point now, session_actions& out) {
  auto number = venue_protocol_.subscribe(subscriber, channels, now, out);
  follow(now, out);
  return number;
}

session_actions session::unsubscribe(uint64_t subscriber,
                                     std::span<const std::string_view> channels,
                                     time_point now) {
  session_actions out;
  venue_protocol_.unsubscribe(subscriber, channels, now, out);
  follow(now, out);
  return out;
}

session_actions session::remove_subscriber(uint64_t subscriber,
                                           time_point now) {
  session_actions out;
  venue_protocol_.remove_subscriber(subscriber, now, out);
  follow(now, out);
  return out;
}

session_actions session::renew(std::span<const std::string_view> channels,
                               time_point now) {
  session_actions out;
  venue_protocol_.renew(channels, now, out);
  follow(now, out);
  return out;
}

} // namespace zenws
