// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/outlet_stream.hpp"

#include "zenws/outlet/internal/desk_text.hpp"
#include "zenws/outlet/internal/outlet_text.hpp"

#include <utility>

namespace zenws {

// -- constructors, destructors, and assignment operators ----------------------

outlet_stream::outlet_stream(caf::actor_config& cfg, outlet_source_ptr source,
                             std::shared_ptr<outlet_queue> queue,
                             std::function<void()> give_up)
  : super(cfg),
    source_(std::move(source)),
    queue_(std::move(queue)),
    give_up_(std::move(give_up)) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* outlet_stream::name() const {
  return "zenws.outlet_stream";
}

outlet_stream::behavior_type outlet_stream::make_behavior() {
  caf_compat::log_unhandled(*this);
  return {
    [this](const trading::order_event& x) { tell(x); },
    [this](const trading::fill& x) { tell(x); },
    [this](const trading::position& x) { tell(x); },
    [this](const trading::balance& x) { tell(x); },
    [this](const desk_state_changed& x) { tell(x); },
    [this](const desk_request_failed& x) { tell(x); },
    [this](const message_batch& x) { take(x); },
    [this](const market_batch& x) { take(x); },
    [this](const client_event& x) { take(x); },
  };
}

void outlet_stream::before_end() {
  give_up_ = nullptr;
}

// -- data and events ----------------------------------------------------------

template <class Batch>
void outlet_stream::take(const Batch& batch) {
  if (!give_up_
      || queue_->add(source_, batch) != outlet_queue::admission::must_end)
    return;
  take(client_event{.kind = event_kind::subscriber_removed,
                    .state = client_state::ready,
                    .client = source_->name,
                    .epoch = batch.epoch(),
                    .reason = error{ec::subscriber_overflow}});
}

void outlet_stream::take(const client_event& event) {
  if (!give_up_)
    return;
  if (event.kind == event_kind::messages_dropped && event.dropped_messages > 0)
    queue_->add_event(source_, outlet_loss(*source_, event.dropped_messages,
                                           event.next_sequence));
  else if (is_for_program(event))
    queue_->add_event(source_, outlet_event(*source_, event));
  if (event.kind == event_kind::subscriber_removed)
    std::exchange(give_up_, nullptr)();
}

// Events of the client are told once, whatever else is subscribed to.
bool outlet_stream::is_for_program(const client_event& event) const {
  auto is_own = event.kind == event_kind::subscriber_removed
                || event.kind == event_kind::channel_revoked;
  return is_own != (source_->topic == outlet_topic::events);
}

template <class News>
void outlet_stream::tell(const News& news) {
  queue_->add_event(source_, desk_text(*source_, news));
}

} // namespace zenws
