// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/json_rpc/json_rpc_dialect.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/venue/internal/channel_names.hpp"

#include <utility>

namespace zenws {

namespace {

// Nodes use strings and numbers. Empty if it is neither.
std::string_view id_of(const json_value& value, std::string& memory) {
  return value.kind == json_kind::number ? value.text : value.resolved(memory);
}

} // namespace

std::string_view json_rpc_dialect::name() const noexcept {
  return "json_rpc";
}

subscription_limits json_rpc_dialect::request_limits() const noexcept {
  return {.max_channels_per_request = 1};
}

// -- messages -----------------------------------------------------------------

void json_rpc_dialect::connected() {
  channels_.clear();
  ids_.clear();
}

inbound json_rpc_dialect::read(std::string_view text) {
  inbound result;
  auto content = scan(text, layouts::ethereum);
  if (!content) {
    result.kind = inbound_kind::malformed;
    return result;
  }
  if (content->kind() == envelope_kind::answer) {
    if (auto id = content->id.integer()) {
      result.kind = inbound_kind::answer;
      result.request = *id;
      result.content = *content;
    }
  } else if (content->channel) {
    auto id = id_of(content->channel, id_);
    result.channel = channel_of(id);
    if (result.channel.empty()) {
      result.kind = inbound_kind::unclaimed;
      result.channel = id;
    }
  }
  return result;
}

std::string_view json_rpc_dialect::channel_of(std::string_view id) const {
  auto i = channels_.find(id);
  return i != channels_.end() ? std::string_view{i->second}
                              : std::string_view{};
}

result<std::string> json_rpc_dialect::call(std::string_view method,
                                           std::string_view params_json,
                                           int64_t id) {
  return build_request(method, params_json, id);
}

// -- subscriptions ------------------------------------------------------------

result<std::string>
json_rpc_dialect::subscription(const subscription_request& request,
                               int64_t id) {
  auto& channel = request.channels.front();
  if (request.kind == subscription_request_kind::unsubscribe) {
    auto i = ids_.find(channel.name);
    auto known = i != ids_.end() ? i->second.json : std::string{R"("")"};
    internal::json_writer params;
    params.begin_array().raw(known).end_array();
    return build_request("eth_unsubscribe", *params.take(), id);
  }
  if (!channel.arguments.empty())
    return build_request("eth_subscribe", channel.arguments, id);
  auto names = internal::names_as_json(request.channels);
  if (!names)
    return names.error();
  return build_request("eth_subscribe", *names, id);
}

result<std::vector<std::string>>
json_rpc_dialect::read_grants(const subscription_request& request,
                              const inbound& answer) {
  auto& channel = request.channels.front().name;
  auto& value = answer.content.result;
  if (request.kind == subscription_request_kind::unsubscribe) {
    if (auto i = ids_.find(channel); i != ids_.end()) {
      channels_.erase(i->second.text);
      ids_.erase(i);
    }
    return std::vector{channel};
  }
  std::string memory;
  auto id = id_of(value, memory);
  if (id.empty())
    return error{ec::invalid_data, "the result is no id of a subscription: "
                                     + printable(value.text)};
  channels_[std::string{id}] = channel;
  auto is_string = value.kind == json_kind::string;
  std::string quote = is_string ? "\"" : "";
  ids_[channel] = {std::string{id}, quote + std::string{value.text} + quote};
  return std::vector{channel};
}

} // namespace zenws
