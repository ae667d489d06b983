#include "zenws/actors/client/client.hpp"

#include "zenws/actors/caf/stable_address.hpp"
#include "zenws/actors/delivery/event_stream.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/wait_traits.hpp>

#include <algorithm>
#include <iterator>
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

uint64_t fresh_seed() {
  std::random_device source;
  return uint64_t{source()} << 32 | source();
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

client::client(caf::actor_config& cfg, durable_state_ptr state)
  : super(cfg),
    state_(std::move(state)),
    address_(state_->address),
    session_(state_->spec.config,
             {state_->id, state_->spec.name, state_->epoch},
             {.dialect = dialect_of(state_->spec),
              .shared_limits = state_->shared_limits,
              .demands = state_->demands,
              .overrides = state_->spec.limits,
              .snapshot = state_->memory,
              .history = state_->history,
              .classifier = state_->spec.classify_refusal,
              .seed = fresh_seed()}),
    reads_messages_(session_.protocol().venue_dialect().reads_messages()),
    random_(std::random_device{}()) {
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
  caf_compat::ignore_stray_errors(*this);
  timer_ = std::make_unique<timer>(home().context());
  caf_compat::on_down(*this,
                      [this](const caf::actor_addr& who, const caf::error&) {
                        drop_subscriber(who);
                      });
  caf_compat::on_exit_message(*this, [this](const caf::actor_addr& from,
                                            const caf::error& reason) {
    // CAF sends anonymous exits in the name of their receiver: only ours has no
    // reason.
    if (from == address() && !reason)
      quit(exit_reason_);
    else
      leave(reason);
  });
  state_->subscribers.on_drained([weak = caf::weak_actor_ptr{ctrl()}] {
    if (auto self = weak.lock())
      caf_compat::deliver(self, nullptr, detail::subscriber_drained{}, nullptr);
  });
  attach_tape();
  for (auto& subscriber : state_->subscribers.list())
    monitor(subscriber);
  follow(session_.start(clock::now()));
  return {
    [this](send_text& what) {
      return send(message_kind::text, what.payload, what.policy);
    },
    [this](send_binary& what) {
      return send(message_kind::binary, what.payload, what.policy);
    },
    [this](const get_status&) { return status(); },
    [this](const await_ready&) -> caf::result<uint64_t> {
      if (session_.state() == client_state::ready)
        return session_.epoch();
      waiting_for_ready_.push_back(make_response_promise());
      return caf::delegated<uint64_t>{};
    },
    [this](const close_client& what) -> caf::result<void> {
      if (auto bad = check_close(what.code, what.reason))
        return make_error(bad);
      waiting_for_end_.push_back(make_response_promise());
      follow(session_.request_close(what.code, what.reason, clock::now(),
                                    what.drain));
      return caf::delegated<void>{};
    },
    [this](subscribe& what) { return add_subscriber(what); },
    [this](const unsubscribe& what) -> caf::result<void> {
      if (!drop_subscriber(what.subscriber.address()))
        return make_error(ec::not_found);
      demonitor(what.subscriber);
      return caf::unit;
    },
    [this](call& what) { return start_call(what); },
    [this](subscribe_channels& what) { return add_channels(what); },
    [this](const unsubscribe_channels& what) { return remove_channels(what); },
    [this](const renew_channels& what) { renew(what); },
    [this](const get_heartbeat_health&) { return health(); },
    [this](const get_state_metrics&) { return metrics(); },
    [this](detail::recorder_trouble& what) {
      auto news = event(event_kind::recorder_failed);
      news.reason = std::move(what.reason);
      state_->subscribers.deliver(news, origin());
    },
    [](const detail::continuation& what) { what.resume(); },
    [this](const detail::subscriber_drained&) { resume_if_drained(); },
  };
}

void client::on_exit() {
  end(link_);
  end(successor_);
  held_.clear();
  early_.clear();
  // Handles of this actor may live longer than the loop, what is part of it
  // must not.
  timer_.reset();
  state_->subscribers.on_drained(nullptr);
  detach_tape();
  state_->epoch = session_.epoch();
  state_->memory = session_.protocol().snapshot();
  state_->history = session_.history();
  if (caf_compat::is_orderly_exit(fail_state()))
    state_->history.backoff_steps = 0; // whoever starts it anew wants it now
  see(client_state::stopped);
  auto reason = reason_of(state_->last_error, fail_state());
  state_->last_error = reason;
  auto why = make_error(reason ? reason : error{ec::client_stopped});
  promises_.fail_all(make_error(ec::disconnected));
  for (auto& promise : waiting_for_ready_)
    caf_compat::answer(promise, why);
  for (auto& promise : waiting_for_end_)
    caf_compat::answer(promise);
  waiting_for_ready_.clear();
  waiting_for_end_.clear();
  // Otherwise a supervisor decides whether this is the end.
  if (!address_)
    state_->tell_end(reason, origin());
}

void client::leave_unread() {
  if (auto address = std::exchange(address_, nullptr))
    stable_address::take_back(address, ctrl(),
                              [this] { return close_mailbox(); });
  else
    super::leave_unread();
  // Our end is known to nobody yet: the next incarnation cannot overtake us.
  state_.reset();
}

bool client::cleanup(caf::error&& reason, caf::execution_unit* unit) {
  // A kill would pass along links and end the supervisor, which cannot trap
  // it. As in OTP, where `kill` becomes `killed`, it ends with us.
  if (reason == caf::exit_reason::kill)
    return super::cleanup(make_error(error{ec::client_crashed, "killed"}),
                          unit);
  return super::cleanup(std::move(reason), unit);
}

// -- following the session ----------------------------------------------------

void client::follow(session_actions actions) {
  if (following_) {
    std::move(actions.begin(), actions.end(), std::back_inserter(actions_));
    return;
  }
  following_ = true;
  actions_ = std::move(actions);
  // Whatever an action leads to comes after those that are due already.
  for (size_t i = 0; i < actions_.size(); ++i) {
    auto what = std::move(actions_[i]);
    std::visit([this](auto& x) { perform(x); }, what);
  }
  // An idle client keeps no memory for what it has done.
  session_actions{}.swap(actions_);
  following_ = false;
  see(session_.state());
  state_->stats->epoch = session_.epoch();
  if (session_.state() == client_state::ready)
    for (auto& promise : std::exchange(waiting_for_ready_, {}))
      caf_compat::answer(promise, session_.epoch());
  if (paused_until_ && must_read())
    read_on();
  arm_timer();
}

void client::perform(action::close& what) {
  end(successor_);
  if (!link_ || !link_->socket)
    return;
  tape_close(recorded_direction::out, what.code, what.reason);
  link_->socket->close(what.code, what.reason);
}

void client::perform(action::ping& what) {
  if (!link_ || !link_->socket)
    return;
  tape(recorded_direction::out, recorded_type::ping, what.payload);
  link_->socket->ping(what.payload);
}

void client::perform(action::write& what) {
  auto copy = state_->tape ? what.payload : std::string{};
  auto& where = write_connection();
  auto code = where && where->socket
                ? where->socket->send(what.kind, std::move(what.payload))
                : ec::not_connected;
  auto waits = what.completion == action::write_completion::on_written;
  if (code == ec::none) {
    tape(recorded_direction::out,
         what.kind == message_kind::text ? recorded_type::text
                                         : recorded_type::binary,
         copy);
    where->unwritten.push(waits ? what.token : 0);
    return;
  }
  ++sends_failed_;
  session_.not_written(what.token);
  promises_.answer(what.token, make_error(code));
}

void client::perform(action::fail& what) {
  ++sends_failed_;
  promises_.answer(what.token, make_error(what.reason));
}

void client::perform(action::answer& what) {
  if (auto* refusal = std::get_if<rpc_error>(&what.response))
    promises_.answer(what.token, make_error(what.reason, *refusal));
  else
    promises_.answer(what.token,
                     std::get<rpc_result>(std::move(what.response)));
}

void client::perform(action::notify& what) {
  auto& secrets = *state_->secrets;
  what.event.detail = secrets.hide(std::move(what.event.detail));
  what.event.reason.detail = secrets.hide(std::move(what.event.reason.detail));
  what.event.next_sequence = state_->next_sequence;
  tape(what.event);
  state_->subscribers.deliver(what.event, origin());
  if (state_->events && what.event.kind == event_kind::state_changed)
    state_->events->publish(what.event, &home());
}

void client::perform(action::stop& what) {
  state_->last_error = what.reason;
  if (what.reason)
    exit_reason_ = make_error(what.reason);
  // We may be in a callback of the connection: end as actors do.
  caf_compat::deliver(caf::strong_actor_ptr{ctrl()}, nullptr,
                      caf::exit_msg{address(), {}}, &home());
}

void client::arm_timer() {
  auto when = wake_at();
  if (!when) {
    timer_->cancel();
    return;
  }
  if (timer_->expiry() == *when)
    return;
  timer_->expires_at(*when);
  timer_->async_wait([this, self = caf::strong_actor_ptr{ctrl()}](
                       boost::system::error_code code) {
    if (code || getf(is_terminated_flag))
      return;
    io_loop::turn guard{home()};
    // So that the same time can be asked for again.
    timer_->expires_at(timer::time_point::min());
    auto now = clock::now();
    if (paused_until_ && *paused_until_ <= now)
      read_on();
    if (link_ && link_->socket)
      session_.bytes_received(link_->socket->bytes_received());
    follow(session_.expired(now));
  });
}

void client::see(client_state state) {
  auto& stats = *state_->stats;
  if (stats.state == state)
    return;
  auto now = clock::now();
  if (stats.state == client_state::ready)
    stats.was_ready_for(now - stats.since.load());
  stats.since = now;
  stats.state = state;
}

double client::jitter() {
  return std::uniform_real_distribution<double>{0.0, 1.0}(random_);
}

} // namespace zenws
