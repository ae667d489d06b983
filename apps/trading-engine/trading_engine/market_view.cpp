// SPDX-License-Identifier: BSD-3-Clause

#include "market_view.hpp"

#include "zenws/json/envelope.hpp"
#include "zenws/venue/deribit/deribit_market.hpp"

namespace zenws::engine {

namespace {

constexpr std::string_view book_prefix = "book.";

// Returns X of "book.X.100ms".
std::string_view instrument_of(std::string_view channel) {
  auto first = channel.find('.');
  auto last = channel.rfind('.');
  return first == last ? std::string_view{}
                       : channel.substr(first + 1, last - first - 1);
}

} // namespace

std::vector<std::string>
channels_of(const std::vector<std::string>& instruments,
            std::string_view interval) {
  std::vector<std::string> result;
  for (auto& name : instruments)
    for (const char* kind : {"book.", "trades.", "ticker."})
      result.push_back(kind + name + '.' + std::string{interval});
  return result;
}

market_view::market_view(market_options options)
  : options_(std::move(options)) {
  for (auto& channel : options_.channels) {
    channels_.emplace(channel, channel_activity{channel});
    auto name = instrument_of(channel);
    if (name.empty())
      continue;
    auto i = instruments_.emplace(name, instrument{options_}).first;
    if (channel.starts_with(book_prefix))
      i->second.book_channel = channel;
  }
}

// -- properties ---------------------------------------------------------------

void market_view::report(engine_report& out) const {
  out.epoch = epoch_;
  out.connected = connected_;
  out.ever_granted = ever_granted_;
  out.market = counters_;
  out.last_problem = last_problem_;
  for (auto& [name, entry] : instruments_) {
    out.market.gaps_undetected += entry.audit.undetected();
    out.instruments.push_back({.name = name,
                               .bid = entry.book.best_bid(),
                               .ask = entry.book.best_ask(),
                               .stale = entry.book.is_stale(),
                               .silent = entry.is_silent,
                               .position = entry.account.position(),
                               .pnl = entry.account.pnl()});
  }
  for (auto& [name, channel] : channels_)
    out.channels.push_back(channel);
}

std::vector<std::string> market_view::instruments() const {
  std::vector<std::string> result;
  for (auto& [name, entry] : instruments_)
    result.push_back(name);
  return result;
}

// -- the connection -----------------------------------------------------------

void market_view::connected(uint64_t epoch, time_point now) {
  if (connected_ && epoch == epoch_)
    return;
  connected_ = true;
  epoch_ = epoch;
  data_in_epoch_ = 0;
  renewals_.clear();
  for (auto& [name, channel] : channels_)
    channel.messages = 0;
  for (auto& [name, entry] : instruments_) {
    lose_book(entry);
    entry.is_silent = false;
    entry.renewal.reset();
    entry.renewal.begin(now);
    entry.silence.reset();
    entry.silence.begin(now);
  }
}

void market_view::disconnected() {
  connected_ = false;
  renewals_.clear();
  for (auto& [name, entry] : instruments_)
    entry.book.invalidate();
}

void market_view::granted(std::string_view channel) {
  auto i = channels_.find(channel);
  if (i == channels_.end())
    return;
  i->second.granted = true;
  i->second.refusal.clear();
  ever_granted_ = true;
}

void market_view::refused(std::string_view channel, std::string reason) {
  auto i = channels_.find(channel);
  if (i == channels_.end())
    return;
  complain(std::string{channel} + ": " + reason);
  i->second.granted = false;
  i->second.refusal = std::move(reason);
  if (auto* to = book_of(channel))
    lose_book(*to);
}

bool market_view::received(std::string_view text, time_point now) {
  ++counters_.messages;
  auto envelope = scan(text, layouts::deribit);
  std::string memory;
  auto channel = envelope ? envelope->channel.resolved(memory)
                          : std::string_view{};
  auto problem = envelope ? market::deribit::decode(*envelope, data_)
                          : envelope.error();
  if (!problem)
    return handle(channel, now);
  ++counters_.unreadable;
  complain(to_string(problem));
  unreadable(channel, now);
  return true;
}

void market_view::tick(time_point now) {
  if (!connected_)
    return;
  for (auto& [name, entry] : instruments_) {
    if (!entry.book.is_stale() && entry.silence.is_over(now)) {
      ++counters_.silences;
      entry.is_silent = true;
      complain(entry.book_channel + " brings nothing any more");
      lose_book(entry);
      renew_book(entry, now);
    } else if (entry.book.is_stale() && entry.renewal.is_over(now)) {
      renew_book(entry, now);
    }
  }
}

// -- messages of the venue ----------------------------------------------------

bool market_view::handle(std::string_view channel, time_point now) {
  switch (data_.kind) {
    case market::content::book:
      update_book(channel, now);
      return true;
    case market::content::trades:
      heard(channel);
      return true;
    case market::content::ticker:
      compare_ticker(channel);
      return true;
    default:
      return false;
  }
}

void market_view::update_book(std::string_view channel, time_point now) {
  const auto& change = data_.book;
  auto* to = find(channel, change.instrument);
  if (!to)
    return;
  book_spoke(*to, now);
  auto outcome = to->book.apply(change);
  to->audit.applied(change, to->book, outcome, epoch_);
  switch (outcome) {
    case book_outcome::applied:
      to->renewal.reset();
      return observe(change.instrument.view(), *to);
    case book_outcome::awaiting_snapshot:
      return;
    case book_outcome::gap:
    case book_outcome::inconsistent:
      ++counters_.gaps_detected;
      complain("gap in " + std::string{channel});
      lose_book(*to);
      renew_book(*to, now);
  }
}

void market_view::compare_ticker(std::string_view channel) {
  const auto& ticker = data_.ticker;
  if (auto* to = find(channel, ticker.instrument))
    to->audit.compare(ticker, to->book);
}

// Counts a message of a channel. Returns whether the channel is one of ours.
bool market_view::heard(std::string_view channel) {
  auto i = channels_.find(channel);
  if (i == channels_.end()) {
    ++counters_.unknown;
    complain("unexpected channel " + std::string{channel});
    return false;
  }
  ++i->second.messages;
  ++data_in_epoch_;
  return true;
}

// Returns where a message belongs, null if it is not ours.
market_view::instrument*
market_view::find(std::string_view channel,
                  const market::instrument_name& name) {
  auto i = instruments_.find(name.view());
  if (heard(channel) && i != instruments_.end()
      && instrument_of(channel) == name.view())
    return &i->second;
  return nullptr;
}

// -- decisions ----------------------------------------------------------------

void market_view::observe(std::string_view name, instrument& item) {
  auto bid = item.book.best_bid();
  auto ask = item.book.best_ask();
  if (!bid || !ask)
    return;
  auto target = item.strategy.observe(bid->price, ask->price);
  if (!item.undecided)
    return;
  auto contracts = item.account.trade(target, bid->price, ask->price);
  if (contracts == 0)
    return;
  item.undecided = false;
  decisions_.push_back({std::string{name}, contracts});
}

void market_view::decide(const decision& choice) {
  auto i = instruments_.find(choice.instrument);
  if (i == instruments_.end() || !i->second.undecided)
    return;
  auto& to = i->second;
  auto bid = to.book.best_bid();
  auto ask = to.book.best_ask();
  if (!bid || !ask)
    return;
  to.account.trade(choice.contracts, bid->price, ask->price);
  to.undecided = false;
  decisions_.push_back(choice);
}

void market_view::suspend(const std::string& name) {
  auto i = instruments_.find(name);
  if (i != instruments_.end())
    i->second.undecided = false;
}

void market_view::settled(const std::string& name) {
  auto i = instruments_.find(name);
  if (i != instruments_.end())
    i->second.undecided = true;
}

void market_view::dropped(const decision& choice) {
  auto i = instruments_.find(choice.instrument);
  if (i == instruments_.end())
    return;
  i->second.account.take_back(choice.contracts);
}

void market_view::held(const std::string& name, int contracts) {
  auto i = instruments_.find(name);
  if (i != instruments_.end())
    i->second.account.hold(contracts);
}

// -- books ------------------------------------------------------------------

market_view::instrument* market_view::book_of(std::string_view channel) {
  auto i = instruments_.find(instrument_of(channel));
  return i != instruments_.end() && i->second.book_channel == channel
           ? &i->second
           : nullptr;
}

// A message that cannot be read is lost, with whatever it would have changed.
// A book that is stale is being renewed already.
void market_view::unreadable(std::string_view channel, time_point now) {
  auto* to = book_of(channel);
  if (!to || to->book.is_stale())
    return;
  lose_book(*to);
  renew_book(*to, now);
}

// A change proves that the channel lives, a snapshot after silence only that
// it was renewed.
void market_view::book_spoke(instrument& item, time_point now) {
  if (data_.book.kind == market::update_kind::change || !item.is_silent)
    item.silence.reset();
  item.silence.begin(now);
  item.is_silent = false;
}

void market_view::lose_book(instrument& item) {
  item.book.invalidate();
  item.strategy.reset();
}

// Only a channel that begins anew earns a snapshot.
void market_view::renew_book(instrument& item, time_point now) {
  item.renewal.begin(now);
  if (!item.book_channel.empty())
    renewals_.push_back(item.book_channel);
}

} // namespace zenws::engine
