// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/defaults.hpp"
#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/json/json_rpc.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

namespace zenws {

/// A call that was answered.
struct settled_call {
  uint64_t token = 0;

  /// Time from `open` to `resolve`.
  std::chrono::steady_clock::duration round_trip{};
};

/// Matches answers with the requests of one client.
///
/// A call is pending from `open` until exactly one of `resolve`, `expire`,
/// `cancel` and `fail_all` returns its token, by which the owner finds the
/// caller. Ids are never used again: an answer that comes too late, or on
/// a later connection, settles nothing.
///
/// Pure: the caller brings the time. Not thread-safe; one client owns one
/// correlator, which survives its connections. Each operation takes logarithmic
/// time; only opening a call allocates, and returning tokens.
class request_correlator {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using duration = std::chrono::steady_clock::duration;

  // -- constants --------------------------------------------------------------

  /// Largest id.
  static constexpr int64_t max_id = max_rpc_id;

  /// Ids of users that are set aside at a time; beyond, the largest are not.
  static constexpr size_t max_foreign = 1024;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param first_id `next_id` of the previous incarnation of the client.
  /// @pre `first_id > 0`
  explicit request_correlator(size_t max_pending = defaults::max_pending_calls,
                              int64_t first_id = 1) noexcept;

  // -- properties -------------------------------------------------------------

  /// The id that the next call will have.
  int64_t next_id() const noexcept {
    return next_id_;
  }

  /// Calls that wait for an answer.
  size_t pending() const noexcept {
    return calls_.size();
  }

  /// Returns the time to call `expire`, or nothing if no call is pending.
  std::optional<time_point> next_deadline() const noexcept;

  // -- transitions ------------------------------------------------------------

  /// Adds a call.
  /// @param token must not be that of another pending call.
  /// @param deadline counts as passed from this moment on.
  /// @returns the id for the request; `ec::too_many_pending` if `max_pending`
  ///          calls are pending, `ec::already_exists` if the token is in use.
  result<int64_t> open(uint64_t token, time_point now, time_point deadline);

  /// Sets an id aside that a user put into a message: no call will have it, so
  /// that the answer to that message settles none.
  /// @returns `ec::invalid_message` if a pending call has this id.
  error set_aside(int64_t id);

  /// Returns the token of a pending call, or nothing.
  std::optional<uint64_t> token_of(int64_t id) const;

  /// Resolves the call that an answer belongs to.
  /// @returns the call; nothing if none with this id is pending, that is if
  ///          the answer is late, duplicate or unknown.
  std::optional<settled_call> resolve(int64_t id, time_point now);

  /// Cancels a call whose caller is gone.
  /// @returns `false` if there is no such call.
  bool cancel(uint64_t token);

  /// Removes the calls whose deadline has passed, the earliest one first.
  std::vector<uint64_t> expire(time_point now);

  /// Removes the calls with smaller ids, by ascending ids.
  std::vector<uint64_t> fail_before(int64_t id);

  /// Removes all calls, by ascending ids: the connection went and with it the
  /// answers. Whether the peer acted on them is unknown.
  std::vector<uint64_t> fail_all();

private:
  struct call {
    uint64_t token;
    time_point sent;
    time_point deadline;
  };

  using call_map = std::map<int64_t, call>;

  void skip_foreign();

  uint64_t remove(call_map::iterator pos);

  size_t max_pending_;
  int64_t next_id_;
  call_map calls_;
  std::unordered_map<uint64_t, int64_t> ids_;
  std::set<std::pair<time_point, int64_t>> deadlines_;
  std::set<int64_t> foreign_; // not smaller than the next one
};

} // namespace zenws
