#include "zenws/actors/client.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/wait_traits.hpp>

#include <algorithm>
#include <exception>
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

bool is_insecure(const client_config& cfg) {
  return cfg.tls.verify == tls_verify::insecure_skip_verify;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

client::client(caf::actor_config& cfg, client_record_ptr record)
  : super(cfg),
    record_(std::move(record)),
    session_(record_->spec.config,
             {record_->id, record_->spec.name, record_->epoch}),
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
  timer_ = std::make_unique<timer>(home().context());
  seam::on_down(*this, [this](const caf::actor_addr& who, const caf::error&) {
    record_->subscribers.remove(who);
    resume_if_drained();
  });
  seam::on_exit_message(*this, [this](const caf::actor_addr& from,
                                      const caf::error& reason) {
    if (from == address())
      quit(exit_reason_);
    else
      leave(reason);
  });
  record_->subscribers.on_drained([weak = caf::weak_actor_ptr{ctrl()}] {
    if (auto self = weak.lock())
      seam::deliver(self, nullptr, detail::subscriber_drained{}, nullptr);
  });
  for (auto& subscriber : record_->subscribers.list())
    monitor(subscriber);
  follow(session_.start(clock::now()));
  return {
    [this](send_text& what) { return send(message_kind::text, what.payload); },
    [this](send_binary& what) {
      return send(message_kind::binary, what.payload);
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
      follow(session_.request_close(what.code, what.reason, clock::now()));
      return caf::delegated<void>{};
    },
    [this](subscribe& what) { return add_subscriber(what); },
    [this](const unsubscribe& what) -> caf::result<void> {
      if (!record_->subscribers.remove(what.subscriber.address()))
        return make_error(ec::not_found);
      demonitor(what.subscriber);
      resume_if_drained();
      return caf::unit;
    },
    [this](const detail::subscriber_drained&) { resume_if_drained(); },
  };
}

void client::on_exit() {
  if (connection_)
    std::exchange(connection_, nullptr)->abandon();
  // Handles of this actor may live longer than the loop, what is part of it
  // must not.
  timer_.reset();
  record_->subscribers.on_drained(nullptr);
  record_->epoch = session_.epoch();
  record_->vitals.state = client_state::stopped;
  auto why = fail_state() ? fail_state() : make_error(ec::client_stopped);
  for (auto& promise : unwritten_)
    seam::answer(promise, make_error(ec::disconnected));
  for (auto& promise : waiting_for_ready_)
    seam::answer(promise, why);
  for (auto& promise : waiting_for_end_)
    seam::answer(promise);
  unwritten_.clear();
  waiting_for_ready_.clear();
  waiting_for_end_.clear();
}

bool client::cleanup(caf::error&& reason, caf::execution_unit* unit) {
  // A kill would pass along links and end the supervisor, which cannot trap
  // it. As in OTP, where `kill` becomes `killed`, it ends with us.
  if (reason == caf::exit_reason::kill)
    return super::cleanup(make_error(error{ec::client_crashed, "killed"}),
                          unit);
  return super::cleanup(std::move(reason), unit);
}

// -- implementation of connection_listener ------------------------------------

void client::on_phase(client_state phase) {
  io_loop::turn guard{home()};
  follow(session_.entered(phase, clock::now()));
}

void client::on_open(std::string_view) {
  io_loop::turn guard{home()};
  follow(session_.opened(clock::now()));
  if (session_.state() != client_state::ready)
    return;
  for (auto& promise : std::exchange(waiting_for_ready_, {}))
    seam::answer(promise, session_.epoch());
  if (reading_paused_)
    pause_reading();
}

void client::on_messages(slab_ptr messages) {
  io_loop::turn guard{home()};
  messages->client_id = record_->id;
  messages->epoch = session_.epoch();
  messages->first_sequence = record_->next_sequence;
  record_->next_sequence += messages->count();
  record_->vitals.messages.store(record_->next_sequence - 1,
                                 std::memory_order_relaxed);
  auto verdict = record_->subscribers.deliver(messages, event({}), origin());
  if (verdict == subscriber_set::verdict::stop_reading && !reading_paused_) {
    reading_paused_ = true;
    pause_reading();
  }
  for (auto& removed : record_->subscribers.take_removed())
    demonitor(removed);
}

void client::on_pong(std::string_view payload) {
  io_loop::turn guard{home()};
  follow(session_.pong(payload, clock::now()));
}

void client::on_written() {
  io_loop::turn guard{home()};
  ++messages_sent_;
  auto promise = std::move(unwritten_.front());
  unwritten_.pop_front();
  seam::answer(promise);
}

void client::on_closed(error reason) {
  io_loop::turn guard{home()};
  connection_ = nullptr;
  sends_failed_ += unwritten_.size();
  for (auto& promise : std::exchange(unwritten_, {}))
    seam::answer(promise, make_error(ec::disconnected));
  follow(session_.lost(std::move(reason), clock::now(), jitter()));
}

// -- following the session ----------------------------------------------------

void client::follow(session_actions actions) {
  std::move(actions.begin(), actions.end(), std::back_inserter(actions_));
  if (following_)
    return;
  following_ = true;
  // Whatever an action leads to comes after those that are due already.
  for (size_t i = 0; i < actions_.size(); ++i) {
    auto what = std::move(actions_[i]);
    std::visit([this](auto& x) { perform(x); }, what);
  }
  actions_ = {};
  following_ = false;
  record_->vitals.state = session_.state();
  record_->vitals.epoch = session_.epoch();
  arm_timer();
}

