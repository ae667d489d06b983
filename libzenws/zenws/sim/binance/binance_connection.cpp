// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_connection.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/venue.hpp"

#include <algorithm>

namespace zenws::sim {

binance_connection::binance_connection(venue& owner, connection& client)
  : owner_(owner),
    client_(client),
    cfg_(owner.config().binance),
    ping_timer_(owner.executor()),
    pong_timer_(owner.executor()),
    age_timer_(owner.executor()) {
  // nop
}

void binance_connection::opened() {
  schedule_ping();
  schedule_cut();
}

void binance_connection::closed() {
  closed_ = true;
  ping_timer_.cancel();
  pong_timer_.cancel();
  age_timer_.cancel();
}

// -- pings --------------------------------------------------------------------

void binance_connection::ping_interval_changed() {
  schedule_ping();
}

void binance_connection::schedule_ping() {
  ping_timer_.cancel();
  auto interval = owner_.ping_interval();
  if (interval.count() == 0)
    return;
  ping_timer_.expires_after(interval);
  ping_timer_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (!ec && !closed_)
      ping();
  });
}

// While a pong is due, there is no further ping.
void binance_connection::ping() {
  if (awaited_.empty()) {
    awaited_ = std::to_string(wall_clock().count()) + '-'
               + std::to_string(++pings_);
    client_.send(opcode::ping, awaited_);
    await_pong();
  }
  if (!closed_)
    schedule_ping();
}

// A stalled server holds no one to account.
void binance_connection::await_pong() {
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

void binance_connection::ponged(std::string_view payload) {
  if (payload != awaited_)
    return;
  awaited_.clear();
  pong_timer_.cancel();
}

// -- age ----------------------------------------------------------------------

void binance_connection::schedule_cut() {
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

} // namespace zenws::sim
