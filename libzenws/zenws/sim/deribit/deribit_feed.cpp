// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_feed.hpp"

#include "zenws/sim/clocks.hpp"
#include "zenws/sim/market/notification.hpp"

#include <algorithm>
#include <optional>

namespace zenws::sim {

namespace {

// The states of all instruments, which never change here.
constexpr std::string_view states = "instrument.state.any.any";

// Both get every change: the pace is that of the market.
constexpr std::string_view intervals[] = {"raw", "100ms"};

struct channel_name {
  std::string_view kind;
  std::string_view instrument;
  std::string_view interval;
};

std::optional<channel_name> parse(std::string_view channel) {
  auto first = channel.find('.');
  auto last = channel.rfind('.');
  if (first == std::string_view::npos)
    return std::nullopt;
  if (channel.substr(0, first) == "quote")
    return channel_name{"quote", channel.substr(first + 1), {}};
  if (first == last)
    return std::nullopt;
  return channel_name{channel.substr(0, first),
                      channel.substr(first + 1, last - first - 1),
                      channel.substr(last + 1)};
}

std::string join(std::string_view kind, const instrument& item,
                 std::string_view interval) {
  std::string result{kind};
  result += '.';
  result += item.terms().name;
  result += '.';
  return result += interval;
}

} // namespace

deribit_feed::deribit_feed(market_feed& feed) : feed_(feed) {
  feed_.add(*this);
}

bool deribit_feed::knows(std::string_view channel) const {
  auto name = parse(channel);
  if (channel == states)
    return true;
  if (!name || !feed_.exchange().find(name->instrument))
    return false;
  auto kind = name->kind;
  if (kind == "quote")
    return true;
  return (kind == "book" || kind == "trades" || kind == "ticker")
         && std::ranges::find(intervals, name->interval) != std::end(intervals);
}

void deribit_feed::subscribe(const std::string& channel,
                             connection& subscriber) {
  channels_.add(channel, subscriber);
  if (channel == states)
    return;
  auto name = parse(channel);
  const auto& listed = *feed_.exchange().find(name->instrument);
  if (name->kind == "book")
    subscriber.send(opcode::text, book_snapshot(channel, listed, wall_clock()));
  else if (name->kind == "ticker")
    subscriber.send(opcode::text, ticker(channel, listed, wall_clock()));
  else if (name->kind == "quote")
    subscriber.send(opcode::text, quote(channel, listed, wall_clock()));
  feed_.wake();
}

void deribit_feed::unsubscribe(const std::string& channel,
                               connection& subscriber) {
  channels_.remove(channel, subscriber);
}

bool deribit_feed::busy() const {
  return !channels_.empty();
}

void deribit_feed::report(const instrument& item, const market_update& update,
                          book_news news) {
  auto now = wall_clock();
  if (auto name = "quote." + item.terms().name; channels_.has(name))
    channels_.publish(name, quote(name, item, now));
  for (auto interval : intervals) {
    if (auto name = join("trades", item, interval);
        update.trade && channels_.has(name))
      channels_.publish(name, trade_print(name, item, update, now));
    if (auto name = join("book", item, interval);
        news == book_news::told && channels_.has(name))
      channels_.publish(name, book_change(name, item, update, now));
    if (auto name = join("ticker", item, interval); channels_.has(name))
      channels_.publish(name, ticker(name, item, now));
  }
}

void deribit_feed::stop() {
  channels_.clear();
}

} // namespace zenws::sim
