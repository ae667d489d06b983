// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/order_feed.hpp"

#include "zenws/sim/net/connection.hpp"

#include <set>
#include <utility>

namespace zenws::sim {

void order_feed::subscribe(connection& subscriber, std::string account,
                           std::string channel, wording words) {
  unsubscribe(subscriber, channel);
  entries_.push_back(
    {&subscriber, std::move(account), std::move(channel), std::move(words)});
}

void order_feed::unsubscribe(connection& subscriber, std::string_view channel) {
  std::erase_if(entries_, [&](const entry& x) {
    return x.subscriber == &subscriber && x.channel == channel;
  });
}

size_t order_feed::connections(std::string_view account,
                               std::string_view prefix,
                               const connection& except) const {
  std::set<const connection*> found;
  for (auto& x : entries_)
    if (x.account == account && x.channel.starts_with(prefix)
        && x.subscriber != &except)
      found.insert(x.subscriber);
  return found.size();
}

void order_feed::leave(connection& subscriber) {
  std::erase_if(entries_,
                [&](const entry& x) { return x.subscriber == &subscriber; });
}

// Sends last: a connection may leave, and cancel orders, while it is told.
void order_feed::publish(const std::vector<order>& changed) {
  std::vector<std::pair<std::shared_ptr<connection>, std::string>> out;
  for (auto& item : changed)
    for (auto& x : entries_)
      if (x.account == item.account)
        if (auto text = x.words(item))
          out.emplace_back(x.subscriber->shared_from_this(), std::move(*text));
  for (auto& [receiver, text] : out)
    receiver->send(opcode::text, text);
}

} // namespace zenws::sim
