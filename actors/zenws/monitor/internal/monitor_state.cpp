// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/monitor_state.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/version.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace zenws::monitoring {

namespace {

using internal::json_writer;

int64_t unix_ms(std::chrono::system_clock::time_point time) {
  return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch())
    .count();
}

template <class Range, class F>
void add_array(json_writer& out, std::string_view name, const Range& range,
               F write) {
  out.key(name).begin_array();
  for (auto& x : range)
    write(out, x);
  out.end_array();
}

// -- trees --------------------------------------------------------------------

// Returns the rank of the worst client below a node, or its own.
int worst_rank(const tree_node& node) {
  auto result = rank_of(node.state);
  for (auto& x : node.children)
    result = std::min(result, worst_rank(x));
  return result;
}

// Returns the children to show: if there are too many, the worst, in the order
// of the tree.
std::vector<const tree_node*> shown_children(const tree_node& node,
                                             size_t max_children) {
  std::vector<const tree_node*> result;
  for (auto& x : node.children)
    result.push_back(&x);
  if (result.size() <= max_children)
    return result;
  std::vector<std::pair<int, size_t>> ranks;
  for (size_t i = 0; i < result.size(); ++i)
    ranks.emplace_back(worst_rank(*result[i]), i);
  auto end = ranks.begin() + static_cast<ptrdiff_t>(max_children);
  std::nth_element(ranks.begin(), end, ranks.end());
  std::sort(ranks.begin(), end,
            [](auto& x, auto& y) { return x.second < y.second; });
  std::vector<const tree_node*> worst;
  for (auto i = ranks.begin(); i != end; ++i)
    worst.push_back(result[i->second]);
  return worst;
}

void write_node(json_writer& out, const tree_node& node, size_t max_children) {
  out.begin_object();
  add(out, "name", node.name);
  add(out, "kind", to_string(node.kind));
  add(out, "state", node.state);
  out.key("details").begin_object();
  for (auto& [name, value] : node.details)
    add(out, name, value);
  out.end_object().key("children").begin_array();
  auto shown = shown_children(node, max_children);
  for (auto* child : shown)
    write_node(out, *child, max_children);
  out.end_array();
  add(out, "more", node.children.size() - shown.size());
  out.end_object();
}

void write_tree(json_writer& out, const program_info& program,
                const snapshot& from, size_t max_children) {
  out.begin_object();
  add(out, "name", program.name);
  add(out, "kind", std::string_view{"runtime"});
  add(out, "state", std::string_view{"running"});
  out.key("details").begin_object().end_object();
  out.key("children").begin_array();
  for (auto& root : from.trees)
    write_node(out, root, max_children);
  out.end_array();
  add(out, "more", size_t{0});
  out.end_object();
}

// -- nodes --------------------------------------------------------------------

// The nodes of a gateway are children of it.
void write_nodes(json_writer& out, const tree_node& parent) {
  for (auto& x : parent.children) {
    if (x.state == "node") {
      out.begin_object();
      add(out, "name", x.name);
      for (auto& [name, value] : x.details)
        add(out, name, value);
      out.end_object();
    }
    if (x.kind == child_kind::supervisor)
      write_nodes(out, x);
  }
}

// -- desks --------------------------------------------------------------------

void write_order(json_writer& out, const trading::order& x) {
  out.begin_object();
  add(out, "id", x.key.id.view());
  add(out, "instrument", x.key.instrument.view());
  add(out, "side", to_string(x.terms.side));
  add(out, "price", x.terms.price ? to_string(*x.terms.price) : "");
  add(out, "amount", to_string(x.terms.amount));
  add(out, "filled", to_string(x.filled));
  add(out, "state", to_string(x.state));
  out.end_object();
}

void write_report(json_writer& out, const desk_report& x) {
  uint64_t refused = 0;
  for (auto count : x.refusals)
    refused += count;
  add(out, "open", x.open);
  add(out, "unknown", x.unknown);
  add(out, "ever_unknown", x.ever_unknown);
  add(out, "placed", x.placed);
  add(out, "fills", x.fills);
  add(out, "refused", refused);
  add(out, "halted", x.is_halted);
  add(out, "instruments", x.instruments);
  add(out, "traded", x.traded);
}

template <class T>
std::vector<T> first_of(const std::vector<T>& all) {
  auto count = std::min(all.size(), max_shown_orders);
  return {all.begin(), all.begin() + static_cast<ptrdiff_t>(count)};
}

void write_desk(json_writer& out, const desk_state& x) {
  out.begin_object();
  add(out, "name", x.name);
  add(out, "answers", x.report.has_value());
  write_report(out, x.report.value_or(desk_report{}));
  add_array(out, "orders", first_of(x.orders), write_order);
  add_array(out, "positions", first_of(x.positions),
            [](json_writer& to, const trading::position& position) {
              to.begin_object();
              add(to, "instrument", position.instrument.view());
              add(to, "amount", to_string(position.amount));
              to.end_object();
            });
  out.end_object();
}

// -- limits, events, clients --------------------------------------------------

void write_limit(json_writer& out, const limit_level& x) {
  using std::chrono::milliseconds;
  out.begin_object();
  add(out, "name", x.name);
  add(out, "scope", to_string(x.scope));
  add(out, "owner", x.owner);
  add(out, "capacity", x.capacity);
  add(out, "available", x.available);
  add(out, "next_free_ms",
      std::chrono::ceil<milliseconds>(x.next_free).count());
  out.end_object();
}

