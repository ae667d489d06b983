// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/rpc_endpoint.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/deribit/deribit_user_channels.hpp"
#include "zenws/sim/market/notification.hpp"
#include "zenws/sim/venue.hpp"

#include <set>
#include <utility>

namespace zenws::sim {

namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr uint16_t heartbeat_close = 4000;

// Bytes that a replay at full speed sends before it waits for the client.
constexpr size_t replay_burst = 256 * 1024;

// Bounds names of instruments that nothing else bounds.
constexpr size_t max_recorded_name = 64;

// -- market -------------------------------------------------------------------

class market_endpoint final : public rpc_endpoint {
public:
  market_endpoint(venue& owner, connection& client)
    : rpc_endpoint(owner, client, surroundings(owner)),
      feed_(owner.deribit()),
      orders_(owner.order_course()) {
    // nop
  }

  void closed() override {
    rpc_endpoint::closed();
    for (auto& channel : std::exchange(channels_, {}))
      feed_.unsubscribe(channel, client());
  }

protected:
  void answered(const api_outcome& outcome) override {
    for (auto& channel : outcome.unsubscribed)
      if (channels_.erase(channel) > 0)
        feed_.unsubscribe(channel, client());
    for (auto& channel : outcome.subscribed)
      if (client().is_open() && feed_.knows(channel)) {
        channels_.insert(channel);
        feed_.subscribe(channel, client());
      }
    orders_.orders_changed();
  }

private:
  static api_surroundings surroundings(venue& owner) {
    return {[&owner](std::string_view x) { return owner.deribit().knows(x); },
            [&owner](std::string_view x, order_direction direction) {
              return owner.feed().touch(x, direction);
            },
            wall_clock<microseconds>,
            [&owner] { return terms_of(owner.feed().exchange()); },
            owner.config().api.raw_channels,
            [&owner](json_writer& out, std::string_view name, uint64_t first,
                     size_t limit) {
              return write_trades(owner.feed(), out, name, first, limit);
            },
            [&owner](std::string_view name) {
              auto* item = owner.feed().exchange().find(name);
              return item ? std::optional{quote_of(*item)} : std::nullopt;
            }};
  }

  static size_t write_trades(market_feed& source, json_writer& out,
                             std::string_view name, uint64_t first,
                             size_t limit) {
    const auto& item = *source.exchange().find(name);
    auto trades = source.history().since(name, first, limit);
    for (auto& x : trades)
      write_trade(out, item, x.trade, x.time);
    return trades.size();
  }

  static std::vector<instrument_terms> terms_of(market& source) {
    std::vector<instrument_terms> result;
    for (auto& x : source.instruments())
      result.push_back(x.terms());
    return result;
  }

  deribit_feed& feed_;
  order_market& orders_;
  std::set<std::string> channels_;
};

// -- replay -------------------------------------------------------------------

class replay_endpoint final : public rpc_endpoint {
public:
  replay_endpoint(venue& owner, connection& client)
    : rpc_endpoint(owner, client, surroundings()),
      recording_(*owner.recording()),
      speed_(owner.config().replay_speed),
      timer_(owner.executor()) {
    // nop
  }

  void opened() override {
    if (recording_.start == replay_start::at_once)
      begin();
  }

  void received(const message& received) override {
    if (recording_.start == replay_start::on_subscribe)
      rpc_endpoint::received(received);
  }

  void drained() override {
    if (running_ && speed_ == 0)
      burst();
  }

  void closed() override {
    rpc_endpoint::closed();
    running_ = false;
    timer_.cancel();
  }

protected:
  void answered(const api_outcome& outcome) override {
    if (!running_ && next_ == 0 && !outcome.subscribed.empty())
      begin();
  }

private:
  // A recording has any channel and any instrument, and shows the granted
  // ones.
  static api_surroundings surroundings() {
    return {[](std::string_view) { return true; },
            [](std::string_view x, order_direction) {
              auto plausible = x.size() <= max_recorded_name;
              return plausible ? std::optional{0.0} : std::nullopt;
            },
            wall_clock<microseconds>,
            [] { return std::vector<instrument_terms>{}; }, raw_access::open};
  }

  void begin() {
    running_ = true;
    started_ = steady_clock::now();
    if (speed_ == 0)
      burst();
    else
      send_due();
  }

  // At full speed, the client sets the pace.
  void burst() {
    const auto& messages = recording_.messages;
    size_t sent = 0;
    while (next_ < messages.size() && sent < replay_burst) {
      sent += messages[next_].frame->size();
      client().send(messages[next_++].frame);
    }
  }

  void send_due() {
    const auto& messages = recording_.messages;
    auto now = steady_clock::now();
    while (running_ && next_ < messages.size() && due(next_) <= now)
      client().send(messages[next_++].frame);
    if (!running_ || next_ == messages.size())
      return;
    timer_.expires_at(due(next_));
    timer_.async_wait([this, self = client().shared_from_this()](auto ec) {
      if (!ec && running_)
        send_due();
    });
  }

  steady_clock::time_point due(size_t n) const {
    auto offset = std::chrono::duration<double, std::micro>{
      recording_.messages[n].offset};
    return started_
           + std::chrono::duration_cast<steady_clock::duration>(offset
                                                                / speed_);
  }

