// SPDX-License-Identifier: BSD-3-Clause

#include "service/loop_watchdog.hpp"

#include "service/service_manager.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <utility>
#include <vector>

namespace zenws {

namespace asio = boost::asio;

// Callbacks on the loops may outlive the watchdog.
class loop_watchdog::state : public std::enable_shared_from_this<state> {
public:
  state(runtime& rt, std::function<void()> alive)
    : timer_(rt.loop(0).context()), alive_(std::move(alive)) {
    for (size_t i = 0; i < rt.num_loops(); ++i)
      loops_.push_back(&rt.loop(i).context());
  }

  void ask() {
    size_t none = 0;
    if (!missing_.compare_exchange_strong(none, loops_.size()))
      return;
    for (auto* loop : loops_)
      asio::post(*loop, [self = shared_from_this()] {
        if (--self->missing_ == 0 && !self->ended_)
          self->alive_();
      });
  }

  // Only on the thread of the first loop.
  void wait(std::chrono::microseconds period) {
    timer_.expires_after(period);
    timer_.async_wait([self = shared_from_this(),
                       period](const boost::system::error_code& problem) {
      if (problem || self->ended_)
        return;
      self->ask();
      self->wait(period);
    });
  }

  void post(std::function<void(state&)> f) {
    asio::post(*loops_.front(),
               [self = shared_from_this(), f = std::move(f)] { f(*self); });
  }

  void end() {
    ended_ = true;
    post([](state& self) { self.timer_.cancel(); });
  }

private:
  std::vector<asio::io_context*> loops_;
  asio::steady_timer timer_; // touched by the first loop only
  std::function<void()> alive_;
  std::atomic<size_t> missing_ = 0;
  std::atomic<bool> ended_ = false;
};

loop_watchdog::loop_watchdog(runtime& rt, std::function<void()> alive)
  : state_(std::make_shared<state>(rt, std::move(alive))) {
  // nop
}

loop_watchdog::~loop_watchdog() {
  state_->end();
}

void loop_watchdog::ask() {
  state_->ask();
}

void loop_watchdog::ask_every(std::chrono::microseconds period) {
  state_->post([period](state& self) { self.wait(period); });
}

std::unique_ptr<loop_watchdog> feed_watchdog(const service_manager& manager,
                                             runtime& rt) {
  if (!manager.watchdog())
    return nullptr;
  auto result = std::make_unique<loop_watchdog>(rt,
                                                [manager] { manager.alive(); });
  result->ask_every(*manager.watchdog() / 2);
  return result;
}

} // namespace zenws
