// SPDX-License-Identifier: BSD-3-Clause

#include "monitor_state.hpp"

#include "message_line.hpp"

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdio>

namespace zenws::tool {

namespace {

namespace json = boost::json;

const json::value null_value;

const json::array no_elements;

std::string time_text(int64_t milliseconds) {
  return to_text(std::chrono::system_clock::time_point{
    std::chrono::milliseconds{milliseconds}});
}

color style_of(std::string_view state) {
  if (state == "ready" || state == "running")
    return color::plain;
  return state == "gave_up" || state == "stopped" ? color::red : color::yellow;
}

std::string desk_line(const json::value& desk) {
  auto line = "desk " + text_in(desk, "name") + ": " + text_in(desk, "open")
              + " orders open, " + text_in(desk, "unknown") + " unknown, "
              + text_in(desk, "fills") + " fills";
  for (auto& position : array_in(desk, "positions"))
    line += ", " + text_in(position, "instrument") + ' '
            + text_in(position, "amount");
  if (text_in(desk, "halted") == "yes")
    line += ' ' + painted(color::red, "HALTED");
  return line;
}

// Returns ", 3 gaps" for such a member, if there is one.
std::string counted(const json::value& object, const std::string& name) {
  auto count = text_in(object, name);
  return count.empty() ? count : ", " + count + ' ' + name;
}

std::string limit_line(const json::value& limit) {
  return "limit " + text_in(limit, "name") + " of " + text_in(limit, "owner")
         + ": " + text_in(limit, "available") + " of "
         + text_in(limit, "capacity") + " left";
}

} // namespace

const json::value& member_in(const json::value& object, std::string_view name) {
  if (auto* members = object.if_object())
    if (auto* found = members->if_contains(name))
      return *found;
  return null_value;
}

const json::array& array_in(const json::value& object, std::string_view name) {
  auto* found = member_in(object, name).if_array();
  return found != nullptr ? *found : no_elements;
}

std::string text_in(const json::value& object, std::string_view name) {
  auto& found = member_in(object, name);
  if (found.is_null())
    return {};
  if (auto* text = found.if_string())
    return printable(std::string_view{text->data(), text->size()});
  if (auto* flag = found.if_bool())
    return *flag ? "yes" : "no";
  if (auto* real = found.if_double()) {
    char text[32];
    std::snprintf(text, sizeof(text), "%.1f", *real);
    return text;
  }
  return printable(json::serialize(found));
}

int64_t number_in(const json::value& object, std::string_view name) {
  boost::system::error_code failure;
  auto result = member_in(object, name).to_number<double>(failure);
  return failure ? 0 : static_cast<int64_t>(result);
}

std::string duration_text(int64_t milliseconds) {
  auto seconds = milliseconds / 1000;
  auto part = [](int64_t value, const char* unit) {
    return std::to_string(value) + ' ' + unit;
  };
  if (seconds < 1)
    return part(milliseconds, "ms");
  if (seconds < 60)
    return part(seconds, "s");
  if (seconds < 3600)
    return part(seconds / 60, "min") + ' ' + part(seconds % 60, "s");
  if (seconds < 86'400)
    return part(seconds / 3600, "h") + ' ' + part(seconds / 60 % 60, "min");
  return part(seconds / 86'400, "d") + ' ' + part(seconds / 3600 % 24, "h");
}

text_table client_table(const json::array& clients) {
  text_table result{{"CLIENT", "STATE", "EPOCH", "UP", "MESSAGES", "PER SECOND",
                     "ROUND TRIP", "RESTARTS"}};
  for (auto& x : clients) {
    auto child = text_in(x, "child");
    auto state = child.empty() || child == "running" ? text_in(x, "state")
                                                     : child;
    result.add({text_in(x, "name"), state, text_in(x, "epoch"),
                duration_text(number_in(x, "up_ms")), text_in(x, "messages"),
                text_in(x, "rate"),
                std::to_string(number_in(x, "round_trip_us")) + " us",
                text_in(x, "restarts")},
               style_of(state));
  }
  return result;
}

std::vector<std::string> state_lines(const json::value& state) {
  auto& totals = member_in(state, "totals");
  std::vector<std::string> result;
  result.push_back(painted(color::bold, text_in(state, "program")) + ' '
                   + text_in(state, "version") + ", up "
                   + duration_text(number_in(state, "time_ms")
                                   - number_in(state, "started_ms")));
  result.push_back("clients: " + text_in(totals, "ready") + " of "
                   + text_in(totals, "clients") + " ready, "
                   + text_in(totals, "connecting") + " connecting, "
                   + text_in(totals, "restarting") + " restarting, "
                   + text_in(totals, "gave_up") + " given up");
  result.push_back("messages: " + text_in(totals, "messages") + ", "
                   + text_in(totals, "messages_per_s") + " a second"
                   + counted(totals, "dropped") + counted(totals, "gaps"));
  for (auto& desk : array_in(state, "desks"))
    result.push_back(desk_line(desk));
  for (auto& limit : array_in(state, "limits"))
    result.push_back(limit_line(limit));
  for (auto& node : array_in(state, "nodes"))
    result.push_back("node " + text_in(node, "name") + ": "
                     + text_in(node, "clients") + " clients");
  return result;
}

std::string event_line(const json::value& event) {
  auto severity = text_in(event, "severity");
  auto style = severity == "error"     ? color::red
               : severity == "warning" ? color::yellow
                                       : color::plain;
  return painted(color::dim, time_text(number_in(event, "time_ms"))) + ' '
         + painted(style, severity) + ' ' + text_in(event, "source") + ": "
         + text_in(event, "text");
}

} // namespace zenws::tool
