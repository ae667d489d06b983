// SPDX-License-Identifier: BSD-3-Clause

#include "live_client.hpp"

#include "zenws/actors/messages/errors.hpp"

#include <caf/all.hpp>

#include <type_traits>
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
  return result;
}

template <class Answer, class Request>
void live_client::ask(Request request) {
  system_.spawn([to = inbox_, client = client_,
                 request = std::move(request)](caf::event_based_actor* self) {
    auto fail = [to](const caf::error& reason) {
      to->put(failed_request{to_error(reason), rpc_error_of(reason)});
    };
    if constexpr (std::is_same_v<Answer, message_written>)
      self->request(client, caf::infinite, request)
        .then([to] { to->put(message_written{}); }, fail);
    else
      self->request(client, caf::infinite, request)
        .then([to](const Answer& x) { to->put(x); }, fail);
  });
}

void live_client::send(send_text request) {
  ask<message_written>(std::move(request));
}

void live_client::subscribe(std::vector<channel_spec> channels) {
  ask<channel_report>(subscribe_channels{std::move(channels), receiver_, {}});
}

void live_client::subscribe(std::vector<std::string> instruments,
                            market::data_kinds kinds, uint32_t depth) {
  ask<market_report>(
    subscribe_market{std::move(instruments), kinds,
                     caf::actor_cast<market_subscriber>(receiver_), depth});
}

void live_client::call(zenws::call request) {
  ask<rpc_result>(std::move(request));
}

void live_client::close() {
  caf::anon_send(client_, close_client{});
}

} // namespace zenws::tool
