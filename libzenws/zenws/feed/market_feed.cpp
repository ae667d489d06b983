// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/feed/market_feed.hpp"

#include "zenws/feed/internal/followed_book.hpp"
#include "zenws/feed/internal/followed_trades.hpp"
#include "zenws/internal/enum_names.hpp"

#include <algorithm>

namespace zenws {

namespace {

using namespace std::chrono_literals;

using internal::followed_book;
using internal::followed_trades;
using market::data_kind;
using market::loss_cause;
using market::trade;
using market::update_list;

// Period of looking for what is overdue.
constexpr auto check_period = 500ms;

// Questions for the trades of one gap.
constexpr int max_rounds = 20;

// Instruments of wishes that name none.
constexpr size_t max_instruments = 10'000;

// Pauses between questions for the same grow up to so many times their length.
constexpr int max_growth = 16;

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

/// What is known about one instrument.
struct market_feed::followed_instrument {
  market::data_kinds wanted{};

  std::optional<followed_book> book{};

  followed_trades trades;

  /// A question for trades that are missing.
  struct missing_trades {
    uint64_t token;
    market::trade_gap gap;
    time_point due;
    int rounds;
  };

  std::optional<missing_trades> missing{};

  /// Trades that came after those that are missing.
  std::vector<trade> held{};

  std::optional<market::instrument_state> terms{};
};

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

// -- data ---------------------------------------------------------------------

error market_feed::received(const inbound& message, uint64_t number,
                            time_point now, update_list& out) {
  auto first = out.size();
  if (auto problem = venue_.decode(message.content, out)) {
    out.shrink(first);
    channel_lost(message.channel, loss_cause::unreadable, now, out);
    return problem;
  }
  prove(out, first, number, now);
  return {};
}

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

} // namespace zenws
