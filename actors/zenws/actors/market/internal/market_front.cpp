// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/market/internal/market_front.hpp"

#include "zenws/actors/messages/messages.hpp"

#include <utility>

namespace zenws {

namespace {

market_audiences::interest interest_of(const market_wish& wish) {
  return {wish.kind, wish.instrument};
}

void append(std::vector<std::string>& to, std::vector<std::string> names) {
  to.insert(to.end(), std::make_move_iterator(names.begin()),
            std::make_move_iterator(names.end()));
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

market_front::market_front(std::string name, dialect_ptr venue,
                           const feed_config& cfg, question_scope scope)
  : front(std::move(name)), venue_(std::move(venue)) {
  if (venue_ != nullptr && venue_->market() != nullptr)
    feed_ = std::make_unique<market_feed>(*venue_->market(), cfg, scope);
}

// -- wishes -------------------------------------------------------------------

caf::expected<std::vector<market_front::plan>>
market_front::plans_of(const subscribe_market& request) const {
  if (auto problems = validate(request); !problems.empty())
    return make_error(as_error(problems));
  if (!has_feed())
    return make_error(
      error{ec::not_supported, "the dialect has no market data"});
  std::vector<plan> result;
  for (auto& wish : wishes_of(request)) {
    auto& next = result.emplace_back(plan{std::move(wish)});
    if (auto channels = feed_->channels(next.wish))
      next.channels = std::move(*channels);
    else
      next.refusal = channels.error();
  }
  return result;
}

uint64_t market_front::admit(const subscribe_market& request) {
  auto subscriber = caf::actor_cast<caf::actor>(request.subscriber);
  if (auto number = front.subscribers.number_of(subscriber.address()))
    return number;
  return front.admit(subscriber, request.options,
                     subscriber_set::interest::channels);
}

void market_front::follow(uint64_t subscriber, const market_wish& wish,
                          time_point now) {
  if (!audiences_.add(subscriber, interest_of(wish)))
    return;
  feed_->add(wish, now);
  market::update_list known;
  feed_->tell(wish, known);
  if (!known.empty())
    tell(front.subscribers.find(subscriber), known);
}

std::vector<std::string> market_front::leave(uint64_t subscriber,
                                             const market_wish& wish) {
  if (!audiences_.remove(subscriber, interest_of(wish)))
    return {};
  return feed_->remove(wish);
}

std::vector<std::string> market_front::leave(uint64_t subscriber) {
  std::vector<std::string> result;
  for (auto& [kind, instrument] : audiences_.remove_all(subscriber))
    append(result, feed_->remove({kind, instrument}));
  return result;
}

// -- data ---------------------------------------------------------------------

void market_front::read(const message_view& message, time_point now) {
  if (!has_feed() || message.kind != message_kind::text)
    return;
  auto content = venue_->read(message.payload);
  if (content.kind == inbound_kind::data)
    feed_->received(content, message.sequence, now, pending_);
}

subscriber_set::verdict
market_front::deliver(std::vector<std::string>& gone) {
  auto result = subscriber_set::verdict::keep_reading;
  if (pending_.empty())
    return result;
  boost::intrusive_ptr content{new market_block(pending_)};
  content->client_id = front.position.id;
  content->epoch = front.position.epoch;
  content->received_at = received_at;
  pending_.clear();
  auto context = front.position.event({});
  auto from = front.origin();
  audiences_.select(*content, [&](const std::vector<uint64_t>& subscribers,
                                  const market_selection& selection) {
    if (front.subscribers.deliver(subscribers, content, selection, context,
                                  from)
        == subscriber_set::verdict::stop_reading)
      result = subscriber_set::verdict::stop_reading;
  });
  for (auto number : front.take_removed())
    append(gone, leave(number));
  return result;
}

void market_front::handle(const client_event& event, time_point now) {
  using market::loss_cause;
  auto& position = front.position;
  position.id = event.client_id;
  position.name = event.client;
  position.epoch = event.epoch;
  position.next_sequence = event.next_sequence;
  auto before = std::exchange(position.state, event.state);
  if (has_feed())
    switch (event.kind) {
      case event_kind::state_changed:
        if (event.state == client_state::ready)
          feed_->connected(now);
        else if (before == client_state::ready)
          feed_->disconnected(now, pending_);
        break;
      case event_kind::messages_dropped:
        feed_->lost_messages(now, pending_);
        break;
      case event_kind::channel_silent:
        feed_->channel_lost(event.detail, loss_cause::silent, now, pending_);
        break;
      case event_kind::channel_lost:
      case event_kind::channel_revoked:
        feed_->channel_lost(event.detail, loss_cause::ended, now, pending_);
        break;
      default:
        break;
    }
}

void market_front::tell(const caf::actor& subscriber,
                        const market::update_list& known) {
  if (!subscriber)
    return;
  boost::intrusive_ptr content{new market_block(known)};
  content->client_id = front.position.id;
  content->epoch = front.position.epoch;
  content->received_at = received_at;
  auto from = front.origin();
  caf_compat::deliver(caf::actor_cast<caf::strong_actor_ptr>(subscriber),
                      from.sender, market_batch{std::move(content)},
                      from.unit);
}

} // namespace zenws
