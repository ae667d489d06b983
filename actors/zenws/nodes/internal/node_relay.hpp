// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/io_loop.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/actors/runtime.hpp"
#include "zenws/nodes/gateway_stats.hpp"
#include "zenws/nodes/node_messages.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

namespace zenws {

struct relay_options {
  /// The name of the gateway.
  std::string gateway;

  /// The node that it serves.
  std::string node;
  caf::actor connector;

  /// Delivery of all events to the node.
  bool events = false;

  /// Silence after which the node counts as lost.
  std::chrono::milliseconds silence_limit{0};

  /// Allows the node to slow a venue down for all others.
  bool allow_backpressure = false;

  /// Upper limit of window and budget of a stream.
  size_t max_stream_bytes = 0;

  /// Starts clients for the node.
  client_supervisor_actor supervisor;

  /// Desks that the node may use.
  std::map<std::string, order_desk_actor> desks{};
};

namespace detail {

/// Reminds a relay to check whether its node is alive.
struct relay_tick {};

template <class Inspector>
auto inspect(Inspector& f, relay_tick&) {
  return caf_compat::inspect_as(f, "zenws::relay_tick");
}

using node_relay_impl = node_relay_actor::extend<
  caf_compat::takes<message_batch>, caf_compat::takes<market_batch>,
  caf_compat::takes<client_event>, caf_compat::takes<supervision_event>,
  caf_compat::takes<relay_tick>>;

} // namespace detail

/// Stands for one node at the gateway: subscribes to clients in its name, and
/// sends their messages, once, as far as the node gives credit. Messages that
/// wait for credit count against the budget that the relay has as a
/// subscriber; market data, against another one.
///
/// Ends when the node is gone or silent; that gives its channels up.
class node_relay
  : public loop_actor<ending_actor<detail::node_relay_impl::base>> {
public:
  // -- member types -----------------------------------------------------------

  using super = loop_actor<ending_actor<detail::node_relay_impl::base>>;

  // -- constants --------------------------------------------------------------

  /// Events of one stream that may wait for credit before the stream ends.
  static constexpr size_t max_waiting_events = 1024;

  /// Bytes that go together once a node is behind: each transfer costs several
  /// threads a wake-up.
  static constexpr size_t max_bulk_bytes = 256 * 1024;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param host must live longer than the relay.
  node_relay(caf::actor_config& cfg, runtime& host, relay_options options,
             std::shared_ptr<relay_stats> stats);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  using clock = std::chrono::steady_clock;

  // Batches and events on their way to the node.
  using item = std::variant<message_batch, market_batch, client_event,
                            stream_market_dropped>;

  struct stream {
    uint64_t number = 0;
    std::string client;
    uint64_t client_id = 0; // 0 until known
    bool is_open = false;   // whether the node knows of it
    client_actor source;
    caf::actor receiver;
    stream_interest interest = stream_interest::channels;
    stream_options options;
    size_t in_flight = 0; // bytes that no credit was given back for
    std::set<std::pair<market::data_kind, std::string>> market; // asked for
    std::deque<item> waiting;
    size_t waiting_bytes = 0; // of memory
    size_t waiting_events = 0;

    // Returns whether to wait for more batches before the next transfer.
    bool gathers() const noexcept {
      auto enough = std::min(
        {max_bulk_bytes, options.window_bytes / 4, options.budget_bytes / 4});
      return waiting_events == 0 && waiting_bytes < enough
             && in_flight > options.window_bytes / 4;
    }
  };

  // -- requests -----------------------------------------------------------------

  caf::result<opened_stream> open(const open_stream& request);

  caf::result<opened_stream> start(start_stream& request);

  caf::result<channel_report> add_channels(add_stream_channels& request);

  void remove_channels(const remove_stream_channels& request);

  caf::result<market_report> add_market(add_stream_market& request);

  void remove_market(const remove_stream_market& request);

  void close(uint64_t number);

  void grant(const grant_credit& request);

  caf::result<opened_desk> open(open_desk& request);

  // -- streams ------------------------------------------------------------------

  // Checks a request for a stream.
  template <class Request>
  caf::error check(const Request& request) const;

  stream& add_stream(std::string client, caf::actor receiver,
                     stream_interest interest, const stream_options& options);

  // Completes a stream whose client is known by now.
  caf::expected<opened_stream> opened(stream& entry);

  // Subscribes to the client as far as it interests.
  void join(stream& entry);

  void leave(stream& entry);

  // Gives up all market data.
  void leave_market(stream& entry);

  subscription_options terms_of(const stream& entry) const;

  market_subscriber as_market_subscriber();

  stream* find(uint64_t number);

  // -- messages and events -----------------------------------------------------

  void handle(const message_batch& batch);

  void handle(const market_batch& batch);

  void handle(const client_event& event);

  // Sends a batch or an event now or when there is credit.
  template <class Batch>
  void pass_on_batch(stream& to, const Batch& batch);

  template <class Event>
  void pass_on_event(stream& to, const Event& event);

  // Sends batches and events that wait, as far as there is credit.
  void flush(stream& to);

  // Takes the batches that wait at the front, up to a limit.
  stream_transfer next_transfer(stream& from);

  void end(stream& entry, error reason);

  // Publish the bytes of a stream, and their end with the stream.
  void count_waiting(stream& of, size_t bytes);

  void count_in_flight(stream& of, size_t bytes);

  // -- the node -------------------------------------------------------------------

  void watch_node();

  // Passes an event of this gateway to the watchers at the node.
  template <class Event>
  void tell_watchers(Event event) {
    // Events of other nodes would circulate between gateways.
    if (!event.node.empty())
      return;
    event.node = options_.gateway;
    caf_compat::tell(*this, options_.connector, std::move(event));
  }

  void on_down(const caf::actor_addr& source);

  runtime& host_;
  relay_options options_;
  std::shared_ptr<relay_stats> stats_;
  std::map<uint64_t, stream> streams_; // by number
  std::unordered_map<uint64_t, uint64_t> numbers_by_client_;
  std::map<std::string, caf::actor> desk_relays_;
  uint64_t last_number_ = 0;
  clock::time_point last_heartbeat_;
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2902, zenws::detail::relay_tick)
