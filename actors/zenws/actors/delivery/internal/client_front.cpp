// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/delivery/internal/client_front.hpp"

#include "zenws/config_problem.hpp"

#include <atomic>
#include <utility>

namespace zenws {

namespace {

uint64_t next_client_id() noexcept {
  static std::atomic<uint64_t> last{0};
  return last.fetch_add(1) + 1;
}

} // namespace

// -- client_position ----------------------------------------------------------

client_event client_position::event(event_kind kind) const {
  client_event result;
  result.kind = kind;
  result.state = state;
  result.client_id = id;
  result.client = name;
  result.epoch = epoch;
  result.attempt = attempts;
  result.next_sequence = next_sequence;
  return result;
}

void client_position::assign_sequence(slab& messages) {
  messages.client_id = id;
  messages.epoch = epoch;
  messages.first_sequence = next_sequence;
  next_sequence += messages.count();
}

// -- constructors, destructors, and assignment operators ----------------------

client_front::client_front(std::string name, std::vector<subscribe> initial) {
  position.id = next_client_id();
  position.name = name.empty() ? "client-" + std::to_string(position.id)
                               : std::move(name);
  for (auto& x : initial)
    subscribers.add(std::move(x.subscriber), x.options);
}

// -- the actor ----------------------------------------------------------------

void client_front::attach(caf::local_actor& self) {
  self_ = &self;
  for (auto& x : subscribers.list())
    caf_compat::monitor(self, x);
}

void client_front::detach() {
  subscribers.on_drained(nullptr);
  // What watches a subscriber keeps the memory of its actor, for as long as the
  // subscriber lives.
  if (self_ != nullptr)
    for (auto& x : subscribers.list())
      caf_compat::demonitor(*self_, x.address());
  self_ = nullptr;
}

subscriber_set::origin client_front::origin() const {
  return {address ? address : caf::strong_actor_ptr{self_->ctrl()},
          self_->context()};
}

// -- subscribers --------------------------------------------------------------

uint64_t client_front::admit(const caf::actor& subscriber,
                             const subscription_options& options,
                             subscriber_set::interest interest) {
  if (subscribers.number_of(subscriber.address()) == 0)
    caf_compat::monitor(*self_, subscriber);
  auto number = subscribers.add(subscriber, options, interest);
  if (options.content != subscription_content::messages)
    for (auto kind : first_events)
      deliver(subscriber, position.event(kind));
  return number;
}

uint64_t client_front::number_of(const caf::actor& subscriber,
                                 const subscription_options& options) {
  if (auto number = subscribers.number_of(subscriber.address()))
    return number;
  return admit(subscriber, options, subscriber_set::interest::channels);
}

caf::result<void> client_front::add_subscriber(const subscribe& request) {
  if (auto problems = validate(request); !problems.empty())
    return make_error(as_error(problems));
  admit(request.subscriber, request.options,
        subscriber_set::interest::all_messages);
  return caf::unit;
}

caf::expected<uint64_t>
client_front::subscriber_of(const subscribe_channels& request) {
  if (auto problems = validate(subscribe{request.subscriber, request.options});
      !problems.empty())
    return make_error(as_error(problems));
  return number_of(request.subscriber, request.options);
}

uint64_t client_front::remove(const caf::actor_addr& subscriber) {
  auto number = subscribers.number_of(subscriber);
  if (number != 0) {
    caf_compat::demonitor(*self_, subscriber);
    subscribers.remove(subscriber);
  }
  return number;
}

std::vector<uint64_t> client_front::take_removed() {
  std::vector<uint64_t> result;
  for (auto& [subscriber, number] : subscribers.take_removed()) {
    caf_compat::demonitor(*self_, subscriber);
    result.push_back(number);
  }
  return result;
}

// -- delivery -----------------------------------------------------------------

void client_front::deliver(const client_event& event) const {
  subscribers.deliver(event, origin());
}

void client_front::deliver(const caf::actor& subscriber,
                           client_event event) const {
  auto from = origin();
  caf_compat::deliver(caf::actor_cast<caf::strong_actor_ptr>(subscriber),
                      from.sender, std::move(event), from.unit);
}

subscriber_set::verdict client_front::deliver(const shared_slab_ptr& messages) {
  return subscribers.deliver(messages, position.event({}), origin());
}

subscriber_set::verdict
client_front::deliver_selected(const shared_slab_ptr& messages) {
  return subscribers.deliver_selected(messages, position.event({}), origin());
}

void client_front::tell_dropped() {
  subscribers.tell_dropped(position.event({}), origin());
}

client_event client_front::end(const error& reason,
                               const subscriber_set::origin& from) {
  auto last = position.event(event_kind::ended);
  last.state = client_state::stopped;
  last.attempt = 0;
  last.reason = reason;
  subscribers.end(last, from);
  return last;
}

// -- waiting ------------------------------------------------------------------

caf::result<uint64_t> client_front::wait_until_ready() {
  if (position.state == client_state::ready)
    return position.epoch;
  waiting_.push_back(self_->make_response_promise());
  return caf::delegated<uint64_t>{};
}

void client_front::tell_ready() {
  for (auto& promise : std::exchange(waiting_, {}))
    caf_compat::answer(promise, position.epoch);
}

void client_front::fail_waiting(const caf::error& reason) {
  for (auto& promise : std::exchange(waiting_, {}))
    caf_compat::answer(promise, reason);
}

} // namespace zenws
