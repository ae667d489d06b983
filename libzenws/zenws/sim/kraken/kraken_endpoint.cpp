// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_endpoint.hpp"

#include "zenws/sim/kraken/kraken_order_text.hpp"
#include "zenws/sim/orders/symbol.hpp"
#include "zenws/sim/venue.hpp"

#include <set>
#include <utility>

namespace zenws::sim {

namespace {

using std::chrono::steady_clock;

constexpr std::string_view heartbeat = R"({"channel":"heartbeat"})";

std::optional<kraken_account> account_at(venue& owner, connection& client) {
  if (client.where().kind != service::kraken_private)
    return std::nullopt;
  kraken_market_view around{
    [&owner](const std::string& x) { return owner.kraken().instrument_of(x); },
    [&owner](std::string_view name) {
      auto* item = owner.feed().exchange().find(name);
      return item ? std::optional{quote_of(*item)} : std::nullopt;
    }};
  return kraken_account{owner.kraken_account_tokens(),
                        kraken_orders{owner.orders(), client.id(),
                                      std::move(around)}};
}

/// Returns the currencies of all pairs.
std::vector<std::string> currencies_of(const market& all) {
  std::set<std::string> result;
  for (auto& x : all.instruments()) {
    auto symbol = kraken_symbol(x.terms().name);
    auto slash = symbol.find('/');
    result.insert({symbol.substr(0, slash), symbol.substr(slash + 1)});
  }
  return {result.begin(), result.end()};
}

} // namespace

kraken_endpoint::kraken_endpoint(venue& owner, connection& client)
  : owner_(owner),
    client_(client),
    session_(
      owner.config().kraken, client.id(),
      [&owner](const std::string& x) { return owner.kraken().has_pair(x); },
      account_at(owner, client)),
    idle_timer_(owner.executor()),
    heartbeat_timer_(owner.executor()) {
  // nop
}

void kraken_endpoint::opened() {
  client_.send(opcode::text, session_.status());
  await_activity();
}

void kraken_endpoint::received(const message& received) {
  auto verdict = owner_.judge_call(client_, received.payload);
  kraken_outcome outcome;
  if (!verdict || verdict->executes == execution::done)
    outcome = session_.handle(received.payload, read_clocks());
  if (verdict) {
    outcome.answers.clear();
    if (verdict->error)
      outcome.answers.push_back(
        session_.failure(received.payload, *verdict->error, read_clocks()));
  }
  act(outcome);
  await_activity();
}

void kraken_endpoint::act(const kraken_outcome& outcome) {
  auto told_first = !outcome.changes.empty() && owner_.notifies_first(client_);
  if (told_first)
    owner_.order_events().publish(outcome.changes);
  acknowledge(outcome);
  for (auto& x : outcome.unsubscribed)
    end(x);
  for (auto& x : outcome.subscribed) {
    if (closed_)
      return;
    if (!owner_.silences(client_, x.channel.name()))
      begin(x);
  }
  if (outcome.guard)
    owner_.kraken_account_guards().set(outcome.guard->account,
                                       outcome.guard->timeout);
  if (!told_first)
    owner_.order_events().publish(outcome.changes);
  owner_.order_course().orders_changed();
  if (!outcome.subscribed.empty() && !beats_) {
    beats_ = true;
    beat();
  }
}

void kraken_endpoint::begin(const kraken_outcome::subscription& x) {
  if (x.channel.account.empty())
    owner_.kraken().subscribe(x.channel, x.start, client_);
  else
    begin_private(x);
}

void kraken_endpoint::begin_private(const kraken_outcome::subscription& x) {
  auto& channel = x.channel;
  auto& store = owner_.orders();
  auto sequence = std::make_shared<uint64_t>(0);
  order_feed::news_wording words;
  if (channel.kind == "executions") {
    client_.send(opcode::text,
                 kraken_executions_snapshot(
                   store, channel.account,
                   {channel.tells_orders, channel.tells_trades}, *sequence));
    words = [sequence](const order_change& change) {
      return kraken_executions(change, *sequence);
    };
  } else {
    if (x.start == kraken_start::snapshot)
      client_.send(opcode::text,
                   kraken_balances_snapshot(
                     store, channel.account,
                     currencies_of(owner_.feed().exchange()), *sequence));
    words = [sequence, &store](const order_change& change) {
      return kraken_balances(store, change, *sequence);
    };
  }
  owner_.order_events().subscribe_to_news(client_, channel.account,
                                          channel.name(), std::move(words));
}

void kraken_endpoint::end(const kraken_channel& channel) {
  if (channel.account.empty())
    owner_.kraken().unsubscribe(channel, client_);
  else
    owner_.order_events().unsubscribe(client_, channel.name());
}

void kraken_endpoint::acknowledge(const kraken_outcome& outcome) {
  auto waits = !outcome.answers.empty() && !outcome.subscribed.empty()
               && owner_.notifies_first(client_);
  for (auto& x : outcome.answers)
    if (waits)
      client_.send_after_next(x);
    else
      client_.send(opcode::text, x);
}

// -- faults of channels -------------------------------------------------------

void kraken_endpoint::silence(std::string_view channel) {
  for (auto& x : session_.covered(channel))
    end(x);
}

void kraken_endpoint::revoke(std::string_view channel, revocation words) {
  for (auto& x : session_.covered(channel)) {
    end(x);
    session_.revoke(x);
    if (words == revocation::unsubscribed)
      client_.send(opcode::text, session_.unsubscribed(x, read_clocks()));
  }
}

void kraken_endpoint::send_malformed(std::string_view channel, breakage mode) {
  for (auto& x : session_.covered(channel))
    client_.send(opcode::text, malformed_push(x, mode));
}

// -- time ---------------------------------------------------------------------

// A stalled server holds no one to account.
void kraken_endpoint::await_activity() {
  session_.heard(steady_clock::now());
  auto due = session_.idle_at();
  if (!due || closed_) {
    idle_timer_.cancel();
    return;
  }
  idle_timer_.expires_at(*due);
  idle_timer_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (ec || closed_ || idle_timer_.expiry() > steady_clock::now())
      return;
    if (client_.is_stalled())
      await_activity();
    else
      client_.close(normal_closure, "");
  });
}

// Each second, whatever else is sent.
void kraken_endpoint::beat() {
  auto interval = owner_.config().kraken.heartbeat_interval;
  if (interval.count() == 0 || closed_)
    return;
  heartbeat_timer_.expires_after(interval);
  heartbeat_timer_.async_wait(
    [this, self = client_.shared_from_this()](auto ec) {
      if (ec || closed_)
        return;
      client_.send(opcode::text, heartbeat);
      beat();
    });
}

void kraken_endpoint::closed() {
  closed_ = true;
  idle_timer_.cancel();
  heartbeat_timer_.cancel();
  for (auto& [name, channel] : session_.channels())
    end(channel);
  session_.leave();
}

} // namespace zenws::sim
