// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_session.hpp"

#include "zenws/sim/binance/binance_user_stream.hpp"
#include "zenws/sim/clocks.hpp"
#include "zenws/sim/json/json_writer.hpp"

#include <algorithm>
#include <cstdlib>

namespace zenws::sim {

namespace {

constexpr size_t max_stream_name = 64;

// Error codes of the venue.
constexpr int64_t invalid_value = 1;
constexpr int64_t invalid_request = 2;
constexpr int64_t invalid_json = 3;

constexpr int64_t service_unavailable = 503;

bool is_binance_id(const json& x) {
  constexpr size_t max_size = 36;
  return x.IsNull() || x.IsInt64() || x.IsUint64()
         || (x.IsString() && x.GetStringLength() <= max_size);
}

// A name is `SYMBOL@KIND` or a listen key; the venue takes any and sends
// existing ones only. Symbols may be UTF-8 beyond ASCII.
bool is_stream(std::string_view name) {
  if (is_listen_key(name))
    return true;
  auto at = name.find('@');
  auto fits = [](unsigned char c) { return c > 0x20 && c != 0x7f; };
  return at != std::string_view::npos && at > 0 && at + 1 < name.size()
         && name.size() <= max_stream_name && std::ranges::all_of(name, fits);
}

} // namespace

// A request while it is being answered.
struct binance_session::call {
  const json& request;
  error_shape errors;
  binance_outcome outcome;

  void write_id(json_writer& out) const {
    out.key("id");
    if (auto* id = find(request, "id"); id && is_binance_id(*id))
      out.copy(*id);
    else
      out.copy(json{});
  }

  template <class Fun>
  void result(Fun write) {
    json_writer out;
    out.begin_object();
    out.key("result");
    write(out);
    write_id(out);
    out.end_object();
    outcome.answer = out.text();
  }

  void done() {
    result([](json_writer& out) { out.copy(json{}); });
  }

  void error(int64_t code, std::string_view message) {
    json_writer out;
    out.begin_object();
    if (errors == error_shape::nested)
      out.key("error").begin_object();
    out.member("code", code);
    out.member("msg", message);
    if (errors == error_shape::nested)
      out.end_object();
    write_id(out);
    out.end_object();
    outcome.answer = out.text();
  }

  // Returns the names of streams, or answers with an error.
  const json* params() {
    auto* value = find(request, "params");
    if (!value)
      error(invalid_request, "Invalid request: missing field `params`");
    else if (!value->IsArray() || !all_strings(*value))
      error(invalid_value, "Invalid value type: expected an array of strings");
    else if (value->Empty())
      error(invalid_request, "Invalid request: `params` is empty");
    else
      return value;
    return nullptr;
  }
};

binance_outcome binance_session::handle(std::string_view text) {
  rapidjson::Document doc;
  auto parsed = parse_json(text, doc);
  call command{doc, errors_, {}};
  auto method = text_member(doc, "method");
  auto* id = find(doc, "id");
  if (!parsed)
    command.error(invalid_json, "Invalid JSON: cannot be parsed");
  else if (id && !is_binance_id(*id))
    command.error(invalid_request,
                  "Invalid request: `id` must be an integer, a "
                  "string of at most 36 characters, or null");
  else if (method.empty())
    command.error(invalid_request, "Invalid request: missing field `method`");
  else if (method == "SUBSCRIBE")
    subscribe(command);
  else if (method == "UNSUBSCRIBE")
    unsubscribe(command);
  else if (method == "LIST_SUBSCRIPTIONS")
    list(command);
  else
    command.error(invalid_request, "Invalid request: unknown method");
  return std::move(command.outcome);
}

// All or nothing.
void binance_session::subscribe(call& command) {
  auto* names = command.params();
  if (!names)
    return;
  std::set<std::string, std::less<>> fresh;
  for (auto& x : names->GetArray()) {
    auto name = text_of(x);
    if (!is_stream(name))
      return command.error(invalid_request, "Invalid request: bad stream name");
    if (!streams_.contains(name))
      fresh.emplace(name);
  }
  if (streams_.size() + fresh.size() > max_streams_)
    return command.error(invalid_request, "Invalid request: too many streams");
  command.outcome.subscribed.assign(fresh.begin(), fresh.end());
  streams_.merge(fresh);
  command.done();
}

void binance_session::unsubscribe(call& command) {
  auto* names = command.params();
  if (!names)
    return;
  for (auto& x : names->GetArray())
    if (std::string name{text_of(x)}; streams_.erase(name) > 0)
      command.outcome.unsubscribed.push_back(std::move(name));
  command.done();
}

void binance_session::list(call& command) {
  command.result([this](json_writer& out) {
    out.begin_array();
    for (auto& name : streams_)
      out.value(std::string_view{name});
    out.end_array();
  });
}

bool binance_session::add(std::string_view stream) {
  return is_stream(stream) && streams_.size() < max_streams_
         && streams_.emplace(stream).second;
}

// -- faults -------------------------------------------------------------------

std::string binance_session::failure(std::string_view text,
                                     const call_error& error) const {
  rapidjson::Document doc;
  parse_json(text, doc);
  call command{doc, errors_, {}};
  if (error.code.empty())
    command.error(service_unavailable, "Service Unavailable");
  else
    command.error(std::strtoll(error.code.c_str(), nullptr, 10), error.message);
  return std::move(command.outcome.answer);
}

std::vector<std::string>
binance_session::covered(std::string_view pattern) const {
  std::vector<std::string> result;
  for (auto& name : streams_)
    if (covers_channel(pattern, name))
      result.push_back(name);
  return result;
}

std::vector<std::string> binance_session::revoke(std::string_view pattern) {
  auto result = covered(pattern);
  for (auto& name : result)
    streams_.erase(name);
  return result;
}

std::string server_shutdown_event(stream_wrapping wrapping) {
  json_writer out;
  out.begin_object();
  out.member("e", "serverShutdown");
  out.member("E", wall_clock().count());
  out.end_object();
  return in_envelope(out.text(), "!serverShutdown", wrapping);
}

} // namespace zenws::sim
