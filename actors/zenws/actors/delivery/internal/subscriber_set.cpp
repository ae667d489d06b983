// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/delivery/internal/subscriber_set.hpp"

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/messages/messages.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

caf::strong_actor_ptr pointer_to(const caf::actor& x) {
  return caf::actor_cast<caf::strong_actor_ptr>(x);
}

bool wants_messages(subscription_content x) noexcept {
  return x != subscription_content::events;
}

bool wants_events(subscription_content x) noexcept {
  return x != subscription_content::messages;
}

} // namespace

// -- subscribers ----------------------------------------------------------------

uint64_t subscriber_set::add(caf::actor subscriber,
                             subscription_options options, interest wanted) {
  auto budget = std::make_shared<delivery_budget>(options.budget_bytes);
  budget->on_drained(on_drained_);
  auto same = [&](const entry& x) { return x.subscriber == subscriber; };
  auto i = std::find_if(entries_.begin(), entries_.end(), same);
  if (i == entries_.end()) {
    entries_.push_back({.subscriber = std::move(subscriber),
                        .options = options,
                        .budget = std::move(budget),
                        .number = ++last_number_,
                        .wants = wanted});
    return last_number_;
  }
  i->budget->on_drained(nullptr);
  i->options = options;
  i->budget = std::move(budget);
  i->wants = std::min(i->wants, wanted);
  return i->number;
}

uint64_t
subscriber_set::number_of(const caf::actor_addr& subscriber) const noexcept {
  for (auto& x : entries_)
    if (x.subscriber.address() == subscriber)
      return x.number;
  return 0;
}

caf::actor subscriber_set::find(uint64_t number) const {
  for (auto& x : entries_)
    if (x.number == number)
      return x.subscriber;
  return nullptr;
}

bool subscriber_set::remove(const caf::actor_addr& subscriber) {
  auto same = [&](const entry& x) {
    return x.subscriber.address() == subscriber;
  };
  auto i = std::find_if(entries_.begin(), entries_.end(), same);
  if (i == entries_.end())
    return false;
  i->budget->on_drained(nullptr);
  entries_.erase(i);
  return true;
}

std::vector<caf::actor> subscriber_set::list() const {
  std::vector<caf::actor> result;
  result.reserve(entries_.size());
  for (auto& x : entries_)
    result.push_back(x.subscriber);
  return result;
}

void subscriber_set::on_drained(std::function<void()> callback) {
  on_drained_ = std::move(callback);
  for (auto& x : entries_)
    x.budget->on_drained(on_drained_);
}

bool subscriber_set::holds_up(const entry& x) noexcept {
  return x.options.policy == overflow_policy::backpressure && !x.sheds
         && x.budget->exhausted();
}

bool subscriber_set::congested() const noexcept {
  return std::any_of(entries_.begin(), entries_.end(), holds_up);
}

caf::actor subscriber_set::congested_one() const {
  auto i = std::find_if(entries_.begin(), entries_.end(), holds_up);
  return i != entries_.end() ? i->subscriber : caf::actor{};
}

void subscriber_set::shed_congested() {
  for (auto& x : entries_)
    x.sheds |= holds_up(x);
}

// -- delivery -------------------------------------------------------------------

template <class F>
subscriber_set::verdict subscriber_set::deliver_to_each(F deliver) {
  auto result = verdict::keep_reading;
  auto leave = [&](entry& x) {
    switch (deliver(x)) {
      case outcome::delivered:
        return false;
      case outcome::congested:
        result = verdict::stop_reading;
        return false;
      default:
        removed_.push_back({x.subscriber, x.number});
        return true;
    }
  };
  auto i = std::remove_if(entries_.begin(), entries_.end(), leave);
  entries_.erase(i, entries_.end());
  return result;
}

template <class MakeBatch>
subscriber_set::outcome
subscriber_set::deliver_to(entry& to, const portion& part,
                           const client_event& context, const origin& from,
                           MakeBatch make_batch) {
  if (!wants_messages(to.options.content))
    return outcome::delivered;
  auto ptr = pointer_to(to.subscriber);
  to.sheds = to.sheds && to.budget->exhausted();
  if (to.budget->exhausted()) {
    switch (to.options.policy) {
      case overflow_policy::backpressure:
        // Already read when reading was paused.
        if (!to.sheds)
          break;
        [[fallthrough]];
      case overflow_policy::drop_newest:
        // Without anything to wait for, there is room by now.
        if (part.of_loss == notice::when_drained
            && !to.budget->wait_for_drain())
          break;
        to.dropped += part.count;
        dropped_ += part.count;
        return outcome::delivered;
      case overflow_policy::disconnect_subscriber: {
        auto farewell = context;
        farewell.kind = event_kind::subscriber_removed;
        farewell.reason = error{ec::subscriber_overflow};
        caf_compat::deliver(ptr, from.sender, std::move(farewell), from.unit);
        return outcome::remove;
      }
    }
  }
  if (to.dropped > 0)
    tell_gap(to, part.first_sequence, context, from);
  caf_compat::deliver(ptr, from.sender, make_batch(), from.unit);
  auto congested = to.options.policy == overflow_policy::backpressure
                   && to.budget->exhausted() && to.budget->wait_for_drain();
  return congested ? outcome::congested : outcome::delivered;
}

