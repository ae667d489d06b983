// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/latency_histogram.hpp"
#include "zenws/limits/host_demands.hpp"
#include "zenws/limits/limit_overrides.hpp"
#include "zenws/limits/shared_rate_limiter.hpp"
#include "zenws/session/deferred_sends.hpp"
#include "zenws/session/login_schedule.hpp"
#include "zenws/session/overridden_costs.hpp"
#include "zenws/session/request_correlator.hpp"
#include "zenws/session/session_action.hpp"
#include "zenws/session/session_latencies.hpp"
#include "zenws/subscription/subscription_set.hpp"
#include "zenws/venue/dialect.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

/// State that one incarnation of a client takes over from the last.
struct protocol_snapshot {
  subscription_snapshot subscriptions{};

  /// The id of the next request: an answer to an earlier incarnation must
  /// settle none.
  int64_t next_id = 1;

  /// Number of connections that the venue ended for too many requests.
  unsigned slow_downs = 0;
};

/// State that a protocol shares with others or takes over from its predecessor.
struct protocol_context {
  /// Limits of the account and of the host.
  std::vector<shared_rate_limiter> shared_limits{};

  /// Demands of the host on all its clients.
  host_demands_ptr demands = std::make_shared<host_demands>();

  limit_overrides overrides{};

  protocol_snapshot snapshot{};

  session_latencies_ptr latencies = std::make_shared<session_latencies>();

  /// Converts the times of day that venues send.
  std::function<std::chrono::system_clock::time_point()> wall_clock
    = std::chrono::system_clock::now;
};

/// A message of the venue as its client delivers it.
struct routed_message {
  inbound_kind kind = inbound_kind::data;

  /// See `inbound::channel`.
  std::string_view channel{};

  /// The subscribers of the channel; of data only.
  std::span<const uint64_t> subscribers{};

  /// Returns whether subscribers get the message.
  bool is_data() const noexcept {
    return kind == inbound_kind::data || kind == inbound_kind::malformed
           || kind == inbound_kind::unclaimed || kind == inbound_kind::notice;
  }
};

/// An event of the protocol for subscribers.
struct protocol_event {
  event_kind kind = event_kind::channels_delayed;
  error reason{};
  std::string detail{};
  std::chrono::milliseconds retry_in{0};
};

/// The protocol between a client and its venue: login, subscriptions, calls and
/// the order in which messages are sent.
///
/// Sans-I/O: takes events and the current time, appends the actions to perform
/// to `out`. Not thread-safe; one session owns one protocol, which survives its
/// connections.
class venue_protocol {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using duration = std::chrono::steady_clock::duration;

  // -- constructors, destructors, and assignment operators --------------------

  venue_protocol(const client_config& cfg, dialect_ptr dialect,
                 protocol_context context = {});

  // -- properties -------------------------------------------------------------

  /// Returns the progress of the connection towards its use: `authenticating`,
  /// also while credentials are looked up, `restoring` or `ready`;
  /// `disconnected` if there is none.
  client_state state() const noexcept {
    return state_;
  }

  /// Returns the reason if this connection cannot be used, else `ec::none`.
  const error& failure() const noexcept {
    return failure_;
  }

  /// Returns the time to call `expired`, or nothing.
  std::optional<time_point> wake_at() const noexcept;

  protocol_snapshot snapshot() const;

  const subscription_set& subscriptions() const noexcept {
    return subscriptions_;
  }

  size_t pending_calls() const noexcept {
    return requests_.pending();
  }

  size_t queued() const noexcept {
    return deferred_.size();
  }

  /// Returns the times from sending the user's calls to their answers.
  const latency_histogram& call_latency() const noexcept {
    return call_latency_;
  }

  const dialect& venue_dialect() const noexcept {
    return *dialect_;
  }

  dialect& venue_dialect() noexcept {
    return *dialect_;
  }

  /// Returns the events for subscribers since the last call.
  std::vector<protocol_event> take_events() {
    return std::exchange(events_, {});
  }

  // -- connection -------------------------------------------------------------

  /// Reports that the connection is open.
  void opened(time_point now, session_actions& out);

  /// Reports the credentials that `action::get_credentials` asked for.
  void authorized(const result<credentials>& found,
                  const signing_context& signing, time_point now,
                  session_actions& out);

  /// Reports that everything is written to another connection from now on,
  /// which is open; answers may still come from the old one.
  void switched(time_point now, session_actions& out);

