// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/internal/client.hpp"

#include <string_view>
#include <utility>

// Requests of users and subscribers.

namespace zenws {

namespace {

std::vector<std::string_view> views_of(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

} // namespace

// -- requests -----------------------------------------------------------------

caf::result<void> client::send(message_kind kind, std::string& payload,
                               send_policy policy) {
  auto token = promises_.add(make_response_promise());
  session_.send(token, kind, std::move(payload), policy, clock::now(),
                actions_);
  follow();
  return caf::delegated<void>{};
}

caf::result<rpc_result> client::start_call(call& request) {
  auto token = promises_.add(make_response_promise());
  session_.call(token, std::move(request.method), std::move(request.params),
                request.answer_within, request.policy, clock::now(), actions_);
  follow();
  return caf::delegated<rpc_result>{};
}

caf::result<void> client::close(const close_client& request) {
  if (auto problem = check_close(request.code, request.reason))
    return make_error(problem);
  waiting_for_end_.push_back(make_response_promise());
  session_.request_close(request.code, request.reason, clock::now(),
                         request.drain, actions_);
  follow();
  return caf::delegated<void>{};
}

caf::result<void> client::remove_subscriber(const unsubscribe& request) {
  if (!drop_subscriber(request.subscriber.address()))
    return make_error(ec::not_found);
  return caf::unit;
}

caf::result<channel_report>
client::add_channels(const subscribe_channels& request) {
  if (!reads_messages_)
    return make_error(error{ec::not_supported, "a raw client has no channels"});
  auto number = front().subscriber_of(request);
  if (!number)
    return std::move(number.error());
  if (request.channels.empty())
    return channel_report{};
  auto opened = session_.subscribe(*number, request.channels, clock::now(),
                                   actions_);
  if (!opened) {
    follow();
    return make_error(opened.error());
  }
  reports_.open(*opened, request.channels, make_response_promise());
  follow();
  return caf::delegated<channel_report>{};
}

caf::result<void> client::remove_channels(const unsubscribe_channels& request) {
  auto number = front().subscribers.number_of(request.subscriber.address());
  if (number == 0)
    return make_error(ec::not_found);
  session_.unsubscribe(number, views_of(request.channels), clock::now(),
                       actions_);
  follow();
  return caf::unit;
}

void client::renew(const renew_channels& request) {
  session_.renew(views_of(request.channels), clock::now(), actions_);
  follow();
}

const market_source_actor& client::market() {
  if (!state_->market || caf_compat::has_ended(state_->market)) {
    front(); // learns where the session stands
    state_->market = caf_compat::spawn_on<loop_actor<market_source>>(
      system(), home(), market_options_of(*state_, *this));
  }
  return state_->market;
}

std::chrono::microseconds client::round_trip() const {
  using std::chrono::microseconds;
  return std::chrono::duration_cast<microseconds>(
    session_.round_trip().value_or(microseconds{0}));
}

heartbeat_health client::health() const {
  using namespace std::chrono;
  heartbeat_health result;
  result.kind = session_.heartbeat_source();
  result.failures = session_.failures();
  if (auto last = session_.last_heartbeat())
    result.last_beat_ago = duration_cast<milliseconds>(clock::now() - *last);
  result.round_trip = round_trip();
  return result;
}

size_t client::outbound_bytes() const {
  return socket() ? socket()->outbound_bytes() : 0;
}

client_status client::status() const {
  using namespace std::chrono;
  auto& stats = *state_->stats;
  client_status result;
  result.id = state_->front.position.id;
  result.name = state_->front.position.name;
  if (auto parsed = parse_url(state_->spec.config.url))
    result.url = parsed->redacted();
  result.proxy = describe(state_->spec.config.proxy);
  result.state = session_.state();
  result.epoch = session_.epoch();
  result.attempts = session_.attempts();
  if (auto since = session_.connected_since())
    result.connected_for = duration_cast<milliseconds>(clock::now() - *since);
  result.round_trip = round_trip();
  result.missed_heartbeats = session_.failures();
  result.messages_received = state_->front.position.next_sequence - 1;
  result.messages_sent = stats.sent_messages.get();
  result.messages_dropped = state_->front.subscribers.dropped();
  result.sends_failed = stats.failed_sends.get();
  result.outbound_bytes = outbound_bytes();
  result.subscribers = static_cast<uint32_t>(state_->front.subscribers.size());
  auto& protocol = session_.protocol();
  result.channels
    = static_cast<uint32_t>(protocol.subscriptions().num_channels());
  result.pending_calls = static_cast<uint32_t>(protocol.pending_calls());
  result.queued = static_cast<uint32_t>(protocol.queued());
  result.malformed = stats.malformed.get();
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
  result.subscribers = static_cast<uint32_t>(state_->front.subscribers.size());
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
  session_.request_close(1001, {}, clock::now(), {}, actions_);
  follow();
}

bool client::drop_subscriber(const caf::actor_addr& subscriber) {
  auto number = front().remove(subscriber);
  if (number == 0)
    return false;
  session_.remove_subscriber(number, clock::now(), actions_);
  follow();
  resume_if_drained();
  return true;
}

} // namespace zenws
