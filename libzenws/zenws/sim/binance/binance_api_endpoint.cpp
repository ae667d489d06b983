// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_api_endpoint.hpp"

#include "zenws/sim/binance/binance_order_text.hpp"
#include "zenws/sim/binance/binance_session.hpp"
#include "zenws/sim/binance/binance_user_stream.hpp"
#include "zenws/sim/orders/symbol.hpp"
#include "zenws/sim/venue.hpp"

#include <string>
#include <utility>

namespace zenws::sim {

namespace {

constexpr std::string_view account_events = "userDataStream";

binance_market binance_market_of(venue& owner) {
  auto quote = [&owner](std::string_view name) {
    auto* item = owner.feed().exchange().find(name);
    return item ? std::optional{quote_of(*item)} : std::nullopt;
  };
  return {[&owner](std::string_view symbol) -> std::optional<std::string> {
            for (auto& x : owner.feed().exchange().instruments())
              if (binance_symbol(x.terms().name) == symbol)
                return x.terms().name;
            return std::nullopt;
          },
          [&owner](std::string_view x, order_direction direction) {
            return owner.feed().touch(x, direction);
          },
          binance_market_data{owner.feed().exchange(), owner.feed().history()},
          quote};
}

// The names under which one subscription gets its two kinds of events.

std::string orders_of(const binance_subscription& x) {
  return std::string{account_events} + ".orders." + std::to_string(x.id);
}

std::string balances_of(const binance_subscription& x) {
  return std::string{account_events} + ".balances." + std::to_string(x.id);
}

} // namespace

binance_api_endpoint::binance_api_endpoint(venue& owner, connection& client)
  : binance_connection(owner, client),
    api_(owner.config(), owner.orders(), client.id(),
         binance_market_of(owner)) {
  // nop
}

void binance_api_endpoint::received(const message& received) {
  auto verdict = owner().judge_call(client(), received.payload);
  if (!verdict)
    return act(api_.handle(received.payload, read_clocks()));
  binance_api_outcome outcome;
  if (verdict->executes == execution::done)
    outcome = api_.handle(received.payload, read_clocks());
  outcome.answer = verdict->error ? api_.failure(received.payload,
                                                 *verdict->error, read_clocks())
                                  : std::string{};
  act(std::move(outcome));
}

void binance_api_endpoint::act(binance_api_outcome outcome) {
  if (!outcome.changes.empty() && owner().notifies_first(client()))
    publish(std::exchange(outcome.changes, {}));
  acknowledge(outcome);
  leave(outcome.unsubscribed);
  tell_end(outcome.unsubscribed);
  for (auto& x : outcome.subscribed)
    if (!is_closed() && !owner().silences(client(), account_events))
      follow(x);
  if (outcome.fills)
    owner().order_events().tell_fills(*outcome.fills);
  publish(outcome.changes);
  owner().order_course().orders_changed();
}

void binance_api_endpoint::acknowledge(const binance_api_outcome& outcome) {
  if (outcome.answer.empty())
    return;
  if (!outcome.subscribed.empty() && owner().notifies_first(client()))
    client().send_after_next(outcome.answer);
  else
    client().send(opcode::text, outcome.answer);
}

void binance_api_endpoint::publish(const std::vector<order_change>& changes) {
  owner().order_events().publish(changes);
}

void binance_api_endpoint::ending() {
  auto event = server_shutdown_event(stream_wrapping::raw);
  client().send(opcode::text, R"({"event":)" + event + '}');
}

void binance_api_endpoint::closed() {
  binance_connection::closed();
  owner().order_events().leave(client());
}

// -- events of accounts -------------------------------------------------------

void binance_api_endpoint::follow(const binance_subscription& to) {
  auto& feed = owner().order_events();
  feed.subscribe_to_changes(
    client(), to.account, orders_of(to),
    [id = to.id](const order_change& x) -> std::optional<std::string> {
      auto event = execution_report(x);
      return event ? std::optional{in_subscription(*event, id)} : std::nullopt;
    });
  feed.subscribe_to_changes(
    client(), to.account, balances_of(to),
    [id = to.id, &orders = owner().orders()](
      const order_change& x) -> std::optional<std::string> {
      if (x.part == told_part::order_only
          || x.entry.state == order_state::rejected)
        return std::nullopt;
      auto event = account_position(binance_balances{orders}, x.entry);
      return in_subscription(event, id);
    });
}

void binance_api_endpoint::leave(
  const std::vector<binance_subscription>& ended) {
  for (auto& x : ended) {
    owner().order_events().unsubscribe(client(), orders_of(x));
    owner().order_events().unsubscribe(client(), balances_of(x));
  }
}

void binance_api_endpoint::tell_end(
  const std::vector<binance_subscription>& ended) {
  for (auto& x : ended)
    client().send(opcode::text,
                  in_subscription(event_stream_terminated(), x.id));
}

// -- faults -------------------------------------------------------------------

void binance_api_endpoint::silence(std::string_view channel) {
  if (covers_channel(channel, account_events))
    leave(api_.subscriptions());
}

// The venue has no words for it.
void binance_api_endpoint::revoke(std::string_view channel, revocation) {
  if (covers_channel(channel, account_events))
    leave(api_.end_subscriptions());
}

void binance_api_endpoint::send_malformed(std::string_view channel,
                                          breakage mode) {
  if (!covers_channel(channel, account_events))
    return;
  for (auto& x : api_.subscriptions())
    client().send(opcode::text,
                  broken(in_subscription(R"({"e":"executionReport"})", x.id),
                         mode));
}

void binance_api_endpoint::expire_listen_keys() {
  auto ended = api_.end_subscriptions();
  leave(ended);
  tell_end(ended);
}

} // namespace zenws::sim
