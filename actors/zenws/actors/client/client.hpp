#pragma once

#include "zenws/actors/caf/io_loop.hpp"
#include "zenws/actors/caf/pending_responses.hpp"
#include "zenws/actors/client/client_link.hpp"
#include "zenws/actors/client/durable_state.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/connection/connection.hpp"
#include "zenws/recording/recording.hpp"
#include "zenws/session/session.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <vector>

namespace zenws {

namespace detail {

/// Tells a client that a slow subscriber has caught up.
struct subscriber_drained {};

template <class Inspector>
auto inspect(Inspector& f, subscriber_drained&) {
  return caf_compat::inspect_as(f, "zenws::subscriber_drained");
}

/// Tells a client that it is not recorded for now.
struct recorder_trouble {
  error reason;
};

template <class Inspector>
auto inspect(Inspector& f, recorder_trouble& x) {
  return caf_compat::inspect_as(f, "zenws::recorder_trouble", x.reason);
}

/// Something that was done elsewhere and is to be finished by the client.
struct continuation {
  std::function<void()> resume;
};

template <class Inspector>
auto inspect(Inspector& f, continuation&) {
  return caf_compat::inspect_as(f, "zenws::continuation");
}

/// The interface of a client with what it tells itself.
using client_impl = client_actor::extend<caf_compat::takes<subscriber_drained>,
                                         caf_compat::takes<recorder_trouble>,
                                         caf_compat::takes<continuation>>;

} // namespace detail

/// One incarnation of a WebSocket client: glues a session (what to do) to a
/// connection (doing it) and to its subscribers.
///
/// Lives on an I/O loop. Exits normally after `close_client`, with an error
/// after a fatal one, when retries are used up or when the heartbeat is lost.
class client
  : public loop_actor<caf_compat::answering_actor<detail::client_impl::base>> {
public:
  using super
    = loop_actor<caf_compat::answering_actor<detail::client_impl::base>>;

  client(caf::actor_config& cfg, durable_state_ptr state);

  ~client() override;

  // -- implementation of local_actor ----------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void on_exit() override;

  bool cleanup(caf::error&& reason, caf::execution_unit* unit) override;

protected:
  // -- implementation of answering_actor -------------------------------------

  void leave_unread() override;

private:
  using clock = std::chrono::steady_clock;

  struct timer;

  friend client_connection;

  using link_ptr = std::shared_ptr<client_connection>;

  // -- what happens on links --------------------------------------------------

  void entered(client_connection& where, client_state phase);

  void opened(client_connection& where);

  void received(client_connection& where, const slab_ptr& messages);

  void ponged(client_connection& where, std::string_view payload);

  void pinged(client_connection& where);

  void written(client_connection& where);

  void closed(client_connection& where, error reason);

  // -- following the session ------------------------------------------------

  /// Does what the session asks for, including what that leads to.
  void follow(session_actions actions);

  void perform(action::dial& what);

  void perform(action::drop& what);

  void perform(action::dial_successor& what);

  void perform(action::adopt_successor& what);

  void perform(action::promote_successor& what);

  void perform(action::close& what);

  void perform(action::ping& what);

  void perform(action::write& what);

  void perform(action::get_credentials& what);

  void perform(action::fail& what);

  void perform(action::answer& what);

  void perform(action::report& what);

  void perform(action::notify& what);

  void perform(action::stop& what);

  void find_out_where(const link_ptr& which, uint64_t attempt);

  void dial(client_connection& which, const result<dial_parameters>& where);

  // Calls a provider on the scheduler and passes on what it returned, unless
  // the link that it was for is gone by then.
  template <class F, class G>
  void ask_provider(const link_ptr& whom_for, F provide, G use);

  // Same for an actor.
  template <class T, class Request, class G>
  void ask_actor(const link_ptr& whom_for, const caf::actor& provider,
                 Request what, G use);

  // Where to say things: to the successor once it is open.
  const link_ptr& write_connection() const noexcept {
    return successor_ && successor_->is_open ? successor_ : link_;
  }

  void end(link_ptr& which);

  void deliver(const slab_ptr& messages);

  // Says where messages belong in the order of all.
  void number(const slab_ptr& messages);

  result<dial_target> target_for(const dial_parameters& where) const;

  void arm_timer();

  // Lets others see how the client is.
  void see(client_state state);

  double jitter();

  // -- requests -----------------------------------------------------------------

  caf::result<void> send(message_kind kind, std::string& payload,
                         send_policy policy);

  caf::result<rpc_result> start_call(call& what);

  caf::result<void> add_subscriber(subscribe& what);

  caf::result<channel_report> add_channels(subscribe_channels& what);

  caf::result<void> remove_channels(const unsubscribe_channels& what);

  void renew(const renew_channels& what);

  heartbeat_health health() const;

  size_t outbound_bytes() const;

  client_status status() const;

  state_metrics metrics();

  void leave(caf::error reason);

  // -- subscribers ------------------------------------------------------------

  bool drop_subscriber(const caf::actor_addr& who);

  // Tells a new subscriber where the client stands.
  void send_initial_state(const caf::actor& subscriber,
                          subscription_content content);

  void tell_of_channel(const subscription_outcome& what);

  // What subscribers get of a message, if anything.
  struct routed {
    inbound_kind what = inbound_kind::data;
    std::string_view channel{}; // or what `inbound::channel` is

    bool is_data() const noexcept {
      return what == inbound_kind::data || what == inbound_kind::malformed
             || what == inbound_kind::unclaimed || what == inbound_kind::notice;
    }
  };

  routed read(const slab_entry& message, clock::time_point now,
              session_actions& out);

  // Keeps a message whose channel an answer may tell.
  void keep_early(const slab_ptr& messages, uint32_t index,
                  std::string_view id);

  // Delivers what an answer has told the channel of.
  void claim_early();

  // Finds out what messages mean and who gets them.
  subscriber_set::verdict route(const slab_ptr& messages);

  // Does so for messages on a successor, but keeps them.
  void hold_back(const slab_ptr& messages);

  void deliver_held();

  subscriber_set::verdict deliver_selected(const slab_ptr& messages);

  void apply_backpressure(subscriber_set::verdict what);

  subscriber_set::origin origin();

  /// An event that says where the client stands.
  client_event event(event_kind kind) const;

  // -- slow subscribers -------------------------------------------------------

  // Tells whether something is waited for that only reading can bring.
  bool must_read() const;

  void pause_reading();

  void resume_reading();

  void resume_if_drained();

  // Has slow subscribers pay where they would keep the client from what must be
  // read.
  void read_on();

  std::optional<clock::time_point> wake_at() const;

  // -- recording --------------------------------------------------------------

  // Without a recorder, none of these does anything.

  void attach_tape();

  void detach_tape();

  void tape(const slab_ptr& messages, uint32_t first, uint32_t last);

  void tape(recorded_direction where, recorded_type what,
            std::string_view data);

  void tape_close(recorded_direction where, uint16_t code,
                  std::string_view reason);

  void tape(const client_event& what);

  // -- member variables -------------------------------------------------------

  durable_state_ptr state_;

  // As it was when we were started: a later one is for those after us.
  caf::strong_actor_ptr address_;

  session session_;
  bool reads_messages_; // the dialect does
  link_ptr link_;
  link_ptr successor_;
  std::unique_ptr<timer> timer_;
  std::minstd_rand random_;

  session_actions actions_;
  bool following_ = false;
  std::optional<clock::time_point> paused_until_; // while it is not read

  // Answers owed: to messages and calls, to whoever waits for the client to be
  // ready or gone.
  pending_responses promises_;
  struct open_report {
    uint64_t token = 0;
    size_t missing = 0;
    channel_report report;
  };
  std::map<uint64_t, open_report> reports_; // by number of the ask
  std::vector<caf::response_promise> waiting_for_ready_;
  std::vector<caf::response_promise> waiting_for_end_;

  // Data that arrived on the successor.
  struct held_message {
    uint32_t index;
    std::string channel; // or the venue's id, see `inbound_kind::unclaimed`
    bool is_claimed;
  };
  struct held_messages {
    slab_ptr messages;
    std::vector<held_message> data;
  };
  std::vector<held_messages> held_;
  size_t held_bytes_ = 0;

  // Data that came before it was known whose it is.
  struct early_message {
    slab_ptr messages;
    uint32_t index;
    std::string id;
  };
  std::deque<early_message> early_;

  caf::error exit_reason_;

  // Parts of the durable state: they go on over restarts.
  uint64_t& malformed_ = state_->malformed;
  uint64_t& messages_sent_ = state_->messages_sent;
  uint64_t& sends_failed_ = state_->sends_failed;
};

} // namespace zenws

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::detail::subscriber_drained)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::detail::recorder_trouble)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::detail::continuation)
