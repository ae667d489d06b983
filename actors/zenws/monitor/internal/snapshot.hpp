// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/client/client_registry.hpp"
#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/actors/messages/messages.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace zenws::monitoring {

/// How an order desk stands.
struct desk_state {
  std::string name;

  /// Nothing if it does not answer.
  std::optional<desk_report> report{};

  std::vector<trading::order> orders{};
  std::vector<trading::position> positions{};
};

/// All that a monitor shows, at one time.
struct snapshot {
  std::chrono::steady_clock::time_point time{};
  std::chrono::system_clock::time_point wall_time{};

  /// One that does not answer is a node without children.
  std::vector<tree_node> trees{};

  /// By name.
  std::vector<registered_client> clients{};

  std::vector<limit_level> limits{};
  std::vector<desk_state> desks{};
};

using snapshot_ptr = std::shared_ptr<const snapshot>;

/// What a client tells about itself; empty if it does not answer.
struct client_detail {
  std::optional<client_status> status{};
  std::optional<state_metrics> metrics{};
  std::optional<book_report> books{};
};

/// Collects the answers to several requests: whoever waits for one has a
/// pointer to it. When the last of these is gone, also because a receiver is,
/// `deliver` is called in the thread of that one.
template <class T>
class collection {
public:
  explicit collection(std::function<void(T&&)> deliver)
    : deliver_(std::move(deliver)) {
    // nop
  }

  collection(const collection&) = delete;

  collection& operator=(const collection&) = delete;

  ~collection() {
    deliver_(std::move(content));
  }

  T content{};

private:
  std::function<void(T&&)> deliver_;
};

template <class T>
using collection_ptr = std::shared_ptr<collection<T>>;

} // namespace zenws::monitoring
