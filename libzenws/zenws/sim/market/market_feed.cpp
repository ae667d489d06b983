// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/market/market_feed.hpp"

#include "zenws/sim/clocks.hpp"

#include <algorithm>

namespace zenws::sim {

using std::chrono::steady_clock;

market_reporter::~market_reporter() {
  // nop
}

market_feed::market_feed(boost::asio::io_context& ctx, const server_config& cfg)
  : market_(cfg.seed, cfg.instruments),
    period_(cfg.tick),
    timer_(ctx.get_executor()) {
  // nop
}

std::optional<double> market_feed::touch(std::string_view instrument,
                                         order_direction direction) const {
  auto* found = market_.find(instrument);
  if (!found)
    return std::nullopt;
  auto buys = direction == order_direction::buy;
  return found->price_of(
    found->book().best_price(buys ? book_side::ask : book_side::bid));
}

void market_feed::wake() {
  if (running_)
    return;
  timer_.expires_at(steady_clock::now());
  schedule();
}

void market_feed::stop() {
  for (auto* reporter : reporters_)
    reporter->stop();
  timer_.cancel();
}

bool market_feed::busy() const {
  return std::ranges::any_of(reporters_, &market_reporter::busy);
}

void market_feed::schedule() {
  running_ = true;
  // A loop that was busy for long does not catch up on lost ticks.
  auto now = steady_clock::now();
  timer_.expires_at(std::max(timer_.expiry() + period_, now));
  timer_.async_wait([this](auto ec) {
    running_ = false;
    if (!ec && busy())
      tick();
  });
}

void market_feed::tick() {
  auto news = skipped_changes_ > 0 ? book_news::left_out : book_news::told;
  for (auto& item : market_.instruments()) {
    auto update = item.step();
    if (update.trade)
      history_.add(item.terms().name, {*update.trade, wall_clock()});
    for (auto* reporter : reporters_)
      if (reporter->busy())
        reporter->report(item, update, news);
  }
  if (skipped_changes_ > 0)
    --skipped_changes_;
  schedule();
}

} // namespace zenws::sim
