// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/session/request_correlator.hpp"

#include <iterator>
#include <string>

namespace zenws {

// -- constructors, destructors, and assignment operators ----------------------

request_correlator::request_correlator(size_t max_pending,
                                       int64_t first_id) noexcept
  : max_pending_(max_pending), next_id_(first_id) {
  // nop
}

// -- properties ---------------------------------------------------------------

std::optional<request_correlator::time_point>
request_correlator::next_deadline() const noexcept {
  if (deadlines_.empty())
    return std::nullopt;
  return deadlines_.begin()->first;
}

// -- transitions --------------------------------------------------------------

result<int64_t> request_correlator::open(uint64_t token, time_point now,
                                         time_point deadline) {
  if (next_id_ > max_id)
    return error{ec::too_many_pending, "all ids are used up"};
  if (calls_.size() >= max_pending_)
    return error{ec::too_many_pending,
                 std::to_string(max_pending_) + " requests are pending"};
  auto id = next_id_;
  if (!ids_.emplace(token, id).second)
    return error{ec::already_exists, "token " + std::to_string(token)};
  calls_.emplace(id, call{token, now, deadline});
  deadlines_.emplace(deadline, id);
  ++next_id_;
  skip_foreign();
  return id;
}

error request_correlator::set_aside(int64_t id) {
  if (calls_.contains(id))
    return error{ec::invalid_message,
                 "the id " + std::to_string(id)
                   + " is that of a call under way: choose another one"};
  if (id < next_id_ || id > max_id)
    return {};
  foreign_.insert(id);
  // The largest is the last to be reached, long after its answer.
  if (foreign_.size() > max_foreign)
    foreign_.erase(std::prev(foreign_.end()));
  skip_foreign();
  return {};
}

std::optional<uint64_t> request_correlator::token_of(int64_t id) const {
  auto pos = calls_.find(id);
  return pos != calls_.end() ? std::optional{pos->second.token} : std::nullopt;
}

std::optional<settled_call> request_correlator::resolve(int64_t id,
                                                        time_point now) {
  auto pos = calls_.find(id);
  if (pos == calls_.end())
    return std::nullopt;
  auto round_trip = now - pos->second.sent;
  return settled_call{remove(pos), round_trip};
}

bool request_correlator::cancel(uint64_t token) {
  auto pos = ids_.find(token);
  if (pos == ids_.end())
    return false;
  remove(calls_.find(pos->second));
  return true;
}

std::vector<uint64_t> request_correlator::expire(time_point now) {
  std::vector<uint64_t> result;
  while (!deadlines_.empty() && deadlines_.begin()->first <= now)
    result.push_back(remove(calls_.find(deadlines_.begin()->second)));
  return result;
}

std::vector<uint64_t> request_correlator::fail_before(int64_t id) {
  std::vector<uint64_t> result;
  while (!calls_.empty() && calls_.begin()->first < id)
    result.push_back(remove(calls_.begin()));
  return result;
}

std::vector<uint64_t> request_correlator::fail_all() {
  std::vector<uint64_t> result;
  result.reserve(calls_.size());
  for (const auto& [id, pending] : calls_)
    result.push_back(pending.token);
  calls_.clear();
  ids_.clear();
  deadlines_.clear();
  return result;
}

void request_correlator::skip_foreign() {
  while (foreign_.erase(next_id_) > 0)
    ++next_id_;
}

uint64_t request_correlator::remove(call_map::iterator pos) {
  auto [id, pending] = *pos;
  deadlines_.erase({pending.deadline, id});
  ids_.erase(pending.token);
  calls_.erase(pos);
  return pending.token;
}

} // namespace zenws
