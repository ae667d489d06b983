// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/market/sequence_tracker.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws::market {

namespace {

using enum sequence_verdict;

sequence_verdict judged(bool continues) noexcept {
  return continues ? in_order : gap;
}

} // namespace

BOOST_DESCRIBE_ENUM(sequence_verdict, in_order, outdated, awaiting_snapshot,
                    gap)

std::string_view to_string(sequence_verdict value) noexcept {
  return internal::enum_name(value);
}

sequence_verdict sequence_tracker::apply(const book_change& change) noexcept {
  if (change.kind == update_kind::snapshot) {
    snapshot(change.change_id);
    return in_order;
  }
  if (state_ == state::lost)
    return awaiting_snapshot;
  auto result = verdict_on(change);
  if (result == in_order) {
    state_ = state::running;
    change_id_ = change.change_id;
  } else if (result == gap) {
    reset();
  }
  return result;
}

void sequence_tracker::snapshot(uint64_t change_id) noexcept {
  state_ = state::snapshot;
  change_id_ = change_id;
}

sequence_verdict
sequence_tracker::verdict_on(const book_change& change) const noexcept {
  switch (rule_) {
    case sequence_rule::binance_spot:
      if (change.change_id <= change_id_)
        return outdated;
      return judged(change.first_change_id <= change_id_ + 1);
    case sequence_rule::binance_futures:
      if (state_ == state::running)
        return judged(change.prev_change_id == change_id_);
      if (change.change_id < change_id_)
        return outdated;
      return judged(change.first_change_id <= change_id_);
    default:
      return judged(change.prev_change_id == change_id_);
  }
}

} // namespace zenws::market
