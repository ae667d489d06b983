// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/bybit/bybit_endpoint.hpp"

#include "zenws/sim/bybit/bybit_order_text.hpp"
#include "zenws/sim/venue.hpp"

namespace zenws::sim {

namespace {

bybit_product product_of(const route& where) {
  if (where.path.ends_with("/private"))
    return bybit_product::private_data;
  return where.path.ends_with("/spot") ? bybit_product::spot
                                       : bybit_product::linear;
}

} // namespace

bybit_endpoint::bybit_endpoint(venue& owner, connection& client)
  : owner_(owner),
    client_(client),
    where_(product_of(client.where())),
    session_(owner.config(), where_, client.id(),
             [&owner](std::string_view symbol) {
               return owner.bybit().has_symbol(symbol);
             }),
    idle_timer_(owner.executor()) {
  // nop
}

void bybit_endpoint::opened() {
  await_ping();
}

void bybit_endpoint::received(const message& received) {
  await_ping();
  auto verdict = owner_.judge_call(client_, received.payload);
  if (!verdict)
    return act(session_.handle(received.payload, read_clocks()));
  bybit_outcome outcome;
  if (verdict->executes == execution::done)
    outcome = session_.handle(received.payload, read_clocks());
  outcome.answer = verdict->error
                     ? session_.failure(received.payload, *verdict->error)
                     : std::string{};
  act(outcome);
}

void bybit_endpoint::act(const bybit_outcome& outcome) {
  acknowledge(outcome);
  for (auto& x : outcome.unsubscribed)
    unsubscribe(x);
  for (auto& x : outcome.subscribed)
    if (!closed_)
      subscribe(x);
}

void bybit_endpoint::acknowledge(const bybit_outcome& outcome) {
  if (outcome.answer.empty())
    return;
  if (!outcome.subscribed.empty() && owner_.notifies_first(client_))
    client_.send_after_next(outcome.answer);
  else
    client_.send(opcode::text, outcome.answer);
}

// -- topics -------------------------------------------------------------------

void bybit_endpoint::subscribe(const bybit_topic& topic) {
  if (owner_.silences(client_, topic.text))
    return;
  if (topic.data != bybit_data::account)
    return owner_.bybit().subscribe(where_, topic, client_);
  owner_.order_events().subscribe_to_changes(
    client_, session_.account(), topic.text,
    [name = topic.text, &orders = owner_.orders()](const order_change& x) {
      return bybit_account_push(name, orders, x);
    });
}

void bybit_endpoint::unsubscribe(const bybit_topic& topic) {
  if (topic.data != bybit_data::account)
    owner_.bybit().unsubscribe(where_, topic, client_);
  else
    owner_.order_events().unsubscribe(client_, topic.text);
}

void bybit_endpoint::silence(std::string_view channel) {
  for (auto& topic : session_.covered(channel))
    unsubscribe(topic);
}

// The venue has no words for it.
void bybit_endpoint::revoke(std::string_view channel, revocation) {
  for (auto& topic : session_.covered(channel)) {
    unsubscribe(topic);
    session_.revoke(topic);
  }
}

void bybit_endpoint::send_malformed(std::string_view channel, breakage mode) {
  for (auto& topic : session_.covered(channel))
    client_.send(opcode::text, malformed_push(topic, mode));
}

// -- idle connections ---------------------------------------------------------

// "if there is no ping-pong and no stream data sent from server end, the
// connection will be cut off after 10 minutes" (docs/v5/ws/connect). A public
// topic brings data all the time. A stalled server holds no one to account.
void bybit_endpoint::await_ping() {
  auto timeout = owner_.config().bybit.idle_timeout;
  if (timeout.count() == 0 || closed_)
    return;
  idle_timer_.expires_after(timeout);
  idle_timer_.async_wait([this, self = client_.shared_from_this()](auto ec) {
    if (ec || closed_)
      return;
    auto brings_data = where_ != bybit_product::private_data
                       && !session_.topics().empty();
    if (brings_data || client_.is_stalled())
      await_ping();
    else
      client_.drop(disconnect::fin);
  });
}

void bybit_endpoint::closed() {
  closed_ = true;
  idle_timer_.cancel();
  for (auto& [text, topic] : session_.topics())
    unsubscribe(topic);
}

} // namespace zenws::sim
