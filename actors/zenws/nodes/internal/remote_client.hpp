// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/answering_actor.hpp"
#include "zenws/actors/caf/internal/pending_responses.hpp"
#include "zenws/actors/delivery/internal/channel_subscribers.hpp"
#include "zenws/actors/delivery/internal/client_front.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/nodes/internal/remote_market.hpp"
#include "zenws/nodes/node_messages.hpp"
#include "zenws/session/deferred_sends.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace zenws {

namespace detail {

/// The gateway is there.
struct gateway_up {
  node_relay_actor relay;
};

/// The gateway is gone for now.
struct gateway_down {
  error reason;
};

/// A subscriber on this node has caught up.
struct node_drained {};

/// Time to repeat a request that the gateway refused.
struct stream_retry {
  uint64_t attempt = 0;
};

/// A message may have waited long enough.
struct outbox_due {};

/// Time to ask for more of the market data that was lost.
struct market_repeat {};

/// Leads to an answer once the stream is open for the first time.
struct await_stream {};

template <class Inspector>
auto inspect(Inspector& f, gateway_up&) {
  return caf_compat::inspect_as(f, "zenws::gateway_up");
}

template <class Inspector>
auto inspect(Inspector& f, gateway_down& x) {
  return caf_compat::inspect_as(f, "zenws::gateway_down", "reason", x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, node_drained&) {
  return caf_compat::inspect_as(f, "zenws::node_drained");
}

template <class Inspector>
auto inspect(Inspector& f, stream_retry& x) {
  return caf_compat::inspect_as(f, "zenws::stream_retry", "attempt", x.attempt);
}

template <class Inspector>
auto inspect(Inspector& f, outbox_due&) {
  return caf_compat::inspect_as(f, "zenws::outbox_due");
}

template <class Inspector>
auto inspect(Inspector& f, market_repeat&) {
  return caf_compat::inspect_as(f, "zenws::market_repeat");
}

template <class Inspector>
auto inspect(Inspector& f, await_stream&) {
  return caf_compat::inspect_as(f, "zenws::await_stream");
}

using remote_client_impl = client_actor::extend<
  caf_compat::takes<stream_transfer>, caf_compat::takes<stream_market_dropped>,
  caf_compat::takes<client_event>, caf_compat::takes<stream_ended>,
  caf_compat::takes<gateway_up>, caf_compat::takes<gateway_down>,
  caf_compat::takes<node_drained>, caf_compat::takes<stream_retry>,
  caf_compat::takes<outbox_due>, caf_compat::takes<market_repeat>,
  caf_compat::answers<await_stream>>;

} // namespace detail

/// A client that a gateway runs, as actors of this node see it: passes requests
/// on, and delivers the messages of the one stream from the gateway to all
/// subscribers here.
///
/// Runs on CAF's scheduler: its subscribers there get messages without the
/// wake-up of another thread.
///
/// Stays, with its subscribers, while the gateway is gone: epochs and sequence
/// numbers go on, its channels are requested again. Ends with the client
/// itself.
class remote_client : public answering_actor<detail::remote_client_impl::base> {
public:
  // -- member types -----------------------------------------------------------

  using super = answering_actor<detail::remote_client_impl::base>;

  // -- constants --------------------------------------------------------------

  /// Time in which a gateway that is back must run the client again.
  static constexpr std::chrono::seconds patience{30};

  static constexpr std::chrono::milliseconds retry_period{500};

  // -- constructors, destructors, and assignment operators --------------------

  /// @param spec the name of the client at least.
  /// @param starts whether to start the client by `spec` if there is none.
  remote_client(caf::actor_config& cfg, client_spec spec, bool starts,
                stream_options options);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  using clock = std::chrono::steady_clock;

  // -- the stream ---------------------------------------------------------------

  bool is_open() const noexcept {
    return stream_ != 0;
  }

  void open();

  void start();

  void opened(opened_stream& stream);

  void refused(const caf::error& reason);

  void lost(error reason);

  // Asks for all channels and all market data again.
  void restore();

  void restore_later();

  void restore_channels();

  void restore_market();

  void give_up(const caf::error& reason);

