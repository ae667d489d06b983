#pragma once

#include "trading_engine/order_ledger.hpp"

#include "zenws/actors/all.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <set>
#include <string>
#include <string_view>

namespace zenws::engine {

/// Carries decisions out by orders at the venue, each sent once, and finds out
/// what became of those that nobody answered. Part of one actor.
class order_desk {
public:
  // -- constants --------------------------------------------------------------

  /// How long the venue may take an order, once it is sent: an order that was
  /// held up on the way shall not surprise anybody.
  static constexpr std::chrono::seconds lifetime{2};

  /// By how much the clocks of the venue and of this machine may differ.
  static constexpr std::chrono::seconds clock_margin{1};

  /// What a contract is worth, in the venue's unit.
  static constexpr int contract_size = 10;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param run tells the labels of this run from those of others.
  order_desk(caf::event_based_actor& self, market_view& view, std::string run);

  // -- properties -------------------------------------------------------------

  const order_counters& counters() const noexcept {
    return ledger_.counters();
  }

  // -- transitions ------------------------------------------------------------

  void carry_out(const client_actor& client, const decision& what);

  /// Asks the venue about orders whose fate is open.
  void reconcile(const client_actor& client);

  /// A message of an order channel.
  void notified(std::string_view text);

private:
  void failed(const std::string& label, const caf::error& why);

  void told(const std::string& label, std::string_view orders);

  void settle(const std::optional<decision>& what);

  void drop(const std::optional<decision>& what);

  caf::event_based_actor& self_;
  market_view& view_;
  order_ledger ledger_;
  std::set<std::string> asking_; // labels
};

} // namespace zenws::engine
