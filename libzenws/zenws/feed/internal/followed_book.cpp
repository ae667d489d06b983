// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/feed/internal/followed_book.hpp"

#include <utility>

namespace zenws::internal {

namespace {

using market::book_change;
using market::book_lost;
using market::book_outcome;
using market::book_snapshot;
using market::book_update;
using market::loss_cause;
using market::update_list;

// Pauses grow up to so many times their length.
constexpr int max_growth = 16;

book_update& book_in(market::update& x) noexcept {
  if (auto* change = std::get_if<book_change>(&x))
    return *change;
  return *std::get_if<book_snapshot>(&x);
}

} // namespace

followed_book::followed_book(market_wish wish, const market::book_rules& rules,
                             const feed_config& cfg)
  : wish_(std::move(wish)),
    name_(market::instrument_name::make(wish_.instrument)
            .value_or(market::instrument_name{})),
    asks_(rules.ask_for_snapshot),
    watches_silence_(cfg.book_silence.count() > 0),
    max_held_(cfg.max_held),
    book_(rules),
    patience_(cfg.snapshot_patience, cfg.snapshot_patience * max_growth),
    recovery_(cfg.snapshot_patience, cfg.snapshot_patience * max_growth),
    silence_(cfg.book_silence, cfg.book_silence * max_growth) {
  // nop
}

// -- properties ---------------------------------------------------------------

book_status followed_book::status(time_point now) const {
  auto price = [](const std::optional<market::price_level>& level) {
    return level ? to_string(level->price) : std::string{};
  };
  book_status result{.instrument = wish_.instrument,
                     .is_valid = book_.is_valid(),
                     .bid = price(book_.best_bid()),
                     .ask = price(book_.best_ask())};
  if (!result.is_valid)
    result.problem = lost_ ? to_string(*lost_) : "no snapshot yet";
  if (delivered_at_)
    result.last_update_ago
      = std::chrono::floor<std::chrono::milliseconds>(now - *delivered_at_);
  return result;
}

void followed_book::tell(update_list& out) const {
  if (!book_.is_valid())
    return;
  book_.copy_to(out);
  auto& x = book_in(out[out.size() - 1]);
  x.sequence = delivered_;
  x.first_sequence = delivered_;
}

// -- transitions --------------------------------------------------------------

void followed_book::connected(time_point now) {
  connected_ = true;
  was_silent_ = false;
  patience_.reset();
  patience_.begin(now);
}

void followed_book::disconnected() {
  connected_ = false;
  recovers_later_ = false;
  asking_ = false;
  has_asked_ = false;
  need_ = need::none;
  held_.clear();
}

bool followed_book::received(update_list& list, size_t index, time_point now) {
  auto& x = list[index];
  auto* change = std::get_if<book_change>(&x);
  if (asks_ && change != nullptr && !book_.is_valid()) {
    // The first change shows that the channel has begun. After that, pauses
    // decide when to ask again, however many changes come.
    if (!has_asked_) {
      patience_.reset();
      begin_anew(now);
    }
    hold(x);
    return false;
  }
  auto outcome = change != nullptr
                   ? book_.apply(*change)
                   : book_.apply(*std::get_if<book_snapshot>(&x));
  switch (outcome) {
    case book_outcome::applied:
      return deliver(list, index, now);
    case book_outcome::gap:
    case book_outcome::inconsistent: {
      auto& about = book_in(x);
      auto lost = lose(outcome == book_outcome::gap ? loss_cause::gap
                                                    : loss_cause::inconsistent,
                       now);
      if (asks_ && outcome == book_outcome::gap)
        hold(x); // the next snapshot may be older
      if (!lost)
        return false;
      lost->time = about.time;
      lost->message = about.message;
      x = *lost;
      return true;
    }
    default:
      return false;
  }
}

void followed_book::answered(update_list& answer, update_list& out,
                             time_point now) {
  asking_ = false;
  for (size_t i = 0; i < answer.size(); ++i) {
    auto* snapshot = std::get_if<book_snapshot>(&answer[i]);
    if (snapshot == nullptr || book_.apply(*snapshot) != book_outcome::applied)
      continue;
    if (deliver(answer, i, now))
      out.add_copy(answer[i]);
    return release_held(out, now);
  }
  unanswered(now);
}

void followed_book::unanswered(time_point now) {
  asking_ = false;
  patience_.begin(now);
}

std::optional<book_lost> followed_book::lose(loss_cause cause, time_point now) {
  book_.invalidate();
  lost_ = cause;
  if (cause == loss_cause::disconnected)
    disconnected();
  else if (connected_)
    recover(now);
  if (!std::exchange(told_, false))
    return std::nullopt;
  book_lost result;
  result.instrument = name_;
  result.cause = cause;
  return result;
}

std::optional<book_lost> followed_book::expired(time_point now) {
  if (!connected_)
    return std::nullopt;
  if (!book_.is_valid()) {
    if (recovers_later_)
      recover(now);
    else if (!asking_ && patience_.is_over(now))
      begin_anew(now);
    return std::nullopt;
  }
  if (!watches_silence_ || !silence_.is_over(now))
    return std::nullopt;
  was_silent_ = true;
  return lose(loss_cause::silent, now);
}

followed_book::need followed_book::take_need() noexcept {
  return std::exchange(need_, need::none);
}

// -- steps --------------------------------------------------------------------

bool followed_book::deliver(update_list& list, size_t index, time_point now) {
  auto is_snapshot = std::holds_alternative<book_snapshot>(list[index]);
  auto& x = book_in(list[index]);
  if (x.sequence == 0)
    x.sequence = x.first_sequence = delivered_ + 1;
  x.previous = is_snapshot ? std::nullopt : std::optional{delivered_};
  delivered_ = x.sequence;
  for (auto& level : book_.dropped())
    list.add_level(x, level);
  delivered_at_ = now;
  lost_.reset();
  told_ = true;
  patience_.reset();
  if (recovery_.is_over(now))
    recovery_.reset();
  // A snapshot after silence only proves that it was asked for.
  if (!is_snapshot || !was_silent_)
    silence_.reset();
  was_silent_ = false;
  silence_.begin(now);
  return true;
}

void followed_book::hold(const market::update& change) {
  if (!asking_)
    return;
  if (held_.size() >= max_held_)
    held_
      .clear(); // the answer will not fit what follows, and is asked for anew
  held_.add_copy(change);
}

// A book that is lost again and again, as one that is crossed before its market
// opens, must not use up the requests that the venue allows.
void followed_book::recover(time_point now) {
  recovers_later_ = !recovery_.is_over(now);
  if (recovers_later_)
    return;
  recovery_.begin(now);
  begin_anew(now);
}

void followed_book::begin_anew(time_point now) {
  held_.clear();
  patience_.begin(now);
  if (!asks_) {
    need_ = need::renewal;
  } else if (!asking_) {
    asking_ = true;
    has_asked_ = true;
    need_ = need::snapshot;
  }
}

void followed_book::release_held(update_list& out, time_point now) {
  auto held = std::exchange(held_, {});
  for (size_t i = 0; i < held.size() && book_.is_valid(); ++i)
    if (received(held, i, now))
      out.add_copy(held[i]);
}

} // namespace zenws::internal
