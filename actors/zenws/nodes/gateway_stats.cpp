// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/gateway_stats.hpp"

#include <utility>

namespace zenws {

void gateway_stats::add(node joined) {
  std::lock_guard guard{mtx_};
  nodes_.push_back(std::move(joined));
}

void gateway_stats::remove(const std::shared_ptr<const relay_stats>& gone) {
  std::lock_guard guard{mtx_};
  std::erase_if(nodes_, [&](auto& x) { return x.stats == gone; });
}

std::vector<gateway_stats::node> gateway_stats::nodes() const {
  std::lock_guard guard{mtx_};
  return nodes_;
}

} // namespace zenws
