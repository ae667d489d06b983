// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/answering_actor.hpp"
#include "zenws/actors/caf/internal/pending_responses.hpp"
#include "zenws/actors/caf/io_loop.hpp"
#include "zenws/actors/client/internal/channel_reports.hpp"
#include "zenws/actors/client/internal/client_connection.hpp"
#include "zenws/actors/client/internal/client_tape.hpp"
#include "zenws/actors/client/internal/durable_state.hpp"
#include "zenws/actors/client/internal/provider_call.hpp"
#include "zenws/actors/client/internal/successor_buffer.hpp"
#include "zenws/actors/client/internal/unclaimed_messages.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/connection/connection.hpp"
#include "zenws/session/session.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace zenws {

namespace detail {

/// Reports to a client that a slow subscriber has caught up.
struct subscriber_drained {};

template <class Inspector>
auto inspect(Inspector& f, subscriber_drained&) {
  return caf_compat::inspect_as(f, "zenws::subscriber_drained");
}

/// The interface of a client with the messages that it sends to itself.
using client_impl = client_actor::extend<caf_compat::takes<subscriber_drained>,
                                         caf_compat::takes<recorder_trouble>,
                                         caf_compat::takes<continuation>>;

} // namespace detail

/// One incarnation of a WebSocket client: performs on a connection, and for its
/// subscribers, the actions of a session.
///
/// Lives on an I/O loop. Exits normally after `close_client`, with an error
/// after a fatal one, when retries are used up or when the heartbeat is lost.
class client : public loop_actor<answering_actor<detail::client_impl::base>>,
               private connection_listener {
public:
  using super = loop_actor<answering_actor<detail::client_impl::base>>;

  client(caf::actor_config& cfg, durable_state_ptr state);

  ~client() override;

  // -- implementation of local_actor ----------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

protected:
  // -- implementation of ending_actor ----------------------------------------

  void before_end() override;

  void end_with(caf::error& reason) override;

  // -- implementation of answering_actor -------------------------------------

  void leave_unread() override;

private:
  using clock = std::chrono::steady_clock;

  using connection_ptr = std::shared_ptr<client_connection>;

  struct timer;

  // -- implementation of connection_listener ----------------------------------

  void on_phase(connection& source, client_state phase,
                std::string_view address) override;

  void on_open(connection& source, std::string_view subprotocol) override;

  void on_messages(connection& source, slab_ptr messages) override;

  void on_pong(connection& source, std::string_view payload) override;

  void on_ping(connection& source) override;

  void on_written(connection& source) override;

  void on_closed(connection& source, error reason) override;

  // -- connections ------------------------------------------------------------

  bool is_successor(const connection& source) const noexcept {
    return successor_ && successor_->socket.get() == &source;
  }

  // Connection to write to: the successor once it is open.
  const connection_ptr& write_connection() const noexcept {
    return successor_ && successor_->is_open ? successor_ : current_;
  }

  // Returns the socket of the connection in use, or null.
  connection* socket() const noexcept {
    return current_ ? current_->socket.get() : nullptr;
  }

  // Has a provider choose where to dial to, if there is one.
  void choose_target(const connection_ptr& attempt, uint64_t number);

  void dial(const connection_ptr& attempt,
            const result<dial_parameters>& parameters);

  result<dial_target> target_for(const dial_parameters& parameters) const;

  // Reports the end of a connection or of an attempt to the session.
  void lose(const connection_ptr& gone, error reason);

  // Drops a connection. Unwritten messages fail.
  void end(connection_ptr& which);

  // -- following the session ------------------------------------------------

  // Performs actions of the session, and those that they lead to.
  void follow();

  void perform(action::dial& x);

  void perform(action::drop& x);

  void perform(action::dial_successor& x);

  void perform(action::adopt_successor& x);

  void perform(action::promote_successor& x);

  void perform(action::close& x);

  void perform(action::ping& x);

  void perform(action::write& x);

  void perform(action::get_credentials& x);

  void perform(action::fail& x);

  void perform(action::answer& x);

  void perform(action::report& x);

  void perform(action::notify& x);

  void perform(action::stop& x);

  void arm_timer();

  void on_timer();

  std::optional<clock::time_point> wake_at() const;

  double jitter();

  // -- state ------------------------------------------------------------------

  // Returns the front after it has learned where the session stands.
  client_front& front();

  client_tape tape();

  // Publishes the state to `client_stats`.
  void publish_state(client_state state);

  // Publishes to `client_stats` what is there now.
  void publish_levels();

  void publish_outbound();

  // -- requests -----------------------------------------------------------------

  caf::result<void> send(message_kind kind, std::string& payload,
                         send_policy policy);

  caf::result<rpc_result> start_call(call& request);

  caf::result<void> close(const close_client& request);

  caf::result<void> remove_subscriber(const unsubscribe& request);

  caf::result<channel_report> add_channels(const subscribe_channels& request);

  caf::result<void> remove_channels(const unsubscribe_channels& request);

  void renew(const renew_channels& request);

  // Returns the actor that makes typed market data of our messages; the first
  // call starts it.
  const market_source_actor& market();

  // Returns the last round trip of a heartbeat, 0 if there was none.
  std::chrono::microseconds round_trip() const;

  heartbeat_health health() const;

  size_t outbound_bytes() const;

  client_status status() const;

  state_metrics metrics();

  void leave(caf::error reason);

  bool drop_subscriber(const caf::actor_addr& subscriber);

  // -- delivery ---------------------------------------------------------------

  routed_message read(const slab_entry& message, clock::time_point now);

  void deliver(slab_ptr messages);

  void assign_sequence(slab& messages);

  // Reads messages and delivers each to its subscribers.
  subscriber_set::verdict route(const shared_slab_ptr& messages);

  // Reads messages of a successor, but keeps them.
  void hold_back(slab_ptr messages);

  void deliver_held();

  void keep_unclaimed(const shared_slab_ptr& messages, uint32_t index,
                      std::string_view id);

  void claim_messages();

  void tell_of_channel(const subscription_outcome& outcome);

  // Delivers an event to all subscribers and to the recorder.
  void announce(const client_event& event);

  // -- slow subscribers -------------------------------------------------------

  void apply_backpressure(subscriber_set::verdict verdict);

  // Returns whether something is waited for that only reading can bring.
  bool must_read() const;

  void pause_reading();

  void resume_reading();

  void resume_if_drained();

  // Makes slow subscribers lose messages where waiting for them would keep the
  // client from reading necessary answers.
  void read_on();

  // -- member variables -------------------------------------------------------

  durable_state_ptr state_; // null after the end
  session session_;
  bool reads_messages_; // the dialect does
  connection_ptr current_;
  connection_ptr successor_;
  std::unique_ptr<timer> timer_;
  std::minstd_rand random_;

  session_actions actions_;
  bool following_ = false;
  std::optional<clock::time_point> paused_until_; // while it is not read

  pending_responses promises_; // to messages and calls
  channel_reports reports_;
  std::vector<caf::response_promise> waiting_for_end_;

  successor_buffer held_;
  unclaimed_messages unclaimed_;

  caf::error exit_reason_;
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2850, zenws::detail::subscriber_drained)