  /// Reports that the connection before `switched` is gone.
  void old_connection_closed(session_actions& out);

  /// Reports that the connection is gone. Pending calls fail
  /// (`ec::disconnected`); nothing is sent twice.
  void lost(session_actions& out);

  /// Reports that there will be no other connection. Deferred sends fail
  /// (`ec::client_stopped`).
  void ended(const error& reason, session_actions& out);

  /// Reads a text message; must be called in order.
  /// @returns the message and its subscribers; valid until the next call.
  const routed_message& route(std::string_view text, time_point now,
                              session_actions& out);

  /// Performs due actions; does nothing before `wake_at`.
  void expired(time_point now, session_actions& out);

  // -- sending ----------------------------------------------------------------

  /// Sends a message of the user. `token` gets `action::write` or
  /// `action::fail`, once.
  void send(uint64_t token, message_kind kind, std::string payload,
            send_policy policy, time_point now, session_actions& out);

  /// Sends a request of the user. `token` gets `action::answer` or
  /// `action::fail`, once.
  void call(uint64_t token, std::string method, std::string params,
            std::chrono::milliseconds answer_within, send_policy policy,
            time_point now, session_actions& out);

  /// Reports that `action::write` failed, which the owner has answered.
  void not_written(uint64_t token);

  /// Sends the venue's own kind of ping, if it has one.
  void ping(time_point now, session_actions& out);

  /// Counts an attempt at a connection, or returns the reason for a wait.
  std::optional<rate_refusal> admit_dial(time_point now);

  /// Counts a Ping frame, or returns the reason for a wait.
  std::optional<rate_refusal> admit_ping(time_point now);

  /// Counts a Pong frame that was sent, if the venue counts those.
  void count_pong(time_point now);

  /// Halves the pace of requests: the venue ended the connection for too many.
  void slow_down();

  /// Returns the demands of the host on all its clients.
  host_demands& demands() const noexcept {
    return *demands_;
  }

  // -- subscriptions ----------------------------------------------------------

  /// Subscribes; see `subscription_set::add`.
  result<uint64_t> subscribe(uint64_t subscriber,
                             std::span<const channel_spec> channels,
                             time_point now, session_actions& out);

  void unsubscribe(uint64_t subscriber,
                   std::span<const std::string_view> channels, time_point now,
                   session_actions& out);

  void remove_subscriber(uint64_t subscriber, time_point now,
                         session_actions& out);

  /// Requests channels anew, for their snapshots; see
  /// `subscription_set::renew`.
  void renew(std::span<const std::string_view> channels, time_point now,
             session_actions& out);

private:
  // Identifies the answer to a pending request.
  enum class request_kind : uint8_t {
    call,
    subscription,
    login,
    renewal,
    setup
  };

  struct pending_request {
    request_kind kind;
    uint64_t value; // token of a call, number of a subscription request
  };

  // A request for channels that is not answered yet.
  struct sent_subscription {
    subscription_request request;
    size_t bytes = 0;
    time_point sent{};
  };

  static uint64_t pack(pending_request request) noexcept;

  static pending_request unpack(uint64_t token) noexcept;

  // -- steps of a connection --------------------------------------------------

  void get_credentials(time_point now, session_actions& out);

  // Returns the request that credentials are for now.
  request_kind login_kind() const noexcept;

  void settle_login(request_kind kind, const inbound& answer, time_point now,
                    session_actions& out);

  void logged_in(request_kind kind, const login_grant& grant, time_point now,
                 session_actions& out);

  // Returns whether a request was refused because the login has ended.
  bool lacks_login(const answer_verdict& verdict) const noexcept;

  void login_failed(request_kind kind, error reason, time_point now);

  void settle_setup(size_t index, const inbound& answer, time_point now,
                    session_actions& out);

  error login_error(const answer_verdict& verdict, time_point now) const;

  // Applies the demands of a refusal to all clients of the host; returns the
  // demanded wait, 0 if there is none.
  std::chrono::milliseconds apply_demands(const rpc_error& refusal,
                                          const error& reason,
                                          time_point now) const;

  void set_up(time_point now, session_actions& out);

  void advance() noexcept;

  // -- requests ---------------------------------------------------------------

  // Makes the text of a request with an id.
  using text_maker = std::function<result<std::string>(int64_t)>;

