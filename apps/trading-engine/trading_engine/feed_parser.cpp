#include "trading_engine/feed_parser.hpp"

#include "zenws/envelope.hpp"
#include "zenws/market/deribit.hpp"

namespace zenws::engine {

namespace {

/// Returns an id as we give them out.
std::optional<uint64_t> id_of(const envelope& what) {
  auto id = what.id.integer();
  if (!id || *id < 0)
    return std::nullopt;
  return static_cast<uint64_t>(*id);
}

feed_message read_result(uint64_t id, const json_value& result) {
  auto elements = elements_of(result.text);
  if (result.kind != json_kind::array || !elements)
    return plain_answer{id};
  channels_answer answer{id, {}};
  for (const auto& x : *elements) {
    auto name = x.string();
    if (!name)
      return plain_answer{id};
    answer.channels.push_back(std::move(*name));
  }
  return answer;
}

feed_message read_answer(const envelope& what) {
  auto response = parse_response(what);
  if (!response)
    return response.error();
  auto id = id_of(what);
  if (!id && what.id && !what.id.is_null())
    return error{ec::invalid_data, "\"id\" is none of ours"};
  if (auto* why = std::get_if<rpc_error>(&*response))
    return refusal{id, std::move(*why)};
  if (!id)
    return error{ec::invalid_data, "a result without an id"};
  return read_result(*id, what.result);
}

feed_message read_data(const envelope& what, market::update& data) {
  if (!what.channel)
    return error{ec::invalid_data, "\"channel\" is missing"};
  if (auto problem = market::deribit::decode(what, data))
    return problem;
  if (data.kind == market::content::none)
    return unknown_message{std::string{what.channel.text}};
  return market_data{what.channel.text};
}

feed_message read_notification(const envelope& what, market::update& data) {
  if (what.method.is("subscription"))
    return read_data(what, data);
  if (!what.method.is("heartbeat"))
    return unknown_message{std::string{what.method.text}};
  if (find_member(what.params.text, "type").is("test_request"))
    return test_request{};
  return venue_heartbeat{};
}

} // namespace

feed_message parse_feed(std::string_view text, market::update& data) {
  if (text.size() > max_feed_text)
    return error{ec::message_too_big, std::to_string(text.size()) + " bytes"};
  auto what = scan(text, layouts::deribit);
  if (!what)
    return what.error();
  if (what->root.kind != json_kind::object)
    return error{ec::invalid_data, "not an object"};
  switch (what->kind()) {
    case envelope_kind::answer:
      return read_answer(*what);
    case envelope_kind::notification:
    case envelope_kind::request:
      return read_notification(*what, data);
    default:
      return unknown_message{};
  }
}

} // namespace zenws::engine
