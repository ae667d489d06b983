#include "exchange_sim/market_feed.hpp"

#include "exchange_sim/notification.hpp"

#include <algorithm>
#include <optional>

namespace zenws::sim {

namespace {

using std::chrono::steady_clock;

/// Both get every change: the pace is that of the market.
constexpr std::string_view intervals[] = {"raw", "100ms"};

struct channel_name {
  std::string_view kind;
  std::string_view instrument;
  std::string_view interval;
};

std::optional<channel_name> parse(std::string_view channel) {
  auto first = channel.find('.');
  auto last = channel.rfind('.');
  if (first == std::string_view::npos || first == last)
    return std::nullopt;
  return channel_name{channel.substr(0, first),
                      channel.substr(first + 1, last - first - 1),
                      channel.substr(last + 1)};
}

std::string join(std::string_view kind, const instrument& what,
                 std::string_view interval) {
  std::string result{kind};
  result += '.';
  result += what.terms().name;
  result += '.';
  return result += interval;
}

std::chrono::milliseconds wall_clock() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
    std::chrono::system_clock::now().time_since_epoch());
}

} // namespace

market_feed::market_feed(boost::asio::io_context& ctx, const server_config& cfg)
  : market_(cfg.seed, cfg.instruments),
    period_(cfg.tick),
    timer_(ctx.get_executor()) {
  // nop
}

bool market_feed::knows(std::string_view channel) const {
  auto name = parse(channel);
  if (!name || !market_.find(name->instrument))
    return false;
  auto kind = name->kind;
  return (kind == "book" || kind == "trades" || kind == "ticker")
         && std::ranges::find(intervals, name->interval) != std::end(intervals);
}

void market_feed::subscribe(const std::string& channel,
                            connection& subscriber) {
  subscribers_[channel].push_back(&subscriber);
  auto name = parse(channel);
  const auto& what = *market_.find(name->instrument);
  if (name->kind == "book")
    subscriber.send(opcode::text, book_snapshot(channel, what, wall_clock()));
  else if (name->kind == "ticker")
    subscriber.send(opcode::text, ticker(channel, what, wall_clock()));
  if (!running_) {
    timer_.expires_at(steady_clock::now());
    schedule();
  }
}

void market_feed::unsubscribe(const std::string& channel,
                              connection& subscriber) {
  auto i = subscribers_.find(channel);
  if (i == subscribers_.end())
    return;
  std::erase(i->second, &subscriber);
  if (i->second.empty())
    subscribers_.erase(i);
}

void market_feed::stop() {
  subscribers_.clear();
  timer_.cancel();
}

void market_feed::schedule() {
  running_ = true;
  // A loop that was busy for long does not catch up on lost ticks.
  auto now = steady_clock::now();
  timer_.expires_at(std::max(timer_.expiry() + period_, now));
  timer_.async_wait([this](auto ec) {
    running_ = false;
    if (!ec && !subscribers_.empty())
      tick();
  });
}

void market_feed::tick() {
  for (auto& what : market_.instruments())
    tell(what, what.step());
  if (skipped_changes_ > 0)
    --skipped_changes_;
  schedule();
}

void market_feed::tell(const instrument& what, const market_update& update) {
  auto now = wall_clock();
  for (auto interval : intervals) {
    if (auto name = join("trades", what, interval);
        update.trade && has_subscribers(name))
      publish(name, trade_print(name, what, update, now));
    if (auto name = join("book", what, interval);
        skipped_changes_ == 0 && has_subscribers(name))
      publish(name, book_change(name, what, update, now));
    if (auto name = join("ticker", what, interval); has_subscribers(name))
      publish(name, ticker(name, what, now));
  }
}

/// Encodes once, except for those who compress. Works on a copy of the list,
/// since a subscriber may leave while it is being told.
void market_feed::publish(const std::string& channel, const std::string& text) {
  auto frame
    = std::make_shared<const std::string>(encode_frame(opcode::text, text));
  auto whom = subscribers_[channel];
  for (auto* subscriber : whom)
    if (subscriber->compresses())
      subscriber->send(opcode::text, text);
    else
      subscriber->send(frame);
}

bool market_feed::has_subscribers(const std::string& channel) const {
  return subscribers_.contains(channel);
}

} // namespace zenws::sim
