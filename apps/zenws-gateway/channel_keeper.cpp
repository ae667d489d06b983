#include "channel_keeper.hpp"

#include <chrono>
#include <iostream>
#include <string>
#include <utility>

namespace zenws {

namespace {

/// Time to ask again.
struct ask_again {};

constexpr std::chrono::seconds retry_period{1};

// In one piece: others print as well.
void print(const std::string& line) {
  std::cout << line + '\n' << std::flush;
}

void ask(caf::event_based_actor* self, const client_actor& client,
         const std::vector<channel_spec>& channels) {
  self
    ->request(client, caf::infinite,
              subscribe_channels{
                channels, self, {.content = subscription_content::events}})
    .then(
      [](const channel_report& what) {
        for (auto& x : what.outcomes)
          if (x.kind != outcome_kind::granted)
            print("no " + x.channel + ": " + to_string(x.reason));
      },
      [=](const caf::error& why) {
        // A client that has ended tells when it is started again.
        if (code_of(why) != ec::client_stopped)
          self->delayed_send(self, retry_period, ask_again{});
      });
}

} // namespace

caf::behavior channel_keeper(caf::event_based_actor* self, client_actor client,
                             std::vector<channel_spec> channels) {
  ask(self, client, channels);
  return {
    [](const message_batch&) {
      // Nodes get theirs by themselves.
    },
    [=](const client_event& what) {
      print(describe(what));
      if (what.kind == event_kind::restarted)
        ask(self, client, channels);
    },
    [=](ask_again) { ask(self, client, channels); },
  };
}

} // namespace zenws

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::ask_again)
