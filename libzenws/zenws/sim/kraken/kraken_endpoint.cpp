// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_endpoint.hpp"

#include "zenws/sim/venue.hpp"

namespace zenws::sim {

namespace {

using std::chrono::steady_clock;

constexpr std::string_view heartbeat = R"({"channel":"heartbeat"})";

} // namespace

kraken_endpoint::kraken_endpoint(venue& owner, connection& client)
  : owner_(owner),
    client_(client),
    session_(owner.config().kraken, client.id(),
             [&owner](const std::string& x) {
               return owner.kraken().has_pair(x);
             }),
    idle_timer_(owner.executor()),
    heartbeat_timer_(owner.executor()) {
  // nop
}

void kraken_endpoint::opened() {
  client_.send(opcode::text, session_.status());
  await_activity();
}

void kraken_endpoint::received(const message& received) {
  auto verdict = owner_.judge_call(client_, received.payload);
  kraken_outcome outcome;
  if (!verdict || verdict->executes == execution::done)
    outcome = session_.handle(received.payload, read_clocks());
  if (verdict) {
    outcome.answers.clear();
    if (verdict->error)
      outcome.answers.push_back(
        session_.failure(received.payload, *verdict->error, read_clocks()));
  }
  act(outcome);
  await_activity();
}

void kraken_endpoint::act(const kraken_outcome& outcome) {
  acknowledge(outcome);
  for (auto& x : outcome.unsubscribed)
    owner_.kraken().unsubscribe(x, client_);
  for (auto& x : outcome.subscribed) {
    if (closed_)
      return;
    if (!owner_.silences(client_, x.channel.name()))
      owner_.kraken().subscribe(x.channel, x.start, client_);
  }
  if (!outcome.subscribed.empty() && !beats_) {
    beats_ = true;
    beat();
  }
}

void kraken_endpoint::acknowledge(const kraken_outcome& outcome) {
  auto waits = !outcome.answers.empty() && !outcome.subscribed.empty()
               && owner_.notifies_first(client_);
  for (auto& x : outcome.answers)
    if (waits)
      client_.send_after_next(x);
    else
      client_.send(opcode::text, x);
}

// -- faults of channels -------------------------------------------------------

void kraken_endpoint::silence(std::string_view channel) {
  for (auto& x : session_.covered(channel))
    owner_.kraken().unsubscribe(x, client_);
}

void kraken_endpoint::revoke(std::string_view channel, revocation words) {
  for (auto& x : session_.covered(channel)) {
    owner_.kraken().unsubscribe(x, client_);
    session_.revoke(x);
    if (words == revocation::unsubscribed)
      client_.send(opcode::text, session_.unsubscribed(x, read_clocks()));
  }
}

void kraken_endpoint::send_malformed(std::string_view channel, breakage mode) {
  for (auto& x : session_.covered(channel))
    client_.send(opcode::text, malformed_push(x, mode));
}

// -- time ---------------------------------------------------------------------

// A stalled server holds no one to account.
void kraken_endpoint::await_activity() {
  session_.heard(steady_clock::now());
  auto due = session_.idle_at();
  if (!due || closed_) {
    idle_timer_.cancel();
    return;
  }
  idle_timer_.expires_at(*due);
  idle_timer_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (ec || closed_ || idle_timer_.expiry() > steady_clock::now())
      return;
    if (client_.is_stalled())
      await_activity();
    else
      client_.close(normal_closure, "");
  });
}

// Each second, whatever else is sent.
void kraken_endpoint::beat() {
  auto interval = owner_.config().kraken.heartbeat_interval;
  if (interval.count() == 0 || closed_)
    return;
  heartbeat_timer_.expires_after(interval);
  heartbeat_timer_.async_wait(
    [this, self = client_.shared_from_this()](auto ec) {
      if (ec || closed_)
        return;
      client_.send(opcode::text, heartbeat);
      beat();
    });
}

void kraken_endpoint::closed() {
  closed_ = true;
  idle_timer_.cancel();
  heartbeat_timer_.cancel();
  for (auto& [name, channel] : session_.channels())
    owner_.kraken().unsubscribe(channel, client_);
}

} // namespace zenws::sim
