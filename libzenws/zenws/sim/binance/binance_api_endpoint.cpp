// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_api_endpoint.hpp"

#include "zenws/sim/binance/binance_session.hpp"
#include "zenws/sim/orders/symbol.hpp"
#include "zenws/sim/venue.hpp"

namespace zenws::sim {

namespace {

binance_market binance_market_of(venue& owner) {
  return {[&owner](std::string_view symbol) -> std::optional<std::string> {
            for (auto& x : owner.feed().exchange().instruments())
              if (binance_symbol(x.terms().name) == symbol)
                return x.terms().name;
            return std::nullopt;
          },
          [&owner](std::string_view x, order_direction direction) {
            return owner.feed().touch(x, direction);
          },
          binance_market_data{owner.feed().exchange(), owner.feed().history()}};
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
  auto is_served = !verdict || verdict->executes == execution::done;
  binance_api_outcome outcome;
  if (is_served)
    outcome = api_.handle(received.payload, read_clocks());
  if (verdict)
    outcome.answer = verdict->error
                       ? api_.failure(received.payload, *verdict->error,
                                      read_clocks())
                       : std::string{};
  if (!outcome.answer.empty())
    client().send(opcode::text, outcome.answer);
  owner().order_events().publish(outcome.orders);
}

void binance_api_endpoint::ending() {
  auto event = server_shutdown_event(stream_wrapping::raw);
  client().send(opcode::text, R"({"event":)" + event + '}');
}

} // namespace zenws::sim
