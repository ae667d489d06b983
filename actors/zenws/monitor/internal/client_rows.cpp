// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/client_rows.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <locale>
#include <tuple>
#include <utility>

namespace zenws::monitoring {

namespace {

std::string_view detail_of(const tree_node& node, std::string_view name) {
  auto i = std::ranges::find(node.details, name, &tree_detail::name);
  return i != node.details.end() ? std::string_view{i->value}
                                 : std::string_view{};
}

uint64_t number_of(std::string_view text) {
  uint64_t result = 0;
  std::from_chars(text.data(), text.data() + text.size(), result);
  return result;
}

bool is_down(std::string_view state) {
  constexpr std::array down{child_state::stopping, child_state::restarting,
                            child_state::stopped, child_state::gave_up};
  return std::ranges::any_of(down,
                             [&](auto x) { return to_string(x) == state; });
}

void add_figures(client_row& row, const client_stats& stats) {
  row.state = to_string(stats.state.load());
  row.epoch = stats.epoch;
  row.up = stats.up();
  row.messages = stats.messages;
  row.round_trip = std::chrono::microseconds{stats.round_trip_us.get()};
  row.dropped = stats.dropped.get() + stats.market.dropped.get();
  row.gaps = stats.market.trade_gaps.get()
             + stats.market
                 .lost_books[static_cast<size_t>(market::loss_cause::gap)]
                 .get();
}

client_row row_of(const tree_node& node, const std::string& supervisor,
                  const registered_client* registered) {
  client_row result{.name = node.name, .supervisor = supervisor};
  result.url = detail_of(node, "url");
  result.last_error = detail_of(node, "last error");
  result.child = is_down(node.state) ? std::string_view{node.state}
                                     : to_string(child_state::running);
  result.state = node.state;
  result.epoch = number_of(detail_of(node, "epoch"));
  result.restarts = number_of(detail_of(node, "restarts"));
  if (registered != nullptr)
    add_figures(result, *registered->stats);
  return result;
}

client_row row_of(const registered_client& client) {
  client_row result{.name = client.name, .supervisor = client.supervisor};
  add_figures(result, *client.stats);
  result.child = to_string(client.stats->state == client_state::stopped
                             ? child_state::stopped
                             : child_state::running);
  return result;
}

void collect(const tree_node& node, const snapshot& from,
             std::vector<client_row>& to) {
  for (auto& child : node.children)
    if (child.kind == child_kind::client)
      to.push_back(row_of(child, node.name, find_client(from, child.name)));
    else
      collect(child, from, to);
}

bool matches(const client_row& row, const std::string& filter,
             const std::locale& words) {
  return filter.empty() || boost::icontains(row.name, filter, words)
         || boost::icontains(row.state, filter, words)
         || boost::icontains(row.child, filter, words)
         || boost::icontains(row.url, filter, words)
         || boost::icontains(row.supervisor, filter, words);
}

bool is_less(const client_row& x, const client_row& y, row_key key) {
  switch (key) {
    case row_key::state:
      return std::tuple{rank_of(x), x.state} < std::tuple{rank_of(y), y.state};
    case row_key::messages:
      return x.messages < y.messages;
    case row_key::rate:
      return x.rate < y.rate;
    case row_key::restarts:
      return x.restarts < y.restarts;
    case row_key::round_trip:
      return x.round_trip < y.round_trip;
    default:
      return x.name < y.name;
  }
}

// Sorts the first `count` rows to the front; equal ones by name, in either
// order.
void sort_until(size_t count, std::vector<const client_row*>& rows,
                const row_query& query) {
  std::partial_sort(rows.begin(), rows.begin() + static_cast<ptrdiff_t>(count),
                    rows.end(), [&](auto* x, auto* y) {
                      if (is_less(*x, *y, query.key))
                        return !query.descending;
                      if (is_less(*y, *x, query.key))
                        return query.descending;
                      return x->name < y->name;
                    });
}

} // namespace

int rank_of(std::string_view state) noexcept {
  if (state == to_string(child_state::gave_up))
    return 0;
  if (state == to_string(child_state::restarting) || is_down(state))
    return 1;
  if (state == to_string(client_state::backing_off)
      || state == "does not answer")
    return 2;
  return state == to_string(client_state::ready) || state == "running" ? 4 : 3;
}

int rank_of(const client_row& row) noexcept {
  return is_down(row.child) ? rank_of(row.child) : rank_of(row.state);
}

const registered_client* find_client(const snapshot& from,
                                     std::string_view name) {
  auto i = std::ranges::lower_bound(from.clients, name, {}, [](auto& x) {
    return std::string_view{x.name};
  });
  return i != from.clients.end() && i->name == name ? &*i : nullptr;
}

std::vector<client_row> rows_of(const snapshot& from) {
  std::vector<client_row> result;
  for (auto& root : from.trees)
    collect(root, from, result);
  std::ranges::sort(result, {}, &client_row::name);
  auto in_trees = result.size();
  for (auto& x : from.clients)
    if (!std::binary_search(result.begin(),
                            result.begin() + static_cast<ptrdiff_t>(in_trees),
                            client_row{.name = x.name},
                            [](auto& a, auto& b) { return a.name < b.name; }))
      result.push_back(row_of(x));
  std::ranges::inplace_merge(result,
                             result.begin() + static_cast<ptrdiff_t>(in_trees),
                             {}, &client_row::name);
  return result;
}

// -- rates --------------------------------------------------------------------

void rate_meter::measure(std::vector<client_row>& rows, time_point now) {
  auto renews = now - time_ >= min_interval;
  auto seconds = std::chrono::duration<double>{now - time_}.count();
  std::unordered_map<std::string, sample> fresh;
  for (auto& row : rows) {
    auto i = samples_.find(row.name);
    auto known = i != samples_.end();
    if (known)
      row.rate = i->second.rate;
    if (!renews)
      continue;
    if (known && row.messages >= i->second.messages)
      row.rate = static_cast<double>(row.messages - i->second.messages)
                 / seconds;
    fresh.emplace(row.name, sample{row.messages, row.rate});
  }
  if (!renews)
    return;
  samples_ = std::move(fresh);
  time_ = now;
}

// -- totals -------------------------------------------------------------------

client_totals totals_of(const std::vector<client_row>& rows) {
  client_totals result;
  for (auto& x : rows) {
    ++result.clients;
    if (x.child == to_string(child_state::gave_up))
      ++result.gave_up;
    else if (x.child == to_string(child_state::restarting))
      ++result.restarting;
    else if (x.state == to_string(client_state::ready))
      ++result.ready;
    else if (!is_down(x.child))
      ++result.connecting;
    result.messages += x.messages;
    result.rate += x.rate;
    result.dropped += x.dropped;
    result.gaps += x.gaps;
  }
  return result;
}

// -- queries ------------------------------------------------------------------

// Rows are sorted by name already.
row_page select(const std::vector<client_row>& rows, const row_query& query) {
  row_page result;
  const std::locale words{std::locale::classic()};
  for (auto& x : rows)
    if (matches(x, query.filter, words))
      result.rows.push_back(&x);
  result.matching = result.rows.size();
  auto first = std::min(query.from, result.rows.size());
  auto last = std::min(first + query.count, result.rows.size());
  if (query.key != row_key::name || query.descending)
    sort_until(last, result.rows, query);
  result.rows.resize(last);
  result.rows.erase(result.rows.begin(),
                    result.rows.begin() + static_cast<ptrdiff_t>(first));
  return result;
}

} // namespace zenws::monitoring
