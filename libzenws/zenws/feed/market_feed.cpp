// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/feed/market_feed.hpp"

#include "zenws/feed/internal/followed_instrument.hpp"
#include "zenws/internal/enum_names.hpp"

#include <algorithm>

namespace zenws {

namespace {

using namespace std::chrono_literals;

using internal::followed_trades;
using market::data_kind;
using market::loss_cause;
using market::trade;
using market::update_list;

// Period of looking for what is overdue.
constexpr auto check_period = 500ms;

// Instruments of wishes that name none.
constexpr size_t max_instruments = 10'000;

// Some messages tell the state of an instrument and no terms (Deribit).
bool is_state_only(const market::instrument_state& x) noexcept {
  return x
         == market::instrument_state{.instrument = x.instrument,
                                     .time = x.time,
                                     .message = x.message,
                                     .state = x.state};
}

} // namespace

BOOST_DESCRIBE_ENUM(question_scope, none, streams, api)

std::string_view to_string(question_scope value) noexcept {
  return internal::enum_name(value);
}

// -- constructors, destructors, and assignment operators ----------------------

market_feed::market_feed(market_protocol& venue, const feed_config& cfg,
                         question_scope scope)
  : venue_(venue), cfg_(cfg), scope_(scope) {
  // nop
}

market_feed::~market_feed() = default;

// -- wishes -------------------------------------------------------------------

result<std::vector<channel_spec>>
market_feed::channels(const market_wish& wish) const {
  auto known = wishes_.find(key_of(wish));
  if (known != wishes_.end()) {
    auto& before = known->second.wish;
    if (before.depth != wish.depth || before.pace != wish.pace)
      return error{ec::already_exists, std::string{to_string(wish.kind)}
                                         + " of " + wish.instrument
                                         + " with another depth or pace"};
    return known->second.channels;
  }
  if (wish.kind == data_kind::book) {
    if (wish.instrument.empty())
      return error{ec::not_supported, "books want an instrument"};
    if (venue_.rules_of_books(wish).ask_for_snapshot
        && !can_ask(venue_.ask_book(wish)))
      return error{ec::not_supported,
                   "the venue tells snapshots of books on another address "
                   "only: set client_spec::market_api"};
  }
  auto result = venue_.channels(wish);
  if (!result && wish.kind == data_kind::instruments
      && can_ask(venue_.ask_instruments(wish)))
    return std::vector<channel_spec>{};
  return result;
}

void market_feed::add(const market_wish& wish, time_point now) {
  auto& known = wishes_[key_of(wish)];
  if (known.count++ > 0)
    return;
  known.wish = wish;
  if (auto names = venue_.channels(wish))
    known.channels = std::move(*names);
  if (wish.instrument.empty())
    wanted_of_all_.insert(wish.kind);
  else
    obtain(wish.instrument).wanted.insert(wish.kind);
  if (wish.kind == data_kind::book) {
    auto& book = obtain(wish.instrument).book;
    book.emplace(wish, venue_.rules_of_books(wish), cfg_);
    if (connected_)
      book->connected(now);
  } else if (connected_) {
    ask_instruments(wish);
  }
  if (!next_check_)
    next_check_ = now + check_period;
}

std::vector<std::string> market_feed::remove(const market_wish& wish) {
  std::vector<std::string> result;
  auto i = wishes_.find(key_of(wish));
  if (i == wishes_.end() || --i->second.count > 0)
    return result;
  auto gone = std::move(i->second);
  wishes_.erase(i);
  for (auto& channel : gone.channels) {
    auto uses = [&](auto& x) {
      auto& names = x.second.channels;
      return std::ranges::find(names, channel.name, &channel_spec::name)
             != names.end();
    };
    if (std::ranges::none_of(wishes_, uses))
      result.push_back(channel.name);
  }
  // What is known is made anew from the wishes that are left.
  wanted_of_all_ = {};
  for (auto& [name, about] : instruments_)
    about->wanted = {};
  for (auto& [about, known] : wishes_)
    if (known.wish.instrument.empty())
      wanted_of_all_.insert(known.wish.kind);
    else
      obtain(known.wish.instrument).wanted.insert(known.wish.kind);
  if (auto* about = find(gone.wish.instrument)) {
    if (wish.kind == data_kind::book)
      about->book.reset();
    if (wish.kind == data_kind::trades
        && !wanted_of_all_.contains(data_kind::trades))
      forget_trades(*about);
    if (about->wanted.empty() && wanted_of_all_.empty())
      instruments_.erase(gone.wish.instrument);
  }
  if (wishes_.empty())
    next_check_ = std::nullopt;
  return result;
}

std::vector<market_wish> market_feed::wishes() const {
  std::vector<market_wish> result;
  for (auto& [about, known] : wishes_)
    result.push_back(known.wish);
  return result;
}

std::vector<market_wish>
market_feed::wishes_of(std::string_view channel) const {
  std::vector<market_wish> result;
  for (auto& [about, known] : wishes_)
    if (std::ranges::find(known.channels, channel, &channel_spec::name)
        != known.channels.end())
      result.push_back(known.wish);
  return result;
}

void market_feed::tell(const market_wish& wish, update_list& out) const {
  for (auto& [name, about] : instruments_) {
    if (!wish.instrument.empty() && wish.instrument != name)
      continue;
    if (wish.kind == data_kind::instruments && about->terms)
      out.add(*about->terms);
    if (wish.kind == data_kind::book && about->book)
      about->book->tell(out);
  }
}

std::vector<book_status> market_feed::books(time_point now) const {
  std::vector<book_status> result;
  for (auto& [name, about] : instruments_)
    if (about->book)
      result.push_back(about->book->status(now));
  return result;
}

// -- data ---------------------------------------------------------------------

error market_feed::received(const inbound& message, uint64_t number,
                            time_point now, update_list& out) {
  auto first = out.size();
  if (auto problem = venue_.decode(message.content, out)) {
    out.shrink(first);
    unreadable(message.channel, now, out);
    return problem;
  }
  prove(out, first, number, now);
  return {};
}

void market_feed::unreadable(std::string_view channel, time_point now,
                             update_list& out) {
  if (!venue_.mixes_instruments())
    return channel_lost(channel, loss_cause::unreadable, now, out);
  for (auto& wish : wishes_of(channel))
    for (auto& [about, known] : wishes_)
      if (about.first == wish.kind)
        lose(known.wish, loss_cause::unreadable, now, out);
}

// -- connection ---------------------------------------------------------------

void market_feed::connected(time_point now) {
  connected_ = true;
  for (auto& [name, about] : instruments_)
    if (about->book)
      about->book->connected(now);
  for (auto& [about, known] : wishes_) {
    known.asks_again = false;
    ask_instruments(known.wish);
  }
}

void market_feed::replaced() noexcept {
  for (auto& [name, about] : instruments_)
    about->trades.overlap();
}

void market_feed::disconnected(time_point now, update_list& out) {
  connected_ = false;
  renewals_.clear();
  // A snapshot from another address would outlive the changes that follow it.
  std::erase_if(open_, [](auto& x) {
    return x.second.about.first == data_kind::book;
  });
  for (auto& [about, known] : wishes_)
    lose(known.wish, loss_cause::disconnected, now, out);
}

void market_feed::lost_messages(time_point now, update_list& out) {
  venue_.forget_values();
  for (auto& [about, known] : wishes_)
    lose(known.wish, loss_cause::gap, now, out);
}

void market_feed::channel_lost(std::string_view channel, loss_cause cause,
                               time_point now, update_list& out) {
  for (auto& [about, known] : wishes_)
    if (std::ranges::find(known.channels, channel, &channel_spec::name)
        != known.channels.end())
      lose(known.wish, cause, now, out);
}

void market_feed::renew(std::string_view instrument, loss_cause cause,
                        time_point now, update_list& out) {
  if (auto* about = find(instrument))
    lose_book(*about, cause, now, out);
}

void market_feed::forget_data() {
  connected_ = false;
  open_.clear();
  renewals_.clear();
  questions_.clear();
  if (next_check_)
    next_check_ = time_point{};
  for (auto& [about, known] : wishes_) {
    known.asks_again = false;
    known.next_try.reset();
  }
  for (auto& [name, about] : instruments_) {
    forget_trades(*about);
    about->terms = std::nullopt;
    if (about->book) {
      auto wish = about->book->wish();
      about->book.emplace(wish, venue_.rules_of_books(wish), cfg_);
    }
  }
}

// -- time ---------------------------------------------------------------------

std::optional<market_feed::time_point> market_feed::wake_at() const noexcept {
  return next_check_;
}

void market_feed::expired(time_point now, update_list& out) {
  if (!next_check_ || now < *next_check_)
    return;
  next_check_ = now + check_period;
  for (auto& [about, known] : wishes_)
    if (connected_ && known.asks_again && known.next_try->is_over(now)) {
      known.asks_again = false;
      ask_instruments(known.wish);
    }
  for (auto& [name, about] : instruments_) {
    if (about->missing && about->missing->due <= now)
      release_trades(*about, now, out);
    if (!about->book)
      continue;
    if (auto lost = about->book->expired(now))
      out.add(*lost);
    follow_up(*about);
  }
}

// -- instruments --------------------------------------------------------------

market_feed::followed_instrument*
market_feed::find(std::string_view name) noexcept {
  auto i = instruments_.find(name);
  return i != instruments_.end() ? i->second.get() : nullptr;
}

market_feed::followed_instrument*
market_feed::find(data_kind kind, const market::instrument_name& name) {
  auto i = instruments_.find(name.view());
  if (i != instruments_.end()
      && (i->second->wanted.contains(kind) || wanted_of_all_.contains(kind)))
    return i->second.get();
  if (!wanted_of_all_.contains(kind) || instruments_.size() >= max_instruments)
    return nullptr;
  return &obtain(name.view());
}

market_feed::followed_instrument& market_feed::obtain(std::string_view name) {
  auto i = instruments_.find(name);
  if (i == instruments_.end())
    i = instruments_
          .emplace(name,
                   std::make_unique<followed_instrument>(followed_instrument{
                     .trades = followed_trades{venue_.numbering_of_trades()}}))
          .first;
  return *i->second;
}

// -- proofs -------------------------------------------------------------------

void market_feed::prove(update_list& out, size_t first, uint64_t number,
                        time_point now) {
  auto kept = first;
  for (auto i = first; i < out.size(); ++i) {
    std::visit([&](auto& x) { x.message = number; }, out[i]);
    auto keep = prove(out, i, now);
    if (gap_before_)
      gaps_.emplace_back(kept, *std::exchange(gap_before_, std::nullopt));
    if (!keep)
      continue;
    if (i != kept)
      out[kept] = out[i];
    ++kept;
  }
  out.shrink(kept);
  for (; !gaps_.empty(); gaps_.pop_back())
    out.insert(gaps_.back().first, gaps_.back().second);
  for (auto* about : std::exchange(overfull_, {}))
    if (about->missing)
      release_trades(*about, now, out);
}

bool market_feed::prove(update_list& list, size_t index, time_point now) {
  auto& x = list[index];
  auto* about = find(kind_of(x), instrument_of(x));
  if (about == nullptr)
    return wanted_of_all_.contains(kind_of(x));
  if (auto* item = std::get_if<trade>(&x))
    return prove(*about, *item, now);
  if (auto* terms = std::get_if<market::instrument_state>(&x))
    complete(about->terms, *terms);
  if (market::book_update_of(x) == nullptr)
    return true;
  if (!about->book)
    return false;
  auto result = about->book->received(list, index, now);
  follow_up(*about);
  return result;
}

bool market_feed::prove(followed_instrument& about, const trade& x,
                        time_point now) {
  if (about.missing) {
    if (about.held.size() >= cfg_.max_held
        && (overfull_.empty() || overfull_.back() != &about))
      overfull_.push_back(&about);
    about.held.push_back(x);
    return false;
  }
  switch (about.trades.judge(x)) {
    case followed_trades::verdict::drop:
      return false;
    case followed_trades::verdict::gap_before: {
      auto gap = about.trades.gap_before(x);
      if (about.trades.has_bounds(x) && ask_trades(about, gap, now)) {
        about.held.push_back(x);
        return false;
      }
      gap_before_ = gap;
      break;
    }
    default:
      break;
  }
  about.trades.delivered(x);
  return x.kind != market::trade_kind::placeholder;
}

void market_feed::lose_book(followed_instrument& about, loss_cause cause,
                            time_point now, update_list& out) {
  if (!about.book)
    return;
  if (auto lost = about.book->lose(cause, now))
    out.add(*lost);
  follow_up(about);
}

void market_feed::lose(const market_wish& wish, loss_cause cause,
                       time_point now, update_list& out) {
  auto lose_of = [&](followed_instrument& about) {
    if (wish.kind == data_kind::book)
      lose_book(about, cause, now, out);
    else if (wish.kind == data_kind::trades)
      about.trades.doubt();
  };
  if (wish.instrument.empty())
    for (auto& [name, about] : instruments_)
      lose_of(*about);
  else if (auto* about = find(wish.instrument))
    lose_of(*about);
}

void market_feed::complete(std::optional<market::instrument_state>& known,
                           market::instrument_state& news) {
  if (known && is_state_only(news)) {
    known->time = news.time;
    known->message = news.message;
    known->state = news.state;
    news = *known;
  } else {
    known = news;
  }
}

} // namespace zenws
