// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "strategy_report.hpp"
#include "traded_market.hpp"

#include "zenws/actors/all.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::engine {

namespace detail {

/// Time to report.
struct report_due {};

template <class Inspector>
auto inspect(Inspector& f, report_due&) {
  return caf_compat::inspect_as(f, "zenws::engine::report_due");
}

} // namespace detail

} // namespace zenws::engine

ZENWS_LOCAL_MESSAGE(2964, zenws::engine::detail::report_due)

namespace zenws::engine {

/// Takes market data and news of orders, and decides.
using strategy_actor = caf::typed_actor<
  caf_compat::takes<market_batch>, caf_compat::takes<client_event>,
  caf_compat::takes<trading::order_event>, caf_compat::takes<trading::fill>,
  caf_compat::takes<trading::position>, caf_compat::takes<trading::balance>,
  caf_compat::takes<desk_state_changed>, caf_compat::takes<desk_request_failed>,
  caf_compat::takes<detail::report_due>>;

/// The actors of a venue. Their addresses outlive crashes.
struct venue_actors {
  client_actor market;
  order_desk_actor desk;
  market_pace pace = market_pace::usual;
};

/// Venues by name.
using venue_map = std::map<std::string, venue_actors, std::less<>>;

/// What all strategies are made with.
struct strategy_setup {
  /// For people.
  std::string name;

  /// No other strategy trades them.
  std::vector<market_key> markets;

  /// Those of the markets at least.
  venue_map venues;

  /// Receives a `strategy_report` each second. Optional.
  caf::actor observer{};
};

/// A strategy: market data in, orders out. A class of its own has to say what
/// it does with them, by `decide`.
///
/// Ends with its supervisor, and leaves its orders as they are.
class strategy : public ending_actor<strategy_actor::base> {
public:
  // -- member types -----------------------------------------------------------

  using super = ending_actor<strategy_actor::base>;

  // -- constants --------------------------------------------------------------

  static constexpr std::chrono::milliseconds report_period{1'000};

  /// After an order was refused, for whatever it was to do.
  static constexpr std::chrono::milliseconds refusal_pause{1'000};

  // -- constructors, destructors, and assignment operators --------------------

  strategy(caf::actor_config& cfg, strategy_setup setup);

  // -- implementation of local_actor ------------------------------------------

  behavior_type make_behavior() override;

  void before_end() override;

protected:
  /// Called when anything has changed: a book, an order, a position or the
  /// state of a desk.
  virtual void decide() = 0;

  /// The markets of the setup, in its order.
  std::vector<traded_market>& markets() noexcept {
    return markets_;
  }

  bool is_tradable(const traded_market& at) const {
    return at.is_tradable(clock().now());
  }

  void place(traded_market& at, trading::order_request order);

  void cancel(traded_market& at, const trading::client_order_id& id);

  /// Keeps one post-only order of a side at this price, or none. The amount is
  /// that of an order which is placed; what is left of an older one stays.
  void quote(traded_market& at, trading::order_side side,
             const std::optional<market::price_level>& wanted);

private:
  // -- venues -----------------------------------------------------------------

  // Has the actors of a venue tell everything about our markets there.
  void attach(const std::string& name, const venue_actors& venue);

  venue_map::const_iterator sender_venue();

  const order_desk_actor& desk_of(const traded_market& at) const;

  // Asks the desk that tells something for our orders and the positions, which
  // its news may not have told.
  void ask_how_things_stand(const std::string& instrument);

  // -- news -------------------------------------------------------------------

  traded_market* find(std::string_view venue, std::string_view instrument);

  // Returns the market of an instrument at the venue that tells something.
  traded_market* find_at_sender(std::string_view instrument);

  void handle(const market_batch& batch);

  void handle(const client_event& event);

  void handle(const trading::order_event& news);

  // Passes news of a desk to the market that they are about.
  template <class News>
  void handle(const News& news, std::string_view instrument);

  // Doubts the positions at the venue that tells something, and asks for them.
  void positions_changed();

  void refused(traded_market& at, const std::string& reason);

  strategy_report report() const;

  void send_report();

  strategy_setup setup_;
  std::vector<traded_market> markets_;

  // Names of venues by the numbers of their clients.
  std::map<uint64_t, std::string> clients_;

  strategy_report counts_;
};

} // namespace zenws::engine
