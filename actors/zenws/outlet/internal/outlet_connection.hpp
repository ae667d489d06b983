// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/io_loop.hpp"
#include "zenws/actors/client/client_registry.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/outlet/internal/outlet_access.hpp"
#include "zenws/outlet/internal/outlet_queue.hpp"
#include "zenws/outlet/internal/outlet_request.hpp"
#include "zenws/outlet/internal/outlet_socket.hpp"
#include "zenws/outlet/internal/outlet_subscriptions.hpp"
#include "zenws/outlet/internal/outlet_text.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

class runtime;

/// What all connections of an outlet share.
struct outlet_context {
  runtime& host;
  const outlet_options options;
  std::shared_ptr<const outlet_access> access;
};

using outlet_context_ptr = std::shared_ptr<const outlet_context>;

namespace detail {

/// Tells a connection that its socket has ended.
struct outlet_socket_ended {};

/// Tells a connection that a subscription has ended itself.
struct outlet_given_up {
  outlet_key key;
  outlet_source_ptr source;
};

/// Reminds a connection to check whether its program has logged in.
struct outlet_login_due {};

} // namespace detail

/// One program at an outlet: reads its requests, carries them out, and writes
/// answers and what its subscriptions bring, one message after the other.
///
/// Ends with the connection.
class outlet_connection
  : public loop_actor<ending_actor<caf::event_based_actor>>,
    private outlet_socket_owner {
public:
  // -- member types -----------------------------------------------------------

  using super = loop_actor<ending_actor<caf::event_based_actor>>;

  // -- constants --------------------------------------------------------------

  /// Answers that may wait before no more requests are read.
  static constexpr size_t max_waiting_answers = 256;

  // -- constructors, destructors, and assignment operators --------------------

  outlet_connection(caf::actor_config& cfg, outlet_context_ptr context,
                    outlet_socket_ptr socket);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  caf::behavior make_behavior() override;

  void before_end() override;

private:
  // Whether a subscription was there before.
  enum class novelty : uint8_t { known, fresh };

  // -- implementation of outlet_socket_owner ------------------------------------

  void on_open(const outlet_identity& program) override;

  void on_message(std::string_view text) override;

  void on_sent() override;

  void on_end() override;

  void log(log_level level, const std::string& text);

  // -- writing ------------------------------------------------------------------

  // Writes the next message unless one is being written.
  void flush();

  void close(uint16_t code, std::string_view reason);

  // Ends the connection behind all that waits.
  void leave_after_last(uint16_t code, std::string reason);

  // -- requests -----------------------------------------------------------------

  void receive();

  void handle(outlet_request& request);

  void log_in(const outlet_request& request);

  void subscribe_to(const outlet_request& request);

  // Asks the client or desk of a subscription; if that fails, a new one ends.
  void follow(const outlet_request& request, outlet_entry& entry, novelty is);

  void follow_channel(const outlet_request& request, const outlet_entry& entry,
                      const subscription_options& options, novelty is);

  void follow_market(const outlet_request& request, outlet_entry& entry,
                     const subscription_options& options);

  void unsubscribe_from(const outlet_request& request);

  void call_method(outlet_request& request);

  void use_desk(outlet_request& request);

  // -- answers ------------------------------------------------------------------

  void answer(int64_t id, std::string_view json);

  void refuse(int64_t id, const outlet_problem& problem);

  // Asks an actor in the name of the program. `f` makes the result of the
  // answer `T`.
  template <class T, class Handle, class Request, class F>
  void ask(int64_t id, const Handle& receiver, Request&& message, F f);

  // Same for an answer without content. `on_failure` is called before a failure
  // is told.
  template <class Handle, class Request>
  void tell(int64_t id, const Handle& receiver, Request&& message,
            std::function<void()> on_failure = nullptr);

  void fail(int64_t id, const caf::error& reason);

  // -- subscriptions ------------------------------------------------------------

  // Returns a subscription, which is begun unless it is known, and whether it
  // was.
  std::pair<outlet_entry*, novelty> find_or_begin(const outlet_key& key,
                                                  overflow_policy policy,
                                                  const client_actor& client);

  outlet_entry& begin(const outlet_key& key, overflow_policy policy,
                      const client_actor& client);

  // Has the program told about the client of its subscriptions.
  outlet_entry& follow_events(const std::string& name,
                              const client_actor& client);

  // Gives up market data that was not granted.
  void forget_wishes(const outlet_key& key, const outlet_source_ptr& source,
                     const std::vector<market_wish>& wishes);

  // Ends a subscription, whose last messages are told, and the implied events
  // of a client that no other one is about.
  void end_subscription(const outlet_key& key);

  // Same, unless another subscription has the key by now.
  void end_subscription(const outlet_key& key, const outlet_source_ptr& source);

  outlet_context_ptr context_;
  outlet_socket_ptr socket_;
  std::shared_ptr<outlet_queue> queue_;
  outlet_subscriptions subscriptions_;
  outlet_identity program_;
  size_t pending_ = 0; // requests that actors have not answered
  bool is_open_ = false;
  bool is_sending_ = false;
  bool is_receiving_ = false;
  bool is_leaving_ = false; // behind all that waits
  bool is_closing_ = false;
  uint16_t close_code_ = 0;
  std::string close_reason_;
};

// -- requests to actors ------------------------------------------------------

template <class T, class Handle, class Request, class F>
void outlet_connection::ask(int64_t id, const Handle& receiver,
                            Request&& message, F f) {
  ++pending_;
  request(receiver, caf::infinite, std::forward<Request>(message))
    .then(
      [this, id, f](const T& result) {
        --pending_;
        answer(id, f(result));
      },
      [this, id](const caf::error& reason) {
        --pending_;
        fail(id, reason);
      });
}

template <class Handle, class Request>
void outlet_connection::tell(int64_t id, const Handle& receiver,
                             Request&& message,
                             std::function<void()> on_failure) {
  ++pending_;
  request(receiver, caf::infinite, std::forward<Request>(message))
    .then(
      [this, id] {
        --pending_;
        answer(id, outlet_done);
      },
      [this, id, on_failure](const caf::error& reason) {
        --pending_;
        if (on_failure)
          on_failure();
        fail(id, reason);
      });
}

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2930, zenws::detail::outlet_socket_ended)
ZENWS_LOCAL_MESSAGE(2931, zenws::detail::outlet_given_up)
ZENWS_LOCAL_MESSAGE(2932, zenws::detail::outlet_login_due)
