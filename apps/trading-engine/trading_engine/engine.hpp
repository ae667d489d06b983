// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "market_view.hpp"
#include "order_desk.hpp"
#include "report.hpp"

#include "zenws/actors/all.hpp"

#include <caf/all.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::engine {

struct engine_options {
  market_options market;

  /// Sends orders, and notes them here. A restarted engine gets the ledger of
  /// the one before it. Null: trades on paper.
  order_ledger_ptr ledger;

  /// Longest time that an order of an earlier process may be under way.
  std::chrono::milliseconds settle_first{0};
};

// -- requests to the engine ---------------------------------------------------

/// Makes the engine trade on the data of this client. The client speaks
/// Deribit's dialect, and is logged in if it will send orders.
struct attach_client {
  client_actor client;
};

/// Requests an `engine_report`.
struct get_report {};

/// Trades now, without the strategy; answered by nothing. Left out if
/// there is no price, or while the instrument has an order under way.
struct trade_now {
  decision choice;
};

/// Decides no more. Orders under way are still looked after.
struct halt {};

// -- messages to the observer -------------------------------------------------
// - each second an `engine_report`
// - `feed_restored`
// - `subscription_refused`

/// After a connection: the client is ready again and data flows.
struct feed_restored {
  uint64_t epoch = 0;
};

/// The venue has refused a subscription, or taken it away.
struct subscription_refused {
  /// See `subscription_name`; that of a channel if it brings orders.
  std::string name;
  std::string reason;
};

namespace detail {

struct engine_tick {};

struct report_due {};

// Time to subscribe again.
struct market_due {};

struct orders_due {};

} // namespace detail

// -- the actor ----------------------------------------------------------------

/// Trades on the market data of one client: connects a `market_view` and an
/// `order_desk` to the other actors.
class engine : public caf::event_based_actor {
public:
  // -- member types -----------------------------------------------------------

  using super = caf::event_based_actor;

  // -- constants --------------------------------------------------------------

  /// Period of the timer.
  static constexpr std::chrono::milliseconds tick_period{100};

  static constexpr std::chrono::milliseconds report_period{1000};

  // -- constructors, destructors, and assignment operators --------------------

  /// @param observer receives reports; may be null.
  engine(caf::actor_config& cfg, engine_options options, caf::actor observer);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  caf::behavior make_behavior() override;

  void on_exit() override;

private:
  // -- the client -------------------------------------------------------------

  void attach(client_actor client);

  void subscribe_to_market();

  void subscribe_to_orders();

  // Notes that a subscription failed: the client has crashed, or cannot be
  // reached. The next incarnation is asked again.
  template <class Retry>
  void failed(const caf::error& reason);

  void handle(const market_report& report);

  // Of order channels.
  void handle(const channel_report& report);

  void handle(const market_batch& batch);

  void handle(const message_batch& orders);

  void handle(const client_event& event);

  void granted(std::string_view channel);

  void refused(const std::string& channel, const error& reason);

  void refused(const market_wish& wish, const error& reason);

  void tell_refusal(std::string name, std::string reason);

  // -- decisions --------------------------------------------------------------

  void act();

  void tell_if_restored();

  engine_report report() const;

  void send_report();

  engine_options options_;
  market_view view_;
  std::optional<order_desk> desk_;
  caf::actor observer_;
  client_actor client_;
  // The wishes behind the channels of market data, for events about them.
  std::map<std::string, market_wish, std::less<>> channels_;
  bool halted_ = false;
  uint64_t ready_epoch_ = 0;
  uint64_t restored_epoch_ = 0;
  uint64_t reported_updates_ = 0;
};

} // namespace zenws::engine

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::attach_client)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::get_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::trade_now)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::halt)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::feed_restored)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::subscription_refused)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::engine_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::detail::engine_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::detail::report_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::detail::market_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::engine::detail::orders_due)
