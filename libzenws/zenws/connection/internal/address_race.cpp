// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/address_race.hpp"

#include <algorithm>
#include <utility>

namespace zenws::internal {

namespace {

using addresses = std::vector<endpoint_type>;

addresses without_duplicates(const addresses& xs) {
  addresses result;
  for (auto& x : xs)
    if (std::find(result.begin(), result.end(), x) == result.end())
      result.push_back(x);
  return result;
}

addresses interleaved(addresses xs) {
  if (xs.empty())
    return xs;
  auto preferred = [family = xs.front().protocol()](const endpoint_type& x) {
    return x.protocol() == family;
  };
  auto other = std::stable_partition(xs.begin(), xs.end(), preferred);
  addresses result;
  for (auto i = xs.begin(), j = other; i != other || j != xs.end();) {
    if (i != other)
      result.push_back(*i++);
    if (j != xs.end())
      result.push_back(*j++);
  }
  return result;
}

} // namespace

std::string to_text(const endpoint_type& address) {
  auto ip = address.address().to_string();
  return (address.address().is_v6() ? '[' + ip + ']' : ip) + ':'
         + std::to_string(address.port());
}

// -- address_plan -------------------------------------------------------------

address_plan::address_plan(const std::vector<endpoint_type>& resolved,
                           const host_and_port& host,
                           const address_memory& memory) {
  std::vector<std::pair<address_rank, endpoint_type>> ranked;
  for (auto& x : interleaved(without_duplicates(resolved)))
    ranked.emplace_back(memory.rank(host, to_text(x)), x);
  auto earlier = [](auto& x, auto& y) { return x.first < y.first; };
  std::stable_sort(ranked.begin(), ranked.end(), earlier);
  ranked.resize(std::min(ranked.size(), max_addresses));
  for (auto& [rank, address] : ranked) {
    addresses.push_back(address);
    suspects += rank.accepts_in_vain;
  }
}

// -- address_race -------------------------------------------------------------

address_race::address_race(size_t addresses, size_t suspects,
                           clock::time_point now,
                           clock::time_point deadline) noexcept
  : addresses_(addresses),
    trusted_(addresses - suspects),
    next_at_(now),
    deadline_(deadline) {
  // nop
}

std::optional<address_race::clock::time_point>
address_race::next_at() const noexcept {
  if (next_ == addresses_)
    return std::nullopt;
  return next_at_;
}

std::optional<size_t> address_race::next(clock::time_point now) noexcept {
  if (next_ == addresses_ || now < next_at_)
    return std::nullopt;
  auto result = next_++;
  ++running_;
  next_at_ = now
             + (next_is_suspect() ? (deadline_ - now) / 2
                                  : clock::duration{attempt_delay});
  return result;
}

void address_race::failed(clock::time_point now) noexcept {
  --running_;
  if (!next_is_suspect() || running_ == 0)
    next_at_ = std::min(next_at_, now);
}

} // namespace zenws::internal
