// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/session/deferred_sends.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

size_t bytes_of(const deferred_sends::item& message) noexcept {
  return sizeof(message) + message.payload.size() + message.params.size();
}

} // namespace

std::optional<deferred_sends::time_point>
deferred_sends::next_deadline() const noexcept {
  std::optional<time_point> result;
  for (auto& x : items_)
    result = std::min(result.value_or(x.deadline), x.deadline);
  return result;
}

bool deferred_sends::push(item message) {
  if (bytes_ + bytes_of(message) > max_bytes_)
    return false;
  bytes_ += bytes_of(message);
  items_.push_back(std::move(message));
  return true;
}

deferred_sends::item deferred_sends::pop() {
  auto result = std::move(items_.front());
  items_.pop_front();
  bytes_ -= bytes_of(result);
  return result;
}

void deferred_sends::put_back(item message) {
  bytes_ += bytes_of(message);
  items_.push_front(std::move(message));
}

std::vector<uint64_t> deferred_sends::expire(time_point now) {
  std::vector<uint64_t> result;
  for (auto i = items_.begin(); i != items_.end();) {
    if (i->deadline > now) {
      ++i;
      continue;
    }
    result.push_back(i->token);
    bytes_ -= bytes_of(*i);
    i = items_.erase(i);
  }
  return result;
}

std::vector<uint64_t> deferred_sends::clear() {
  std::vector<uint64_t> result;
  while (!items_.empty())
    result.push_back(pop().token);
  return result;
}

} // namespace zenws
