// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/answering_actor.hpp"
#include "zenws/actors/market/internal/market_front.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/defaults.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace zenws {

namespace detail {

/// Time for a market source to check the deadlines of its feed.
struct market_due {};

/// Reports to a market source that a slow subscriber has caught up.
struct market_drained {};

/// A slow subscriber may have held up the others for long enough.
struct market_pause_over {};

template <class Inspector>
auto inspect(Inspector& f, market_due&) {
  return caf_compat::inspect_as(f, "zenws::market_due");
}

template <class Inspector>
auto inspect(Inspector& f, market_drained&) {
  return caf_compat::inspect_as(f, "zenws::market_drained");
}

template <class Inspector>
auto inspect(Inspector& f, market_pause_over&) {
  return caf_compat::inspect_as(f, "zenws::market_pause_over");
}

using market_source_impl = market_source_actor::extend<
  caf_compat::takes<message_batch>, caf_compat::takes<client_event>,
  caf_compat::takes<market_due>, caf_compat::takes<market_drained>,
  caf_compat::takes<market_pause_over>>;

} // namespace detail

/// Options of a market source.
struct market_source_options {
  /// Of this client, at an address that stays.
  client_actor client;

  /// Answers questions that the venue takes on another address only; may be
  /// null.
  client_actor api;

  dialect_factory dialect;

  feed_config feed;

  std::string name;

  /// The client as it is now: the first event of a subscriber shows it.
  client_position position{};

  /// Time for which a slow subscriber with backpressure may hold up all others.
  std::chrono::milliseconds max_pause = defaults::max_reading_pause;

  std::shared_ptr<market_stats> stats = std::make_shared<market_stats>();
};

/// Makes typed market data of the messages of one client, as one of its
/// subscribers. Runs on the client's loop where there is one: messages come to
/// it without a change of threads. Ends with the client.
class market_source : public answering_actor<detail::market_source_impl::base> {
public:
  // -- member types -----------------------------------------------------------

  using super = answering_actor<detail::market_source_impl::base>;

  // -- constructors, destructors, and assignment operators --------------------

  market_source(caf::actor_config& cfg, market_source_options options);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  using clock = std::chrono::steady_clock;

  using plan = market_front::plan;

  // -- requests ---------------------------------------------------------------

  caf::result<market_report> add(const subscribe_market& request);

  // Asks the client for the channels of a request, and answers it.
  void request_channels(std::vector<channel_spec> channels, uint64_t subscriber,
                        std::vector<plan> plans, caf::response_promise promise);

  market_report conclude(uint64_t subscriber, const std::vector<plan>& plans,
                         const channel_report& report);

  caf::result<void> remove(const unsubscribe_market& request);

  void renew(const renew_market& request);

  void drop_subscriber(const caf::actor_addr& subscriber);

  // -- messages and events ----------------------------------------------------

  void handle(const message_batch& batch);

  void handle(const client_event& event);

  void handle_waiting();

  // Has messages wait for a slow subscriber.
  void pause();

  void arm_pause();

  // Makes subscribers that were waited for long enough lose updates instead.
  void end_pause();

  void resume_if_drained();

  // Delivers the updates, and serves the requests of the feed.
  void follow_up();

  void ask(market_question question);

  void give_back(const std::vector<std::string>& channels);

  void arm();

  market_source_options options_;
  market_front front_;
  bool congested_ = false;
  clock::time_point paused_until_{}; // at the latest
  bool pause_armed_ = false;
  std::deque<std::variant<message_batch, client_event>> waiting_;
  bool armed_ = false;
  std::optional<error> end_; // of the client, once it has ended
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2858, zenws::detail::market_due)
ZENWS_LOCAL_MESSAGE(2859, zenws::detail::market_drained)
ZENWS_LOCAL_MESSAGE(2860, zenws::detail::market_pause_over)
