// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/internal/venue_answers.hpp"

#include "zenws/json/json_value.hpp"

#include <array>
#include <utility>

namespace zenws::internal {

namespace {

// Returns a value as JSON, null if there is none.
std::string json_of(const json_value& value) {
  if (!value)
    return "null";
  if (value.kind != json_kind::string)
    return std::string{value.text};
  return '"' + std::string{value.text} + '"';
}

std::vector<json_value> items_of(const json_value& list) {
  auto result = elements_of(list.text);
  return result ? std::move(*result) : std::vector<json_value>{};
}

json_value path(std::string_view text, std::string_view outer,
                std::string_view inner) {
  return find_member(find_member(text, outer).text, inner);
}

// Returns `,"name":value`, nothing if there is no such member.
std::string copied(std::string_view text, std::string_view name) {
  auto value = find_member(text, name);
  return value ? ",\"" + std::string{name} + "\":" + json_of(value)
               : std::string{};
}

// -- venues -------------------------------------------------------------------

class deribit_answers final : public venue_answers {
public:
  venue_answer answer(std::string_view text) override {
    auto method = find_member(text, "method").string().value_or("");
    auto reply = [text](const std::string& member) {
      return std::string{R"({"jsonrpc":"2.0")"} + copied(text, "id") + ','
             + member + '}';
    };
    auto is_end = method.ends_with("/unsubscribe");
    if (is_end || method.ends_with("/subscribe"))
      return {
        {reply("\"result\":" + json_of(path(text, "params", "channels")))},
        !is_end};
    if (method == "public/auth")
      return {{reply(R"("result":{"access_token":"a","refresh_token":"r",)"
                     R"("expires_in":31536000,"scope":"","token_type":)"
                     R"("bearer"})")}};
    if (method.ends_with("_heartbeat"))
      return {{reply(R"("result":"ok")")}};
    if (method == "public/test")
      return {{reply(R"("result":{"version":"replay"})")}};
    return {{reply(R"("error":{"code":-32601,"message":"Method not found"})")}};
  }
};

class binance_answers final : public venue_answers {
public:
  venue_answer answer(std::string_view text) override {
    auto method = find_member(text, "method");
    auto id = copied(text, "id");
    auto grants = method.is("SUBSCRIBE");
    if (grants || method.is("UNSUBSCRIBE"))
      return {{R"({"result":null)" + id + '}'}, grants};
    return {{R"({"error":{"code":2,"msg":"Invalid request: a recording")"
             R"(})"
             + id + '}'}};
  }
};

class okx_answers final : public venue_answers {
public:
  venue_answer answer(std::string_view text) override {
    if (text == "ping")
      return {{"pong"}};
    auto operation = find_member(text, "op").string().value_or("");
    auto id = copied(text, "id");
    if (operation == "login")
      return {{R"({"event":"login","code":"0","msg":"","connId":"r"})"}};
    if (operation != "subscribe" && operation != "unsubscribe")
      return {{R"({"event":"error","code":"60012","msg":"a recording",)"
               R"("connId":"r")"
               + id + '}'}};
    venue_answer result;
    result.grants = operation == "subscribe";
    for (auto& argument : items_of(find_member(text, "args")))
      result.messages.push_back(R"({"event":")" + operation + R"(","arg":)"
                                + json_of(argument) + R"(,"connId":"r")" + id
                                + '}');
    return result;
  }
};

class bybit_answers final : public venue_answers {
public:
  venue_answer answer(std::string_view text) override {
    auto operation = find_member(text, "op");
    auto is = [&](std::string_view name) { return operation.is(name); };
    auto knows = is("subscribe") || is("unsubscribe") || is("auth")
                 || is("ping");
    std::string head = knows ? R"({"success":true,"ret_msg":")"
                             : R"({"success":false,"ret_msg":")";
    head += is("ping") ? "pong" : knows ? "" : "a recording";
    return {{head + R"(","conn_id":"r")" + copied(text, "req_id")
             + copied(text, "op") + '}'},
            is("subscribe")};
  }
};

