// SPDX-License-Identifier: BSD-3-Clause

#include "channel_keeper.hpp"

#include <chrono>
#include <iostream>
#include <string>
#include <utility>

namespace zenws {

namespace {

// Repeats the request for the channels.
struct retry_subscribe {};

constexpr std::chrono::seconds retry_period{1};

// In one write: other threads print as well.
void print(const std::string& line) {
  std::cout << line + '\n' << std::flush;
}

void subscribe_all(caf::event_based_actor* self, const client_actor& client,
                   const std::vector<channel_spec>& channels) {
  self
    ->request(client, caf::infinite,
              subscribe_channels{
                channels, self, {.content = subscription_content::events}})
    .then(
      [](const channel_report& report) {
        for (auto& x : report.outcomes)
          if (x.kind != outcome_kind::granted)
            print("no " + x.channel + ": " + to_string(x.reason));
      },
      [=](const caf::error& reason) {
        // The event `restarted` of a client that has ended repeats the request.
        if (code_of(reason) != ec::client_stopped)
          self->delayed_send(self, retry_period, retry_subscribe{});
      });
}

} // namespace

caf::behavior channel_keeper(caf::event_based_actor* self,
                             const client_actor& client,
                             const std::vector<channel_spec>& channels) {
  subscribe_all(self, client, channels);
  return {
    [](const message_batch&) {
      // Nodes receive theirs from their relays.
    },
    [=](const client_event& event) {
      print(describe(event));
      if (event.kind == event_kind::restarted)
        subscribe_all(self, client, channels);
    },
    [=](retry_subscribe) { subscribe_all(self, client, channels); },
  };
}

} // namespace zenws

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::retry_subscribe)
