// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/messages/supervision_messages.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/json/internal/json_writer.hpp"

namespace zenws {

namespace {

// Names may come from other nodes, values from venues.
std::string line_of(const tree_node& x) {
  auto result = x.name + " (" + x.state;
  for (auto& [name, value] : x.details)
    result.append(", ").append(name).append(" ").append(value);
  return printable(result + ')') + '\n';
}

// Guides are drawn by the levels above.
void append_children(const tree_node& parent, const std::string& guide,
                     std::string& out) {
  for (size_t i = 0; i < parent.children.size(); ++i) {
    auto& x = parent.children[i];
    auto is_last = i + 1 == parent.children.size();
    out += guide;
    out += is_last ? "└── " : "├── ";
    out += line_of(x);
    append_children(x, guide + (is_last ? "    " : "│   "), out);
  }
}

void write(internal::json_writer& out, const tree_node& x) {
  out.begin_object();
  out.key("name").lenient_string(x.name);
  out.key("kind").string(to_string(x.kind));
  out.key("state").lenient_string(x.state);
  out.key("details").begin_object();
  for (auto& [name, value] : x.details)
    out.key(name).lenient_string(value);
  out.end_object().key("children").begin_array();
  for (auto& child : x.children)
    write(out, child);
  out.end_array().end_object();
}

} // namespace

std::string to_text(const tree_node& root) {
  auto result = line_of(root);
  append_children(root, {}, result);
  return result;
}

std::string to_json(const tree_node& root) {
  internal::json_writer out;
  write(out, root);
  return *out.take();
}

BOOST_DESCRIBE_ENUM(supervision_event_kind, started, restarting, restarted,
                    ended, gave_up, stopped, escalated)

static_assert(internal::describes_up_to(supervision_event_kind::escalated));

std::string_view to_string(supervision_event_kind kind) noexcept {
  return internal::enum_name(kind);
}

supervision_event_kind kind_of(supervisor_action::child_event event) noexcept {
  switch (event) {
    case supervisor_action::child_event::restarting:
      return supervision_event_kind::restarting;
    case supervisor_action::child_event::restarted:
      return supervision_event_kind::restarted;
    case supervisor_action::child_event::ended:
      return supervision_event_kind::ended;
    default:
      return supervision_event_kind::gave_up;
  }
}

void log(const caf::local_actor& self, const supervision_event& event,
         child_kind kind, size_t restarts_in_window, size_t alarming_restarts) {
  using kinds = supervision_event_kind;
  auto is_alarming = event.kind == kinds::gave_up
                     || event.kind == kinds::escalated
                     || (event.kind == kinds::restarting
                         && restarts_in_window >= alarming_restarts);
  if (!is_alarming && event.kind != kinds::restarting)
    return;
  log_entry entry;
  entry.level = is_alarming ? log_level::error : log_level::warning;
  entry.component = self.name();
  entry.text = describe(event);
  entry.fields.push_back({"supervisor", event.supervisor});
  if (kind == child_kind::client)
    entry.client = event.child;
  else if (!event.child.empty())
    entry.fields.push_back({"child", event.child});
  entry.fields.push_back({"restarts", std::to_string(event.restarts)});
  write_log(self.system(), std::move(entry));
}

std::string describe(const supervision_event& event) {
  auto quoted = [](const std::string& x) { return '"' + printable(x) + '"'; };
  auto because = event.reason.empty()
                   ? "."
                   : " because of " + printable(event.reason) + ".";
  auto place = event.node.empty() ? "" : " at " + quoted(event.node);
  auto supervisor = quoted(event.supervisor) + place;
  auto subject = quoted(event.child) + " of " + supervisor;
  switch (event.kind) {
    case supervision_event_kind::started:
      return subject + " was started.";
    case supervision_event_kind::restarting:
      return subject + " is to be restarted in "
             + std::to_string(event.retry_in.count()) + " ms" + because;
    case supervision_event_kind::restarted:
      return subject + " was restarted.";
    case supervision_event_kind::ended:
      return subject + " has ended" + because;
    case supervision_event_kind::gave_up:
      return subject + " is given up" + because;
    case supervision_event_kind::stopped:
      return subject + " was stopped.";
    case supervision_event_kind::escalated:
      return supervisor + " ends with all its children" + because;
  }
  return subject + '.';
}

} // namespace zenws
