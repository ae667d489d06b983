// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/market/internal/market_front.hpp"

#include "zenws/actors/market/internal/market_delivery.hpp"
#include "zenws/actors/messages/messages.hpp"

#include <utility>

namespace zenws {

namespace {

market_audiences::interest interest_of(const market_wish& wish) {
  return {wish.kind, wish.instrument};
}

// Returns whether data may come in a state.
bool brings_data(client_state state) noexcept {
  return state == client_state::authenticating
         || state == client_state::restoring || state == client_state::ready;
}

// Returns whether a connection has ended between two states.
bool has_ended(client_state before, client_state now) noexcept {
  return before == client_state::ready
           ? now != client_state::ready
           : brings_data(before) && !brings_data(now);
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
  return front.number_of(caf::actor_cast<caf::actor>(request.subscriber),
                         request.options);
}

bool market_front::follow(uint64_t subscriber, const market_wish& wish,
                          time_point now) {
  auto is_new = audiences_.add(subscriber, interest_of(wish));
  if (is_new) {
    feed_->add(wish, now);
    learn_names(wish);
  }
  market::update_list known;
  feed_->tell(wish, known);
  if (!known.empty())
    tell(subscriber, known);
  return is_new;
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

subscriber_set::verdict market_front::deliver(std::vector<std::string>& gone) {
  if (pending_.empty())
    return subscriber_set::verdict::keep_reading;
  stats->count(pending_, received_at);
  auto content = block_of(pending_, front.position, received_at);
  pending_.clear();
  auto result = zenws::deliver(content, market_audiences::content::all_wanted,
                               audiences_, front);
  stats->dropped.set(front.subscribers.dropped());
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
  if (!has_feed())
    return;
  // Whatever the event: a client that is killed tells nothing of its
  // connection.
  if (has_ended(before, event.state)) {
    feed_->disconnected(now, pending_);
    forget_connection();
  }
  switch (event.kind) {
    case event_kind::state_changed:
      if (event.state == client_state::ready)
        feed_->connected(now);
      break;
    case event_kind::connection_replaced:
      feed_->replaced();
      forget_connection();
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

std::set<uint64_t> market_front::give_up(std::string_view channel) {
  std::set<uint64_t> result;
  if (!has_feed())
    return result;
  for (auto& wish : feed_->wishes_of(channel))
    for (auto subscriber : audiences_.drop(interest_of(wish))) {
      (void) feed_->remove(wish); // the client does not have it any more
      result.insert(subscriber);
    }
  return result;
}

void market_front::begin_anew(time_point now) {
  if (!has_feed())
    return;
  feed_->disconnected(now, pending_);
  feed_->forget_data();
  forget_connection();
}

// What the dialect knows of the old connection is void.
void market_front::forget_connection() {
  venue_->connected();
  for (auto& wish : feed_->wishes())
    learn_names(wish);
}

void market_front::learn_names(const market_wish& wish) {
  auto channels = feed_->channels(wish);
  if (!channels || channels->empty())
    return;
  subscription_request request;
  request.channels = std::move(*channels);
  (void) venue_->subscription(request, 1);
}

void market_front::tell(uint64_t subscriber, const market::update_list& known) {
  front.subscribers.deliver({&subscriber, 1},
                            block_of(known, front.position, received_at),
                            nullptr, front.position.event({}), front.origin());
}

} // namespace zenws
