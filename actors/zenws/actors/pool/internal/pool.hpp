// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/internal/pending_responses.hpp"
#include "zenws/actors/client/client_registry.hpp"
#include "zenws/actors/delivery/event_stream.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/actors/pool/pool_config.hpp"
#include "zenws/pool/channel_shards.hpp"
#include "zenws/pool/member_health.hpp"
#include "zenws/pool/member_ranking.hpp"
#include "zenws/timing/backoff.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace zenws {

namespace detail {

/// Reminds a pool to check its members.
struct pool_tick {};

template <class Inspector>
auto inspect(Inspector& f, pool_tick&) {
  return caf_compat::inspect_as(f, "zenws::pool_tick");
}

using pool_impl = pool_actor::extend<caf_compat::takes<supervision_event>,
                                     caf_compat::takes<client_event>,
                                     caf_compat::takes<pool_tick>>;

} // namespace detail

/// Shares requests and channels between several clients.
///
/// Rates its members by their answers and by events of the supervision trees;
/// choosing one sends no message and takes constant time. A
/// member that is not ready is never chosen, one that hangs only if there is no
/// better one.
///
/// Data goes from the members to the subscribers, not through the pool.
class pool : public ending_actor<detail::pool_impl::base> {
public:
  // -- member types -----------------------------------------------------------

  using super = ending_actor<detail::pool_impl::base>;

  // -- constructors, destructors, and assignment operators --------------------

  /// @pre `validate(options).empty()`
  /// @param clients must live longer than the pool.
  pool(caf::actor_config& cfg, pool_config options,
       const client_registry& clients, event_stream_ptr events);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  using time_point = std::chrono::steady_clock::time_point;

  struct member {
    registered_client client;
    member_health health;
    bool was_ready = false;
    time_point changed_at{}; // became ready, or ceased to be
  };

  // A request on its way, over all attempts.
  struct routed_request {
    uint64_t promise;
    if_unknown on_unknown;
    std::vector<uint64_t> tried{};
    caf::error last_error{};
  };

  // Channels that a subscriber requested, perhaps of several members.
  struct channel_request;

  using channel_request_ptr = std::shared_ptr<channel_request>;

  struct channel_entry {
    channel_spec spec;
    std::map<caf::actor, subscription_options> subscribers;
  };

  // Market data that a subscriber requested, perhaps of several members.
  struct market_request;

  using market_request_ptr = std::shared_ptr<market_request>;

  // Market data of one instrument for one subscriber.
  struct market_share {
    std::map<market::data_kind, market_wish> wishes;
    subscription_options options;
  };

  using channels_by_member = std::map<uint64_t, std::vector<channel_spec>>;

  // -- members ------------------------------------------------------------------

  void add_member(const registered_client& client);

  void remove_member(uint64_t id);

  bool belongs(const registered_client& client) const;

  void observe(const supervision_event& event);

  void observe(const client_event& event);

  // Notes whether a member is ready, and ranks it.
  void rate(uint64_t id, member& entry);

  void look_after_members();

  void arm_tick();

  bool can_grow() const noexcept;

  // Starts members as far as they are missing.
  void refill();

  void start_member();

  // -- requests -----------------------------------------------------------------

  routed_request begin_request(if_unknown on_unknown);

  template <class Request>
  void attempt(const Request& request, routed_request trip);

  // Calls `answered` with the answer of the member at `address`, or its error.
  template <class F>
  void forward(const client_actor& address, const send_balanced& request,
               F answered);

  template <class F>
  void forward(const client_actor& address, const call_balanced& request,
               F answered);

  bool may_go_on(const caf::error& reason, const routed_request& trip) const;

  // Rates a member by the outcome of a request.
  void learn(uint64_t id, time_point sent_at, const caf::error& reason);

  pool_health health();

  // -- channels -----------------------------------------------------------------

  caf::result<channel_report> subscribe_to(subscribe_channels& request);

  caf::result<void> unsubscribe_from(const unsubscribe_channels& request);

  // Returns the member that has a channel, or is to have it.
  std::optional<uint64_t> home_of(channel_shards& shards,
                                  const std::string& channel);

  // Requests channels of their members, or has them wait for one.
  void place(const channel_request_ptr& pending,
             std::vector<channel_spec> channels);

  void request_channels(uint64_t id, const channel_request_ptr& pending,
                        const std::vector<channel_spec>& channels);

  void settle(const channel_request_ptr& pending, channel_outcome outcome);

  bool is_wanted(const std::string& channel,
                 const caf::actor& subscriber) const;

  void drop(const std::string& channel, const caf::actor& subscriber);

  void forget_subscriber(const caf::actor_addr& source);

  void move_channels(const std::vector<std::string>& lost);

  // Moves the channels of a member that stays.
  void take_channels(uint64_t id);

  void assign_unassigned();

  // -- market data --------------------------------------------------------------

  caf::result<market_report> subscribe_to(const subscribe_market& request);

  caf::result<void> unsubscribe_from(const unsubscribe_market& request);

  caf::result<void> renew(const renew_market& request);

  // Requests market data of the members of its instruments, or has it wait for
  // one.
  void place_market(const market_request_ptr& pending,
                    const std::vector<market_wish>& wishes);

  void request_market(uint64_t id, const market_request_ptr& pending,
                      const subscribe_market& request);

  void settle(const market_request_ptr& pending, market_outcome outcome);

  // Returns the subscriber's share of an instrument, or null.
  market_share* find_share(const std::string& instrument,
                           const caf::actor& subscriber);

  void drop_market(const market_wish& wish, const caf::actor& subscriber);

  void forget_market_of(const caf::actor_addr& source);

  // Has other members go on with instruments.
  void move_market(const std::vector<std::string>& lost);

  // Moves the instruments of a member that stays.
  void take_market(uint64_t id);

  void assign_unassigned_market();

  pool_config options_;
  const client_registry& clients_;
  event_stream_ptr events_;
  std::unordered_map<uint64_t, member> members_; // by ID of the client
  std::unordered_map<std::string, uint64_t> ids_;
  member_ranking ranking_;
  channel_shards shards_;
  std::map<std::string, channel_entry> channels_;
  std::vector<std::pair<channel_request_ptr, channel_spec>> unassigned_;
  channel_shards market_shards_; // by instrument
  std::map<std::string, std::map<caf::actor, market_share>> market_;
  std::vector<std::pair<market_request_ptr, market_wish>> unassigned_market_;
  pending_responses promises_;
  bool tick_due_ = false;
  size_t starting_ = 0;
  uint64_t started_ = 0; // so far, by this pool
  backoff refill_delays_;
  time_point refill_at_{};
  std::minstd_rand random_;
  uint64_t requests_ = 0;
  uint64_t failovers_ = 0;
  uint64_t moved_ = 0;
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2863, zenws::detail::pool_tick)
