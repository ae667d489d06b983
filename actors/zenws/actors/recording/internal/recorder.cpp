// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/recording/internal/recorder.hpp"

#include "zenws/actors/messages/messages.hpp"
#include "zenws/json/redaction.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace zenws {

namespace {

// Written without waiting for more: as much as serves a compressor.
constexpr size_t full_block = 256 * 1024;

size_t block_bytes_of(const recorder_options& options) {
  auto limit = std::min<uint64_t>(options.budget_bytes / 2, options.max_bytes);
  return static_cast<size_t>(std::min<uint64_t>(limit, full_block));
}

std::string without_detours(const std::string& path) {
  std::error_code failed;
  auto result = std::filesystem::weakly_canonical(path, failed);
  return failed ? path : result.string();
}

// Binary messages may be JSON as well.
bool may_hold_secrets(const recorded_header& header, std::string_view data) {
  return header.type == recorded_type::text
         || (header.type == recorded_type::binary && !data.empty()
             && (data.front() == '{' || data.front() == '['));
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

recorder::recorder(caf::actor_config& cfg, recorder_options options,
                   recorder_links links, uint64_t client_id, std::string client)
  : ending_actor(cfg),
    options_(std::move(options)),
    links_(std::move(links)),
    client_id_(client_id),
    client_(std::move(client)),
    file_(options_),
    block_bytes_(block_bytes_of(options_)) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* recorder::name() const {
  return "zenws.recorder";
}

caf::behavior recorder::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::tell_later(*this, options_.flush_interval, detail::flush_due{});
  return {
    [this](const message_batch& batch) { put(batch); },
    [this](const detail::record_entry& entry) {
      put(entry.content->head, entry.content->data);
    },
    [this](const detail::flush_due& again) {
      flush();
      caf_compat::tell_later(*this, options_.flush_interval, again);
    },
    [this](const detail::end_recording&) {
      write();
      ended_ = true;
      quit();
    },
  };
}

void recorder::before_end() {
  file_.close();
  if (!ended_)
    links_.alarm->raise({ec::recording_failed, "the recorder has ended"});
  links_.closed->set_value();
}

// -- writing ------------------------------------------------------------------

void recorder::put(const message_batch& batch) {
  recorded_header head;
  head.at = batch.received_at();
  head.epoch = batch.epoch();
  for (auto msg : batch) {
    head.type = msg.kind == message_kind::text ? recorded_type::text
                                               : recorded_type::binary;
    head.sequence = msg.sequence;
    put(head, msg.payload);
  }
  next_sequence_ = head.sequence + 1;
}

void recorder::put(const recorded_header& header, std::string_view data) {
  last_epoch_ = header.epoch;
  next_sequence_ = header.sequence;
  if (waiting_bytes_ >= block_bytes_)
    flush();
  if (left_out_ > 0 || waiting_bytes_ >= options_.budget_bytes / 2) {
    ++left_out_;
    ++links_.stats->left_out_by_disk;
    return;
  }
  if (!may_hold_secrets(header, data))
    return append(header, data);
  auto redacted = redact(data, options_.secret_members);
  append(header, links_.secrets->hide(std::move(redacted)));
}

void recorder::append(const recorded_header& header, std::string_view data) {
  if (blocks_.empty() || blocks_.back().lines().size() >= block_bytes_)
    blocks_.emplace_back();
  auto& block = blocks_.back();
  waiting_bytes_ -= block.lines().size();
  block.append(header, data);
  waiting_bytes_ += block.lines().size();
}

void recorder::flush() {
  if (!failing_ || clock::now() >= retry_at_)
    write();
}

void recorder::write() {
  if (links_.before.valid())
    std::exchange(links_.before, {}).wait();
  if (blocks_.empty() && left_out_ == 0)
    return;
  if (auto problem = write_blocks())
    return fail(problem);
  failing_ = false;
  if (left_out_ == 0)
    return;
  recorded_header head;
  head.at = std::chrono::system_clock::now();
  head.type = recorded_type::event;
  head.epoch = last_epoch_;
  head.sequence = next_sequence_;
  auto gap = recording_gap(client_id_, client_, std::exchange(left_out_, 0),
                           last_epoch_, next_sequence_);
  append(head, event_to_json(gap));
  if (auto problem = write_blocks())
    fail(problem);
}

error recorder::write_blocks() {
  while (!blocks_.empty()) {
    auto& block = blocks_.front();
    waiting_bytes_ -= block.lines().size();
    auto written = file_.written();
    auto problem = file_.write(block);
    links_.stats->written_bytes.add(file_.written() - written);
    waiting_bytes_ += block.lines().size();
    if (problem)
      return problem;
    blocks_.pop_front();
  }
  return {};
}

void recorder::fail(const error& reason) {
  ++links_.stats->failures;
  retry_at_ = clock::now() + options_.retry_interval;
  if (!std::exchange(failing_, true))
    links_.alarm->raise(reason);
}

// -- recorder_registry --------------------------------------------------------

result<std::unique_ptr<recording_tape>>
recorder_registry::start(caf::actor_system& sys,
                         const recorder_options& options, uint64_t client_id,
                         const std::string& client,
                         std::shared_ptr<const secret_values> secrets,
                         std::shared_ptr<recording_stats> stats) {
  std::lock_guard guard{mtx_};
  forget_closed();
  auto& mine = slots_[without_detours(options.path)];
  if (!mine.claim.expired())
    return error{ec::already_exists,
                 "another client is recorded to " + options.path};
  auto claim = std::make_shared<char>();
  auto closed = std::make_shared<std::promise<void>>();
  auto alarm = std::make_shared<recorder_alarm>();
  recorder_links links{alarm, std::exchange(mine.closed, closed->get_future()),
                       closed, std::move(secrets), stats};
  auto writer = sys.spawn<recorder, caf::detached>(options, std::move(links),
                                                   client_id, client);
  auto address = caf::actor_cast<caf::strong_actor_ptr>(writer);
  mine.claim = claim;
  mine.recorder = caf::actor_cast<caf::weak_actor_ptr>(writer);
  return std::make_unique<recording_tape>(std::move(address), alarm, claim,
                                          options.budget_bytes / 2, client_id,
                                          client, std::move(stats));
}

void recorder_registry::finish() {
  std::lock_guard guard{mtx_};
  for (auto& [path, x] : slots_)
    if (auto writer = x.recorder.lock())
      caf_compat::deliver(writer, nullptr, detail::end_recording{}, nullptr);
  for (auto& [path, x] : slots_)
    x.closed.wait();
  slots_.clear();
}

void recorder_registry::forget_closed() {
  std::erase_if(slots_, [](auto& x) {
    return x.second.claim.expired()
           && x.second.closed.wait_for(std::chrono::seconds{0})
                == std::future_status::ready;
  });
}

} // namespace zenws
