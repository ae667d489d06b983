// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/events.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws {

namespace {

// Returns for example "now", "in 750 ms" or "in 12.5 s".
std::string time_until(std::chrono::milliseconds delay) {
  auto count = delay.count();
  if (count <= 0)
    return "now";
  if (count < 1000)
    return "in " + std::to_string(count) + " ms";
  auto tenths = std::to_string(count % 1000 / 100);
  return "in " + std::to_string(count / 1000) + '.' + tenths + " s";
}

std::string attempt_of(const client_event& event) {
  return "(attempt " + std::to_string(event.attempt) + ")";
}

// Returns " because of ..." or nothing.
std::string because(const error& reason) {
  return reason ? " because of " + to_string(reason) : std::string{};
}

std::string describe_state(const client_event& event) {
  switch (event.state) {
    case client_state::disconnected:
      return "has not started yet";
    case client_state::resolving:
      return "begins to connect " + attempt_of(event);
    case client_state::connecting:
      return "opens a TCP connection " + attempt_of(event);
    case client_state::upgrading:
      return "asks the server to speak WebSocket " + attempt_of(event);
    case client_state::authenticating:
      return "logs in";
    case client_state::restoring:
      return "requests the channels it had";
    case client_state::ready:
      return "is ready (connection " + std::to_string(event.epoch) + ")";
    case client_state::closing:
      return "closes its connection";
    case client_state::backing_off:
      return "tries to connect again " + time_until(event.retry_in) + ' '
             + attempt_of(event) + because(event.reason);
    case client_state::stopped:
      return event.reason ? "has stopped" + because(event.reason)
                          : "has ended normally";
  }
  return "is in an unknown state";
}

std::string describe_kind(const client_event& event) {
  switch (event.kind) {
    case event_kind::state_changed:
      return describe_state(event);
    case event_kind::messages_dropped:
      return "dropped " + std::to_string(event.dropped_messages)
             + (event.dropped_messages == 1 ? " message" : " messages")
             + " that a subscriber was too slow for; the next one has number "
             + std::to_string(event.next_sequence);
    case event_kind::subscriber_removed:
      return "removed a subscriber" + because(event.reason);
    case event_kind::channel_revoked:
      return "lost a channel that the venue does not restore"
             + because(event.reason);
    case event_kind::insecure_tls:
      return "does not check the server's certificate: anybody can read and "
             "forge its traffic";
    case event_kind::restarting:
      return "is to be restarted " + time_until(event.retry_in)
             + because(event.reason);
    case event_kind::restarted:
      return "was restarted";
    case event_kind::gave_up:
      return "will not be restarted any more" + because(event.reason);
    case event_kind::recorder_failed:
      return "is not recorded for now" + because(event.reason);
    case event_kind::replay_ended:
      return "has been replayed to the end of its recording";
    case event_kind::connection_replaced:
      return "has replaced its connection without a gap"
             + because(event.reason);
    case event_kind::channel_lost:
      return "lost a channel and asks for it again" + because(event.reason);
    case event_kind::channel_restored:
      return "has a channel again that it had lost";
    case event_kind::channel_silent:
      return "has a channel that brings nothing";
    case event_kind::channels_delayed:
      return "still waits for channels" + because(event.reason);
    case event_kind::reading_paused:
      return "does not read for now: a subscriber is too slow";
    case event_kind::reading_resumed:
      return "reads again";
    case event_kind::login_delayed:
      return "asks again " + time_until(event.retry_in) + " to extend its login"
             + because(event.reason);
    case event_kind::replacement_delayed:
      return "tries again " + time_until(event.retry_in)
             + " to replace its connection" + because(event.reason);
    case event_kind::venue_notice:
      return "was told something by the venue";
    case event_kind::ended:
      return event.reason ? "has ended for good" + because(event.reason)
                          : "has ended for good, in order";
  }
  return "tells something that this version of zenws does not know";
}

std::string quoted(const std::string& text) {
  return '"' + printable(text) + '"';
}

std::string name_of(const client_event& event) {
  auto name = event.client.empty() ? std::to_string(event.client_id)
                                   : quoted(event.client);
  auto where = event.node.empty() ? "" : " at " + quoted(event.node);
  return "Client " + name + where;
}

} // namespace

// -- enums --------------------------------------------------------------------

BOOST_DESCRIBE_ENUM(client_state, disconnected, resolving, connecting,
                    upgrading, authenticating, restoring, ready, closing,
                    backing_off, stopped)

static_assert(internal::describes_up_to(client_state::stopped));

std::string_view to_string(client_state state) noexcept {
  return internal::enum_name(state);
}

BOOST_DESCRIBE_ENUM(event_kind, state_changed, messages_dropped,
                    subscriber_removed, channel_revoked, insecure_tls,
                    restarting, restarted, gave_up, recorder_failed,
                    replay_ended, connection_replaced, channel_lost,
                    channel_restored, channel_silent, channels_delayed,
                    reading_paused, reading_resumed, login_delayed,
                    replacement_delayed, venue_notice, ended)

static_assert(internal::describes_up_to(event_kind::ended));

std::string_view to_string(event_kind kind) noexcept {
  return internal::enum_name(kind);
}

// -- client_event -------------------------------------------------------------

std::string describe(const client_event& event) {
  auto result = name_of(event) + ' ' + describe_kind(event);
  if (!event.detail.empty())
    result += " (" + printable(event.detail) + ')';
  return result + '.';
}

} // namespace zenws
