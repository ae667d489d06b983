// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/runtime.hpp"
#include "zenws/monitor/monitor.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace zenws::bench {

/// Watches a runtime as people do: a page that is open, and a server that reads
/// all metrics once a second.
class audience {
public:
  /// Throws `std::runtime_error`.
  explicit audience(runtime& watched);

  audience(const audience&) = delete;

  audience& operator=(const audience&) = delete;

  ~audience();

private:
  void scrape();

  std::unique_ptr<monitor> monitor_;
  std::mutex mtx_;
  std::condition_variable ended_;
  bool is_over_ = false; // guarded by mtx_
  std::thread page_;
  std::thread scraper_;
};

} // namespace zenws::bench
