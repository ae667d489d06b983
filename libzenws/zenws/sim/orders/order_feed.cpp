// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/orders/order_feed.hpp"

#include "zenws/sim/net/connection.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace zenws::sim {

namespace {

// Other states have no words on the venues that are told orders only.
bool is_plain(order_state x) noexcept {
  return x == order_state::open || x == order_state::filled
         || x == order_state::cancelled;
}

order_change part_of(order_change whole, told_part part) {
  whole.part = part;
  if (part == told_part::order_only) {
    whole.fills.clear();
    whole.held.reset();
  }
  return whole;
}

} // namespace

void order_feed::subscribe(connection& subscriber, std::string account,
                           std::string channel, wording words) {
  subscribe_to_changes(subscriber, std::move(account), std::move(channel),
                       [tell = std::move(words)](
                         const order_change& x) -> std::optional<std::string> {
                         if (x.part == told_part::fills_only
                             || !is_plain(x.entry.state))
                           return std::nullopt;
                         return tell(x.entry);
                       });
}

void order_feed::subscribe_to_changes(connection& subscriber,
                                      std::string account, std::string channel,
                                      change_wording words) {
  subscribe_to_news(subscriber, std::move(account), std::move(channel),
                    [tell = std::move(words)](const order_change& x) {
                      std::vector<std::string> result;
                      if (auto text = tell(x))
                        result.push_back(std::move(*text));
                      return result;
                    });
}

void order_feed::subscribe_to_news(connection& subscriber, std::string account,
                                   std::string channel, news_wording words) {
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

bool order_feed::has(const connection& subscriber,
                     std::string_view channel) const {
  return std::ranges::any_of(entries_, [&](const entry& x) {
    return x.subscriber == &subscriber && x.channel == channel;
  });
}

void order_feed::leave(connection& subscriber) {
  std::erase_if(entries_,
                [&](const entry& x) { return x.subscriber == &subscriber; });
}

void order_feed::publish(const std::vector<order>& changed) {
  std::vector<order_change> changes;
  for (auto& x : changed)
    changes.push_back({.entry = x});
  publish(changes);
}

void order_feed::publish(const std::vector<order_change>& changes) {
  if (fill_news_ == fill_news::once)
    send(changes);
  else
    send(spread(changes));
}

// Returns what is told now of changes whose fills come twice or later.
std::vector<order_change>
order_feed::spread(const std::vector<order_change>& changes) {
  std::vector<order_change> result;
  for (auto& x : changes) {
    auto holds = fill_news_ == fill_news::held && !x.fills.empty();
    result.push_back(holds ? part_of(x, told_part::order_only) : x);
    if (holds)
      held_.push_back(part_of(x, told_part::fills_only));
    else if (!x.fills.empty())
      result.push_back(part_of(x, told_part::fills_only));
  }
  return result;
}

void order_feed::tell_fills(fill_news mode) {
  fill_news_ = mode;
  if (mode != fill_news::held)
    send(std::exchange(held_, {}));
}

// Sends last: a connection may leave, and cancel orders, while it is told.
void order_feed::send(const std::vector<order_change>& changes) {
  std::vector<std::pair<std::shared_ptr<connection>, std::string>> out;
  for (auto& item : changes)
    for (auto& x : entries_)
      if (x.account == item.entry.account)
        for (auto& text : x.words(item))
          out.emplace_back(x.subscriber->shared_from_this(), std::move(text));
  for (auto& [receiver, text] : out)
    receiver->send(opcode::text, text);
}

} // namespace zenws::sim
