// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/runtime.hpp"
#include "zenws/monitor/internal/gatherer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace zenws::monitoring {

/// Checks whether the loops of a runtime, and CAF's scheduler, do anything.
/// Lives on the thread of an `io_context`.
class health_check : public std::enable_shared_from_this<health_check> {
public:
  /// Receives what does not answer; empty if all do.
  using handler = std::function<void(const std::string& problem)>;

  static constexpr std::chrono::milliseconds patience{2'000};

  /// @param host must live longer.
  /// @param scheduled an actor that CAF's scheduler runs.
  health_check(std::shared_ptr<boost::asio::io_context> context, runtime& host,
               caf::actor scheduled);

  /// Calls `f` once all have answered, or after `patience`. Those who ask
  /// meanwhile share the answer.
  void run(handler f);

  void close();

private:
  // Asks a part that has answered the last time.
  void ask(size_t part);

  void answered(size_t part);

  void finish();

  std::shared_ptr<boost::asio::io_context> context_;
  runtime& host_;
  caf::actor scheduled_;
  boost::asio::steady_timer timer_;

  // Whether a part has not answered yet: the loops, then the scheduler. A part
  // is not asked again until it has.
  std::vector<bool> is_asked_;
  std::vector<handler> waiting_;
};

} // namespace zenws::monitoring
