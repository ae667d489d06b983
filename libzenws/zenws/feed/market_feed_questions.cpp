// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/feed/internal/followed_instrument.hpp"

#include <cstddef>
#include <string>
#include <utility>

// Questions of a feed, their answers, and the trades that wait for them.

namespace zenws {

namespace {

using internal::followed_book;
using internal::followed_trades;
using market::data_kind;
using market::trade;
using market::update_list;

// Questions for the trades of one gap.
constexpr int max_rounds = 20;

// Pauses between questions for the same grow up to so many times their length.
constexpr int max_growth = 16;

} // namespace

// -- questions ----------------------------------------------------------------

void market_feed::follow_up(followed_instrument& about) {
  auto& wish = about.book->wish();
  switch (about.book->take_need()) {
    case followed_book::need::none:
      return;
    case followed_book::need::renewal:
      if (auto i = wishes_.find(key_of(wish)); i != wishes_.end())
        for (auto& channel : i->second.channels)
          renewals_.push_back(channel.name);
      return;
    case followed_book::need::snapshot:
      if (auto query = venue_.ask_book(wish))
        ask(std::move(*query), key_of(wish));
  }
}

void market_feed::ask_instruments(const market_wish& wish) {
  if (wish.kind != data_kind::instruments)
    return;
  auto query = venue_.ask_instruments(wish);
  if (can_ask(query))
    ask(std::move(*query), key_of(wish));
}

void market_feed::ask_later(entry& about, time_point now) {
  if (!about.next_try)
    about.next_try.emplace(cfg_.snapshot_patience,
                           cfg_.snapshot_patience * max_growth);
  about.next_try->begin(now);
  about.asks_again = true;
}

uint64_t market_feed::ask(market_query query, key about) {
  open_[++last_token_] = {query, std::move(about)};
  questions_.push_back({last_token_, std::move(query)});
  return last_token_;
}

bool market_feed::can_ask(const result<market_query>& query) const noexcept {
  if (!query)
    return false;
  return scope_ == question_scope::api
         || (scope_ == question_scope::streams && !query->at_api);
}

// -- answers -------------------------------------------------------------------

void market_feed::answered(uint64_t token, std::string_view json,
                           time_point now, update_list& out) {
  auto i = open_.find(token);
  if (i == open_.end())
    return;
  auto [query, about] = i->second;
  update_list answer;
  if (venue_.read_answer(query, about.second, json, answer))
    return unanswered(token, now, out);
  open_.erase(i);
  auto& [kind, name] = about;
  auto* instrument = find(name);
  if (kind == data_kind::instruments) {
    if (auto wish = wishes_.find(about); wish != wishes_.end())
      wish->second.next_try.reset();
    for (auto& x : answer)
      out.add_copy(x);
    prove(out, out.size() - answer.size(), 0, now);
  } else if (instrument != nullptr && kind == data_kind::trades) {
    read_late_trades(*instrument, answer, now, out);
  } else if (instrument != nullptr && instrument->book) {
    instrument->book->answered(answer, out, now);
    follow_up(*instrument);
  }
}

void market_feed::unanswered(uint64_t token, time_point now, update_list& out) {
  auto i = open_.find(token);
  if (i == open_.end())
    return;
  auto about = i->second.about;
  auto& [kind, name] = about;
  open_.erase(i);
  if (auto wish = wishes_.find(about);
      kind == data_kind::instruments && wish != wishes_.end())
    ask_later(wish->second, now);
  auto* instrument = find(name);
  if (instrument == nullptr)
    return;
  if (kind == data_kind::trades && instrument->missing)
    release_trades(*instrument, now, out);
  else if (kind == data_kind::book && instrument->book)
    instrument->book->unanswered(now);
}

// -- late trades --------------------------------------------------------------

bool market_feed::ask_trades(followed_instrument& about,
                             const market::trade_gap& gap, time_point now) {
  auto query = venue_.ask_trades(gap);
  if (!can_ask(query))
    return false;
  auto rounds = about.missing ? about.missing->rounds : 0;
  auto token = ask(std::move(*query),
                   {data_kind::trades, std::string{gap.instrument.view()}});
  about.missing = {token, gap, now + cfg_.trade_patience, rounds + 1};
  return true;
}

void market_feed::read_late_trades(followed_instrument& about,
                                   const update_list& answer, time_point now,
                                   update_list& out) {
  if (!about.missing)
    return;
  auto gap = about.missing->gap;
  auto last = gap.after;
  for (auto& x : answer) {
    auto* item = std::get_if<trade>(&x);
    if (item == nullptr || item->sequence <= last
        || item->sequence >= gap.before)
      continue;
    if (about.trades.judge(*item) == followed_trades::verdict::gap_before)
      out.add(about.trades.gap_before(*item));
    last = item->sequence;
    about.trades.delivered(*item);
    if (item->kind == market::trade_kind::placeholder)
      continue;
    auto& late = out.add(*item);
    late.is_late = true;
    late.message = gap.message;
  }
  auto has_more = last > gap.after && last + 1 < gap.before;
  gap.after = last;
  if (has_more && about.missing->rounds < max_rounds
      && ask_trades(about, gap, now))
    return;
  release_trades(about, now, out);
}

void market_feed::release_trades(followed_instrument& about, time_point now,
                                 update_list& out) {
  open_.erase(about.missing->token);
  about.missing.reset();
  auto held = std::exchange(about.held, {});
  for (size_t i = 0; i < held.size(); ++i) {
    auto& x = held[i];
    auto verdict = about.trades.judge(x);
    if (verdict == followed_trades::verdict::drop)
      continue;
    if (verdict == followed_trades::verdict::gap_before) {
      auto gap = about.trades.gap_before(x);
      // The first one was asked about already.
      if (i > 0 && about.trades.has_bounds(x) && ask_trades(about, gap, now)) {
        about.held.assign(held.begin() + static_cast<std::ptrdiff_t>(i),
                          held.end());
        return;
      }
      out.add(gap);
    }
    about.trades.delivered(x);
    if (x.kind != market::trade_kind::placeholder)
      out.add(x);
  }
}

void market_feed::forget_trades(followed_instrument& about) {
  if (about.missing)
    open_.erase(about.missing->token);
  about.missing.reset();
  about.held.clear();
  about.trades = followed_trades{venue_.numbering_of_trades()};
}

} // namespace zenws
