#pragma once

#include "zenws/venue/dialect.hpp"

#include <string>

/// Bybit, API version 5, public streams (bybit-exchange.github.io/docs/v5/ws).
class bybit_dialect : public zenws::dialect {
public:
  std::string_view name() const noexcept override {
    return "bybit";
  }

  // -- messages of the peer --------------------------------------------------

  zenws::inbound read(std::string_view text) override {
    auto content = zenws::scan(text, layout);
    if (!content)
      return {.kind = zenws::inbound_kind::malformed};
    zenws::inbound result{.text = text, .content = *content};
    if (content->channel) {
      result.channel = content->channel.text;
    } else if (content->method.is("ping") || content->method.is("pong")) {
      result.kind = zenws::inbound_kind::heartbeat;
    } else if (auto id = content->id.string()) {
      result.kind = zenws::inbound_kind::answer;
      result.request = std::atoll(id->c_str());
    }
    return result;
  }

  // -- requests --------------------------------------------------------------

  std::string ping() override {
    return R"({"op":"ping"})";
  }

  zenws::subscription_limits request_limits() const noexcept override {
    return {.max_channels_per_request = 10};
  }

  zenws::result<std::string>
  subscription(const zenws::subscription_request& request,
               int64_t id) override {
    auto subscribes
      = request.kind == zenws::subscription_request_kind::subscribe;
    std::string names;
    for (auto& channel : request.channels) {
      auto literal = zenws::quoted_json(channel.name);
      if (!literal)
        return zenws::error{zenws::ec::invalid_message, "channel is not UTF-8"};
      names += (names.empty() ? "" : ",") + *literal;
    }
    return R"({"req_id":")" + std::to_string(id) + R"(","op":")"
           + (subscribes ? "subscribe" : "unsubscribe") + R"(","args":[)"
           + names + "]}";
  }

  // -- answers ---------------------------------------------------------------

  zenws::answer_verdict judge(const zenws::inbound& answer) override {
    using enum zenws::answer_meaning;
    if (zenws::find_member(answer.text, "success").text == "true")
      return {.meaning = answered};
    auto reason = zenws::find_member(answer.text, "ret_msg").string();
    // One bad name refuses all of a request: the client finds out which.
    return {.meaning = refused,
            .subject = zenws::refusal_subject::channels,
            .refusal = {.message = reason.value_or("")}};
  }

private:
  // Names of the members that matter.
  static constexpr zenws::envelope_layout layout{
    {&zenws::envelope::id, "req_id"},
    {&zenws::envelope::method, "op"},
    {&zenws::envelope::channel, "topic"},
    {&zenws::envelope::data, "data"},
  };
};
