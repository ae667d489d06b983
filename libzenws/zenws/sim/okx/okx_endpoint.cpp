// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/okx/okx_endpoint.hpp"

#include "zenws/sim/okx/okx_account.hpp"
#include "zenws/sim/okx/okx_push.hpp"
#include "zenws/sim/orders/symbol.hpp"
#include "zenws/sim/venue.hpp"

#include <utility>

namespace zenws::sim {

namespace {

using std::chrono::steady_clock;

constexpr uint16_t no_data_received = 4004;

okx_side side_of(const route& where) {
  return where.path.ends_with("/private") ? okx_side::private_data
                                          : okx_side::public_data;
}

// Connections are counted by channel, for any other arguments.
std::string key_prefix(const okx_arg& arg) {
  return arg.channel + ' ';
}

std::string feed_key(const okx_arg& arg) {
  return key_prefix(arg) + arg.text();
}

std::string idle_text(const okx_config& cfg) {
  using std::chrono::seconds;
  auto timeout = std::chrono::duration_cast<seconds>(cfg.idle_timeout);
  return "No data received in " + std::to_string(timeout.count()) + "s.";
}

okx_market okx_market_of(venue& owner) {
  return {[&owner](const std::string& x) { return owner.okx().market_name(x); },
          [&owner](std::string_view x) {
            auto* item = owner.feed().exchange().find(x);
            return item ? std::optional{quote_of(*item)} : std::nullopt;
          },
          [&owner](uint64_t code) { return owner.okx().name_of(code); }};
}

std::vector<balance> balances_of(venue& owner, const std::string& account) {
  std::vector<balance> result{owner.orders().funds_in(account, "USDT")};
  for (auto& x : owner.feed().exchange().instruments())
    result.push_back(
      owner.orders().funds_in(account, base_currency(x.terms().name)));
  return result;
}

// Returns the message that begins a channel, nothing if there is none.
std::optional<std::string> snapshot_of(venue& owner, const okx_arg& arg,
                                       const std::string& account,
                                       const std::string& uid) {
  if (arg.channel == "positions")
    return okx_position_snapshot(arg, uid, owner.orders().positions(account));
  if (arg.is_about_balances())
    return okx_balance_snapshot(arg, uid, balances_of(owner, account));
  return std::nullopt;
}

order_feed::change_wording words_of(venue& owner, const okx_arg& arg,
                                    const std::string& account,
                                    const std::string& uid) {
  using news = std::optional<std::string>;
  if (arg.channel == "positions")
    return [arg, uid](const order_change& x) {
      return okx_position_news(arg, uid, x);
    };
  if (arg.is_about_balances())
    return [&owner, arg, account, uid](const order_change&) -> news {
      return okx_balance_news(arg, uid, balances_of(owner, account));
    };
  return
    [arg, uid](const order_change& x) { return okx_order_news(arg, uid, x); };
}

} // namespace

okx_endpoint::okx_endpoint(venue& owner, connection& client)
  : owner_(owner),
    client_(client),
    session_(owner.config(), side_of(client.where()), client.id(),
             {owner.orders(), okx_market_of(owner)}),
    idle_timer_(owner.executor()),
    snapshot_timer_(owner.executor()) {
  // nop
}

void okx_endpoint::opened() {
  await_message();
}

void okx_endpoint::received(const message& received) {
  await_message();
  auto verdict = received.payload == "ping"
                   ? std::nullopt
                   : owner_.judge_call(client_, received.payload);
  if (!verdict)
    return act(session_.handle(received.payload, read_clocks()));
  okx_outcome outcome;
  if (verdict->executes == execution::done)
    outcome = session_.handle(received.payload, read_clocks());
  outcome.answers.clear();
  if (verdict->error)
    outcome.answers.push_back(
      session_.failure(received.payload, *verdict->error));
  act(std::move(outcome));
}

void okx_endpoint::act(okx_outcome outcome) {
  auto& events = owner_.order_events();
  if (!outcome.changes.empty() && owner_.notifies_first(client_))
    events.publish(std::exchange(outcome.changes, {}));
  acknowledge(outcome);
  for (auto& x : outcome.unsubscribed)
    unsubscribe(x);
  for (auto& x : outcome.subscribed)
    if (!closed_)
      subscribe(x);
  if (outcome.fills)
    events.tell_fills(*outcome.fills);
  events.publish(outcome.changes);
  owner_.order_course().orders_changed();
}

void okx_endpoint::acknowledge(const okx_outcome& outcome) {
  auto waits = !outcome.answers.empty() && !outcome.subscribed.empty()
               && owner_.notifies_first(client_);
  for (auto& x : outcome.answers)
    if (waits)
      client_.send_after_next(x);
    else
      client_.send(opcode::text, x);
}

void okx_endpoint::subscribe(const okx_arg& arg) {
  if (arg.is_private() && !admits(arg))
    return;
  if (owner_.silences(client_, arg.name()))
    return;
  if (!arg.is_private())
    return owner_.okx().subscribe(arg, client_);
  auto& account = session_.account();
  owner_.order_events().subscribe_to_changes(client_, account, feed_key(arg),
                                             words_of(owner_, arg, account,
                                                      session_.uid()));
  send_snapshot(arg);
  await_snapshots();
}

void okx_endpoint::send_snapshot(const okx_arg& arg) {
  if (auto text = snapshot_of(owner_, arg, session_.account(), session_.uid()))
    client_.send(opcode::text, *text);
}

// "Initial and regular snapshot push".
void okx_endpoint::await_snapshots() {
  auto interval = owner_.config().okx.snapshot_interval;
  if (interval.count() == 0 || awaits_snapshots_)
    return;
  awaits_snapshots_ = true;
  snapshot_timer_.expires_after(interval);
  snapshot_timer_.async_wait(
    [this, self = client_.shared_from_this()](auto ec) {
      if (ec || closed_)
        return;
      awaits_snapshots_ = false;
      repeat_snapshots();
    });
}

void okx_endpoint::repeat_snapshots() {
  auto has_any = false;
  for (auto& [text, arg] : session_.channels())
    if (arg.is_private() && owner_.order_events().has(client_, feed_key(arg))) {
      has_any = true;
      send_snapshot(arg);
    }
  if (has_any && !closed_)
    await_snapshots();
}

// Reports the number of connections with a private channel. Returns whether one
// more may have it; else takes it away again, after its acknowledgement.
bool okx_endpoint::admits(const okx_arg& arg) {
  auto limit = owner_.config().okx.max_connections_per_channel;
  auto others = owner_.order_events().connections(session_.account(),
                                                  key_prefix(arg), client_);
  if (limit == 0 || others < limit) {
    client_.send(opcode::text, session_.connection_count(arg, others + 1));
    return true;
  }
  session_.revoke(arg);
  client_.send(opcode::text, session_.too_many_connections(arg));
  return false;
}

// -- faults of channels -------------------------------------------------------

void okx_endpoint::silence(std::string_view channel) {
  for (auto& arg : session_.covered(channel))
    unsubscribe(arg);
}

void okx_endpoint::revoke(std::string_view channel, revocation words) {
  for (auto& arg : session_.covered(channel)) {
    unsubscribe(arg);
    session_.revoke(arg);
    if (words == revocation::unsubscribed)
      client_.send(opcode::text, session_.unsubscribed(arg));
    else if (words == revocation::too_many_connections)
      client_.send(opcode::text, session_.too_many_connections(arg));
  }
}

void okx_endpoint::send_malformed(std::string_view channel, breakage mode) {
  for (auto& arg : session_.covered(channel))
    client_.send(opcode::text, malformed_push(arg, mode));
}

// -- subscriptions ------------------------------------------------------------

void okx_endpoint::unsubscribe(const okx_arg& arg) {
  if (!arg.is_private())
    owner_.okx().unsubscribe(arg, client_);
  else
    owner_.order_events().unsubscribe(client_, feed_key(arg));
}

// A stalled server holds no one to account.
void okx_endpoint::await_message() {
  session_.heard(steady_clock::now());
  auto due = session_.idle_at();
  if (!due || closed_)
    return;
  idle_timer_.expires_at(*due);
  idle_timer_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (ec || closed_ || idle_timer_.expiry() > steady_clock::now())
      return;
    if (client_.is_stalled())
      await_message();
    else
      client_.close(no_data_received, idle_text(owner_.config().okx));
  });
}

void okx_endpoint::ending() {
  client_.send(opcode::text, session_.upgrade_notice());
}

void okx_endpoint::closed() {
  closed_ = true;
  idle_timer_.cancel();
  snapshot_timer_.cancel();
  for (auto& [text, arg] : session_.channels())
    unsubscribe(arg);
}

} // namespace zenws::sim
