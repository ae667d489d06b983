#include "zenws/request_correlator.hpp"

#include <algorithm>
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
  return insert(next_id_, {token, now, deadline});
}

result<int64_t> request_correlator::open_as(int64_t id, uint64_t token,
                                            time_point now,
                                            time_point deadline) {
  if (id > max_chosen_id)
    return error{ec::invalid_message,
                 "request id " + std::to_string(id) + " is too large"};
  return insert(id, {token, now, deadline});
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
  for (const auto& [id, what] : calls_)
    result.push_back(what.token);
  calls_.clear();
  ids_.clear();
  deadlines_.clear();
  return result;
}

result<int64_t> request_correlator::insert(int64_t id, const call& what) {
  if (calls_.size() >= max_pending_)
    return error{ec::too_many_pending,
                 std::to_string(max_pending_) + " requests are pending"};
  if (calls_.contains(id))
    return error{ec::already_exists, "request id " + std::to_string(id)};
  if (!ids_.emplace(what.token, id).second)
    return error{ec::already_exists, "token " + std::to_string(what.token)};
  calls_.emplace(id, what);
  deadlines_.emplace(what.deadline, id);
  next_id_ = std::max(next_id_, id + 1);
  return id;
}

uint64_t request_correlator::remove(call_map::iterator pos) {
  auto [id, what] = *pos;
  deadlines_.erase({what.deadline, id});
  ids_.erase(what.token);
  calls_.erase(pos);
  return what.token;
}

} // namespace zenws
