// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/answering_actor.hpp"
#include "zenws/actors/caf/io_loop.hpp"
#include "zenws/actors/client/merge_config.hpp"
#include "zenws/actors/delivery/internal/channel_subscribers.hpp"
#include "zenws/actors/delivery/internal/client_front.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/market/feed_merger.hpp"
#include "zenws/market/update_list.hpp"
#include "zenws/venue/dialect.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zenws {

namespace detail {

/// Time for held messages to go ahead.
struct merge_due {};

template <class Inspector>
auto inspect(Inspector& f, merge_due&) {
  return caf_compat::inspect_as(f, "zenws::merge_due");
}

using merged_client_impl
  = client_actor::extend<caf_compat::takes<message_batch>,
                         caf_compat::takes<client_event>,
                         caf_compat::takes<merge_due>>;

} // namespace detail

/// One client made of several of the same venue (A/B feeds): subscribes to the
/// same channels at each, and delivers each message of the venue once, in
/// order, from whichever source has it first, see `market::feed_merger`. The
/// loss of a source is no gap while another one is there; the epoch counts the
/// times without any.
///
/// Requests go to the preferred source that is ready. They go to the next only
/// if the first says that nothing was sent.
class merged_client
  : public loop_actor<answering_actor<detail::merged_client_impl::base>> {
public:
  // -- member types -----------------------------------------------------------

  using super = loop_actor<answering_actor<detail::merged_client_impl::base>>;

  // -- constructors, destructors, and assignment operators --------------------

  /// @pre `validate(options).empty()`
  merged_client(caf::actor_config& cfg, merge_config options);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  using clock = std::chrono::steady_clock;

  struct source {
    client_actor client;
    uint64_t epoch = 0;
    bool is_up = false;
    bool has_ended = false;
  };

  // -- messages of sources ----------------------------------------------------

  source* sender();

  void handle(const message_batch& batch);

  void handle(const client_event& event);

  void source_up(source& which);

  void source_down(source& which, const client_event& cause);

  void tell_switch(std::optional<size_t> before);

  // Tells those with private channels, whose messages no venue numbers.
  void tell_private_switch();

  void source_ended(const caf::actor_addr& client);

  size_t index_of(const source& which) const noexcept;

  // Adds messages to those that are delivered next.
  market::feed_merger::emit collector();

  void flush();

  // Delivers the output of the merger, and renews books with missing changes.
  void conclude();

  void renew(const std::vector<std::string>& channels);

  void arm();

  // -- requests -----------------------------------------------------------------

  // Passes a request on to one source after the other until one has taken it.
  template <class Result, class Request>
  caf::result<Result> forward(Request& request);

  template <class Result, class Request>
  void try_source(size_t index, Request content, caf::response_promise promise,
                  caf::error reason);

  caf::result<void> remove_subscriber(const unsubscribe& request);

  caf::result<channel_report> add_channels(const subscribe_channels& request);

  caf::result<void> remove_channels(const unsubscribe_channels& request);

  const market_source_actor& market();

  bool drop_subscriber(const caf::actor_addr& subscriber);

  void give_back(const std::vector<std::string>& channels);

  merge_config options_;
  client_front front_;
  std::vector<source> sources_;
  market::feed_merger merger_;
  dialect_ptr venue_;
  market::update_list updates_; // of the last message
  market_source_actor market_;  // once somebody has asked for market data
  channel_subscribers channels_;

  // Next batch to deliver.
  struct collected {
    std::string payload;
    std::string channel;
  };
  std::vector<collected> collected_;
  std::chrono::system_clock::time_point received_at_;
  bool armed_ = false;
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2852, zenws::detail::merge_due)
