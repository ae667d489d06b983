// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/coinbase/coinbase_endpoint.hpp"

#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/venue.hpp"

namespace zenws::sim {

namespace {

using std::chrono::steady_clock;

constexpr const char* coinbase_beats = "heartbeats";

} // namespace

coinbase_endpoint::coinbase_endpoint(venue& owner, connection& client)
  : owner_(owner),
    client_(client),
    cfg_(owner.config().coinbase),
    session_(cfg_,
             [&owner](std::string_view x) {
               return owner.coinbase().product(x);
             }),
    subscribe_timer_(owner.executor()),
    beat_timer_(owner.executor()) {
  // nop
}

void coinbase_endpoint::opened() {
  await_subscription();
}

void coinbase_endpoint::received(const message& received) {
  if (!owner_.coinbase().admit(client_.host(), steady_clock::now()))
    return refuse("rate limit exceeded");
  auto verdict = owner_.judge_call(client_, received.payload);
  if (!verdict)
    return act(session_.handle(received.payload));
  if (verdict->executes == execution::done)
    session_.handle(received.payload);
  if (verdict->error)
    refuse(verdict->error->message.empty() ? "internal error"
                                           : verdict->error->message);
}

void coinbase_endpoint::closed() {
  closed_ = true;
  subscribe_timer_.cancel();
  beat_timer_.cancel();
  for (auto& name : session_.covered(""))
    owner_.coinbase().unsubscribe(name, *this);
}

// -- requests -----------------------------------------------------------------

void coinbase_endpoint::refuse(std::string_view words) {
  json_writer out;
  out.begin_object();
  out.member("type", "error");
  out.member("message", words);
  out.end_object();
  client_.send(opcode::text, out.text());
}

// The snapshots come before the answer; observed.
void coinbase_endpoint::act(const coinbase_outcome& outcome) {
  if (!outcome.refusal.empty())
    return refuse(outcome.refusal);
  has_subscribed_ = true;
  for (auto& name : outcome.unsubscribed)
    owner_.coinbase().unsubscribe(name, *this);
  for (auto& name : outcome.subscribed)
    if (!closed_ && !owner_.silences(client_, name))
      owner_.coinbase().subscribe(name, *this);
  if (closed_)
    return;
  tell("subscriptions", session_.list());
  if (session_.has(coinbase_beats) && !is_beating_ && !closed_)
    beat();
}

// "You are disconnected if no subscribe has been received within 5 seconds";
// how is not documented.
void coinbase_endpoint::await_subscription() {
  if (cfg_.subscribe_timeout.count() == 0)
    return;
  subscribe_timer_.expires_after(cfg_.subscribe_timeout);
  subscribe_timer_.async_wait(
    [this, self = client_.shared_from_this()](auto ec) {
      if (!ec && !closed_ && !has_subscribed_)
        client_.close(policy_violation, "no subscribe message");
    });
}

// -- messages -----------------------------------------------------------------

void coinbase_endpoint::tell(std::string_view channel,
                             std::string_view events) {
  client_.send(opcode::text, text_of(channel, events));
}

std::string coinbase_endpoint::text_of(std::string_view channel,
                                       std::string_view events) {
  json_writer out;
  out.begin_object();
  out.member("channel", channel);
  out.member("timestamp", coinbase_time());
  out.member("sequence_num", next_sequence_++);
  out.key("events").raw(events);
  out.end_object();
  return out.text();
}

void coinbase_endpoint::beat() {
  is_beating_ = session_.has(coinbase_beats);
  if (!is_beating_)
    return;
  beat_timer_.expires_after(cfg_.heartbeat_second);
  beat_timer_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (ec || closed_)
      return;
    if (session_.has(coinbase_beats)
        && !owner_.silences(client_, coinbase_beats)) {
      json_writer out;
      out.begin_array();
      out.begin_object();
      out.member("current_time", coinbase_time());
      out.member("heartbeat_counter", ++beats_);
      out.end_object();
      out.end_array();
      tell(coinbase_beats, out.text());
    }
    if (!closed_)
      beat();
  });
}

// -- faults of channels -------------------------------------------------------

void coinbase_endpoint::silence(std::string_view channel) {
  for (auto& name : session_.covered(channel))
    owner_.coinbase().unsubscribe(name, *this);
}

void coinbase_endpoint::revoke(std::string_view channel, revocation words) {
  for (auto& name : session_.covered(channel)) {
    owner_.coinbase().unsubscribe(name, *this);
    session_.remove(name);
  }
  if (words != revocation::untold)
    tell("subscriptions", session_.list());
}

void coinbase_endpoint::send_malformed(std::string_view channel,
                                       breakage mode) {
  for (auto& name : session_.covered(channel)) {
    auto kind = name.substr(0, name.find(':'));
    auto text = text_of(kind == "level2" ? "l2_data" : kind, "7");
    client_.send(opcode::text, broken(std::move(text), mode));
  }
}

} // namespace zenws::sim
