// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/hyperliquid/hyperliquid_session.hpp"

#include <utility>

namespace zenws::sim {

namespace {

hyperliquid_outcome refused(std::string_view words) {
  return {.answer = hyperliquid_error(words)};
}

// The venue repeats what it does not understand.
hyperliquid_outcome not_understood(std::string_view text) {
  return refused("Error parsing JSON into valid websocket request: "
                 + std::string{text});
}

// Writes the answer to a post around the output of `response`.
template <class Fun>
std::string posted(const json& id, const char* type, Fun payload) {
  json_writer out;
  out.begin_object();
  out.member("channel", "post");
  out.key("data").begin_object();
  out.key("id").copy(id);
  out.key("response").begin_object();
  out.member("type", type);
  out.key("payload");
  payload(out);
  out.end_object();
  out.end_object();
  out.end_object();
  return out.text();
}

std::string post_error(const json& id, std::string_view words) {
  return posted(id, "error", [&](json_writer& out) { out.value(words); });
}

bool is_id(const json* x) {
  return x != nullptr && x->IsUint64();
}

} // namespace

hyperliquid_session::hyperliquid_session(std::string host, surroundings around)
  : host_(std::move(host)), around_(std::move(around)) {
  // nop
}

hyperliquid_session::~hyperliquid_session() {
  for (size_t i = 0; i < streams_.size(); ++i)
    around_.hosts.unsubscribed(host_);
}

hyperliquid_outcome
hyperliquid_session::handle(std::string_view text,
                            std::chrono::steady_clock::time_point now) {
  if (auto problem = around_.hosts.sent(host_, now))
    return refused(*problem);
  rapidjson::Document doc;
  if (!parse_json(text, doc))
    return not_understood(text);
  auto method = text_member(doc, "method");
  if (method == "ping")
    return {.answer = R"({"channel":"pong"})"};
  if (method == "post")
    return post(text, doc);
  auto* wanted = find(doc, "subscription");
  auto stream = wanted ? read_hyperliquid_stream(*wanted) : std::nullopt;
  if (stream && method == "subscribe")
    return subscribe(*stream);
  if (stream && method == "unsubscribe")
    return unsubscribe(*stream);
  return not_understood(text);
}

hyperliquid_outcome
hyperliquid_session::subscribe(const hyperliquid_stream& stream) {
  if (!stream.coin.empty() && !around_.has_coin(stream.coin))
    return {.ends = true};
  auto text = stream.text();
  if (streams_.contains(text))
    return refused("Already subscribed: " + text);
  if (auto problem = around_.hosts.subscribed(host_))
    return refused(*problem);
  streams_.emplace(std::move(text), stream);
  return {.answer = hyperliquid_confirmation("subscribe", stream),
          .subscribed = stream};
}

hyperliquid_outcome
hyperliquid_session::unsubscribe(const hyperliquid_stream& stream) {
  auto text = stream.text();
  if (!streams_.contains(text))
    return refused("Already unsubscribed: " + text);
  revoke(stream);
  return {.answer = hyperliquid_confirmation("unsubscribe", stream),
          .unsubscribed = stream};
}

// Actions need a signature, which the simulator does not check: there are none.
hyperliquid_outcome hyperliquid_session::post(std::string_view text,
                                              const json& request) {
  auto* id = find(request, "id");
  auto* inner = find(request, "request");
  auto* payload = inner ? find(*inner, "payload") : nullptr;
  if (!is_id(id) || !payload)
    return not_understood(text);
  auto result = text_member(*inner, "type") == "info" ? around_.info(*payload)
                                                      : std::nullopt;
  if (!result)
    return {.answer = post_error(
              *id, "422 Unprocessable Entity: Failed to deserialize the JSON "
                   "body into the target type")};
  return {.answer = posted(*id, "info", [&](json_writer& out) {
            out.begin_object();
            out.member("type", text_member(*payload, "type"));
            out.key("data").raw(*result);
            out.end_object();
          })};
}

std::string hyperliquid_session::failure(std::string_view text,
                                         const call_error& error) const {
  rapidjson::Document doc;
  parse_json(text, doc);
  auto words = error.code.empty() ? std::string{"503 Service Unavailable"}
                                  : error.code + ' ' + error.message;
  if (auto* id = find(doc, "id"); is_id(id))
    return post_error(*id, words);
  return hyperliquid_error(words + ": " + std::string{text});
}

std::vector<hyperliquid_stream>
hyperliquid_session::covered(std::string_view pattern) const {
  std::vector<hyperliquid_stream> result;
  for (auto& [text, stream] : streams_)
    if (covers_channel(pattern, stream.name()))
      result.push_back(stream);
  return result;
}

void hyperliquid_session::revoke(const hyperliquid_stream& stream) {
  if (streams_.erase(stream.text()) > 0)
    around_.hosts.unsubscribed(host_);
}

} // namespace zenws::sim
