#pragma once

#include "zenws/venue/dialect.hpp"

#include <string>
#include <vector>

/// Bitget, API version 2, public channels of spot, such as "trade:BTCUSDT"
/// (bitget.com/api-doc/common/websocket-intro).
class bitget_dialect : public zenws::dialect {
public:
  std::string_view name() const noexcept override {
    return "bitget";
  }

  // -- demands of the venue --------------------------------------------------

  zenws::heartbeat_rule heartbeat_needed() const noexcept override {
    using namespace std::chrono_literals;
    // Two minutes without a text "ping" end a connection.
    return {.kind = zenws::heartbeat_kind::venue,
            .interval = 30s,
            .longest = 2min,
            .is_required = true};
  }

  std::string ping() override {
    return "ping";
  }

  std::vector<zenws::rate_limit> limits() const override {
    using namespace std::chrono_literals;
    return {{"subscriptions per hour", "subscriptions",
             zenws::limit_scope::connection,
             zenws::rolling_window_config{240, 1h}}};
  }

  zenws::rate_charges cost_of_subscription() const override {
    static constexpr zenws::rate_charge cost{"subscriptions"};
    return {&cost, 1};
  }

  zenws::subscription_limits request_limits() const noexcept override {
    return {.max_channels_per_request = 50, .max_channels = 1000};
  }

  std::chrono::seconds max_connection_age() const noexcept override {
    return std::chrono::hours{23}; // the venue ends it after 24
  }

  // -- requests --------------------------------------------------------------

  zenws::result<std::string>
  subscription(const zenws::subscription_request& request, int64_t) override {
    auto subscribes
      = request.kind == zenws::subscription_request_kind::subscribe;
    std::string args;
    for (auto& channel : request.channels) {
      auto colon = channel.name.find(':');
      auto kind = zenws::quoted_json(channel.name.substr(0, colon));
      auto symbol = zenws::quoted_json(channel.name.substr(colon + 1));
      if (!kind || !symbol)
        return zenws::error{zenws::ec::invalid_message, "channel is not UTF-8"};
      args += (args.empty() ? "" : ",") + std::string{R"({"instType":"SPOT",)"}
              + R"("channel":)" + *kind + R"(,"instId":)" + *symbol + '}';
    }
    return std::string{R"({"op":")"}
           + (subscribes ? "subscribe" : "unsubscribe") + R"(","args":[)" + args
           + "]}";
  }

  // -- messages of the peer --------------------------------------------------

  zenws::inbound read(std::string_view text) override {
    if (text == "pong")
      return {.kind = zenws::inbound_kind::heartbeat};
    auto content = zenws::scan(text, layout);
    if (!content)
      return {.kind = zenws::inbound_kind::malformed};
    zenws::inbound result{.text = text, .content = *content};
    channel_ = content->channel.string().value_or("");
    if (!channel_.empty())
      channel_ += ':' + content->instrument.string().value_or("");
    result.channel = channel_;
    if (content->event) {
      // Each channel of a request is answered by itself, and without an id.
      result.kind = zenws::inbound_kind::answer;
      result.by_channel = true;
      result.ends_channel
        = content->event.is("unsubscribe")
          || zenws::find_member(text, "op").is("unsubscribe");
    }
    return result;
  }

  zenws::answer_verdict judge(const zenws::inbound& answer) override {
    using enum zenws::answer_meaning;
    if (!answer.content.event.is("error"))
      return {.meaning = answered};
    static constexpr zenws::code_rule rules[] = {
      {30001, 30001, refused, zenws::refusal_subject::channels},
      {30006, 30006, try_later, zenws::refusal_subject::rate},
      {30016, 30016, refused, zenws::refusal_subject::channels},
    };
    auto code = zenws::find_member(answer.text, "code").integer();
    auto reason = zenws::find_member(answer.text, "msg").string();
    return zenws::judge_error(
      {.code = code.value_or(0), .message = reason.value_or("")}, rules);
  }

private:
  // Names of the members that matter.
  static constexpr zenws::envelope_layout layout{
    {&zenws::envelope::event, "event"},
    {&zenws::envelope::channel, "arg.channel"},
    {&zenws::envelope::instrument, "arg.instId"},
    {&zenws::envelope::data, "data"},
  };

  std::string channel_; // of the last message
};
