// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/monitor/internal/gatherer.hpp"
#include "zenws/monitor/internal/monitor_state.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace zenws::monitoring {

using monitor_state_ptr = std::shared_ptr<const monitor_state>;

/// The state of a runtime as of a moment ago. Gathers it when somebody asks,
/// and not more often than it is allowed to cost. Lives on the thread of an
/// `io_context`; results of actors are posted there.
class live_state : public std::enable_shared_from_this<live_state> {
public:
  // -- member types -----------------------------------------------------------

  using clock = std::chrono::steady_clock;

  using state_handler = std::function<void(const monitor_state_ptr&)>;

  /// Receives a null pointer if there is no client of that name.
  using detail_handler
    = std::function<void(const client_row*, const client_view&)>;

  // -- constants --------------------------------------------------------------

  /// A younger state is as good as a new one.
  static constexpr std::chrono::milliseconds min_age{250};

  /// So is one for this many times the CPU time that it takes, up to
  /// `max_age`.
  static constexpr int max_load = 8;

  static constexpr std::chrono::milliseconds max_age{2'000};

  /// Clients that have a history at a time.
  static constexpr size_t max_views = 32;

  /// The history of a client that nobody looks at any more is forgotten.
  static constexpr std::chrono::seconds view_lifetime{30};

  // -- constructors, destructors, and assignment operators ------------------

  live_state(std::shared_ptr<boost::asio::io_context> context,
             caf::actor source, event_ring_ptr events);

  // -- requests ---------------------------------------------------------------

  /// Calls `f` with the state, now or later.
  void request(state_handler f);

  /// Calls `f` with the details of a client, now or later.
  void request_detail(const std::string& client, detail_handler f);

  /// Forgets all who wait.
  void close();

private:
  struct view {
    client_view content;
    clock::time_point wanted{};
    clock::time_point known{};
    clock::time_point step{};
    std::vector<detail_handler> waiting{};
  };

  bool is_fresh(clock::time_point now) const;

  void gather();

  void arrived(snapshot&& content);

  // Adds a step to the histories of those who are looked at.
  void extend_histories(clock::time_point now);

  view& view_of(const std::string& client);

  void gather_detail_of(const std::string& client);

  void detail_arrived(const std::string& client, client_detail&& content);

  void answer(const std::string& client, const detail_handler& f);

  std::shared_ptr<boost::asio::io_context> context_;
  caf::actor source_;
  event_ring_ptr events_;
  monitor_state_ptr state_;
  clock::duration cost_{};
  bool is_gathering_ = false;
  std::vector<state_handler> waiting_;
  rate_meter rates_;
  std::map<std::string, view> views_;
};

/// Returns the row of a client, or null.
const client_row* find_row(const monitor_state& state, std::string_view name);

} // namespace zenws::monitoring
