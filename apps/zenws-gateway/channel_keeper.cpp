// SPDX-License-Identifier: BSD-3-Clause

#include "channel_keeper.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

namespace zenws {

namespace {

// Repeats the request for the channels.
struct retry_subscribe {};

using keeper_actor = caf::stateful_actor<channel_keeper_state>;

constexpr std::chrono::seconds retry_period{1};

void log_line(keeper_actor* self, log_level level, std::string client,
              std::string text) {
  write_log(self->system(), {.level = level,
                             .component = channel_keeper_state::name,
                             .client = std::move(client),
                             .text = std::move(text)});
}

log_level level_of(const client_event& event) {
  switch (event.kind) {
    case event_kind::messages_dropped:
    case event_kind::subscriber_removed:
    case event_kind::channel_revoked:
    case event_kind::channel_silent:
    case event_kind::insecure_tls:
      return log_level::warning;
    default:
      return event.reason ? log_level::warning : log_level::info;
  }
}

// The supervisor logs the others.
void log_event(keeper_actor* self, const client_event& event) {
  if (event.kind != event_kind::restarting && event.kind != event_kind::gave_up)
    log_line(self, level_of(event), event.client, describe(event));
}

void subscribe_all(keeper_actor* self) {
  auto& state = caf_compat::state_of(*self);
  subscription_options events{.content = subscription_content::events};
  // Not every venue has channels.
  if (state.channels.empty())
    return caf_compat::tell(*self, state.client, subscribe{self, events});
  self
    ->request(state.client, caf::infinite,
              subscribe_channels{state.channels, self, events})
    .then(
      [=](const channel_report& report) {
        for (auto& x : report.outcomes)
          if (x.kind != outcome_kind::granted)
            log_line(self, log_level::warning, {},
                     "no " + x.channel + ": " + to_string(x.reason));
      },
      [=](const caf::error& reason) {
        // The event `restarted` of a client that has ended repeats the request.
        if (code_of(reason) != ec::client_stopped)
          caf_compat::tell_later(*self, retry_period, retry_subscribe{});
      });
}

bool holds(const std::vector<channel_spec>& channels, const channel_spec& x) {
  return std::ranges::any_of(channels, [&](auto& y) {
    return x.name == y.name && x.access == y.access;
  });
}

void change_channels(keeper_actor* self, std::vector<channel_spec> channels) {
  auto& state = caf_compat::state_of(*self);
  unsubscribe_channels given_up{{}, self};
  for (auto& x : state.channels)
    if (!holds(channels, x))
      given_up.channels.push_back(x.name);
  state.channels = std::move(channels);
  if (!given_up.channels.empty())
    caf_compat::tell(*self, state.client, std::move(given_up));
  subscribe_all(self);
}

} // namespace

caf::behavior channel_keeper(keeper_actor* self, const client_actor& client,
                             const std::vector<channel_spec>& channels) {
  caf_compat::state_of(*self) = {client, channels};
  subscribe_all(self);
  return {
    [](const message_batch&) {
      // Nodes receive theirs from their relays.
    },
    [=](const client_event& event) {
      log_event(self, event);
      if (event.kind == event_kind::restarted)
        subscribe_all(self);
    },
    [=](retry_subscribe) { subscribe_all(self); },
    [=](keep_channels& request) {
      change_channels(self, std::move(request.channels));
    },
  };
}

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2970, zenws::retry_subscribe)
