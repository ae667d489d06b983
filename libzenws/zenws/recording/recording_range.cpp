// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/recording_range.hpp"

#include <algorithm>

namespace zenws {

void recorded_span::add(const recorded_header& entry) noexcept {
  add({entry.at, entry.at, entry.epoch, entry.epoch, 1});
}

void recorded_span::add(const recorded_span& other) noexcept {
  if (other.entries == 0)
    return;
  if (entries == 0) {
    *this = other;
    return;
  }
  earliest = std::min(earliest, other.earliest);
  latest = std::max(latest, other.latest);
  lowest_epoch = std::min(lowest_epoch, other.lowest_epoch);
  highest_epoch = std::max(highest_epoch, other.highest_epoch);
  entries += other.entries;
}

bool recording_range::includes(const recorded_header& entry) const noexcept {
  return (!from || entry.at >= *from) && (!to || entry.at <= *to)
         && (!epoch || entry.epoch == *epoch);
}

bool recording_range::may_include(const recorded_span& span) const noexcept {
  return span.entries > 0 && (!from || span.latest >= *from)
         && (!to || span.earliest <= *to)
         && (!epoch
             || (*epoch >= span.lowest_epoch && *epoch <= span.highest_epoch));
}

} // namespace zenws