void client::perform(action::dial& what) {
  auto target = target_for(what.attempt);
  if (!target)
    return follow(session_.lost(target.error(), clock::now(), jitter()));
  auto attempt = connection::dial(home().context(), home().slabs(),
                                  record_->spec.config, std::move(*target),
                                  *this);
  if (!attempt)
    return follow(session_.lost(attempt.error(), clock::now(), jitter()));
  connection_ = std::move(*attempt);
}

void client::perform(action::drop&) {
  if (connection_)
    std::exchange(connection_, nullptr)->abandon();
  sends_failed_ += unwritten_.size();
  for (auto& promise : std::exchange(unwritten_, {}))
    seam::answer(promise, make_error(ec::disconnected));
}

void client::perform(action::close& what) {
  if (connection_)
    connection_->close(what.code, what.reason);
}

void client::perform(action::ping& what) {
  if (connection_)
    connection_->ping(what.payload);
}

void client::perform(action::notify& what) {
  what.event.next_sequence = record_->next_sequence;
  record_->subscribers.deliver(what.event, origin());
}

void client::perform(action::stop& what) {
  record_->last_error = what.reason;
  if (what.reason)
    exit_reason_ = make_error(what.reason);
  // We may be in a callback of the connection: end as actors do.
  seam::deliver(caf::strong_actor_ptr{ctrl()}, nullptr,
                caf::exit_msg{address(), {}}, &home());
}

result<dial_target> client::target_for(uint64_t attempt) const {
  auto& spec = record_->spec;
  dial_parameters params{spec.config.url, spec.config.headers};
  if (spec.provider) {
    try {
      auto provided = spec.provider(params, attempt);
      if (!provided)
        return error{ec::provider_failed, to_string(provided.error())};
      params = std::move(*provided);
    } catch (const std::exception& ex) {
      return error{ec::provider_failed, ex.what()};
    } catch (...) {
      return error{ec::provider_failed, "unknown exception"};
    }
    auto checked = spec.config;
    checked.url = params.url;
    checked.headers = params.headers;
    if (auto problems = validate(checked); !problems.empty())
      return as_error(problems);
  }
  auto parsed = parse_url(params.url);
  if (!parsed)
    return parsed.error();
  return dial_target{std::move(*parsed), std::move(params.headers)};
}

void client::arm_timer() {
  auto when = session_.wake_at();
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
    follow(session_.expired(clock::now()));
  });
}

double client::jitter() {
  return std::uniform_real_distribution<double>{0.0, 1.0}(random_);
}

// -- requests -----------------------------------------------------------------

caf::result<void> client::send(message_kind kind, std::string& payload) {
  auto code = connection_ ? connection_->send(kind, std::move(payload))
                          : ec::not_connected;
  if (code != ec::none) {
    ++sends_failed_;
    // Nobody waits for the answer to a plain message: it counts as failed.
    auto promise = make_response_promise();
    seam::answer(promise, make_error(code));
  } else {
    unwritten_.push_back(make_response_promise());
  }
  return caf::delegated<void>{};
}

caf::result<void> client::add_subscriber(subscribe& what) {
  if (auto problems = validate(what); !problems.empty())
    return make_error(as_error(problems));
  monitor(what.subscriber);
  record_->subscribers.add(what.subscriber, what.options);
  // The first thing a subscriber learns is where the client stands.
  if (what.options.content != subscription_content::messages) {
    auto to = caf::actor_cast<caf::strong_actor_ptr>(what.subscriber);
    seam::deliver(to, origin().sender, event(event_kind::state_changed),
                  &home());
    if (is_insecure(record_->spec.config))
      seam::deliver(to, origin().sender, event(event_kind::insecure_tls),
                    &home());
  }
  return caf::unit;
}

client_status client::status() const {
  using namespace std::chrono;
  client_status result;
  result.id = record_->id;
  result.name = record_->spec.name;
  if (auto parsed = parse_url(record_->spec.config.url))
    result.url = parsed->redacted();
  result.state = session_.state();
  result.epoch = session_.epoch();
  result.attempts = session_.attempts();
  if (auto since = session_.connected_since())
    result.connected_for = duration_cast<milliseconds>(clock::now() - *since);
  if (auto rtt = session_.round_trip())
    result.round_trip = duration_cast<microseconds>(*rtt);
  result.missed_heartbeats = session_.failures();
  result.messages_received = record_->next_sequence - 1;
  result.messages_sent = messages_sent_;
  result.messages_dropped = record_->subscribers.dropped();
  result.sends_failed = sends_failed_;
  result.outbound_bytes = connection_ ? connection_->outbound_bytes() : 0;
  result.subscribers = static_cast<uint32_t>(record_->subscribers.size());
  result.reading_paused = reading_paused_;
  result.last_error = session_.last_error();
  return result;
}

void client::leave(caf::error reason) {
  if (session_.state() == client_state::stopped)
    return;
  // 1001: going away (RFC 6455, section 7.4.1).
  exit_reason_ = std::move(reason);
  follow(session_.request_close(1001, {}, clock::now()));
}

// -- subscribers --------------------------------------------------------------

subscriber_set::origin client::origin() {
  return {record_->address ? record_->address : caf::strong_actor_ptr{ctrl()},
          &home()};
}

client_event client::event(event_kind kind) const {
  client_event result;
  result.kind = kind;
  result.state = session_.state();
  result.client_id = record_->id;
  result.client = record_->spec.name;
  result.epoch = session_.epoch();
  result.attempt = session_.attempts();
  result.next_sequence = record_->next_sequence;
  return result;
}

void client::pause_reading() {
  if (connection_)
    connection_->pause_reading();
  session_.reading_paused();
}

void client::resume_if_drained() {
  if (!reading_paused_ || record_->subscribers.congested())
    return;
  reading_paused_ = false;
  if (connection_)
    connection_->resume_reading();
  session_.reading_resumed();
}

} // namespace zenws
