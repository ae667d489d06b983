#include "zenws/dialects/json_rpc.hpp"

#include "zenws/internal/json_text.hpp"
#include "zenws/json_rpc.hpp"

#include <utility>

namespace zenws {

std::string_view json_rpc_dialect::name() const noexcept {
  return "json_rpc";
}

subscription_limits json_rpc_dialect::request_limits() const noexcept {
  return {.max_channels_per_request = 1};
}

// -- messages -----------------------------------------------------------------

void json_rpc_dialect::connected() {
  channels_.clear();
  subscriptions_.clear();
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
  } else if (content->channel.kind == json_kind::string) {
    auto i = channels_.find(content->channel.text);
    if (i != channels_.end())
      result.channel = i->second;
  }
  return result;
}

result<std::string> json_rpc_dialect::call(std::string_view method,
                                           std::string_view params_json,
                                           int64_t id) {
  return build_request(method, params_json, id);
}

// -- subscriptions ------------------------------------------------------------

result<std::string>
json_rpc_dialect::subscription(const subscription_request& what, int64_t id) {
  auto& channel = what.channels.front();
  if (what.kind == subscription_request_kind::unsubscribe) {
    auto i = subscriptions_.find(channel.name);
    auto known = i == subscriptions_.end() ? std::string{} : i->second;
    auto literal = internal::quoted(known, "the id of a subscription");
    if (!literal)
      return literal.error();
    return build_request("eth_unsubscribe", '[' + *literal + ']', id);
  }
  if (!channel.arguments.empty())
    return build_request("eth_subscribe", channel.arguments, id);
  auto names = internal::names_as_json(what.channels);
  if (!names)
    return names.error();
  return build_request("eth_subscribe", *names, id);
}

subscription_answer
json_rpc_dialect::read_answer(const subscription_request& what,
                              const inbound& answer) {
  auto& channel = what.channels.front().name;
  auto refused = [](error reason) {
    return subscription_answer{.what = subscription_answer::verdict::refused,
                               .reason = std::move(reason)};
  };
  auto response = parse_response(answer.content);
  if (!response)
    return refused(response.error());
  if (auto* refusal = std::get_if<rpc_error>(&*response))
    return refused(to_error(*refusal));
  if (what.kind == subscription_request_kind::unsubscribe) {
    if (auto i = subscriptions_.find(channel); i != subscriptions_.end()) {
      channels_.erase(i->second);
      subscriptions_.erase(i);
    }
    return {};
  }
  auto id = answer.content.result.string();
  if (!id)
    return refused(error{ec::invalid_data, "no id of a subscription"});
  channels_[*id] = channel;
  subscriptions_[channel] = std::move(*id);
  return {};
}

} // namespace zenws
