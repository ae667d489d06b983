// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/internal/node_relay.hpp"
#include "zenws/nodes/internal/node_transport.hpp"

#include <algorithm>
#include <utility>

// The streams of a node.

namespace zenws {

// -- streams ------------------------------------------------------------------

node_relay::stream& node_relay::add_stream(std::string client,
                                           caf::actor receiver,
                                           stream_interest interest,
                                           const stream_options& options) {
  // A node that was tired of waiting for its stream asks for it again.
  auto older = std::find_if(streams_.begin(), streams_.end(),
                            [&](auto& x) { return x.second.client == client; });
  if (older != streams_.end())
    close(older->first);
  auto& result = streams_[++last_number_];
  result.number = last_number_;
  result.client = std::move(client);
  result.receiver = std::move(receiver);
  result.interest = interest;
  result.options = options;
  caf_compat::monitor(*this, result.receiver);
  stats_->streams.set(streams_.size());
  if (auto known = host_.clients().find(result.client))
    result.source = known->address;
  return result;
}

caf::expected<opened_stream> node_relay::opened(stream& entry) {
  auto known = host_.clients().find(entry.client);
  if (!known)
    return make_error(error{ec::not_found, entry.client});
  entry.source = known->address;
  entry.client_id = known->id;
  numbers_by_client_[known->id] = entry.number;
  entry.is_open = true;
  return opened_stream{entry.number, entry.source, known->dialect};
}

void node_relay::join(stream& entry) {
  auto ignore = [](const caf::error&) {};
  if (entry.interest == stream_interest::everything) {
    request(entry.source, caf::infinite,
            subscribe{caf_compat::handle_to(*this), terms_of(entry)})
      .then([] {}, ignore);
    return;
  }
  // For no channels so far, which means: for events.
  request(entry.source, caf::infinite,
          subscribe_channels{{}, caf_compat::handle_to(*this), terms_of(entry)})
    .then([](const channel_report&) {},
          [=, this, number = entry.number](const caf::error& reason) {
            auto* found = find(number);
            if (found == nullptr
                || caf_compat::code_of(reason) != ec::not_supported)
              return;
            auto terms = terms_of(*found);
            terms.content = subscription_content::events;
            request(found->source, caf::infinite,
                    subscribe{caf_compat::handle_to(*this), terms})
              .then([] {}, ignore);
          });
}

void node_relay::leave(stream& entry) {
  leave_market(entry);
  request(entry.source, caf::infinite,
          unsubscribe{caf_compat::handle_to(*this)})
    .then([] {}, [](const caf::error&) {});
}

void node_relay::leave_market(stream& entry) {
  for (auto kind : market::data_kinds::all) {
    unsubscribe_market unwanted{{}, {kind}, as_market_subscriber()};
    for (auto& [wanted, instrument] : entry.market)
      if (wanted == kind)
        unwanted.instruments.push_back(instrument);
    if (!unwanted.instruments.empty())
      request(entry.source, caf::infinite, std::move(unwanted))
        .then([] {}, [](const caf::error&) {});
  }
  entry.market.clear();
}

subscription_options node_relay::terms_of(const stream& entry) const {
  return {.policy = entry.options.policy,
          .budget_bytes = entry.options.budget_bytes};
}

market_subscriber node_relay::as_market_subscriber() {
  return caf::actor_cast<market_subscriber>(caf::strong_actor_ptr{ctrl()});
}

node_relay::stream* node_relay::find(uint64_t number) {
  auto i = streams_.find(number);
  return i == streams_.end() ? nullptr : &i->second;
}

// -- messages of clients ------------------------------------------------------

void node_relay::handle(const message_batch& batch) {
  auto i = numbers_by_client_.find(batch.client_id());
  if (i == numbers_by_client_.end())
    return;
  auto& to = streams_.at(i->second);
  if (transfer_cost(batch) <= max_transfer_bytes)
    return pass_on_batch(to, batch);
  client_event gap{.kind = event_kind::messages_dropped,
                   .state = client_state::ready,
                   .client_id = batch.client_id(),
                   .client = to.client,
                   .epoch = batch.epoch(),
                   .reason = error{ec::message_too_big, "for another node"},
                   .dropped_messages = batch.size(),
                   .next_sequence = batch.first_sequence() + batch.size()};
  pass_on_event(to, gap);
}

void node_relay::handle(const market_batch& batch) {
  auto i = numbers_by_client_.find(batch.client_id());
  if (i == numbers_by_client_.end())
    return;
  auto& to = streams_.at(i->second);
  if (transfer_cost(batch) <= max_market_transfer_cost)
    pass_on_batch(to, batch);
  else
    pass_on_event(to, stream_market_dropped{batch.size()});
}

void node_relay::handle(const client_event& event) {
  // Events for watchers have no sender.
  if (!current_sender())
    return tell_watchers(event);
  for (auto& [number, to] : streams_)
    if (to.client == event.client) {
      // Of market data, which another actor makes of the client's messages.
      if (event.kind == event_kind::messages_dropped
          && current_sender() != to.source)
        return pass_on_event(to, stream_market_dropped{event.dropped_messages});
      to.client_id = event.client_id;
      numbers_by_client_[event.client_id] = number;
      return pass_on_event(to, event);
    }
}

template <class Batch>
void node_relay::pass_on_batch(stream& to, const Batch& batch) {
  count_waiting(to, to.waiting_bytes + batch.content()->footprint());
  to.waiting.push_back(batch);
  flush(to);
}

template <class Event>
void node_relay::pass_on_event(stream& to, const Event& event) {
  ++to.waiting_events;
  to.waiting.push_back(event);
  flush(to);
  if (to.waiting_events > max_waiting_events) {
    end(to, error{ec::subscriber_overflow, "too many events wait"});
    close(to.number);
  }
}

void node_relay::flush(stream& to) {
  // The client of a stream that is not open may be ahead of the answer.
  if (!to.is_open)
    return;
  while (!to.waiting.empty() && to.in_flight < to.options.window_bytes) {
    // Gathered messages go at the latest with the next credit.
    if (to.gathers())
      return;
    auto& next = to.waiting.front();
    if (auto* event = std::get_if<client_event>(&next)) {
      caf_compat::tell(*this, to.receiver, std::move(*event));
      --to.waiting_events;
      to.waiting.pop_front();
    } else if (auto* loss = std::get_if<stream_market_dropped>(&next)) {
      caf_compat::tell(*this, to.receiver, *loss);
      --to.waiting_events;
      to.waiting.pop_front();
    } else {
      caf_compat::tell(*this, to.receiver, next_transfer(to));
    }
  }
}

stream_transfer node_relay::next_transfer(stream& from) {
  stream_transfer result;
  size_t bytes = 0;
  size_t memory = 0;
  auto take = [&](auto& batch, auto& to) {
    bytes += transfer_cost(batch);
    memory += batch.content()->footprint();
    to.push_back(std::move(batch));
  };
  while (!from.waiting.empty() && bytes < max_bulk_bytes) {
    auto& next = from.waiting.front();
    if (auto* messages = std::get_if<message_batch>(&next))
      take(*messages, result.batches);
    else if (auto* updates = std::get_if<market_batch>(&next))
      take(*updates, result.market);
    else
      break;
    from.waiting.pop_front();
  }
  count_in_flight(from, from.in_flight + bytes);
  count_waiting(from, from.waiting_bytes - memory);
  stats_->batches.add(result.batches.size() + result.market.size());
  stats_->sent_bytes.add(bytes);
  return result;
}

void node_relay::count_waiting(stream& of, size_t bytes) {
  stats_->waiting_bytes.add(bytes - std::exchange(of.waiting_bytes, bytes));
}

void node_relay::count_in_flight(stream& of, size_t bytes) {
  stats_->in_flight_bytes.add(bytes - std::exchange(of.in_flight, bytes));
}

void node_relay::end(stream& entry, error reason) {
  entry.waiting.clear();
  entry.waiting_events = 0;
  count_waiting(entry, 0);
  caf_compat::tell(*this, entry.receiver, stream_ended{std::move(reason)});
}

} // namespace zenws
