// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/pool/member_ranking.hpp"

#include <algorithm>

namespace zenws {

void member_ranking::put(uint64_t member, uint8_t score) {
  score = std::min(score, max_score);
  auto [i, is_new] = nodes_.try_emplace(member);
  auto& x = i->second;
  if (!is_new) {
    if (x.score == score)
      return;
    leave(member, x);
  }
  x.score = score;
  enter(member, x);
}

void member_ranking::remove(uint64_t member) {
  auto i = nodes_.find(member);
  if (i == nodes_.end())
    return;
  leave(member, i->second);
  nodes_.erase(i);
}

std::optional<uint64_t> member_ranking::take(std::span<const uint64_t> tried) {
  for (size_t score = max_score; score > 0; --score)
    if (auto result = take_from(rings_[score], tried))
      return result;
  return std::nullopt;
}

std::optional<uint64_t>
member_ranking::take_from(ring& where, std::span<const uint64_t> tried) {
  auto candidate = where.first;
  for (size_t i = 0; i < where.size; ++i) {
    auto next = nodes_.at(candidate).next;
    if (std::find(tried.begin(), tried.end(), candidate) == tried.end()) {
      where.first = next;
      return candidate;
    }
    candidate = next;
  }
  return std::nullopt;
}

void member_ranking::enter(uint64_t member, node& x) {
  auto& where = rings_[x.score];
  if (where.size++ == 0) {
    where.first = x.previous = x.next = member;
    return;
  }
  auto& first = nodes_.at(where.first);
  x.next = where.first;
  x.previous = first.previous;
  nodes_.at(first.previous).next = member;
  first.previous = member;
}

void member_ranking::leave(uint64_t member, node& x) {
  auto& where = rings_[x.score];
  --where.size;
  if (where.first == member)
    where.first = x.next;
  nodes_.at(x.previous).next = x.next;
  nodes_.at(x.next).previous = x.previous;
}

} // namespace zenws
