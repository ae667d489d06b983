// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Result of a request. Channels are named "kind:product", or by their kind if
/// they have no products.
struct coinbase_outcome {
  /// The words of a refusal; empty if the request is carried out.
  std::string refusal;
  std::vector<std::string> subscribed;
  std::vector<std::string> unsubscribed;
};

/// The subscriptions of one connection, in Coinbase's manner.
///
/// Pure: text in, text out.
class coinbase_session {
public:
  /// Returns the product under which the venue knows one of this name, nothing
  /// if it knows none.
  using product_finder
    = std::function<std::optional<std::string>(std::string_view)>;

  coinbase_session(const coinbase_config& cfg, product_finder find)
    : max_books_(cfg.max_books), find_(std::move(find)) {
    // nop
  }

  /// Carries out one request or any other message of the client.
  coinbase_outcome handle(std::string_view text);

  /// Returns all subscriptions, as the events of an answer.
  std::string list() const;

  /// Returns the channels that `pattern` covers.
  std::vector<std::string> covered(std::string_view pattern) const;

  /// Takes a channel away.
  void remove(std::string_view channel);

  bool has(const std::string& kind) const {
    return kinds_.contains(kind);
  }

private:
  struct call;

  void subscribe(const call& command, coinbase_outcome& out);
  void unsubscribe(const call& command, coinbase_outcome& out);

  size_t max_books_;
  product_finder find_;
  // The products of each kind of channel.
  std::map<std::string, std::set<std::string, std::less<>>, std::less<>> kinds_;
};

} // namespace zenws::sim
