// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/bybit/bybit_session.hpp"

#include "zenws/sim/bybit/bybit_login.hpp"
#include "zenws/sim/json/json_writer.hpp"
#include "zenws/sim/net/utf8.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace zenws::sim {

namespace {

constexpr size_t max_quote = 128;

// bybit-exchange.github.io/docs/v5/error
constexpr int64_t invalid_key = 10003;
constexpr int64_t invalid_sign = 10004;

// Observed: also for a moment of expiry that has passed.
constexpr std::string_view bad_params = "Params Error";

constexpr std::string_view restarting = "Service is restarting";

std::string quote(std::string_view text) {
  return std::string{utf8_prefix(text, max_quote)};
}

} // namespace

// A request while it is being answered.
struct bybit_session::call {
  const json& request;
  std::string_view op;
  const std::string& connection;
  bybit_outcome outcome;

  // Writes the members of an answer that come last.
  void finish(json_writer& out) {
    out.member("conn_id", connection);
    auto* id = find(request, "req_id");
    if (id && id->IsString())
      out.key("req_id").copy(*id);
    else
      out.member("req_id", "");
    out.member("op", op);
    out.end_object();
    outcome.answer = out.text();
  }

  void answer(bool success, std::string_view words) {
    json_writer out;
    out.begin_object();
    out.member("success", success);
    out.member("ret_msg", words);
    finish(out);
  }

  void refuse_login(int64_t code, std::string_view words) {
    json_writer out;
    out.begin_object();
    out.member("success", false);
    out.member("retCode", code);
    out.member("retMsg", words);
    finish(out);
  }

  // Returns the arguments, or answers with an error.
  const json* args() {
    auto* value = find(request, "args");
    if (value && value->IsArray() && !value->Empty())
      return value;
    answer(false, bad_params);
    return nullptr;
  }
};

bybit_session::bybit_session(const server_config& cfg, bybit_product where,
                             uint64_t number, symbol_lookup has_symbol)
  : cfg_(cfg),
    where_(where),
    connection_("conn-" + std::to_string(number)),
    has_symbol_(std::move(has_symbol)) {
  // nop
}

bybit_outcome bybit_session::handle(std::string_view text, const moment& now) {
  rapidjson::Document doc;
  auto parsed = parse_json(text, doc);
  auto op = text_member(doc, "op");
  call command{doc, op, connection_, {}};
  if (!parsed)
    command.answer(false, bad_params);
  else if (op == "ping")
    pong(command, now);
  else if (op == "subscribe")
    subscribe(command);
  else if (op == "unsubscribe")
    unsubscribe(command);
  else if (op == "auth" && where_ == bybit_product::private_data)
    log_in(command, now);
  else
    command.answer(false, "error:invalid op");
  return std::move(command.outcome);
}

// Private streams answer in another form.
void bybit_session::pong(call& command, const moment& now) const {
  if (where_ != bybit_product::private_data)
    return command.answer(true, "pong");
  command.op = "pong";
  json_writer out;
  out.begin_object();
  out.key("args").begin_array();
  out.value(std::string_view{std::to_string(now.wall.count())});
  out.end_array();
  command.finish(out);
}

// -- topics -------------------------------------------------------------------

// All or nothing.
void bybit_session::subscribe(call& command) {
  auto* args = command.args();
  if (!args)
    return;
  if (where_ == bybit_product::private_data && account_.empty())
    return command.answer(false, "Request not authorized");
  std::vector<bybit_topic> fresh;
  size_t bytes = 0;
  for (auto& x : args->GetArray()) {
    if (!x.IsString())
      return command.answer(false, bad_params);
    auto topic = find_topic(text_of(x));
    if (!topic)
      return command.answer(false, unknown(text_of(x)));
    bytes += topic->text.size();
    fresh.push_back(std::move(*topic));
  }
  if (auto reason = objection(fresh, args->Size(), bytes))
    return command.answer(false, *reason);
  for (auto& x : fresh)
    topics_.emplace(x.text, x);
  topic_bytes_ += bytes;
  command.outcome.subscribed = std::move(fresh);
  command.answer(true, where_ == bybit_product::spot ? "subscribe" : "");
}

