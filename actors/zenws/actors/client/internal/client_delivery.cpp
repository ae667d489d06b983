// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/internal/client.hpp"

#include <string_view>
#include <utility>

// Delivery of messages and events, and backpressure.

namespace zenws {

namespace {

event_kind kind_of(outcome_kind outcome) {
  switch (outcome) {
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

} // namespace

// -- delivery -----------------------------------------------------------------

routed_message client::read(const slab_entry& message, clock::time_point now) {
  if (message.kind != message_kind::text)
    return {};
  auto& result = session_.received(message.payload(), now, actions_);
  if (result.kind == inbound_kind::malformed)
    ++state_->stats->malformed;
  return result;
}

void client::deliver(slab_ptr filled) {
  assign_sequence(*filled);
  shared_slab_ptr messages{std::move(filled)};
  if (reads_messages_) {
    apply_backpressure(route(messages));
  } else {
    tape().put(messages);
    session_.data_arrived(clock::now());
    apply_backpressure(front().deliver(messages));
  }
}

void client::assign_sequence(slab& messages) {
  auto& position = front().position;
  position.assign_sequence(messages);
  auto& stats = *state_->stats;
  stats.messages.store(position.next_sequence - 1, std::memory_order_relaxed);
  stats.received_bytes.add(messages.payload_bytes());
}

subscriber_set::verdict client::route(const shared_slab_ptr& messages) {
  using verdict = subscriber_set::verdict;
  auto result = verdict::keep_reading;
  auto now = clock::now();
  auto brought_data = false;
  auto brought_answers = false;
  uint32_t index = 0;
  uint32_t taped = 0;
  for (auto& entry : *messages) {
    auto content = read(entry, now);
    if (content.is_data()) {
      brought_data = true;
      state_->front.subscribers.select(index, content.subscribers);
    }
    if (content.kind == inbound_kind::unclaimed)
      keep_unclaimed(messages, index, content.channel);
    brought_answers |= content.kind == inbound_kind::answer;
    ++index;
    if (!actions_.empty()) {
      // Events come after the messages before them, and before those after.
      tape().put(messages, std::exchange(taped, index), index);
      if (front().deliver_selected(messages) == verdict::stop_reading)
        result = verdict::stop_reading;
      follow();
      if (!unclaimed_.empty())
        claim_messages();
    }
  }
  tape().put(messages, taped, index);
  if (brought_data)
    session_.data_arrived(now);
  if (brought_answers) // a login tells when it has to be renewed
    arm_timer();
  return front().deliver_selected(messages) == verdict::stop_reading
           ? verdict::stop_reading
           : result;
}

void client::hold_back(slab_ptr messages) {
  auto now = clock::now();
  successor_buffer::burst held{std::move(messages), {}};
  uint32_t index = 0;
  for (auto& entry : *held.messages) {
    auto content = read(entry, now);
    if (content.is_data())
      held.data.push_back({index, std::string{content.channel},
                           content.kind != inbound_kind::unclaimed});
    ++index;
  }
  held_.add(std::move(held));
  follow();
  if (!held_.is_full() || !successor_)
    return;
  if (session_.draining()) {
    successor_->socket->pause_reading();
  } else {
    end(successor_);
    session_.successor_lost(
      error{ec::connection_lost, "too much data before the channels were back"},
      now, actions_);
    follow();
  }
}

void client::deliver_held() {
  for (auto& [filled, data] : held_.take()) {
    assign_sequence(*filled);
    shared_slab_ptr messages{std::move(filled)};
    tape().put(messages);
    auto& dialect = session_.protocol().venue_dialect();
    auto& channels = session_.protocol().subscriptions();
    for (auto& [index, channel, is_claimed] : data)
      state_->front.subscribers.select(
        index,
        channels.subscribers_of(is_claimed ? std::string_view{channel}
                                           : dialect.channel_of(channel)));
    apply_backpressure(front().deliver_selected(messages));
  }
}

void client::keep_unclaimed(const shared_slab_ptr& messages, uint32_t index,
                            std::string_view id) {
  if (session_.protocol().pending_calls() == 0) {
    unclaimed_.clear(); // no answer will tell
    return;
  }
  if (unclaimed_.add(messages, index, std::string{id}))
    return;
  auto event = front().position.event(event_kind::messages_dropped);
  event.detail = "too many came before the answer that tells their channel";
  front().deliver(event);
}

void client::claim_messages() {
  auto& channels = session_.protocol().subscriptions();
  unclaimed_.claim([&](const shared_slab_ptr& messages, uint32_t index,
                       const std::string& id) {
    auto channel = session_.protocol().venue_dialect().channel_of(id);
    if (channel.empty())
      return false;
    state_->front.subscribers.select_late(index,
                                          channels.subscribers_of(channel));
    apply_backpressure(front().deliver_selected(messages));
    return true;
  });
  if (session_.protocol().pending_calls() == 0)
    unclaimed_.clear();
}

void client::tell_of_channel(const subscription_outcome& outcome) {
  auto subscriber = front().subscribers.find(outcome.subscriber);
  if (!subscriber)
    return;
  auto event = front().position.event(kind_of(outcome.kind));
  event.detail = outcome.channel;
  event.reason = outcome.reason;
  event.reason.detail = state_->secrets->hide(std::move(event.reason.detail));
  tape().put(event);
  front().deliver(subscriber, std::move(event));
}

void client::announce(const client_event& event) {
  tape().put(event);
  front().deliver(event);
}

// -- slow subscribers ---------------------------------------------------------

void client::apply_backpressure(subscriber_set::verdict verdict) {
  if (verdict == subscriber_set::verdict::stop_reading && !paused_until_) {
    if (must_read())
      state_->front.subscribers.shed_congested();
    else
      pause_reading();
  }
  for (auto number : front().take_removed())
    session_.remove_subscriber(number, clock::now(), actions_);
  follow();
}

bool client::must_read() const {
  return session_.state() != client_state::ready || successor_ != nullptr
         || session_.protocol().pending_calls() > 0;
}

void client::pause_reading() {
  paused_until_ = clock::now() + state_->spec.config.max_reading_pause;
  if (socket())
    socket()->pause_reading();
  session_.reading_paused();
  ++state_->stats->reading_pauses;
  auto event = front().position.event(event_kind::reading_paused);
  if (auto slow = state_->front.subscribers.congested_one())
    event.detail = caf_compat::describe_actor(slow);
  announce(event);
  arm_timer();
}

void client::resume_reading() {
  auto was_paused = std::exchange(paused_until_, std::nullopt).has_value();
  if (socket())
    socket()->resume_reading();
  session_.reading_resumed(clock::now());
  if (was_paused)
    announce(front().position.event(event_kind::reading_resumed));
}

void client::resume_if_drained() {
  if (!paused_until_ || state_->front.subscribers.congested())
    return;
  resume_reading();
  arm_timer();
}

void client::read_on() {
  state_->front.subscribers.shed_congested();
  resume_reading();
}

} // namespace zenws
