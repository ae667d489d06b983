// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/outlet_queue.hpp"

#include "zenws/outlet/internal/outlet_text.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

uint64_t sequence_of(const message_batch& batch) {
  return batch.first_sequence();
}

// Market data may be of no message, such as a book that is lost.
uint64_t sequence_of(const market_batch&) {
  return 0;
}

std::string encode(const outlet_source& source, const message_batch& batch,
                   const message_view& message) {
  return outlet_message(source, batch.epoch(), message);
}

std::string encode(const outlet_source& source, const market_batch& batch,
                   const market::update& update) {
  return outlet_update(source, batch.epoch(), update);
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

outlet_queue::outlet_queue(size_t budget_bytes, std::function<void()> filled)
  : budget_bytes_(budget_bytes), filled_(std::move(filled)) {
  // nop
}

// -- adding -------------------------------------------------------------------

outlet_queue::admission outlet_queue::add(const outlet_source_ptr& source,
                                          const message_batch& batch) {
  return add_batch(source, batch);
}

outlet_queue::admission outlet_queue::add(const outlet_source_ptr& source,
                                          const market_batch& batch) {
  return add_batch(source, batch);
}

template <class Batch>
outlet_queue::admission
outlet_queue::add_batch(const outlet_source_ptr& source, const Batch& batch) {
  if (batch.empty() || is_closed_ || source->is_over)
    return admission::taken;
  if (held_bytes_ >= budget_bytes_
      || source->held_bytes >= source->budget_bytes) {
    if (source->policy == overflow_policy::disconnect_subscriber)
      return admission::must_end;
    if (source->dropped == 0)
      lossy_.push_back(source);
    source->dropped += batch.size();
    return admission::dropped;
  }
  tell_loss(source, sequence_of(batch));
  auto bytes = additional_bytes(batch);
  auto footprint = batch.content()->footprint();
  held_bytes_ += bytes;
  source->held_bytes += footprint;
  push({source, rest_of<Batch>{batch}, footprint, bytes});
  return admission::taken;
}

template <class Batch>
size_t outlet_queue::additional_bytes(const Batch& batch) const {
  if (!items_.empty())
    if (auto* last = std::get_if<rest_of<Batch>>(&items_.back().content))
      if (last->batch.content() == batch.content())
        return 0;
  return batch.content()->footprint();
}

void outlet_queue::tell_loss(const outlet_source_ptr& source,
                             uint64_t next_sequence) {
  if (source->dropped == 0)
    return;
  std::erase(lossy_, source);
  auto count = std::exchange(source->dropped, 0);
  add_event(source, outlet_loss(*source, count, next_sequence));
}

void outlet_queue::add_event(const outlet_source_ptr& source,
                             std::string text) {
  if (is_closed_ || source->is_over)
    return;
  ++events_;
  push({source, std::move(text)});
}

void outlet_queue::add_answer(std::string text) {
  if (is_closed_)
    return;
  ++answers_;
  push({nullptr, std::move(text)});
}

void outlet_queue::close() {
  is_closed_ = true;
}

void outlet_queue::push(item x) {
  items_.push_back(std::move(x));
  filled_();
}

// -- taking -------------------------------------------------------------------

std::optional<std::string> outlet_queue::next() {
  if (items_.empty())
    return std::nullopt;
  auto& first = items_.front();
  std::string result;
  auto is_done = true;
  if (auto* text = std::get_if<std::string>(&first.content)) {
    result = std::move(*text);
  } else {
    auto take = [&](auto& from) {
      result = encode(*first.source, from.batch, *from.next++);
      is_done = from.next == from.batch.end();
    };
    if (auto* messages = std::get_if<rest_of<message_batch>>(&first.content))
      take(*messages);
    else
      take(std::get<rest_of<market_batch>>(first.content));
  }
  if (is_done) {
    forget(first);
    items_.pop_front();
    tell_losses();
  }
  return result;
}

void outlet_queue::forget(const item& x) {
  held_bytes_ -= x.additional_bytes;
  if (x.source != nullptr)
    x.source->held_bytes -= x.footprint;
  if (std::holds_alternative<std::string>(x.content))
    --(x.source == nullptr ? answers_ : events_);
}

void outlet_queue::tell_losses() {
  if (held_bytes_ > budget_bytes_ / 2)
    return;
  for (auto& source : std::vector{lossy_}) // telling changes it
    if (source->held_bytes <= source->budget_bytes / 2)
      tell_loss(source, 0);
}

void outlet_queue::remove(const outlet_source_ptr& source) {
  std::erase(lossy_, source);
  source->dropped = 0;
  source->is_over = true;
  for (auto& x : items_)
    if (x.source == source)
      forget(x);
  std::erase_if(items_, [&](auto& x) { return x.source == source; });
}

} // namespace zenws
