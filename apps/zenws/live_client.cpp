// SPDX-License-Identifier: BSD-3-Clause

#include "live_client.hpp"

#include "zenws/actors/messages/errors.hpp"

#include <caf/all.hpp>

#include <utility>

namespace zenws::tool {

namespace {

using inbox_ptr = std::shared_ptr<client_inbox>;

caf::behavior receiving(caf::event_based_actor*, inbox_ptr to) {
  return {
    [to](const message_batch& batch) { to->put(batch); },
    [to](const market_batch& batch) { to->put(batch); },
    [to](const client_event& event) { to->put(event); },
  };
}

error to_error(const caf::error& reason) {
  auto code = code_of(reason);
  auto text = to_text(reason);
  // The code is the beginning of the text.
  if (auto pos = text.find(": "); pos != std::string::npos)
    text.erase(0, pos + 2);
  else
    text.clear();
  return {code == ec::none ? ec::client_stopped : code, std::move(text)};
}

// Passes requests on in the order of their coming, and all that comes back.
caf::behavior passing(caf::event_based_actor* self, inbox_ptr to,
                      client_actor client) {
  auto fail = [to](const caf::error& reason) {
    to->put(failed_request{to_error(reason), rpc_error_of(reason)});
  };
  auto ask = [=](auto& request, auto on_answer) {
    self->request(client, caf::infinite, std::move(request))
      .then(on_answer, fail);
  };
  return {
    [=](send_text& x) { ask(x, [to] { to->put(message_written{}); }); },
    [=](call& x) { ask(x, [to](const rpc_result& y) { to->put(y); }); },
    [=](subscribe_channels& x) {
      ask(x, [to](const channel_report& y) { to->put(y); });
    },
    [=](subscribe_market& x) {
      ask(x, [to](const market_report& y) { to->put(y); });
    },
  };
}

} // namespace

live_client::log_choice::log_choice(live_log choice) {
  if (choice == live_log::none)
    log = nullptr;
}

live_client::live_client(live_log log)
  : interrupts_([to = inbox_] { to->put(interruption{}); }),
    config_(log),
    system_(config_),
    runtime_(system_),
    receiver_(system_.spawn(receiving, inbox_)) {
  // nop
}

result<std::unique_ptr<live_client>>
live_client::start(client_spec spec, live_log log,
                   std::optional<subscription_content> content) {
  std::unique_ptr<live_client> result{new live_client{log}};
  if (content)
    spec.subscribers.push_back({result->receiver_, {.content = *content}});
  auto client = result->runtime_.connect(std::move(spec));
  if (!client)
    return to_error(client.error());
  result->client_ = std::move(*client);
  result->requester_ = result->system_.spawn(passing, result->inbox_,
                                             result->client_);
  return result;
}

void live_client::send(send_text request) {
  caf_compat::anon_send(requester_, std::move(request));
}

void live_client::subscribe(std::vector<channel_spec> channels) {
  caf_compat::anon_send(requester_,
                        subscribe_channels{std::move(channels), receiver_, {}});
}

void live_client::subscribe(std::vector<std::string> instruments,
                            market::data_kinds kinds, uint32_t depth) {
  caf_compat::anon_send(
    requester_,
    subscribe_market{std::move(instruments), kinds,
                     caf::actor_cast<market_subscriber>(receiver_), depth});
}

void live_client::call(zenws::call request) {
  caf_compat::anon_send(requester_, std::move(request));
}

void live_client::close() {
  caf_compat::anon_send(client_, close_client{});
}

} // namespace zenws::tool
