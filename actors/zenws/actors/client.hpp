#pragma once

#include "zenws/actors/client_record.hpp"
#include "zenws/actors/io_loop.hpp"
#include "zenws/actors/messages.hpp"
#include "zenws/actors/promise_table.hpp"
#include "zenws/connection.hpp"
#include "zenws/recording.hpp"
#include "zenws/session.hpp"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <random>
#include <vector>

namespace zenws {

namespace detail {

/// Tells a client that a slow subscriber has caught up.
struct subscriber_drained {};

template <class Inspector>
auto inspect(Inspector& f, subscriber_drained&) {
  return seam::inspect_as(f, "zenws::subscriber_drained");
}

/// Tells a client that it is not recorded for now.
struct recorder_trouble {
  error reason;
};

template <class Inspector>
auto inspect(Inspector& f, recorder_trouble& x) {
  return seam::inspect_as(f, "zenws::recorder_trouble", x.reason);
}

/// Something that was done elsewhere and is to be finished by the client.
struct continuation {
  std::function<void()> resume;
};

template <class Inspector>
auto inspect(Inspector& f, continuation&) {
  return seam::inspect_as(f, "zenws::continuation");
}

/// The interface of a client with what it tells itself.
using client_impl = client_actor::extend<seam::takes<subscriber_drained>,
                                         seam::takes<recorder_trouble>,
                                         seam::takes<continuation>>;

} // namespace detail

/// One incarnation of a WebSocket client: glues a session (what to do) to a
/// connection (doing it) and to its subscribers.
///
/// Lives on an I/O loop. Exits normally after `close_client`, with an error
/// after a fatal one, when retries are used up or when the heartbeat is lost.
class client : public loop_actor<detail::client_impl::base>,
               private connection_listener {
public:
  using super = loop_actor<detail::client_impl::base>;

  client(caf::actor_config& cfg, client_record_ptr record);

  ~client() override;

  // -- implementation of local_actor ----------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void on_exit() override;

  bool cleanup(caf::error&& reason, caf::execution_unit* unit) override;

private:
  using clock = std::chrono::steady_clock;

  struct timer;

  // -- implementation of connection_listener --------------------------------

  void on_phase(client_state phase) override;

  void on_open(std::string_view subprotocol) override;

  void on_messages(slab_ptr messages) override;

  void on_pong(std::string_view payload) override;

  void on_ping() override;

  void on_written() override;

  void on_closed(error reason) override;

  // -- following the session ------------------------------------------------

  /// Does what the session asks for, including what that leads to.
  void follow(session_actions actions);

  void perform(action::dial& what);

  void perform(action::drop& what);

  void perform(action::close& what);

  void perform(action::ping& what);

  void perform(action::write& what);

  void perform(action::get_credentials& what);

  void perform(action::fail& what);

  void perform(action::answer& what);

  void perform(action::report& what);

  void perform(action::notify& what);

  void perform(action::stop& what);

  void dial(const result<dial_parameters>& where);

  // Calls a provider on the scheduler and passes on what it returned, unless
  // the attempt or connection that it was for is over by then.
  template <class F, class G>
  void ask_provider(F provide, G use);

  result<dial_target> target_for(const dial_parameters& where) const;

  void forget_unwritten();

  void arm_timer();

  double jitter();

  // -- requests -----------------------------------------------------------------

  caf::result<void> send(message_kind kind, std::string& payload,
                         send_policy policy);

  caf::result<rpc_result> start_call(call& what);

  caf::result<void> add_subscriber(subscribe& what);

  caf::result<channel_report> add_channels(subscribe_channels& what);

  caf::result<void> remove_channels(const unsubscribe_channels& what);

  heartbeat_health health() const;

  client_status status() const;

  void leave(caf::error reason);

  // -- subscribers ------------------------------------------------------------

  bool drop_subscriber(const caf::actor_addr& who);

  // Tells a new subscriber where the client stands.
  void introduce(const caf::actor& subscriber, subscription_content content);

  void tell_revoked(const subscription_outcome& what);

  // Finds out what messages mean and who gets them.
  subscriber_set::verdict route(const slab_ptr& messages);

  subscriber_set::verdict deliver_selected(const slab_ptr& messages);

  void obey(subscriber_set::verdict what);

  subscriber_set::origin origin();

  /// An event that says where the client stands.
  client_event event(event_kind kind) const;

  void pause_reading();

  void resume_if_drained();

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

  client_record_ptr record_;
  session session_;
  bool reads_messages_; // the dialect does
  std::shared_ptr<connection> connection_;
  std::unique_ptr<timer> timer_;
  std::minstd_rand random_;

  session_actions actions_;
  bool following_ = false;
  bool reading_paused_ = false;

  // Answers owed: to messages and calls, to whoever waits for the client to be
  // ready or gone.
  promise_table promises_;
  std::list<uint64_t> unwritten_; // tokens in the order of sending, or 0
  struct open_report {
    uint64_t token = 0;
    size_t missing = 0;
    channel_report report;
  };
  std::map<uint64_t, open_report> reports_; // by number of the ask
  std::vector<caf::response_promise> waiting_for_ready_;
  std::vector<caf::response_promise> waiting_for_end_;

  caf::error exit_reason_;
  uint64_t attempt_ = 0; // or connection: counts what providers are asked for
  uint64_t malformed_ = 0;
  uint64_t messages_sent_ = 0;
  uint64_t sends_failed_ = 0;
};

} // namespace zenws

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::detail::subscriber_drained)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::detail::recorder_trouble)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::detail::continuation)