  // -- messages ---------------------------------------------------------------

  void handle(stream_transfer& transfer);

  void deliver(message_batch& batch);

  void deliver(market_batch& batch);

  void handle(const stream_market_dropped& loss);

  // Asks for market data that was lost, as far as there is room for it.
  void repeat_market();

  void handle(const client_event& event);

  // Makes the numbers of a new stream continue those of the last one.
  void continue_counting(uint64_t epoch, uint64_t next_sequence);

  subscriber_set::verdict fan_out(const message_batch& batch);

  // Marks messages for those whose channels they belong to.
  void select(const message_batch& batch);

  void acknowledge();

  // -- requests -----------------------------------------------------------------

  template <class Result, class Request>
  caf::result<Result> forward(Request& content);

  // Keeps a message that may wait until the gateway is back.
  template <class Result, class Request>
  caf::result<Result> hold(Request& content);

  void send_held();

  void expire_held();

  caf::result<void> add_subscriber(const subscribe& request);

  caf::result<void> remove_subscriber(const unsubscribe& request);

  caf::result<channel_report> add_channels(subscribe_channels& request);

  caf::result<void> remove_channels(const unsubscribe_channels& request);

  // Passes on a request for channels.
  void request_channels(uint64_t id);

  void answer_channels(uint64_t id, channel_report& report);

  caf::result<market_report> add_market(subscribe_market& request);

  caf::result<void> remove_market(const unsubscribe_market& request);

  // Passes on a request for market data.
  void request_market(uint64_t id);

  void answer_market(uint64_t id, market_report& report);

  // Notifies the subscribers of a channel that they have lost it.
  void revoke(const client_event& event);

  // -- subscribers ----------------------------------------------------------------

  bool drop_subscriber(const caf::actor_addr& subscriber);

  // Gives up all that a subscriber had.
  void give_back_all(uint64_t subscriber);

  void give_back(const std::vector<std::string>& channels);

  void give_back(const std::vector<remote_market::interest>& unwanted);

  client_spec spec_;
  client_front front_;
  bool starts_;
  stream_options options_;

  // Relay at the gateway, and the client there.
  node_relay_actor relay_;
  client_actor remote_;
  uint64_t stream_ = 0;
  uint64_t attempt_ = 0;
  uint64_t restore_due_ = 0; // attempt that restores once more, 0 for none
  std::optional<clock::time_point> missing_since_;
  dialect_ptr dialect_;
  stream_interest interest_ = stream_interest::channels;
  size_t owed_ = 0; // credit

  // Offsets that map the gateway's epoch and sequence to ours.
  bool recount_ = true;
  uint64_t epoch_shift_ = 0;
  uint64_t sequence_shift_ = 0;
  uint64_t first_sequence_ = 0; // of this stream, as the gateway counts

  error end_; // reason of the client's end

  channel_subscribers channels_;
  struct channel_request {
    uint64_t subscriber = 0;
    std::vector<channel_spec> channels{};
    caf::response_promise promise{};
  };
  std::map<uint64_t, channel_request> channel_requests_; // by id
  remote_market market_{front_};
  struct market_request {
    uint64_t subscriber = 0;
    add_stream_market content{};
    std::vector<remote_market::interest> news{}; // it did not have before
    caf::response_promise promise{};
  };
  std::map<uint64_t, market_request> market_requests_; // by id
  bool repeat_due_ = false;
  uint64_t last_request_ = 0;
  pending_responses promises_;
  deferred_sends held_; // empty while the stream is open
  std::vector<caf::response_promise> waiting_for_stream_;
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2903, zenws::detail::gateway_up)
ZENWS_LOCAL_MESSAGE(2904, zenws::detail::gateway_down)
ZENWS_LOCAL_MESSAGE(2905, zenws::detail::node_drained)
ZENWS_LOCAL_MESSAGE(2906, zenws::detail::stream_retry)
ZENWS_LOCAL_MESSAGE(2907, zenws::detail::outbox_due)
ZENWS_LOCAL_MESSAGE(2908, zenws::detail::market_repeat)
ZENWS_LOCAL_MESSAGE(2909, zenws::detail::await_stream)
