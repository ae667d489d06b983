// SPDX-License-Identifier: BSD-3-Clause

#include "audience.hpp"

#include "zenws/actors/messages/errors.hpp"
#include "zenws/metrics/metrics_collector.hpp"

#include "support/http_client.hpp"

#include <boost/system/system_error.hpp>

#include <chrono>
#include <stdexcept>
#include <utility>

namespace zenws::bench {

namespace {

constexpr std::chrono::seconds scrape_interval{1};

std::unique_ptr<monitor> open_monitor(runtime& watched) {
  monitor_options options;
  auto metrics = std::make_shared<metrics_collector>(watched);
  options.metrics = [metrics] { return metrics->text(); };
  auto result = start_monitor(watched, std::move(options));
  if (!result)
    throw std::runtime_error{"monitor: " + to_text(result.error())};
  return std::move(*result);
}

// Reads until the monitor ends.
void watch_page(uint16_t port) {
  try {
    test_support::event_source page{port, "/updates"};
    page.next([](auto&) { return false; });
  } catch (const boost::system::system_error&) {
    // The monitor has closed the connection.
  }
}

} // namespace

audience::audience(runtime& watched)
  : monitor_(open_monitor(watched)),
    page_([port = monitor_->port()] { watch_page(port); }),
    scraper_([this] { scrape(); }) {
  // nop
}

audience::~audience() {
  {
    std::lock_guard guard{mtx_};
    is_over_ = true;
  }
  ended_.notify_one();
  scraper_.join();
  monitor_->stop();
  page_.join();
}

void audience::scrape() {
  test_support::http_client server{monitor_->port()};
  std::unique_lock guard{mtx_};
  while (!is_over_) {
    guard.unlock();
    server.get("/metrics");
    guard.lock();
    ended_.wait_for(guard, scrape_interval, [this] { return is_over_; });
  }
}

} // namespace zenws::bench