class kraken_answers final : public venue_answers {
public:
  venue_answer answer(std::string_view text) override {
    auto method = find_member(text, "method").string().value_or("");
    auto id = copied(text, "req_id");
    if (method == "ping")
      return {{R"({"method":"pong")" + id + '}'}};
    auto head = R"({"method":)" + json_of(find_member(text, "method"));
    auto tail = id + R"(,"time_in":"","time_out":""})";
    if (method != "subscribe" && method != "unsubscribe")
      return {{head + R"(,"success":false,"error":"a recording")" + tail}};
    venue_answer result;
    result.grants = method == "subscribe";
    auto channel = json_of(path(text, "params", "channel"));
    auto add = [&](const std::string& symbol) {
      result.messages.push_back(head + R"(,"success":true,"result":{"channel":)"
                                + channel + symbol + '}' + tail);
    };
    auto symbols = items_of(path(text, "params", "symbol"));
    for (auto& symbol : symbols)
      add(",\"symbol\":" + json_of(symbol));
    if (symbols.empty())
      add({});
    return result;
  }
};

// Counts the messages of a connection, which is why recorded numbers do not fit
// others, and lists all subscriptions again and again.
class coinbase_answers final : public venue_answers {
public:
  venue_answer answer(std::string_view text) override {
    auto type = find_member(text, "type");
    auto grants = type.is("subscribe");
    auto channel = json_of(find_member(text, "channel"));
    auto products = items_of(find_member(text, "product_ids"));
    auto& held = held_[channel];
    for (auto& product : products)
      if (grants)
        held.insert(json_of(product));
      else
        held.erase(json_of(product));
    // Those without products are named by themselves.
    if (products.empty() && grants)
      held.insert(channel);
    if (held.empty() || (products.empty() && !grants))
      held_.erase(channel);
    return {{list()}, grants};
  }

  void adapt(std::string& message) override {
    constexpr std::string_view name = R"("sequence_num":)";
    auto begin = message.find(name);
    if (begin == std::string::npos)
      return;
    begin += name.size();
    auto end = message.find_first_not_of("0123456789", begin);
    if (end != std::string::npos)
      message.replace(begin, end - begin, std::to_string(next_++));
  }

private:
  std::string list() {
    std::string result
      = R"({"channel":"subscriptions","timestamp":"","sequence_num":)"
        + std::to_string(next_++) + R"(,"events":[{"subscriptions":{)";
    auto separator = "";
    for (auto& [channel, products] : held_) {
      result += std::exchange(separator, ",") + channel + ":[";
      auto between = "";
      for (auto& product : products)
        result += std::exchange(between, ",") + product;
      result += ']';
    }
    return result + "}}]}";
  }

  std::map<std::string, std::set<std::string>> held_;
  uint64_t next_ = 0;
};

class hyperliquid_answers final : public venue_answers {
public:
  venue_answer answer(std::string_view text) override {
    auto method = find_member(text, "method");
    if (method.is("ping"))
      return {{R"({"channel":"pong"})"}};
    auto grants = method.is("subscribe");
    if (!grants && !method.is("unsubscribe"))
      return {{R"({"channel":"error","data":"a recording"})"}};
    return {{R"({"channel":"subscriptionResponse","data":{"method":)"
             + json_of(method) + copied(text, "subscription") + "}}"},
            grants};
  }
};

// -- factory ------------------------------------------------------------------

template <class T>
std::unique_ptr<venue_answers> make_answers() {
  return std::make_unique<T>();
}

using answers_maker = std::unique_ptr<venue_answers> (*)();

constexpr std::array<std::pair<std::string_view, answers_maker>, 7>
  answers_by_name{{{"binance", make_answers<binance_answers>},
                   {"bybit", make_answers<bybit_answers>},
                   {"coinbase", make_answers<coinbase_answers>},
                   {"deribit", make_answers<deribit_answers>},
                   {"hyperliquid", make_answers<hyperliquid_answers>},
                   {"kraken", make_answers<kraken_answers>},
                   {"okx", make_answers<okx_answers>}}};

} // namespace

venue_answers::~venue_answers() {
  // nop
}

void venue_answers::adapt(std::string&) {
  // nop
}

bool has_venue_answers(std::string_view dialect) noexcept {
  for (auto& [name, make] : answers_by_name)
    if (name == dialect)
      return true;
  return false;
}

std::unique_ptr<venue_answers> make_venue_answers(std::string_view dialect) {
  for (auto& [name, make] : answers_by_name)
    if (name == dialect)
      return make();
  return nullptr;
}

} // namespace zenws::internal
