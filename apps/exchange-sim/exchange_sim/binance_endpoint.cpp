#include "exchange_sim/binance_endpoint.hpp"

#include "exchange_sim/venue.hpp"

#include <algorithm>

namespace zenws::sim {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr uint16_t policy_violation = 1008;
constexpr milliseconds one_second{1000};

} // namespace

binance_endpoint::binance_endpoint(venue& owner, connection& client)
  : owner_(owner),
    client_(client),
    cfg_(owner.config().binance),
    wrapping_(client.where().path == "/stream" ? stream_wrapping::combined
                                               : stream_wrapping::raw),
    session_(cfg_.max_streams),
    frames_(cfg_.max_frames_per_second, one_second),
    ping_timer_(owner.executor()),
    pong_timer_(owner.executor()),
    age_timer_(owner.executor()) {
  // nop
}

void binance_endpoint::opened() {
  for (const auto& name : client_.where().streams)
    if (session_.add(name))
      owner_.binance().subscribe(name, wrapping_, client_);
  schedule_ping();
  schedule_cut();
}

void binance_endpoint::received(const message& what) {
  if (!admit())
    return;
  auto outcome = session_.handle(what.payload);
  client_.send(opcode::text, outcome.answer);
  auto& feed = owner_.binance();
  for (const auto& name : outcome.unsubscribed)
    feed.unsubscribe(name, wrapping_, client_);
  for (const auto& name : outcome.subscribed)
    if (!closed_)
      feed.subscribe(name, wrapping_, client_);
}

void binance_endpoint::pinged() {
  admit();
}

bool binance_endpoint::admit() {
  if (frames_.admit(steady_clock::now()))
    return true;
  client_.close(policy_violation, "Too many requests");
  return false;
}

void binance_endpoint::closed() {
  closed_ = true;
  ping_timer_.cancel();
  pong_timer_.cancel();
  age_timer_.cancel();
  for (const auto& name : session_.streams())
    owner_.binance().unsubscribe(name, wrapping_, client_);
}

// -- pings --------------------------------------------------------------------

void binance_endpoint::schedule_ping() {
  if (cfg_.ping_interval.count() == 0)
    return;
  ping_timer_.expires_after(cfg_.ping_interval);
  ping_timer_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (!ec && !closed_)
      ping();
  });
}

/// While a pong is due, there is no further ping.
void binance_endpoint::ping() {
  if (awaited_.empty()) {
    auto now = std::chrono::duration_cast<milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
    awaited_ = std::to_string(now.count()) + '-' + std::to_string(++pings_);
    client_.send(opcode::ping, awaited_);
    await_pong();
  }
  if (!closed_)
    schedule_ping();
}

/// A stalled server holds no one to account.
void binance_endpoint::await_pong() {
  if (closed_)
    return;
  pong_timer_.expires_after(cfg_.pong_timeout);
  pong_timer_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (ec || closed_ || awaited_.empty())
      return;
    if (client_.is_stalled())
      await_pong();
    else
      client_.close(policy_violation, "Pong timeout");
  });
}

void binance_endpoint::ponged(std::string_view payload) {
  if (!admit() || payload != awaited_)
    return;
  awaited_.clear();
  pong_timer_.cancel();
}

// -- age ----------------------------------------------------------------------

void binance_endpoint::schedule_cut() {
  if (cfg_.max_age.count() == 0)
    return;
  auto notice = std::min(cfg_.shutdown_notice, cfg_.max_age);
  age_timer_.expires_after(cfg_.max_age - notice);
  age_timer_.async_wait(
    [this, notice, self = client_.shared_from_this()](auto ec) {
      if (!ec && !closed_)
        client_.cut_after(notice);
    });
}

void binance_endpoint::ending() {
  client_.send(opcode::text, server_shutdown_event());
}

} // namespace zenws::sim
