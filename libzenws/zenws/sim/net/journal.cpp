// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/journal.hpp"

#include <algorithm>
#include <utility>

namespace zenws::sim {

namespace {

// Bounds the log of received messages, for any sizes.
constexpr size_t max_received_bytes = 64u << 20;

} // namespace

// -- writing ------------------------------------------------------------------

void journal::add(received_message message) {
  {
    std::lock_guard guard{mutex_};
    if (message.kind == message_kind::close)
      ++stats_.closes_received_total;
    else
      ++stats_.messages_received_total;
    received_bytes_ += message.text.size();
    received_.push_back(std::move(message));
    while (received_.size() > max_entries_
           || received_bytes_ > max_received_bytes) {
      received_bytes_ -= received_.front().text.size();
      received_.pop_front();
    }
  }
  changed_.notify_all();
}

void journal::add(upgrade_request request) {
  {
    std::lock_guard guard{mutex_};
    ++stats_.upgrades_total;
    upgrades_.push_back(std::move(request));
    if (upgrades_.size() > max_entries_)
      upgrades_.pop_front();
  }
  changed_.notify_all();
}

void journal::clear() {
  std::lock_guard guard{mutex_};
  received_.clear();
  received_bytes_ = 0;
  upgrades_.clear();
}

// -- reading ------------------------------------------------------------------

server_stats journal::stats() const {
  std::lock_guard guard{mutex_};
  return stats_;
}

std::vector<received_message> journal::received() const {
  std::lock_guard guard{mutex_};
  return {received_.begin(), received_.end()};
}

std::vector<upgrade_request> journal::upgrades() const {
  std::lock_guard guard{mutex_};
  return {upgrades_.begin(), upgrades_.end()};
}

bool journal::wait_for(const message_predicate& pred,
                       std::chrono::milliseconds timeout) const {
  std::unique_lock guard{mutex_};
  return changed_.wait_for(guard, timeout, [&] {
    return std::any_of(received_.begin(), received_.end(), pred);
  });
}

bool journal::wait_for_stats(const stats_predicate& pred,
                             std::chrono::milliseconds timeout) const {
  std::unique_lock guard{mutex_};
  return changed_.wait_for(guard, timeout, [&] { return pred(stats_); });
}

} // namespace zenws::sim
