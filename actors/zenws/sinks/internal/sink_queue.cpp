// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/internal/sink_queue.hpp"

#include <algorithm>

namespace zenws {

// -- constructors, destructors, and assignment operators ----------------------

sink_queue::sink_queue(const sink_bounds& bounds) : bounds_(bounds) {
  // nop
}

// -- properties ---------------------------------------------------------------

sink_queue::time_point sink_queue::since() const noexcept {
  return sealed_.empty() ? open_->since : sealed_.front()->since;
}

// -- adding -------------------------------------------------------------------

sink_queue::admission sink_queue::add(const sink_source_ptr& source,
                                      sink_record record, time_point now) {
  if (has_room_for(record)) {
    push(std::move(record), now);
    return admission::taken;
  }
  auto& loss = untold_loss(source);
  auto& key = record.key;
  if (loss.first_sequence == 0) {
    loss.first_epoch = key.epoch;
    loss.first_sequence = key.sequence;
  }
  ++loss.lost;
  loss.last_epoch = key.epoch;
  loss.last_sequence = key.sequence;
  return admission::left_out;
}

void sink_queue::add_loss(const sink_source_ptr& source, const sink_loss& loss,
                          time_point now) {
  auto record = source->make(loss);
  if (has_room_for(record))
    push(std::move(record), now);
  else
    untold_loss(source).lost += loss.lost;
}

std::vector<sink_queue::told_loss> sink_queue::settle(time_point now) {
  std::vector<told_loss> result;
  if (bytes_ + bounds_.batch_bytes > bounds_.budget_bytes)
    return result;
  for (auto& [source, loss] : std::exchange(left_out_, {})) {
    push(source->make(loss), now);
    result.push_back({source->client(), loss});
  }
  return result;
}

std::vector<sink_queue::told_loss> sink_queue::untold() const {
  std::vector<told_loss> result;
  for (auto& [source, loss] : left_out_)
    result.push_back({source->client(), loss});
  return result;
}

bool sink_queue::has_room_for(const sink_record& record) const noexcept {
  return left_out_.empty()
         && bytes_ + record.footprint() <= bounds_.budget_bytes;
}

sink_loss& sink_queue::untold_loss(const sink_source_ptr& source) {
  auto i = std::ranges::find(left_out_, source,
                             [](auto& x) { return x.first; });
  if (i != left_out_.end())
    return i->second;
  return left_out_.emplace_back(source, sink_loss{}).second;
}

void sink_queue::push(sink_record record, time_point now) {
  auto bytes = record.footprint();
  if (open_ == nullptr) {
    open_ = std::make_shared<sink_batch>();
    open_->origin = origin_;
    open_->number = ++batches_;
    open_->since = now;
  }
  open_->records.push_back(std::move(record));
  open_->bytes += bytes;
  bytes_ += bytes;
  ++records_;
  if (open_->bytes >= bounds_.batch_bytes
      || open_->records.size() >= bounds_.batch_records)
    sealed_.push_back(std::exchange(open_, nullptr));
}

// -- writing ------------------------------------------------------------------

sink_batch_ptr sink_queue::front() {
  if (sealed_.empty() && open_ != nullptr)
    sealed_.push_back(std::exchange(open_, nullptr));
  return sealed_.empty() ? nullptr : sealed_.front();
}

void sink_queue::confirm() {
  auto& batch = *sealed_.front();
  records_ -= batch.records.size();
  bytes_ -= batch.bytes;
  sealed_.pop_front();
}

std::vector<sink_queue::told_loss>
sink_queue::confirm(std::span<const size_t> refused, time_point now) {
  std::vector<told_loss> result;
  auto batch = sealed_.front();
  confirm();
  for (auto index : refused) {
    auto& [key, content] = batch->records[index];
    sink_loss loss{.cause = sink_loss_cause::refused,
                   .lost = 1,
                   .first_epoch = key.epoch,
                   .first_sequence = key.sequence,
                   .last_epoch = key.epoch,
                   .last_sequence = key.sequence};
    // A store that refuses losses would do so without end.
    if (!std::holds_alternative<sink_loss>(content))
      push({key, loss}, now);
    result.push_back({*key.client, loss});
  }
  return result;
}

bool sink_queue::split() {
  auto whole = sealed_.front();
  auto& records = whole->records;
  if (records.size() < 2)
    return false;
  bytes_ -= whole->bytes;
  auto middle = records.begin() + static_cast<ptrdiff_t>(records.size() / 2);
  auto make_part = [&](uint64_t number, auto first, auto last) {
    auto result
      = std::make_shared<sink_batch>(sink_batch{.origin = whole->origin,
                                                .number = number,
                                                .records = {first, last},
                                                .since = whole->since});
    for (auto& x : result->records)
      result->bytes += x.footprint();
    bytes_ += result->bytes;
    return result;
  };
  sealed_.pop_front();
  // The store has seen none of those behind.
  for (auto& x : sealed_)
    ++x->number;
  if (open_ != nullptr)
    ++open_->number;
  ++batches_;
  sealed_.push_front(make_part(whole->number + 1, middle, records.end()));
  sealed_.push_front(make_part(whole->number, records.begin(), middle));
  return true;
}

} // namespace zenws
