// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/bybit/bybit_trade_endpoint.hpp"

#include "zenws/sim/venue.hpp"

#include <utility>

namespace zenws::sim {

bybit_trade_endpoint::bybit_trade_endpoint(venue& owner, connection& client)
  : owner_(owner),
    client_(client),
    session_(owner.config(), client.id(),
             {owner.orders(), owner.bybit_requests(),
              [&owner](std::string_view symbol) {
                return owner.bybit().find(symbol);
              }}),
    idle_timer_(owner.executor()) {
  // nop
}

void bybit_trade_endpoint::opened() {
  await_message();
}

void bybit_trade_endpoint::received(const message& received) {
  await_message();
  auto verdict = owner_.judge_call(client_, received.payload);
  if (!verdict)
    return act(session_.handle(received.payload, read_clocks()));
  bybit_trade_outcome outcome;
  if (verdict->executes == execution::done)
    outcome = session_.handle(received.payload, read_clocks());
  outcome.answer = verdict->error
                     ? session_.failure(received.payload, *verdict->error)
                     : std::string{};
  act(std::move(outcome));
}

void bybit_trade_endpoint::act(bybit_trade_outcome outcome) {
  if (!outcome.changes.empty() && owner_.notifies_first(client_))
    owner_.order_events().publish(std::exchange(outcome.changes, {}));
  if (!outcome.answer.empty())
    client_.send(opcode::text, outcome.answer);
  owner_.order_events().publish(outcome.changes);
  owner_.order_course().orders_changed();
}

// The venue's rule is that of the other streams (docs/v5/ws/connect).
void bybit_trade_endpoint::await_message() {
  auto timeout = owner_.config().bybit.idle_timeout;
  if (timeout.count() == 0 || closed_)
    return;
  idle_timer_.expires_after(timeout);
  idle_timer_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (ec || closed_)
      return;
    if (client_.is_stalled())
      await_message();
    else
      client_.drop(disconnect::fin);
  });
}

void bybit_trade_endpoint::closed() {
  closed_ = true;
  idle_timer_.cancel();
}

} // namespace zenws::sim