  error write_request(pending_request request, const text_maker& make_text,
                      time_point now, session_actions& out);

  void request_channels(time_point now, session_actions& out);

  bool send_request(subscription_request request, time_point now,
                    session_actions& out);

  // Shortens a request to the size that the venue reads, or returns the reason
  // against it.
  error shorten_to_fit(subscription_request& request);

  subscription_limits request_limits() const;

  rate_charges cost_of_call(std::string_view method) const;

  // Must be called after each change of the wanted channels.
  void channels_changed(time_point now, session_actions& out);

  bool settle(const inbound& answer, time_point now, session_actions& out);

  bool settle_channel(const inbound& answer, time_point now,
                      session_actions& out);

  std::optional<uint64_t> request_for(const inbound& answer) const;

  std::optional<std::string> open_channel_of(uint64_t number) const;

  void channels_ended(std::span<const std::string_view> channels,
                      std::string_view text, time_point now,
                      session_actions& out);

  void settle_call(uint64_t token, const inbound& answer, time_point now,
                   session_actions& out);

  void settle(pending_request request, const inbound& answer, time_point now,
              session_actions& out);

  void settle_channels(uint64_t number, const inbound& answer, time_point now,
                       session_actions& out);

  std::string channel_of(const inbound& answer, uint64_t number) const;

  subscription_outcomes settle_refused(const sent_subscription& sent,
                                       const answer_verdict& verdict,
                                       time_point now);

  subscription_outcomes
  settle_refused(const sent_subscription& sent, std::string_view channel,
                 const answer_verdict& verdict, time_point now);

  rejection rejection_by(const answer_verdict& verdict, const error& reason,
                         time_point now);

  // Reports channels that were requested long ago.
  void report_delay(const sent_subscription& sent, const error& reason,
                    time_point now);

  void find_subscribers(std::string_view text, time_point now);

  void report_notice(std::string_view text);

  void close_if_answered(uint64_t number);

  void fail_call(pending_request request, ec reason, session_actions& out);

  void request_timed_out(pending_request request, time_point now,
                         session_actions& out);

  void subscription_timed_out(uint64_t number, time_point now,
                              session_actions& out);

  void write_heartbeat(std::string text, time_point now, session_actions& out);

  void report(subscription_outcomes outcomes, session_actions& out);

  // -- sending ----------------------------------------------------------------

  result<std::string> text_of(deferred_sends::item& item);

  bool may_send() const noexcept {
    return state_ >= client_state::restoring;
  }

  void submit(deferred_sends::item item, send_policy policy, time_point now,
              session_actions& out);

  std::optional<rate_refusal> attempt(deferred_sends::item& item,
                                      time_point now, session_actions& out);

  void flush(time_point now, session_actions& out);

  // -- member variables -------------------------------------------------------

  dialect_ptr dialect_;
  std::chrono::milliseconds request_timeout_;
  bool logs_in_;
  std::vector<venue_call> on_login_;
  std::chrono::milliseconds retry_after_ceiling_;
  std::chrono::seconds heartbeat_interval_;       // 0: not by the venue
  size_t max_request_bytes_;                      // 0: no limit
  size_t max_channels_per_request_;               // 0: as the dialect says
  std::unique_ptr<const overridden_costs> costs_; // null: those of the dialect
  host_demands_ptr demands_;
  std::function<std::chrono::system_clock::time_point()> wall_clock_;
  session_latencies_ptr latencies_;
  rate_gate gate_;
  unsigned slow_downs_ = 0;
  request_correlator requests_;
  subscription_set subscriptions_;
  deferred_sends deferred_;
  latency_histogram call_latency_;
  inbound last_;
  routed_message routed_;
  std::vector<protocol_event> events_;
  std::set<std::string, std::less<>> notices_; // kinds that were reported
  client_state state_ = client_state::disconnected;
  error failure_;
  std::optional<int64_t> first_id_since_switch_;
  size_t next_setup_ = 0;
  login_schedule login_;
  std::optional<time_point> setup_at_;    // a limit has room again
  std::optional<time_point> channels_at_; // next request of channels
  bool is_busy_ = false; // the venue refused the last request for now
  std::optional<time_point> flush_at_; // a limit has room again
  std::map<uint64_t, sent_subscription> sent_subscriptions_; // by number
  std::optional<time_point> delayed_since_; // of channels not granted yet
};

} // namespace zenws
