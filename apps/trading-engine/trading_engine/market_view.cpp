#include "trading_engine/market_view.hpp"

#include "zenws/envelope.hpp"
#include "zenws/market/deribit.hpp"

namespace zenws::engine {

namespace {

/// Returns X of "book.X.raw".
std::string_view instrument_of(std::string_view channel) {
  auto first = channel.find('.');
  auto last = channel.rfind('.');
  return first == last ? std::string_view{}
                       : channel.substr(first + 1, last - first - 1);
}

} // namespace

std::vector<std::string>
channels_of(const std::vector<std::string>& instruments) {
  std::vector<std::string> result;
  for (const auto& name : instruments)
    for (const char* kind : {"book.", "trades.", "ticker."})
      result.push_back(kind + name + ".raw");
  return result;
}

market_view::market_view(market_options options)
  : options_(std::move(options)) {
  for (const auto& channel : options_.channels) {
    channels_.emplace(channel, channel_activity{channel});
    if (auto name = instrument_of(channel); !name.empty())
      instruments_.emplace(name, instrument{options_.tickers});
  }
}

// -- properties ---------------------------------------------------------------

void market_view::report(engine_report& out) const {
  out.epoch = epoch_;
  out.connected = connected_;
  out.market = counters_;
  out.last_problem = last_problem_;
  for (const auto& [name, what] : instruments_) {
    out.market.gaps_undetected += what.audit.undetected();
    out.instruments.push_back({.name = name,
                               .bid = what.book.best_bid(),
                               .ask = what.book.best_ask(),
                               .stale = what.book.is_stale(),
                               .position = what.account.position(),
                               .pnl = what.account.pnl()});
  }
  for (const auto& [name, what] : channels_)
    out.channels.push_back(what);
}

// -- the connection -----------------------------------------------------------

void market_view::connected(uint64_t epoch, time_point now) {
  if (connected_ && epoch == epoch_)
    return;
  connected_ = true;
  epoch_ = epoch;
  data_in_epoch_ = 0;
  renewals_.clear();
  for (auto& [name, what] : channels_)
    what.messages = 0;
  for (auto& [name, what] : instruments_) {
    what.book.invalidate();
    what.strategy.reset();
    what.stale_until = now + options_.patience;
  }
}

void market_view::disconnected() {
  connected_ = false;
  renewals_.clear();
  for (auto& [name, what] : instruments_)
    what.book.invalidate();
}

void market_view::granted(std::string_view channel, bool is_granted) {
  auto i = channels_.find(channel);
  if (i != channels_.end())
    i->second.granted = is_granted;
}

bool market_view::received(std::string_view text, time_point now) {
  ++counters_.messages;
  auto what = scan(text, layouts::deribit);
  auto problem = what ? market::deribit::decode(*what, data_) : what.error();
  if (problem) {
    ++counters_.unreadable;
    complain(to_string(problem));
    return true;
  }
  return handle(*what, now);
}

void market_view::tick(time_point now) {
  if (!connected_)
    return;
  for (auto& [name, what] : instruments_)
    if (what.book.is_stale() && what.stale_until <= now)
      renew_book(name, what, now);
}

// -- what the venue says ------------------------------------------------------

bool market_view::handle(const envelope& what, time_point now) {
  auto channel = what.channel.text;
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
  const auto& what = data_.book;
  auto* to = find(channel, what.instrument);
  if (!to)
    return;
  auto outcome = to->book.apply(what);
  to->audit.applied(what, to->book, outcome, epoch_);
  switch (outcome) {
    case book_outcome::applied:
      return observe(what.instrument.view(), *to);
    case book_outcome::awaiting_snapshot:
      return;
    case book_outcome::gap:
    case book_outcome::inconsistent:
      ++counters_.gaps_detected;
      complain("gap in " + std::string{channel});
      to->strategy.reset();
      renew_book(what.instrument.view(), *to, now);
  }
}

void market_view::compare_ticker(std::string_view channel) {
  const auto& what = data_.ticker;
  if (auto* to = find(channel, what.instrument))
    to->audit.compare(what, to->book);
}

/// Counts a message of a channel. Returns whether the channel is one of ours.
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

/// Returns where a message belongs, null if it is not ours.
market_view::instrument*
market_view::find(std::string_view channel,
                  const market::instrument_name& name) {
  auto i = instruments_.find(name.view());
  if (heard(channel) && i != instruments_.end()
      && instrument_of(channel) == name.view())
    return &i->second;
  return nullptr;
}

// -- what follows from it -----------------------------------------------------

void market_view::observe(std::string_view name, instrument& what) {
  auto bid = what.book.best_bid();
  auto ask = what.book.best_ask();
  if (!bid || !ask)
    return;
  auto target = what.strategy.observe(bid->price, ask->price);
  if (!what.undecided)
    return;
  auto contracts = what.account.trade(target, bid->price, ask->price);
  if (contracts == 0)
    return;
  what.undecided = false;
  decisions_.push_back({std::string{name}, contracts});
}

void market_view::decide(const decision& what) {
  auto i = instruments_.find(what.instrument);
  if (i == instruments_.end() || !i->second.undecided)
    return;
  auto& to = i->second;
  auto bid = to.book.best_bid();
  auto ask = to.book.best_ask();
  if (!bid || !ask)
    return;
  to.account.trade(what.contracts, bid->price, ask->price);
  to.undecided = false;
  decisions_.push_back(what);
}

void market_view::settled(const std::string& instrument) {
  auto i = instruments_.find(instrument);
  if (i != instruments_.end())
    i->second.undecided = true;
}

void market_view::dropped(const decision& what) {
  auto i = instruments_.find(what.instrument);
  if (i == instruments_.end())
    return;
  i->second.account.take_back(what.contracts);
  i->second.undecided = true;
}

/// Only a channel that begins anew earns a snapshot.
void market_view::renew_book(std::string_view name, instrument& what,
                             time_point now) {
  what.stale_until = now + options_.patience;
  auto channel = "book." + std::string{name} + ".raw";
  if (channels_.count(channel) > 0)
    renewals_.push_back(std::move(channel));
}

} // namespace zenws::engine