void write_event(json_writer& out, const monitor_event& x) {
  out.begin_object();
  add(out, "seq", x.sequence);
  add(out, "time_ms", unix_ms(x.time));
  add(out, "severity", to_string(x.level));
  add(out, "source", x.source);
  add(out, "text", x.text);
  out.end_object();
}

void write_row_fields(json_writer& out, const client_row& x) {
  add(out, "name", x.name);
  add(out, "url", x.url);
  add(out, "child", x.child);
  add(out, "state", x.state);
  add(out, "epoch", x.epoch);
  // Whole seconds: a table in which nothing happens stays the same for one.
  add(out, "up_ms", x.up / std::chrono::seconds{1} * 1'000);
  add(out, "messages", x.messages);
  add(out, "rate", x.rate);
  add(out, "restarts", x.restarts);
  add(out, "round_trip_us", x.round_trip.count());
  add(out, "supervisor", x.supervisor);
}

void write_book(json_writer& out, const book_status& x) {
  out.begin_object();
  add(out, "instrument", x.instrument);
  add(out, "valid", x.is_valid);
  add(out, "why", x.problem);
  add(out, "bid", x.bid);
  add(out, "ask", x.ask);
  add(out, "age_ms", x.last_update_ago.count());
  out.end_object();
}

void write_totals(json_writer& out, const client_totals& x) {
  out.begin_object();
  add(out, "clients", x.clients);
  add(out, "ready", x.ready);
  add(out, "connecting", x.connecting);
  add(out, "restarting", x.restarting);
  add(out, "gave_up", x.gave_up);
  add(out, "messages", x.messages);
  add(out, "messages_per_s", x.rate);
  add(out, "dropped", x.dropped);
  add(out, "gaps", x.gaps);
  out.end_object();
}

// Returns the error that a text of `to_string` begins with.
error parse_error(std::string_view text) {
  auto name = text.substr(0, text.find(':'));
  for (size_t i = 0; i < num_error_codes; ++i)
    if (auto code = static_cast<ec>(i); to_string(code) == name)
      return {code, std::string{text.substr(name.size())}};
  return {};
}

void write_last_error(json_writer& out, const client_row& row,
                      const client_view& view) {
  auto& status = view.detail.status;
  auto known = status ? status->last_error : parse_error(row.last_error);
  auto text = status && known ? to_string(known) : row.last_error;
  if (text.empty()) {
    out.key("last_error").null();
    return;
  }
  auto explained = explain(known);
  out.key("last_error").begin_object();
  add(out, "code", to_string(known.code));
  add(out, "text", text);
  add(out, "cause", known ? explained.cause : std::string{});
  add(out, "remedy", known ? explained.remedy : std::string{});
  out.end_object();
}

template <class T>
void write_part(json_writer& out, std::string_view name,
                const std::optional<T>& part) {
  out.key(name);
  if (part)
    out.raw(to_json(*part));
  else
    out.null();
}

} // namespace

// -- JSON ---------------------------------------------------------------------

// The time comes first: see `update_stream`.
std::string state_json(const program_info& program, const monitor_state& state,
                       bool may_act) {
  auto& from = *state.content;
  json_writer out;
  out.begin_object();
  add(out, "time_ms", unix_ms(from.wall_time));
  add(out, "program", program.name);
  add(out, "version", std::string_view{version});
  add(out, "node", program.node);
  add(out, "started_ms", unix_ms(program.started));
  add(out, "actions", program.has_actions);
  add(out, "authorized", may_act);
  write_totals(out.key("totals"), state.totals);
  write_tree(out.key("tree"), program, from, max_shown_children);
  add_array(out, "desks", from.desks, write_desk);
  add_array(out, "limits", from.limits, write_limit);
  out.key("nodes").begin_array();
  for (auto& root : from.trees)
    write_nodes(out, root);
  out.end_array();
  add_array(out, "events", state.events, write_event);
  out.end_object();
  return *out.take();
}

std::string tree_json(const program_info& program, const monitor_state& state) {
  json_writer out;
  write_tree(out, program, *state.content, std::numeric_limits<size_t>::max());
  return *out.take();
}

std::string rows_json(const monitor_state& state, const row_query& query) {
  auto page = select(state.rows, query);
  json_writer out;
  out.begin_object();
  add(out, "total", state.rows.size());
  add(out, "matching", page.matching);
  add(out, "from", query.from);
  out.key("clients").begin_array();
  for (auto* row : page.rows) {
    out.begin_object();
    write_row_fields(out, *row);
    out.end_object();
  }
  out.end_array().end_object();
  return *out.take();
}

std::string detail_json(const client_row& row, const client_view& view) {
  json_writer out;
  out.begin_object();
  write_row_fields(out, row);
  write_part(out, "status", view.detail.status);
  write_part(out, "metrics", view.detail.metrics);
  if (view.detail.books)
    add_array(out, "books", view.detail.books->books, write_book);
  write_last_error(out, row, view);
  out.key("history").begin_object();
  add(out, "step_ms",
      std::chrono::milliseconds{client_view::history_step}.count());
  add_array(out, "rate", view.rates,
            [](json_writer& to, double x) { to.number(x); });
  add_array(out, "round_trip_us", view.round_trips,
            [](json_writer& to, std::chrono::microseconds x) {
              to.number(x.count());
            });
  add_array(out, "lag_us", view.lags, [](json_writer& to, auto& x) {
    if (x)
      to.number(x->count());
    else
      to.null();
  });
  out.end_object().end_object();
  return *out.take();
}

std::string events_json(const event_page& page) {
  json_writer out;
  out.begin_object();
  add_array(out, "events", page.events, write_event);
  add(out, "lost", page.has_gap);
  out.end_object();
  return *out.take();
}

} // namespace zenws::monitoring
