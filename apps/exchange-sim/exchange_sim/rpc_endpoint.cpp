#include "exchange_sim/rpc_endpoint.hpp"

#include "exchange_sim/venue.hpp"

#include <set>
#include <utility>

namespace zenws::sim {

namespace {

using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr uint16_t policy_violation = 1008;

/// Bytes that a replay at full speed sends before it waits for the client.
constexpr size_t replay_burst = 256 * 1024;

microseconds wall_clock() {
  return std::chrono::duration_cast<microseconds>(
    std::chrono::system_clock::now().time_since_epoch());
}

// -- market -------------------------------------------------------------------

class market_endpoint final : public rpc_endpoint {
public:
  market_endpoint(venue& owner, connection& client)
    : rpc_endpoint(owner, client,
                   [&owner](std::string_view x) {
                     return owner.feed().knows(x);
                   }),
      feed_(owner.feed()) {
    // nop
  }

  void closed() override {
    rpc_endpoint::closed();
    for (const auto& channel : std::exchange(channels_, {}))
      feed_.unsubscribe(channel, client());
  }

protected:
  void answered(const api_outcome& outcome) override {
    for (const auto& channel : outcome.unsubscribed)
      if (channels_.erase(channel) > 0)
        feed_.unsubscribe(channel, client());
    for (const auto& channel : outcome.subscribed)
      if (client().is_open() && feed_.knows(channel)) {
        channels_.insert(channel);
        feed_.subscribe(channel, client());
      }
  }

private:
  market_feed& feed_;
  std::set<std::string> channels_;
};

// -- replay -------------------------------------------------------------------

class replay_endpoint final : public rpc_endpoint {
public:
  replay_endpoint(venue& owner, connection& client)
    : rpc_endpoint(owner, client, [](std::string_view) { return true; }),
      recording_(*owner.recording()),
      speed_(owner.config().replay_speed),
      timer_(owner.executor()) {
    // nop
  }

  void opened() override {
    if (recording_.start == replay_start::at_once)
      begin();
  }

  void received(const message& what) override {
    if (recording_.start == replay_start::on_subscribe)
      rpc_endpoint::received(what);
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
  void begin() {
    running_ = true;
    started_ = steady_clock::now();
    if (speed_ == 0)
      burst();
    else
      send_due();
  }

  /// At full speed, the client sets the pace.
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
                           deribit_api::channel_predicate knows_channel)
  : owner_(owner),
    client_(client),
    api_(owner.config().api, std::move(knows_channel), wall_clock),
    heartbeat_(owner.executor()) {
  // nop
}

void rpc_endpoint::received(const message& what) {
  auto outcome = api_.handle(what.payload);
  client_.send(opcode::text, outcome.answer);
  if (outcome.is_test)
    awaits_test_ = false;
  if (outcome.heartbeat)
    set_heartbeat(*outcome.heartbeat);
  answered(outcome);
}

void rpc_endpoint::closed() {
  interval_ = std::chrono::milliseconds{0};
  heartbeat_.cancel();
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

/// The client has one interval to answer a test request. A stalled server
/// holds no one to account.
void rpc_endpoint::beat() {
  if (client_.is_stalled())
    return schedule_heartbeat();
  if (awaits_test_)
    return client_.close(policy_violation, "heartbeat unanswered");
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
