#include "zenws/outbox.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

size_t bytes_of(const outbox::item& what) noexcept {
  return sizeof(what) + what.payload.size() + what.params.size();
}

} // namespace

std::optional<outbox::time_point> outbox::next_deadline() const noexcept {
  std::optional<time_point> result;
  for (auto& x : items_)
    result = std::min(result.value_or(x.deadline), x.deadline);
  return result;
}

bool outbox::push(item what) {
  if (bytes_ + bytes_of(what) > max_bytes_)
    return false;
  bytes_ += bytes_of(what);
  items_.push_back(std::move(what));
  return true;
}

outbox::item outbox::pop() {
  auto result = std::move(items_.front());
  items_.pop_front();
  bytes_ -= bytes_of(result);
  return result;
}

void outbox::put_back(item what) {
  bytes_ += bytes_of(what);
  items_.push_front(std::move(what));
}

std::vector<uint64_t> outbox::expire(time_point now) {
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

std::vector<uint64_t> outbox::clear() {
  std::vector<uint64_t> result;
  while (!items_.empty())
    result.push_back(pop().token);
  return result;
}

} // namespace zenws
