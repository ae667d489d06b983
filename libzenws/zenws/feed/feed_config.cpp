// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/feed/feed_config.hpp"

#include "zenws/timing/internal/duration_check.hpp"

namespace zenws {

std::vector<config_problem> validate(const feed_config& cfg,
                                     const std::string& path) {
  using std::chrono::milliseconds;
  std::vector<config_problem> result;
  internal::check_duration(cfg.book_silence, path + "book_silence", result,
                           milliseconds{0});
  internal::check_duration(cfg.snapshot_patience, path + "snapshot_patience",
                           result);
  internal::check_duration(cfg.trade_patience, path + "trade_patience", result);
  if (cfg.max_held == 0)
    result.push_back({path + "max_held", "must be at least 1"});
  return result;
}

} // namespace zenws
