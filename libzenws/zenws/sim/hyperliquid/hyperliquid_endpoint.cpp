// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/hyperliquid/hyperliquid_endpoint.hpp"

#include "zenws/sim/venue.hpp"

namespace zenws::sim {

namespace {

using std::chrono::steady_clock;

hyperliquid_session::surroundings surroundings_of(venue& owner) {
  auto& feed = owner.hyperliquid();
  return {owner.hyperliquid_clients(),
          [&feed](const std::string& coin) { return feed.has(coin); },
          [&feed](const json& request) { return feed.info(request); }};
}

} // namespace

hyperliquid_endpoint::hyperliquid_endpoint(venue& owner, connection& client)
  : owner_(owner),
    client_(client),
    session_(client.host(), surroundings_of(owner)),
    idle_timer_(owner.executor()) {
  // nop
}

void hyperliquid_endpoint::opened() {
  auto& hosts = owner_.hyperliquid_clients();
  if (auto problem = hosts.came(client_.host(), steady_clock::now())) {
    push(hyperliquid_error(*problem));
    return client_.drop_when_written(disconnect::fin);
  }
  await_silence();
}

void hyperliquid_endpoint::received(const message& received) {
  auto now = steady_clock::now();
  auto verdict = owner_.judge_call(client_, received.payload);
  if (!verdict)
    return act(session_.handle(received.payload, now));
  hyperliquid_outcome outcome;
  if (verdict->executes == execution::done)
    outcome = session_.handle(received.payload, now);
  outcome.answer.clear();
  if (verdict->error)
    outcome.answer = session_.failure(received.payload, *verdict->error);
  act(outcome);
}

void hyperliquid_endpoint::act(const hyperliquid_outcome& outcome) {
  if (outcome.ends)
    return client_.drop(disconnect::fin);
  if (!outcome.answer.empty()) {
    if (outcome.subscribed && owner_.notifies_first(client_))
      client_.send_after_next(outcome.answer);
    else
      push(outcome.answer);
  }
  auto& feed = owner_.hyperliquid();
  if (outcome.unsubscribed)
    feed.unsubscribe(*outcome.unsubscribed, *this);
  if (outcome.subscribed && !closed_
      && !owner_.silences(client_, outcome.subscribed->name()))
    feed.subscribe(*outcome.subscribed, *this);
}

void hyperliquid_endpoint::push(std::string_view text) {
  await_silence();
  client_.send(opcode::text, text);
}

void hyperliquid_endpoint::await_silence() {
  auto timeout = owner_.config().hyperliquid.idle_timeout;
  if (timeout.count() == 0 || closed_)
    return;
  idle_timer_.expires_after(timeout);
  idle_timer_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (!ec && !closed_ && idle_timer_.expiry() <= steady_clock::now())
      client_.drop(disconnect::fin);
  });
}

void hyperliquid_endpoint::closed() {
  closed_ = true;
  idle_timer_.cancel();
  for (auto& [text, stream] : session_.streams())
    owner_.hyperliquid().unsubscribe(stream, *this);
  owner_.hyperliquid_clients().left(client_.host());
}

// -- faults of channels -------------------------------------------------------

void hyperliquid_endpoint::silence(std::string_view channel) {
  for (auto& stream : session_.covered(channel))
    owner_.hyperliquid().unsubscribe(stream, *this);
}

void hyperliquid_endpoint::revoke(std::string_view channel, revocation words) {
  for (auto& stream : session_.covered(channel)) {
    owner_.hyperliquid().unsubscribe(stream, *this);
    session_.revoke(stream);
    if (words == revocation::unsubscribed)
      push(hyperliquid_confirmation("unsubscribe", stream));
  }
}

void hyperliquid_endpoint::send_malformed(std::string_view channel,
                                          breakage mode) {
  for (auto& stream : session_.covered(channel))
    push(malformed_push(stream, mode));
}

} // namespace zenws::sim
