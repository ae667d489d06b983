#pragma once

#include "zenws/config/client_config.hpp"
#include "zenws/latency_histogram.hpp"
#include "zenws/limits/host_demands.hpp"
#include "zenws/limits/shared_rate_limiter.hpp"
#include "zenws/session/deferred_sends.hpp"
#include "zenws/session/request_correlator.hpp"
#include "zenws/session/session_action.hpp"
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

/// How far the two sides have got on a connection.
enum class protocol_phase : uint8_t {
  /// There is no connection.
  closed,
  /// Credentials are looked up, sent, or not answered yet.
  authenticating,
  /// Channels of an earlier connection are requested again. The user may speak:
  /// orders do not wait for channels.
  restoring,
  /// All that had been agreed upon with the venue stands again.
  ready,
};

/// What one incarnation of a client takes over from the last.
struct protocol_snapshot {
  subscription_snapshot subscriptions{};

  /// The id of the next request: an answer to an earlier incarnation must find
  /// nobody.
  int64_t next_id = 1;

  /// How often the venue ended a connection for too many requests.
  unsigned slow_downs = 0;
};

/// What replaces the figures of a dialect.
struct limit_overrides {
  /// The limits of rates; nothing for those of the dialect.
  std::optional<std::vector<rate_limit>> rates{};

  /// What calls of a method draw, where it is not what the dialect says.
  std::map<std::string, std::vector<rate_draw>, std::less<>> costs{};
};

/// What a protocol is given by others.
struct protocol_context {
  /// Limits of the account and of the host.
  std::vector<shared_rate_limiter> shared_limits{};

  /// What the host demands of all its clients.
  host_demands_ptr demands = std::make_shared<host_demands>();

  limit_overrides overrides{};

  protocol_snapshot snapshot{};

  /// For what venues tell by the time of day.
  std::function<std::chrono::system_clock::time_point()> wall_clock
    = std::chrono::system_clock::now;
};

/// Something that subscribers are told by an event.
struct protocol_event {
  event_kind kind = event_kind::channels_delayed;
  error reason{};
  std::string detail{};
  std::chrono::milliseconds retry_in{0};
};

/// What a client says to its venue and understands of it: logging in,
/// subscriptions, calls, and the order in which messages may leave.
///
/// Pure: the caller brings time and randomness; what is to be done is added to
/// `out`. Not thread-safe; one session owns one protocol, which survives
/// its connections.
class venue_protocol {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  using duration = std::chrono::steady_clock::duration;

  // -- constructors, destructors, and assignment operators --------------------

  venue_protocol(const client_config& cfg, dialect_ptr dialect,
                 protocol_context context = {});

  venue_protocol(venue_protocol&&) = default;

  venue_protocol& operator=(venue_protocol&&) = default;

  ~venue_protocol();

  // -- properties -------------------------------------------------------------

  protocol_phase phase() const noexcept {
    return phase_;
  }

  /// Why this connection is of no use, or no error.
  const error& failure() const noexcept {
    return failure_;
  }

  /// When to call `expired`, or nothing.
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

  /// From the sending of each call of the user's to its answer.
  const latency_histogram& call_latency() const noexcept {
    return call_latency_;
  }

  const dialect& venue_dialect() const noexcept {
    return *dialect_;
  }

  dialect& venue_dialect() noexcept {
    return *dialect_;
  }

  /// Returns who gets the last message that was `read`, if it is data.
  std::span<const uint64_t> subscribers() const noexcept {
    return subscribers_;
  }

  /// Returns what subscribers should know, since the last call.
  std::vector<protocol_event> take_events() {
    return std::exchange(events_, {});
  }

  // -- connection -------------------------------------------------------------

  /// Tells that the connection is open.
  void opened(time_point now, session_actions& out);

  /// Tells the credentials that `action::get_credentials` asked for.
  void authorized(const result<credentials>& who, const signing_context& when,
                  time_point now, session_actions& out);

  /// Tells that from now on all is said on another connection, which is open;
  /// answers may still come from the old one.
  void switched(time_point now, session_actions& out);

  /// Tells that the connection that was moved from is gone.
  void old_connection_closed(session_actions& out);

  /// Tells that the connection is gone: nothing that was sent and not answered
  /// is sent again.
  void lost(session_actions& out);

  /// Tells that there will be no other connection.
  void ended(const error& reason, session_actions& out);

  /// Tells that a message arrived. Call it for text, in order.
  /// @returns what it is; the owner delivers data, and answers to nobody.
  const inbound& read(std::string_view text, time_point now,
                      session_actions& out);

  /// Tells that `wake_at` may be due.
  void expired(time_point now, session_actions& out);

  // -- sending ----------------------------------------------------------------

  /// Sends a message of the user's. `token` gets `action::write` or
  /// `action::fail`, once.
  void send(uint64_t token, message_kind kind, std::string payload,
            send_policy policy, time_point now, session_actions& out);

  /// Sends a request of the user's. `token` gets `action::answer` or
  /// `action::fail`, once.
  void call(uint64_t token, std::string method, std::string params,
            std::chrono::milliseconds answer_within, send_policy policy,
            time_point now, session_actions& out);

  /// Tells that the owner could not do what `action::write` asked for and has
  /// told so.
  void not_written(uint64_t token);

  /// Sends the venue's own kind of ping, if it has one.
  void ping(time_point now, session_actions& out);

  /// Asks the limits whether a connection may be attempted now, and counts it.
  std::optional<rate_refusal> admit_dial(time_point now);

