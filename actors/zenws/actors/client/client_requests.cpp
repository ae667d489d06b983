#include "zenws/actors/client/client.hpp"

#include <set>
#include <string_view>
#include <utility>

/// What a client does for those who ask it, and what its subscribers get.
namespace zenws {

namespace {

bool is_insecure(const client_config& cfg) {
  return cfg.tls.verify == tls_verify::insecure_skip_verify;
}

size_t count_distinct(const std::vector<channel_spec>& channels) {
  std::set<std::string_view> names;
  for (auto& channel : channels)
    names.insert(channel.name);
  return names.size();
}

event_kind kind_of(outcome_kind what) {
  switch (what) {
    case outcome_kind::lost:
      return event_kind::channel_lost;
    case outcome_kind::restored:
      return event_kind::channel_restored;
    case outcome_kind::silent:
      return event_kind::channel_silent;
    default:
      return event_kind::channel_revoked;
  }
}

std::vector<std::string_view> views_of(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

} // namespace

// -- requests -----------------------------------------------------------------

caf::result<void> client::send(message_kind kind, std::string& payload,
                               send_policy policy) {
  auto token = promises_.add(make_response_promise());
  follow(session_.send(token, kind, std::move(payload), policy, clock::now()));
  return caf::delegated<void>{};
}

caf::result<rpc_result> client::start_call(call& what) {
  auto token = promises_.add(make_response_promise());
  follow(session_.call(token, std::move(what.method), std::move(what.params),
                       what.answer_within, what.policy, clock::now()));
  return caf::delegated<rpc_result>{};
}

caf::result<void> client::add_subscriber(subscribe& what) {
  if (auto problems = validate(what); !problems.empty())
    return make_error(as_error(problems));
  monitor(what.subscriber);
  state_->subscribers.add(what.subscriber, what.options);
  send_initial_state(what.subscriber, what.options.content);
  return caf::unit;
}

caf::result<channel_report> client::add_channels(subscribe_channels& what) {
  if (!reads_messages_)
    return make_error(error{ec::not_supported, "a raw client has no channels"});
  if (auto problems = validate(subscribe{what.subscriber, what.options});
      !problems.empty())
    return make_error(as_error(problems));
  auto& all = state_->subscribers;
  auto number = all.number_of(what.subscriber.address());
  if (number == 0) {
    monitor(what.subscriber);
    number = all.add(what.subscriber, what.options,
                     subscriber_set::interest::channels);
    send_initial_state(what.subscriber, what.options.content);
  }
  if (what.channels.empty())
    return channel_report{};
  session_actions out;
  auto request = session_.subscribe(number, what.channels, clock::now(), out);
  if (!request) {
    follow(std::move(out));
    return make_error(request.error());
  }
  auto token = promises_.add(make_response_promise());
  reports_[*request] = {token, count_distinct(what.channels), {}};
  follow(std::move(out));
  return caf::delegated<channel_report>{};
}

caf::result<void> client::remove_channels(const unsubscribe_channels& what) {
  auto number = state_->subscribers.number_of(what.subscriber.address());
  if (number == 0)
    return make_error(ec::not_found);
  follow(session_.unsubscribe(number, views_of(what.channels), clock::now()));
  return caf::unit;
}

void client::renew(const renew_channels& what) {
  follow(session_.renew(views_of(what.channels), clock::now()));
}

void client::perform(action::report& what) {
  for (auto& outcome : what.outcomes) {
    if (outcome.channel_request == subscription_outcome::unsolicited) {
      tell_of_channel(outcome);
      continue;
    }
    auto i = reports_.find(outcome.channel_request);
    if (i == reports_.end())
      continue;
    auto& [token, missing, report] = i->second;
    report.outcomes.push_back(
      {std::move(outcome.channel), outcome.kind, std::move(outcome.reason)});
    if (--missing > 0)
      continue;
    promises_.answer(token, std::move(report));
    reports_.erase(i);
  }
}

heartbeat_health client::health() const {
  using namespace std::chrono;
  heartbeat_health result;
  result.kind = session_.heartbeat_source();
  result.failures = session_.failures();
  if (auto last = session_.last_heartbeat())
    result.last_beat_ago = duration_cast<milliseconds>(clock::now() - *last);
  if (auto rtt = session_.round_trip())
    result.round_trip = duration_cast<microseconds>(*rtt);
  return result;
}

size_t client::outbound_bytes() const {
  return link_ && link_->socket ? link_->socket->outbound_bytes() : 0;
}

client_status client::status() const {
  using namespace std::chrono;
  client_status result;
  result.id = state_->id;
  result.name = state_->spec.name;
  if (auto parsed = parse_url(state_->spec.config.url))
    result.url = parsed->redacted();
  result.state = session_.state();
  result.epoch = session_.epoch();
  result.attempts = session_.attempts();
  if (auto since = session_.connected_since())
    result.connected_for = duration_cast<milliseconds>(clock::now() - *since);
  if (auto rtt = session_.round_trip())
    result.round_trip = duration_cast<microseconds>(*rtt);
  result.missed_heartbeats = session_.failures();
  result.messages_received = state_->next_sequence - 1;
  result.messages_sent = messages_sent_;
  result.messages_dropped = state_->subscribers.dropped();
  result.sends_failed = sends_failed_;
  result.outbound_bytes = outbound_bytes();
  result.subscribers = static_cast<uint32_t>(state_->subscribers.size());
  auto& protocol = session_.protocol();
  result.channels
    = static_cast<uint32_t>(protocol.subscriptions().num_channels());
  result.pending_calls = static_cast<uint32_t>(protocol.pending_calls());
  result.queued = static_cast<uint32_t>(protocol.queued());
  result.malformed = malformed_;
  result.reading_paused = paused_until_.has_value();
  result.last_error = session_.last_error();
  result.last_error.detail
    = state_->secrets->hide(std::move(result.last_error.detail));
  auto now = clock::now();
  for (auto& x : protocol.subscriptions().channels()) {
    channel_status channel{std::string{x.name}, x.state, x.is_renewing};
    if (x.last_message)
      channel.last_message_ago
        = duration_cast<milliseconds>(now - *x.last_message);
    result.channel_states.push_back(std::move(channel));
  }
  return result;
}

state_metrics client::metrics() {
  auto& protocol = session_.protocol();
  state_metrics result;
  result.state = session_.state();
  result.epoch = session_.epoch();
  result.heartbeat = health();
  result.heartbeat_active = session_.heartbeat_active();
  result.subscribers = static_cast<uint32_t>(state_->subscribers.size());
  result.channels
    = static_cast<uint32_t>(protocol.subscriptions().num_channels());
  result.pending_calls = static_cast<uint32_t>(protocol.pending_calls());
  result.queued = static_cast<uint32_t>(protocol.queued());
  result.outbound_bytes = outbound_bytes();
  result.waiting_requests = mailbox().size();
  result.call_latency = protocol.call_latency().summary();
  result.heartbeat_latency = session_.heartbeat_latency().summary();
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

bool client::drop_subscriber(const caf::actor_addr& who) {
  auto& all = state_->subscribers;
  auto number = all.number_of(who);
  if (number == 0)
    return false;
  all.remove(who);
  follow(session_.remove_subscriber(number, clock::now()));
  resume_if_drained();
  return true;
}

void client::send_initial_state(const caf::actor& subscriber,
                                subscription_content content) {
  if (content == subscription_content::messages)
    return;
  // The first thing a subscriber learns is where the client stands.
  auto to = caf::actor_cast<caf::strong_actor_ptr>(subscriber);
  caf_compat::deliver(to, origin().sender, event(event_kind::state_changed),
                      &home());
  if (is_insecure(state_->spec.config))
    caf_compat::deliver(to, origin().sender, event(event_kind::insecure_tls),
                        &home());
}

void client::tell_of_channel(const subscription_outcome& what) {
  auto who = state_->subscribers.find(what.subscriber);
  if (!who)
    return;
  auto news = event(kind_of(what.kind));
  news.detail = what.channel;
  news.reason = what.reason;
  news.reason.detail = state_->secrets->hide(std::move(news.reason.detail));
  tape(news);
  caf_compat::deliver(caf::actor_cast<caf::strong_actor_ptr>(who),
                      origin().sender, std::move(news), &home());
}

void client::number(const slab_ptr& messages) {
  messages->client_id = state_->id;
  messages->epoch = session_.epoch();
  messages->first_sequence = state_->next_sequence;
  state_->next_sequence += messages->count();
  state_->stats->messages.store(state_->next_sequence - 1,
                                std::memory_order_relaxed);
}

void client::deliver(const slab_ptr& messages) {
  number(messages);
  if (reads_messages_) {
    apply_backpressure(route(messages));
  } else {
    tape(messages, 0, static_cast<uint32_t>(messages->count()));
    session_.data_arrived(clock::now());
    apply_backpressure(
      state_->subscribers.deliver(messages, event({}), origin()));
  }
}

client::routed client::read(const slab_entry& message, clock::time_point now,
                            session_actions& out) {
  if (message.kind != message_kind::text)
    return {};
  auto& what = session_.received(message.payload(), now, out);
  malformed_ += what.kind == inbound_kind::malformed;
  return {what.kind, what.channel};
}

// Enough for what comes between two answers, and little enough to hold.
constexpr size_t max_early = 256;

void client::keep_early(const slab_ptr& messages, uint32_t index,
                        std::string_view id) {
  if (session_.protocol().pending_calls() == 0) {
    early_.clear(); // no answer will tell
    return;
  }
  early_.push_back({messages, index, std::string{id}});
  if (early_.size() <= max_early)
    return;
  auto news = event(event_kind::messages_dropped);
  news.dropped_messages = 1;
  news.detail = "too many came before the answer that tells their channel";
  early_.pop_front();
  state_->subscribers.deliver(news, origin());
}

void client::claim_early() {
  auto& channels = session_.protocol().subscriptions();
  std::erase_if(early_, [&](const early_message& x) {
    auto channel = session_.protocol().venue_dialect().channel_of(x.id);
    if (channel.empty())
      return false;
    state_->subscribers.select_late(x.index, channels.subscribers_of(channel));
    apply_backpressure(deliver_selected(x.messages));
    return true;
  });
  if (session_.protocol().pending_calls() == 0)
    early_.clear();
}

subscriber_set::verdict client::route(const slab_ptr& messages) {
  using verdict = subscriber_set::verdict;
  auto result = verdict::keep_reading;
  auto now = clock::now();
  auto brought_data = false;
  auto brought_answers = false;
  session_actions out;
  uint32_t index = 0;
  uint32_t taped = 0;
  for (auto& entry : *messages) {
    auto what = read(entry, now, out);
    if (what.is_data()) {
      brought_data = true;
      state_->subscribers.select(index, session_.protocol().subscribers());
    }
    if (what.what == inbound_kind::unclaimed)
      keep_early(messages, index, what.channel);
    brought_answers |= what.what == inbound_kind::answer;
    ++index;
    if (!out.empty()) {
      // Events come after the messages before them, and before those after.
      tape(messages, std::exchange(taped, index), index);
      if (deliver_selected(messages) == verdict::stop_reading)
        result = verdict::stop_reading;
      follow(std::exchange(out, {}));
      if (!early_.empty())
        claim_early();
    }
  }
  tape(messages, taped, index);
  if (brought_data)
    session_.data_arrived(now);
  if (brought_answers) // a login tells when it has to be renewed
    arm_timer();
  return deliver_selected(messages) == verdict::stop_reading
           ? verdict::stop_reading
           : result;
}

subscriber_set::verdict client::deliver_selected(const slab_ptr& messages) {
  return state_->subscribers.deliver_selected(messages, event({}), origin());
}

void client::apply_backpressure(subscriber_set::verdict what) {
  if (what == subscriber_set::verdict::stop_reading && !paused_until_) {
    if (must_read())
      state_->subscribers.shed_congested();
    else
      pause_reading();
  }
  for (auto& [subscriber, number] : state_->subscribers.take_removed()) {
    demonitor(subscriber);
    follow(session_.remove_subscriber(number, clock::now()));
  }
}

subscriber_set::origin client::origin() {
  return {address_ ? address_ : caf::strong_actor_ptr{ctrl()}, &home()};
}

client_event client::event(event_kind kind) const {
  client_event result;
  result.kind = kind;
  result.state = session_.state();
  result.client_id = state_->id;
  result.client = state_->spec.name;
  result.epoch = session_.epoch();
  result.attempt = session_.attempts();
  result.next_sequence = state_->next_sequence;
  return result;
}

// -- slow subscribers ---------------------------------------------------------

bool client::must_read() const {
  return session_.state() != client_state::ready || successor_ != nullptr
         || session_.protocol().pending_calls() > 0;
}

void client::pause_reading() {
  paused_until_ = clock::now() + state_->spec.config.max_reading_pause;
  if (link_ && link_->socket)
    link_->socket->pause_reading();
  session_.reading_paused();
  auto news = event(event_kind::reading_paused);
  if (auto slow = state_->subscribers.congested_one())
    news.detail = caf_compat::describe_actor(slow);
  tape(news);
  state_->subscribers.deliver(news, origin());
  arm_timer();
}

void client::resume_reading() {
  auto was_paused = std::exchange(paused_until_, std::nullopt).has_value();
  if (link_ && link_->socket)
    link_->socket->resume_reading();
  session_.reading_resumed(clock::now());
  if (!was_paused)
    return;
  auto news = event(event_kind::reading_resumed);
  tape(news);
  state_->subscribers.deliver(news, origin());
}

void client::resume_if_drained() {
  if (!paused_until_ || state_->subscribers.congested())
    return;
  resume_reading();
  arm_timer();
}

void client::read_on() {
  state_->subscribers.shed_congested();
  resume_reading();
}

std::optional<client::clock::time_point> client::wake_at() const {
  auto result = session_.wake_at();
  if (paused_until_ && (!result || *paused_until_ < *result))
    result = paused_until_;
  return result;
}

} // namespace zenws
