#include "trading_engine/feed_session.hpp"

#include "trading_engine/feed_parser.hpp"
#include "trading_engine/requests.hpp"

#include <algorithm>

namespace zenws::engine {

namespace {

/// Channels in one request.
constexpr size_t max_channels_per_request = 100;

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

feed_session::feed_session(feed_options options)
  : options_(std::move(options)),
    ledger_(options_.channels, options_.patience) {
  for (const auto& channel : options_.channels)
    if (auto name = instrument_of(channel); !name.empty())
      instruments_.emplace(name, instrument{options_.tickers});
}

// -- properties ---------------------------------------------------------------

bool feed_session::is_restored() const {
  return connected_ && data_in_epoch_ > 0
         && ledger_.count(channel_state::confirmed)
              == ledger_.channels().size();
}

engine_report feed_session::report() const {
  engine_report result;
  result.epoch = epoch_;
  result.connected = connected_;
  result.counters = counters_;
  result.counters.subscription_losses = ledger_.losses();
  result.last_problem = last_problem_;
  for (const auto& [name, what] : instruments_) {
    result.counters.gaps_undetected += what.audit.undetected();
    result.instruments.push_back({.name = name,
                                  .bid = what.book.best_bid(),
                                  .ask = what.book.best_ask(),
                                  .stale = what.book.is_stale(),
                                  .position = what.account.position(),
                                  .pnl = what.account.pnl()});
  }
  for (const auto& [name, what] : ledger_.channels())
    result.channels.push_back({name, what.state, what.messages});
  return result;
}

// -- transitions --------------------------------------------------------------

void feed_session::connected(uint64_t epoch, time_point now) {
  if (connected_ && epoch == epoch_)
    return;
  connected_ = true;
  epoch_ = epoch;
  data_in_epoch_ = 0;
  requests_.clear();
  ledger_.reset();
  for (auto& [name, what] : instruments_) {
    what.book.invalidate();
    what.strategy.reset();
    what.stale_until = now + options_.patience;
  }
  requests_.push_back(heartbeat_request(++last_id_, options_.heartbeat));
  subscribe_due(now);
}

void feed_session::disconnected() {
  connected_ = false;
  requests_.clear();
  ledger_.reset();
  for (auto& [name, what] : instruments_)
    what.book.invalidate();
}

void feed_session::received(std::string_view text, time_point now) {
  ++counters_.messages;
  auto what = parse_feed(text, data_);
  std::visit([&](const auto& x) { handle(x, now); }, what);
}

void feed_session::tick(time_point now) {
  if (!connected_)
    return;
  ledger_.expire(now);
  for (auto& [name, what] : instruments_)
    if (what.book.is_stale() && what.stale_until <= now)
      renew_book(name, what, now);
  subscribe_due(now);
}

// -- what the venue says ------------------------------------------------------

void feed_session::handle(const channels_answer& what, time_point now) {
  ledger_.answered(what.id, what.channels, now);
}

void feed_session::handle(const refusal& what, time_point now) {
  ++counters_.refusals;
  complain("request refused: " + what.why.message);
  if (what.id)
    ledger_.refused(*what.id, now);
}

void feed_session::handle(const market_data& what, time_point now) {
  switch (data_.kind) {
    case market::content::book:
      update_book(what.channel, now);
      break;
    case market::content::trades:
      count_trades(what.channel);
      break;
    case market::content::ticker:
      compare_ticker(what.channel);
      break;
    case market::content::none:
      break;
  }
}

void feed_session::handle(const test_request&, time_point) {
  requests_.push_back(test_answer(++last_id_));
}

void feed_session::handle(const unknown_message& what, time_point) {
  ++counters_.unknown;
  complain("unknown message " + what.name);
}

void feed_session::handle(const error& what, time_point) {
  ++counters_.unreadable;
  complain(to_string(what));
}

// -- what follows from it -----------------------------------------------------

void feed_session::update_book(std::string_view channel, time_point now) {
  const auto& what = data_.book;
  auto* to = find(channel, what.instrument);
  if (!to)
    return;
  auto outcome = to->book.apply(what);
  to->audit.applied(what, to->book, outcome, epoch_);
  switch (outcome) {
    case book_outcome::applied:
      trade(*to);
      break;
    case book_outcome::awaiting_snapshot:
      break;
    case book_outcome::gap:
    case book_outcome::inconsistent:
      ++counters_.gaps_detected;
      complain("gap in " + std::string{channel});
      to->strategy.reset();
      renew_book(what.instrument.view(), *to, now);
  }
}

void feed_session::count_trades(std::string_view channel) {
  if (ledger_.heard(channel))
    ++data_in_epoch_;
  else
    ++counters_.unknown;
}

void feed_session::compare_ticker(std::string_view channel) {
  const auto& what = data_.ticker;
  if (auto* to = find(channel, what.instrument))
    to->audit.compare(what, to->book);
}

/// Counts a message and returns where it belongs, null if it is not ours.
feed_session::instrument*
feed_session::find(std::string_view channel,
                   const market::instrument_name& name) {
  auto i = instruments_.find(name.view());
  if (!ledger_.heard(channel) || i == instruments_.end()
      || instrument_of(channel) != name.view()) {
    ++counters_.unknown;
    complain("unexpected channel " + std::string{channel});
    return nullptr;
  }
  ++data_in_epoch_;
  return &i->second;
}

void feed_session::trade(instrument& what) {
  auto bid = what.book.best_bid();
  auto ask = what.book.best_ask();
  if (!bid || !ask)
    return;
  auto target = what.strategy.observe(bid->price, ask->price);
  what.account.trade(target, bid->price, ask->price);
}

/// Only a channel that is not subscribed yet earns a snapshot.
void feed_session::renew_book(std::string_view name, instrument& what,
                              time_point now) {
  what.stale_until = now + options_.patience;
  auto channel = "book." + std::string{name} + ".raw";
  auto i = ledger_.channels().find(channel);
  if (i == ledger_.channels().end()
      || i->second.state != channel_state::confirmed)
    return;
  requests_.push_back(unsubscribe_request(++last_id_, {channel}));
  ledger_.renew(channel);
  subscribe_due(now);
}

void feed_session::subscribe_due(time_point now) {
  auto all = ledger_.due(now);
  for (size_t i = 0; i < all.size(); i += max_channels_per_request) {
    auto count = std::min(max_channels_per_request, all.size() - i);
    auto first = all.begin() + static_cast<std::ptrdiff_t>(i);
    std::vector<std::string> some(first,
                                  first + static_cast<std::ptrdiff_t>(count));
    requests_.push_back(subscribe_request(++last_id_, some));
    ledger_.requested(last_id_, some, now);
  }
}

void feed_session::complain(std::string problem) {
  last_problem_ = std::move(problem);
}

} // namespace zenws::engine
