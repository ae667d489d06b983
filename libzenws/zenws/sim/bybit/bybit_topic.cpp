// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/bybit/bybit_topic.hpp"

#include <algorithm>
#include <iterator>

namespace zenws::sim {

namespace {

struct topic_prefix {
  std::string_view text;
  bybit_data data;
};

// bybit-exchange.github.io/docs/v5/websocket/public
constexpr topic_prefix public_topics[] = {
  {"orderbook.1.", bybit_data::best_prices},
  {"orderbook.50.", bybit_data::book},
  {"orderbook.200.", bybit_data::book},
  {"orderbook.1000.", bybit_data::book},
  {"publicTrade.", bybit_data::trades},
  {"tickers.", bybit_data::ticker},
};

// bybit-exchange.github.io/docs/v5/websocket/private. Orders are those of
// linear contracts here.
constexpr std::string_view private_topics[] = {
  "order",          "order.linear",          "execution", "execution.linear",
  "execution.fast", "execution.fast.linear", "position",  "position.linear",
  "wallet",
};

} // namespace

std::optional<bybit_topic> read_bybit_topic(bybit_product where,
                                            std::string_view text) {
  if (where == bybit_product::private_data) {
    if (std::ranges::find(private_topics, text) == std::end(private_topics))
      return std::nullopt;
    return bybit_topic{std::string{text}, bybit_data::account};
  }
  auto begins = [text](const topic_prefix& x) {
    return text.starts_with(x.text);
  };
  auto i = std::ranges::find_if(public_topics, begins);
  if (i == std::end(public_topics))
    return std::nullopt;
  return bybit_topic{std::string{text}, i->data,
                     std::string{text.substr(i->text.size())}};
}

} // namespace zenws::sim
