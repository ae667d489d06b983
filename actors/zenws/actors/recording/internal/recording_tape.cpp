// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/recording/internal/recording_tape.hpp"

#include "zenws/actors/messages/messages.hpp"

#include <numeric>
#include <utility>
#include <vector>

namespace zenws {

using std::chrono::system_clock;

// -- waiting_entry ------------------------------------------------------------

detail::waiting_entry::waiting_entry(recorded_header header,
                                     std::string_view content,
                                     std::shared_ptr<delivery_budget> account)
  : head(header), data(content), budget(std::move(account)) {
  budget->charge(footprint());
}

detail::waiting_entry::~waiting_entry() {
  budget->release(footprint());
}

// -- recorder_alarm -----------------------------------------------------------

void recorder_alarm::on_failure(std::function<void(const error&)> callback) {
  std::lock_guard guard{mtx_};
  callback_ = std::move(callback);
  if (callback_ && unheard_)
    callback_(*std::exchange(unheard_, std::nullopt));
}

void recorder_alarm::raise(const error& reason) {
  std::lock_guard guard{mtx_};
  if (callback_)
    callback_(reason);
  else
    unheard_ = reason;
}

// -- constructors, destructors, and assignment operators ----------------------

recording_tape::recording_tape(caf::strong_actor_ptr recorder,
                               std::shared_ptr<recorder_alarm> alarm,
                               std::shared_ptr<void> claim, size_t budget_bytes,
                               uint64_t client_id, std::string client,
                               std::shared_ptr<recording_stats> stats)
  : recorder_(std::move(recorder)),
    alarm_(std::move(alarm)),
    claim_(std::move(claim)),
    budget_(std::make_shared<delivery_budget>(budget_bytes)),
    client_id_(client_id),
    client_(std::move(client)),
    stats_(std::move(stats)) {
  // nop
}

recording_tape::~recording_tape() {
  end();
}

// -- recording ----------------------------------------------------------------

void recording_tape::put(const shared_slab_ptr& messages, uint32_t first,
                         uint32_t last) {
  if (first == last
      || !admit(last - first, messages->epoch,
                messages->first_sequence + first))
    return;
  std::vector<uint32_t> selection;
  if (first != 0 || last != messages->count()) {
    selection.resize(last - first);
    std::iota(selection.begin(), selection.end(), first);
  }
  caf_compat::deliver(recorder_, nullptr,
                      message_batch{messages, budget_, std::move(selection)},
                      nullptr);
}

void recording_tape::put(const recorded_header& header, std::string_view data) {
  if (!admit(1, header.epoch, header.sequence))
    return;
  auto entry = std::make_shared<detail::waiting_entry>(header, data, budget_);
  caf_compat::deliver(recorder_, nullptr,
                      detail::record_entry{std::move(entry)}, nullptr);
}

void recording_tape::put(const client_event& notice) {
  recorded_header head;
  head.at = system_clock::now();
  head.type = recorded_type::event;
  head.epoch = notice.epoch;
  head.sequence = notice.next_sequence;
  put(head, event_to_json(notice));
}

void recording_tape::end() {
  if (!recorder_)
    return;
  if (left_out_ > 0)
    tell_gap(last_epoch_, last_sequence_);
  caf_compat::deliver(std::exchange(recorder_, nullptr), nullptr,
                      detail::end_recording{}, nullptr);
  claim_ = nullptr;
}

bool recording_tape::admit(uint64_t entries, uint64_t epoch,
                           uint64_t sequence) {
  if (!recorder_)
    return false;
  last_epoch_ = epoch;
  last_sequence_ = sequence;
  if (budget_->exhausted()) {
    left_out_ += entries;
    stats_->left_out.add(entries);
    return false;
  }
  if (left_out_ > 0)
    tell_gap(epoch, sequence);
  stats_->entries.add(entries);
  return true;
}

void recording_tape::tell_gap(uint64_t epoch, uint64_t sequence) {
  auto gap = recording_gap(client_id_, client_, std::exchange(left_out_, 0),
                           epoch, sequence);
  recorded_header head;
  head.at = system_clock::now();
  head.type = recorded_type::event;
  head.epoch = epoch;
  head.sequence = sequence;
  auto entry = std::make_shared<detail::waiting_entry>(head, event_to_json(gap),
                                                       budget_);
  caf_compat::deliver(recorder_, nullptr,
                      detail::record_entry{std::move(entry)}, nullptr);
}

// -- failures -----------------------------------------------------------------

void recording_tape::on_failure(std::function<void(const error&)> callback) {
  alarm_->on_failure(std::move(callback));
}

// -- free functions -----------------------------------------------------------

client_event recording_gap(uint64_t client_id, std::string client,
                           uint64_t entries, uint64_t epoch,
                           uint64_t next_sequence) {
  client_event result;
  result.kind = event_kind::messages_dropped;
  result.client_id = client_id;
  result.client = std::move(client);
  result.epoch = epoch;
  result.dropped_messages = entries;
  result.next_sequence = next_sequence;
  result.detail = "entries that are not in the recording";
  return result;
}

} // namespace zenws