// Returns the reason to refuse a request as a whole.
std::optional<std::string>
bybit_session::objection(const std::vector<bybit_topic>& fresh, size_t args,
                         size_t bytes) const {
  auto has_limit = [](size_t limit) { return limit > 0; };
  if (where_ == bybit_product::spot && has_limit(cfg_.bybit.max_spot_args)
      && args > cfg_.bybit.max_spot_args)
    return "args size >" + std::to_string(cfg_.bybit.max_spot_args);
  if (has_limit(cfg_.bybit.max_args_bytes)
      && topic_bytes_ + bytes > cfg_.bybit.max_args_bytes)
    return "args size >" + std::to_string(cfg_.bybit.max_args_bytes);
  for (auto i = fresh.begin(); i != fresh.end(); ++i) {
    auto again = std::ranges::find(i + 1, fresh.end(), i->text,
                                   &bybit_topic::text);
    if (topics_.contains(i->text) || again != fresh.end())
      return "error:already subscribed,topic:" + i->text;
  }
  return std::nullopt;
}

std::string bybit_session::unknown(std::string_view topic) const {
  if (where_ == bybit_product::spot)
    return "Invalid symbol :[" + quote(topic) + ']';
  return "error:handler not found,topic:" + quote(topic);
}

std::optional<bybit_topic>
bybit_session::find_topic(std::string_view text) const {
  auto result = read_bybit_topic(where_, text);
  if (result && !result->symbol.empty() && !has_symbol_(result->symbol))
    return std::nullopt;
  if (result && where_ != bybit_product::private_data && result->symbol.empty())
    return std::nullopt;
  return result;
}

void bybit_session::unsubscribe(call& command) {
  auto* args = command.args();
  if (!args)
    return;
  if (!all_strings(*args))
    return command.answer(false, bad_params);
  for (auto& x : args->GetArray())
    if (auto i = topics_.find(text_of(x)); i != topics_.end()) {
      command.outcome.unsubscribed.push_back(i->second);
      revoke(command.outcome.unsubscribed.back());
    }
  command.answer(true, where_ == bybit_product::spot ? "unsubscribe" : "");
}

std::vector<bybit_topic>
bybit_session::covered(std::string_view pattern) const {
  std::vector<bybit_topic> result;
  for (auto& [text, topic] : topics_)
    if (covers_channel(pattern, text))
      result.push_back(topic);
  return result;
}

void bybit_session::revoke(const bybit_topic& topic) {
  if (topics_.erase(topic.text) > 0)
    topic_bytes_ -= topic.text.size();
}

// -- login --------------------------------------------------------------------

void bybit_session::log_in(call& command, const moment& now) {
  auto* args = command.args();
  if (!args)
    return;
  auto login = check_bybit_login(cfg_.accounts, *args, now.wall);
  if (auto* account = std::get_if<std::string>(&login)) {
    account_ = *account;
    return command.answer(true, "");
  }
  switch (std::get<bybit_login_problem>(login)) {
    case bybit_login_problem::unknown_key:
      return command.refuse_login(invalid_key, "Invalid apikey");
    case bybit_login_problem::wrong_signature:
      return command.refuse_login(invalid_sign, "Error sign");
    default:
      return command.answer(false, bad_params);
  }
}

// -- faults -------------------------------------------------------------------

std::string bybit_session::failure(std::string_view text,
                                   const call_error& error) const {
  rapidjson::Document doc;
  parse_json(text, doc);
  auto op = text_member(doc, "op");
  call command{doc, op, connection_, {}};
  if (error.code.empty())
    command.answer(false, restarting);
  else if (op == "auth")
    command.refuse_login(std::strtoll(error.code.c_str(), nullptr, 10),
                         error.message);
  else
    command.answer(false, error.message);
  return std::move(command.outcome.answer);
}

} // namespace zenws::sim
