// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/internal/recorded_feed.hpp"

#include <algorithm>
#include <utility>

namespace zenws::internal {

recorded_feed::recorded_feed(const recording_server_options& options)
  : options_(options),
    source_(recording_files(options.path), options.range),
    venue_(make_dialect(options.dialect)) {
  if (!venue_->reads_messages())
    venue_ = nullptr;
}

const recorded_entry* recorded_feed::peek() {
  while (!is_shown_) {
    auto* entry = source_.peek();
    if (entry == nullptr)
      return nullptr;
    is_shown_ = is_wanted(*entry);
    if (is_shown_)
      take_time(*entry);
    else
      source_.pop();
  }
  return source_.peek();
}

void recorded_feed::pop() noexcept {
  source_.pop();
  is_shown_ = false;
  ++sent_;
}

bool recorded_feed::is_wanted(const recorded_entry& entry) {
  if (entry.direction != recorded_direction::in)
    return false;
  if (entry.type == recorded_type::binary)
    return true;
  if (entry.type != recorded_type::text)
    return false;
  if (!venue_)
    return true;
  if (std::exchange(epoch_, entry.epoch) != entry.epoch)
    venue_->connected();
  auto kind = venue_->read(entry.data).kind;
  return kind == inbound_kind::data || kind == inbound_kind::unclaimed
         || kind == inbound_kind::notice || kind == inbound_kind::malformed;
}

void recorded_feed::take_time(const recorded_entry& entry) {
  using std::chrono::system_clock;
  // Clocks are set back now and then: late entries are due.
  auto pause = std::max(entry.at - last_at_.value_or(entry.at),
                        system_clock::duration{0});
  if (options_.max_gap.count() > 0)
    pause = std::min<system_clock::duration>(pause, options_.max_gap);
  last_at_ = entry.at;
  played_ += pause;
}

recorded_feed::time_point recorded_feed::due() const noexcept {
  using std::chrono::system_clock;
  if (options_.speed == 0)
    return started_;
  // A limit that no clock overflows by.
  constexpr double longest = 1e17;
  auto offset = static_cast<double>(played_.count()) / options_.speed;
  return started_
         + std::chrono::duration_cast<time_point::duration>(
           system_clock::duration{
             static_cast<int64_t>(std::min(offset, longest))});
}

} // namespace zenws::internal