  const capture& recording_;
  double speed_;
  loop_timer timer_;
  bool running_ = false;
  size_t next_ = 0;
  steady_clock::time_point started_;
};

} // namespace

// -- JSON-RPC -----------------------------------------------------------------

rpc_endpoint::rpc_endpoint(venue& owner, connection& client,
                           api_surroundings around)
  : owner_(owner),
    client_(client),
    api_(owner.config(), owner.orders(), client.id(), std::move(around)),
    heartbeat_(owner.executor()) {
  // nop
}

void rpc_endpoint::received(const message& received) {
  auto verdict = owner_.judge_call(client_, received.payload);
  if (!verdict)
    return act(api_.handle(received.payload));
  api_outcome outcome;
  if (verdict->executes == execution::done)
    outcome = api_.handle(received.payload);
  outcome.answer = verdict->error
                     ? api_.failure(received.payload, *verdict->error)
                     : std::string{};
  act(std::move(outcome));
}

void rpc_endpoint::act(api_outcome outcome) {
  if (!outcome.changes.empty() && owner_.notifies_first(client_))
    publish(std::exchange(outcome.changes, {}));
  acknowledge(outcome);
  if (outcome.is_test)
    awaits_test_ = false;
  if (outcome.heartbeat)
    set_heartbeat(*outcome.heartbeat);
  std::erase_if(outcome.subscribed, [this](const std::string& channel) {
    return owner_.silences(client_, channel);
  });
  follow_orders(outcome);
  answered(outcome);
  end(outcome.end);
}

void rpc_endpoint::acknowledge(const api_outcome& outcome) {
  if (outcome.answer.empty())
    return;
  if (!outcome.subscribed.empty() && owner_.notifies_first(client_))
    client_.send_after_next(outcome.answer);
  else
    client_.send(opcode::text, outcome.answer);
}

// -- faults of channels -------------------------------------------------------

void rpc_endpoint::silence(std::string_view channel) {
  take_away(api_.covered(channel));
}

// The venue has no words for it.
void rpc_endpoint::revoke(std::string_view channel, revocation) {
  take_away(api_.revoke(channel));
}

void rpc_endpoint::take_away(std::vector<std::string> channels) {
  api_outcome outcome;
  outcome.unsubscribed = std::move(channels);
  follow_orders(outcome);
  answered(outcome);
}

void rpc_endpoint::send_malformed(std::string_view channel, breakage mode) {
  for (auto& name : api_.covered(channel))
    client_.send(opcode::text, malformed_notification(name, mode));
}

// -- orders and ends ----------------------------------------------------------

void rpc_endpoint::follow_orders(const api_outcome& outcome) {
  auto& feed = owner_.order_events();
  for (auto& channel : outcome.unsubscribed)
    feed.unsubscribe(client_, channel);
  for (auto& channel : outcome.subscribed)
    if (client_.is_open() && channel.starts_with("user."))
      feed.subscribe_to_changes(client_, api_.account(), channel,
                                [channel](const order_change& x) {
                                  return user_notification(channel, x);
                                });
  if (outcome.fills)
    feed.tell_fills(*outcome.fills);
  publish(outcome.changes);
}

void rpc_endpoint::publish(const std::vector<order_change>& changes) {
  owner_.order_events().publish(changes);
}

void rpc_endpoint::end(session_end end) {
  if (end == session_end::rate_limited)
    client_.close(policy_violation, "too many requests");
  else if (end == session_end::logged_out)
    client_.close(normal_closure, "logged out");
}

void rpc_endpoint::closed() {
  interval_ = std::chrono::milliseconds{0};
  heartbeat_.cancel();
  owner_.order_events().leave(client_);
  publish(api_.disconnected());
}

// -- heartbeat ----------------------------------------------------------------

void rpc_endpoint::set_heartbeat(std::chrono::seconds interval) {
  interval_ = interval.count() * owner_.config().api.heartbeat_second;
  awaits_test_ = false;
  if (interval_.count() == 0)
    heartbeat_.cancel();
  else
    schedule_heartbeat();
}

void rpc_endpoint::schedule_heartbeat() {
  heartbeat_.expires_after(interval_);
  heartbeat_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (!ec && interval_.count() > 0)
      beat();
  });
}

// The client has one interval to answer a test request. A stalled server
// holds no one to account.
void rpc_endpoint::beat() {
  if (client_.is_stalled())
    return schedule_heartbeat();
  if (awaits_test_)
    return client_.close(heartbeat_close, "heartbeat close");
  client_.send(opcode::text, heartbeat_notification("heartbeat"));
  client_.send(opcode::text, heartbeat_notification("test_request"));
  awaits_test_ = true;
  schedule_heartbeat();
}

std::unique_ptr<endpoint> make_market_endpoint(venue& owner,
                                               connection& client) {
  return std::make_unique<market_endpoint>(owner, client);
}

std::unique_ptr<endpoint> make_replay_endpoint(venue& owner,
                                               connection& client) {
  return std::make_unique<replay_endpoint>(owner, client);
}

} // namespace zenws::sim
