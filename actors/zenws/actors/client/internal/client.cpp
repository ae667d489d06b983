// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/internal/client.hpp"

#include "zenws/actors/caf/stable_address.hpp"
#include "zenws/actors/delivery/event_stream.hpp"
#include "zenws/internal/random_seed.hpp"
#include "zenws/timing/internal/deadlines.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/wait_traits.hpp>

#include <algorithm>
#include <utility>

namespace zenws {

// A timer without type-erased executors, for it is set again and again.
struct client::timer : boost::asio::basic_waitable_timer<
                         std::chrono::steady_clock,
                         boost::asio::wait_traits<std::chrono::steady_clock>,
                         boost::asio::io_context::executor_type> {
  using basic_waitable_timer::basic_waitable_timer;
};

namespace {

client_identity identity_of(const client_position& position) {
  return {position.id, position.name, position.epoch};
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

client::client(caf::actor_config& cfg, durable_state_ptr state)
  : super(cfg),
    state_(std::move(state)),
    session_(state_->spec.config, identity_of(state_->front.position),
             {.dialect = dialect_of(state_->spec),
              .shared_limits = state_->shared_limits,
              .demands = state_->demands,
              .overrides = state_->spec.limits,
              .snapshot = state_->snapshot,
              .history = state_->history,
              .latencies = {state_->stats, &state_->stats->latencies},
              .classifier = state_->spec.classify_refusal,
              .seed = internal::random_seed()}),
    reads_messages_(session_.protocol().venue_dialect().reads_messages()),
    random_(static_cast<uint32_t>(internal::random_seed())) {
  // nop
}

client::~client() {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* client::name() const {
  return "zenws.client";
}

client::behavior_type client::make_behavior() {
  caf_compat::log_unhandled(*this, &state_->spec.name);
  timer_ = std::make_unique<timer>(home().context());
  caf_compat::on_down(*this,
                      [this](const caf::actor_addr& source, const caf::error&) {
                        drop_subscriber(source);
                      });
  caf_compat::on_exit_message(*this, [this](const caf::actor_addr& source,
                                            const caf::error& reason) {
    // CAF sends anonymous exits in the name of their receiver: only ours has no
    // reason.
    if (source == address() && !reason)
      quit(exit_reason_);
    else
      leave(reason);
  });
  front().attach<detail::subscriber_drained>(*this);
  tape().attach(ctrl());
  session_.start(clock::now(), actions_);
  follow();
  return {
    [this](send_text& x) {
      return send(message_kind::text, x.payload, x.policy);
    },
    [this](send_binary& x) {
      return send(message_kind::binary, x.payload, x.policy);
    },
    [this](const get_status&) { return status(); },
    [this](const await_ready&) { return front().wait_until_ready(); },
    [this](const close_client& x) { return close(x); },
    [this](const subscribe& x) { return front().add_subscriber(x); },
    [this](const unsubscribe& x) { return remove_subscriber(x); },
    [this](call& x) { return start_call(x); },
    [this](const subscribe_channels& x) { return add_channels(x); },
    [this](const unsubscribe_channels& x) { return remove_channels(x); },
    [this](const renew_channels& x) { renew(x); },
    [this](subscribe_market& x) {
      return caf_compat::delegate(*this, market(), std::move(x));
    },
    [this](unsubscribe_market& x) -> caf::result<void> {
      return caf_compat::delegate(*this, market(), std::move(x));
    },
    [this](renew_market& x) -> caf::result<void> {
      return caf_compat::delegate(*this, market(), std::move(x));
    },
    [this](get_books& x) -> caf::result<book_report> {
      // Without a source, nobody follows a book.
      if (!state_->market)
        return book_report{};
      return caf_compat::delegate(*this, market(), std::move(x));
    },
    [this](const get_heartbeat_health&) { return health(); },
    [this](const get_state_metrics&) { return metrics(); },
    [this](detail::recorder_trouble& x) {
      auto event = front().position.event(event_kind::recorder_failed);
      event.reason = std::move(x.reason);
      front().deliver(event);
    },
    [](const detail::continuation& x) { x.resume(); },
    [this](const detail::subscriber_drained&) { resume_if_drained(); },
  };
}

void client::before_end() {
  end(current_);
  end(successor_);
  held_.clear();
  unclaimed_.clear();
  // Handles of this actor may live longer than the loop, but parts of it
  // must not.
  timer_.reset();
  tape().detach();
  state_->snapshot = session_.protocol().snapshot();
  state_->history = session_.history();
  if (caf_compat::is_orderly_exit(fail_state()))
    state_->history.backoff_steps = 0; // a new start is wanted at once
  publish_state(client_state::stopped);
  publish_levels();
  state_->stats->pending_calls.set(0); // they fail below
  state_->stats->queued.set(0);
  auto reason = reason_of(state_->last_error, fail_state());
  state_->last_error = reason;
  promises_.fail_all(make_error(ec::disconnected));
  reports_.fail_all(make_error(ec::disconnected));
  front().fail_waiting(make_error(reason ? reason : error{ec::client_stopped}));
  for (auto& promise : std::exchange(waiting_for_end_, {}))
    caf_compat::answer(promise);
  front().detach();
  // Otherwise a supervisor decides whether this is the end.
  if (!state_->front.address)
    state_->tell_end(reason, {caf::strong_actor_ptr{ctrl()}, &home()});
}

void client::leave_unread() {
  if (auto& address = state_->front.address)
    stable_address::take_back(address, ctrl(), [this] {
      return caf_compat::close_mailbox(*this);
    });
  else
    super::leave_unread();
  // Our end is not known yet: the next incarnation cannot overtake us.
  state_.reset();
}

void client::end_with(caf::error& reason) {
  // A kill would pass along links and end the supervisor, which cannot trap
  // it. As in OTP, where `kill` becomes `killed`, it ends with us.
  if (reason == caf::exit_reason::kill)
    reason = make_error(error{ec::client_crashed, "killed"});
  super::end_with(reason);
}

// -- following the session ----------------------------------------------------

void client::follow() {
  if (following_)
    return;
  following_ = true;
  // Actions that follow from an action come after those due already.
  for (size_t i = 0; i < actions_.size(); ++i) {
    auto action = std::move(actions_[i]);
    std::visit([this](auto& x) { perform(x); }, action);
  }
  // An idle client keeps no memory for past work.
  session_actions{}.swap(actions_);
  following_ = false;
  publish_state(session_.state());
  publish_levels();
  if (session_.state() == client_state::ready)
    front().tell_ready();
  if (paused_until_ && must_read())
    read_on();
  arm_timer();
}

void client::perform(action::dial& x) {
  end(current_);
  current_ = std::make_shared<client_connection>();
  choose_target(current_, x.attempt);
}

void client::perform(action::dial_successor&) {
  end(successor_);
  successor_ = std::make_shared<client_connection>();
  choose_target(successor_, session_.attempts());
}

void client::perform(action::adopt_successor&) {
  end(current_);
  current_ = std::exchange(successor_, nullptr);
}

void client::perform(action::promote_successor&) {
  end(current_);
  current_ = std::exchange(successor_, nullptr);
  deliver_held();
  resume_reading();
}

void client::perform(action::drop&) {
  end(current_);
  end(successor_);
  held_.clear();
}

void client::perform(action::close& x) {
  end(successor_);
  if (!socket())
    return;
  tape().put_close(recorded_direction::out, x.code, x.reason);
  socket()->close(x.code, x.reason);
}

void client::perform(action::ping& x) {
  if (!socket())
    return;
  tape().put(recorded_direction::out, recorded_type::ping, x.payload);
  socket()->ping(x.payload);
}

void client::perform(action::write& x) {
  auto copy = tape() ? x.payload : std::string{};
  auto size = x.payload.size();
  auto& to = write_connection();
  auto code = to && to->socket ? to->socket->send(x.kind, std::move(x.payload))
                               : ec::not_connected;
  if (code == ec::none) {
    auto type = x.kind == message_kind::text ? recorded_type::text
                                             : recorded_type::binary;
    tape().put(recorded_direction::out, type, copy);
    auto waits = x.completion == action::write_completion::on_written;
    to->unwritten.push(waits ? x.token : 0);
    state_->stats->sent_bytes.add(size);
    return;
  }
  ++state_->stats->failed_sends;
  session_.not_written(x.token);
  promises_.answer(x.token, make_error(code));
}

void client::perform(action::get_credentials&) {
  auto use = [this, which = std::weak_ptr{write_connection()}](
               const result<credentials>& answer) {
    if (which.expired())
      return;
    if (answer)
      for (auto& secret : {answer->secret, answer->passphrase})
        state_->secrets->add(secret);
    session_.authorized(answer, std::chrono::system_clock::now(), clock::now(),
                        actions_);
    follow();
  };
  auto& spec = state_->spec;
  if (spec.credentials_actor)
    ask_provider<credentials>(*this, spec.credentials_actor,
                              spec.config.handshake_timeout, get_credentials{},
                              use);
  else if (spec.credentials)
    ask_provider<credentials>(*this, spec.credentials, use);
  else
    use(error{ec::invalid_config, "login needs client_spec::credentials"});
}

void client::perform(action::fail& x) {
  ++state_->stats->failed_sends;
  promises_.answer(x.token, make_error(x.reason));
}

void client::perform(action::answer& x) {
  if (auto* refusal = std::get_if<rpc_error>(&x.response))
    promises_.answer(x.token, make_error(x.reason, *refusal));
  else
    promises_.answer(x.token, std::get<rpc_result>(std::move(x.response)));
}

void client::perform(action::report& x) {
  for (auto& outcome : x.outcomes)
    if (outcome.channel_request == subscription_outcome::unsolicited)
      tell_of_channel(outcome);
    else
      reports_.add(outcome.channel_request,
                   {std::move(outcome.channel), outcome.kind,
                    std::move(outcome.reason)});
}

void client::perform(action::notify& x) {
  auto& secrets = *state_->secrets;
  auto& event = x.event;
  event.detail = secrets.hide(std::move(event.detail));
  event.reason.detail = secrets.hide(std::move(event.reason.detail));
  event.next_sequence = state_->front.position.next_sequence;
  announce(event);
  if (state_->events && event.kind == event_kind::state_changed)
    state_->events->publish(event, &home());
}

void client::perform(action::stop& x) {
  state_->last_error = x.reason;
  if (x.reason)
    exit_reason_ = make_error(x.reason);
  // We may be in a callback of the connection: end as actors do.
  caf_compat::deliver(caf::strong_actor_ptr{ctrl()}, nullptr,
                      caf::exit_msg{address(), {}}, &home());
}

void client::arm_timer() {
  auto due = wake_at();
  if (!due) {
    timer_->cancel();
    return;
  }
  if (timer_->expiry() == *due)
    return;
  timer_->expires_at(*due);
  timer_->async_wait([this, self = caf::strong_actor_ptr{ctrl()}](
                       boost::system::error_code code) {
    if (!code && !getf(is_terminated_flag))
      on_timer();
  });
}

void client::on_timer() {
  io_loop::turn guard{home()};
  // So that the same time can be asked for again.
  timer_->expires_at(timer::time_point::min());
  auto now = clock::now();
  if (paused_until_ && *paused_until_ <= now)
    read_on();
  if (socket())
    session_.bytes_received(socket()->bytes_received());
  session_.expired(now, actions_);
  follow();
}

std::optional<client::clock::time_point> client::wake_at() const {
  auto result = session_.wake_at();
  internal::keep_earlier(result, paused_until_);
  return result;
}

double client::jitter() {
  return std::uniform_real_distribution<double>{0.0, 1.0}(random_);
}

// -- state --------------------------------------------------------------------

client_front& client::front() {
  auto& position = state_->front.position;
  position.state = session_.state();
  position.attempts = session_.attempts();
  position.epoch = session_.epoch();
  return state_->front;
}

client_tape client::tape() {
  return {state_->tape.get(), front().position};
}

void client::publish_state(client_state state) {
  auto& stats = *state_->stats;
  if (stats.state.load(std::memory_order_relaxed) == state)
    return;
  auto now = clock::now();
  if (stats.state == client_state::ready)
    stats.was_ready_for(now - stats.since.load());
  stats.since = now;
  stats.state = state;
}

void client::publish_levels() {
  auto& stats = *state_->stats;
  auto& protocol = session_.protocol();
  auto& subscribers = state_->front.subscribers;
  stats.epoch.store(session_.epoch(), std::memory_order_relaxed);
  stats.dropped.set(subscribers.dropped());
  stats.subscribers.set(subscribers.size());
  stats.channels.set(protocol.subscriptions().num_channels());
  stats.silent_channels.set(protocol.subscriptions().num_silent());
  stats.pending_calls.set(protocol.pending_calls());
  stats.queued.set(protocol.queued());
  stats.missed_heartbeats.set(session_.failures());
  stats.round_trip_us.set(static_cast<uint64_t>(round_trip().count()));
  publish_outbound();
}

void client::publish_outbound() {
  state_->stats->outbound_bytes.set(outbound_bytes());
}

} // namespace zenws
