#pragma once

#include "zenws/actors/client_record.hpp"
#include "zenws/actors/io_loop.hpp"
#include "zenws/actors/messages.hpp"
#include "zenws/connection.hpp"
#include "zenws/session.hpp"

#include <list>
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

/// The interface of a client with what it tells itself.
using client_impl = client_actor::extend<seam::takes<subscriber_drained>>;

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

  void on_written() override;

  void on_closed(error reason) override;

  // -- following the session ------------------------------------------------

  /// Does what the session asks for, including what that leads to.
  void follow(session_actions actions);

  void perform(action::dial& what);

  void perform(action::drop& what);

  void perform(action::close& what);

  void perform(action::ping& what);

  void perform(action::notify& what);

  void perform(action::stop& what);

  result<dial_target> target_for(uint64_t attempt) const;

  void arm_timer();

  double jitter();

  // -- requests -----------------------------------------------------------------

  caf::result<void> send(message_kind kind, std::string& payload);

  caf::result<void> add_subscriber(subscribe& what);

  client_status status() const;

  void leave(caf::error reason);

  // -- subscribers ------------------------------------------------------------

  subscriber_set::origin origin();

  /// An event that says where the client stands.
  client_event event(event_kind kind) const;

  void pause_reading();

  void resume_if_drained();

  // -- member variables -------------------------------------------------------

  client_record_ptr record_;
  session session_;
  std::shared_ptr<connection> connection_;
  std::unique_ptr<timer> timer_;
  std::minstd_rand random_;

  session_actions actions_;
  bool following_ = false;
  bool reading_paused_ = false;

  // Answers owed: to messages in the order of sending, to whoever waits for
  // the client to be ready or gone.
  std::list<caf::response_promise> unwritten_;
  std::vector<caf::response_promise> waiting_for_ready_;
  std::vector<caf::response_promise> waiting_for_end_;

  caf::error exit_reason_;
  uint64_t messages_sent_ = 0;
  uint64_t sends_failed_ = 0;
};

} // namespace zenws

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::detail::subscriber_drained)