subscriber_set::verdict subscriber_set::deliver(const shared_slab_ptr& messages,
                                                const client_event& context,
                                                const origin& from) {
  return deliver_to_each([&](entry& x) {
    if (x.wants != interest::all_messages)
      return outcome::delivered;
    return deliver_to(x, {messages->count(), messages->first_sequence}, context,
                      from, [&] {
                        return message_batch{messages, x.budget};
                      });
  });
}

void subscriber_set::select(uint32_t index, std::span<const uint64_t> numbers) {
  for (auto& x : entries_)
    if (x.wants == interest::all_messages
        || std::find(numbers.begin(), numbers.end(), x.number) != numbers.end())
      x.selected.push_back(index);
}

void subscriber_set::select_late(uint32_t index,
                                 std::span<const uint64_t> numbers) {
  for (auto& x : entries_)
    if (x.wants == interest::channels
        && std::find(numbers.begin(), numbers.end(), x.number) != numbers.end())
      x.selected.push_back(index);
}

subscriber_set::verdict
subscriber_set::deliver_selected(const shared_slab_ptr& messages,
                                 const client_event& context,
                                 const origin& from) {
  return deliver_to_each([&](entry& x) {
    if (x.selected.empty())
      return outcome::delivered;
    auto selection = std::exchange(x.selected, {});
    // The usual case: nothing but data, all of it wanted.
    if (selection.size() == messages->count())
      selection = {};
    auto count = selection.empty() ? messages->count() : selection.size();
    return deliver_to(x, {count, messages->first_sequence}, context, from, [&] {
      return message_batch{messages, x.budget, std::move(selection)};
    });
  });
}

subscriber_set::verdict
subscriber_set::deliver(std::span<const uint64_t> numbers,
                        const market_block_ptr& updates,
                        const market_selection& selection,
                        const client_event& context, const origin& from) {
  auto count = selection != nullptr ? selection->size() : updates->size();
  auto next = numbers.begin(); // both are in order
  return deliver_to_each([&](entry& x) {
    while (next != numbers.end() && *next < x.number)
      ++next;
    if (next == numbers.end() || *next != x.number)
      return outcome::delivered;
    portion part{count, context.next_sequence, notice::when_drained};
    return deliver_to(x, part, context, from, [&] {
      return market_batch{updates, x.budget, selection};
    });
  });
}

void subscriber_set::deliver(const client_event& event,
                             const origin& from) const {
  for (auto& x : entries_)
    if (wants_events(x.options.content))
      caf_compat::deliver(pointer_to(x.subscriber), from.sender,
                          client_event{event}, from.unit);
}

void subscriber_set::tell_dropped(const client_event& context,
                                  const origin& from) {
  for (auto& x : entries_)
    if (x.dropped > 0 && !x.budget->exhausted())
      tell_gap(x, context.next_sequence, context, from);
}

void subscriber_set::tell_gap(entry& to, uint64_t next_sequence,
                              const client_event& context, const origin& from) {
  auto gap = context;
  gap.kind = event_kind::messages_dropped;
  gap.dropped_messages = std::exchange(to.dropped, 0);
  gap.next_sequence = next_sequence;
  caf_compat::deliver(pointer_to(to.subscriber), from.sender, std::move(gap),
                      from.unit);
}

void subscriber_set::end(const client_event& last, const origin& from) {
  for (auto& x : entries_)
    if (x.dropped > 0)
      tell_gap(x, last.next_sequence, last, from);
  deliver(last, from);
  auto source = from.sender ? from.sender->address() : caf::actor_addr{};
  auto reason = last.reason ? make_error(last.reason)
                            : make_error(caf::exit_reason::user_shutdown);
  for (auto& x : entries_)
    if (x.options.lifetime == subscriber_lifetime::ends_with_client)
      caf_compat::deliver(pointer_to(x.subscriber), from.sender,
                          caf::exit_msg{source, reason}, from.unit);
}

std::vector<subscriber_set::removed> subscriber_set::take_removed() {
  return std::exchange(removed_, {});
}

} // namespace zenws