  /// Asks the limits whether a Ping frame may be sent now, and counts it.
  std::optional<rate_refusal> admit_ping(time_point now);

  /// Counts a Pong frame, where the venue does.
  void count_pong(time_point now);

  /// Tells that the venue ended the connection for too many requests: the next
  /// ones are made at half the pace.
  void slow_down();

  /// What the host demands of all its clients.
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
  // What an open request is for.
  enum class purpose : uint8_t { call, subscription, login, renewal, setup };

  struct pending_request {
    purpose what;
    uint64_t value; // token of a call, number of a subscription request
  };

  // A request for channels that is under way.
  struct asked_request {
    subscription_request request;
    size_t bytes = 0;
    time_point sent{};
  };

  static uint64_t pack(pending_request what) noexcept;

  static pending_request unpack(uint64_t token) noexcept;

  // -- steps of a connection --------------------------------------------------

  void begin(time_point now, session_actions& out);

  void get_credentials(time_point now, session_actions& out);

  void settle_login(const inbound& answer, time_point now,
                    session_actions& out);

  void settle_renewal(const inbound& answer, time_point now);

  void settle_setup(size_t index, const inbound& answer, time_point now,
                    session_actions& out);

  void keep(const login_grant& grant, time_point now);

  void delay_renewal(error reason, time_point now);

  void miss_credentials(time_point now);

  error login_error(const answer_verdict& what, time_point now) const;

  // Keeps what a refusal demands of all clients of the host; returns for how
  // long, 0 if it demands nothing.
  std::chrono::milliseconds heed(const rpc_error& said, const error& reason,
                                 time_point now) const;

  void set_up(time_point now, session_actions& out);

  void advance() noexcept;

  // -- requests ---------------------------------------------------------------

  // Makes the text of a request with an id.
  using text_maker = std::function<result<std::string>(int64_t)>;

  error ask(pending_request what, const text_maker& make_text, time_point now,
            session_actions& out);

  void request_channels(time_point now, session_actions& out);

  bool send_request(subscription_request request, time_point now,
                    session_actions& out);

  // Cuts a request to what the venue reads, or says why it cannot be.
  error fit(subscription_request& request);

  subscription_limits request_limits() const;

  rate_charges cost_of_call(std::string_view method) const;

  size_t max_request_bytes() const noexcept;

  // To be called after each change of what is wanted.
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

  void settle(pending_request what, const inbound& answer, time_point now,
              session_actions& out);

  void settle_channels(uint64_t number, const inbound& answer, time_point now,
                       session_actions& out);

  subscription_outcomes settle_refused(const asked_request& what,
                                       const answer_verdict& verdict,
                                       time_point now);

  // Tells of channels that have been waited for too long.
  void note_delay(const asked_request& what, const error& reason,
                  time_point now);

  void hear(std::string_view text, time_point now);

  void note(std::string_view text);

  void close_if_answered(uint64_t number);

  void fail_call(pending_request what, ec reason, session_actions& out);

  void give_up_on(pending_request what, time_point now, session_actions& out);

  void miss_answer(uint64_t number, time_point now, session_actions& out);

  void beat(std::string text, time_point now, session_actions& out);

  void report(subscription_outcomes outcomes, session_actions& out);

  // -- sending ----------------------------------------------------------------

  result<std::string> text_of(deferred_sends::item& what);

  bool may_send() const noexcept {
    return phase_ >= protocol_phase::restoring;
  }

  void submit(deferred_sends::item what, send_policy policy, time_point now,
              session_actions& out);

  std::optional<rate_refusal> attempt(deferred_sends::item& what,
                                      time_point now, session_actions& out);

  void flush(time_point now, session_actions& out);

  // -- member variables -------------------------------------------------------

  dialect_ptr dialect_;
  std::chrono::milliseconds request_timeout_;
  bool logs_in_;
  std::vector<venue_call> on_login_;
  std::chrono::milliseconds retry_after_ceiling_;
  std::chrono::seconds beat_interval_; // 0: no beats from the venue
  size_t max_request_bytes_;           // 0: as the dialect says
  size_t max_channels_per_request_;    // 0: as the dialect says
  limit_overrides overrides_;
  std::map<std::string_view, std::vector<rate_charge>> costs_; // of overrides_
  host_demands_ptr demands_;
  std::function<std::chrono::system_clock::time_point()> wall_clock_;
  rate_gate gate_;
  unsigned slow_downs_ = 0;
  request_correlator requests_;
  subscription_set subscriptions_;
  deferred_sends deferred_;
  latency_histogram call_latency_;
  inbound last_;
  std::span<const uint64_t> subscribers_;
  std::vector<protocol_event> events_;
  std::set<std::string, std::less<>> notices_; // kinds that were told
  protocol_phase phase_ = protocol_phase::closed;
  error failure_;
  std::optional<int64_t> first_id_since_switch_;
  size_t next_setup_ = 0;
  std::optional<time_point> renew_at_;
  std::optional<time_point> login_ends_at_;
  unsigned failed_renewals_ = 0;
  std::optional<time_point> setup_at_; // when a limit has room again
  std::optional<time_point> credentials_due_;
  std::optional<time_point> channels_at_; // when to request channels again
  bool is_busy_ = false; // the venue did not do the last request, for now
  std::optional<time_point> outbox_at_;     // when a limit has room again
  std::map<uint64_t, asked_request> asked_; // by number
  std::optional<time_point> delayed_since_; // channels have been waited for
};

} // namespace zenws
