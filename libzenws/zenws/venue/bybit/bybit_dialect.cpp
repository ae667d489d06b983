// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/bybit/bybit_dialect.hpp"

#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/json/internal/json_writer.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/limits/venue_limits.hpp"
#include "zenws/venue/internal/channel_names.hpp"
#include "zenws/venue/internal/signature.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace zenws {

namespace {

using namespace std::chrono_literals;

using enum answer_meaning;

using about = refusal_subject;

// bybit-exchange.github.io/docs/v5/error. Other codes leave the outcome of a
// request open, such as timeouts (10000, 170007, 170146, 170147, 170310) and
// errors of the server (10016, 170001, 170032, 170234).
constexpr code_rule bybit_rules[] = {
  // for now
  {-1, -1, try_later, about::clock}, // the request has expired
  {429, 429, try_later},
  {10002, 10002, try_later, about::clock},
  {10006, 10006, try_later, about::rate},
  {10018, 10018, try_later, about::rate},
  {10019, 10019, try_later}, // order entry restarts: another connection works
  {10403, 10403, try_later, about::rate},
  {10429, 10429, try_later, about::rate},
  {20003, 20003, try_later, about::rate},
  {30035, 30035, try_later, about::rate},
  {110063, 110063, try_later}, // settlement
  {110079, 110079, try_later}, // the order is being processed
  {110114, 110114, try_later},
  {110124, 110124, try_later}, // cooling off
  {170005, 170005, try_later, about::rate},
  {170191, 170191, try_later},
  {170222, 170222, try_later, about::rate},
  // of keys
  {-2015, -2015, refused, about::credentials},
  {10003, 10005, refused, about::credentials},
  {10007, 10007, refused, about::credentials},
  {10009, 10010, refused, about::credentials},
  {33004, 33004, refused, about::credentials},
  // of requests
  {10001, 10001, refused},
  {10008, 10008, refused},
  {10017, 10017, refused, about::request},
  {10024, 10024, refused},
  {10027, 10029, refused},
  {10404, 10404, refused, about::request},
  {20001, 20001, refused}, // a second login
  {20006, 20006, refused}, // an id was used before
  {30133, 30136, refused},
  {30208, 30209, refused},
  {30228, 30228, refused},
  {30256, 30256, refused},
  {100028, 100028, refused},
  {110001, 110034, refused},
  {110036, 110137, refused}, // 110035: cancellation was not completed
  {170010, 170031, refused},
  {170033, 170034, refused}, // 170035: "submitted to the system"
  {170036, 170145, refused},
  {170148, 170210, refused},
  {170213, 170230, refused}, // 170212: cancellation is being processed
  {170241, 170241, refused},
  {170311, 170810, refused},
  {3100197, 3100197, refused},
  {3200316, 3200320, refused},
  {3200403, 3200403, refused},
};

// "WS OE General code": the same code as of an unknown key.
constexpr int64_t too_many_sessions_or_bad_key = 10003;

// Refusals of channels have no codes. These texts were seen in the field
// (github.com/sieblyio/bybit-api/issues/477, /174 and
// github.com/yufuquant/rust-bybit/issues/24).
struct text_rule {
  std::string_view part;
  answer_meaning meaning = refused;
  refusal_subject subject = about::channels;
};

constexpr text_rule channel_rules[] = {
  {"already subscribed"},
  {"handler not found"},
  {"Invalid symbol"},
  {"Invalid topic"},
  {"args size", refused, about::size},
  {"not authorized", refused, about::login},
  {"too frequent", try_later, about::rate},
  {"too many", try_later, about::rate},
};

// "Public channel - Args limits": 10 arguments a request for spot, which is the
// least; 2,000 a connection for options; 21,000 characters of arguments. Nobody
// knows here which product an address is for.
constexpr size_t max_args_of_request = 10;
constexpr size_t max_args_of_connection = 2'000;
constexpr size_t max_args_bytes = 21'000;

// docs/v5/rate-limit, "Websocket IP limit".
constexpr rolling_window_config dials_of_host{
  500, 5min + venue_limits::arrival_margin};

// The venue asks for a moment "greater than your current timestamp". One second
// was too little in the field (github.com/bybit-exchange/pybit/issues/152).
constexpr auto login_validity = 10s;

// Requests that are never answered are not kept for ever.
constexpr size_t max_open_requests = 64;

// Order entry has other names than the streams ("reqId", "retCode").
constexpr envelope_layout layout{
  {&envelope::id, "req_id"},     {&envelope::id, "reqId"},
  {&envelope::method, "op"},     {&envelope::event, "type"},
  {&envelope::channel, "topic"}, {&envelope::data, "data"},
};

// Returns 16 hexadecimal digits and a hyphen.
std::string prefix_of(uint64_t nonce) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes += static_cast<char>(nonce >> shift & 0xff);
  return internal::hex(bytes) + '-';
}

std::vector<std::string> names_in(std::string_view text,
                                  std::string_view list) {
  std::vector<std::string> result;
  if (auto names
      = elements_of(find_member(find_member(text, "data").text, list).text))
    for (auto& name : *names)
      result.push_back(name.string().value_or(""));
  return result;
}

bool has_text(const json_value& x) {
  return x.kind == json_kind::string && !x.text.empty();
}

bool is_command_response(const envelope& content) {
  return content.event.is("COMMAND_RESP");
}

bool is_subscription(const envelope& content) {
  return content.method.is("subscribe") || content.method.is("unsubscribe")
         || is_command_response(content);
}

bool is_about_login(const envelope& content) {
  return content.method.is("auth");
}

std::string message_of(std::string_view text) {
  auto message = find_member(text, "ret_msg");
  if (!message)
    message = find_member(text, "retMsg");
  return message.string().value_or("");
}

std::optional<int64_t> integer_of(json_value digits) {
  if (digits.kind == json_kind::string)
    digits.kind = json_kind::number;
  return digits.integer();
}

answer_verdict judge_by_code(rpc_error refusal) {
  auto is_key = refusal.code != too_many_sessions_or_bad_key
                || refusal.message.find("session") == std::string::npos;
  if (is_key)
    return judge_error(std::move(refusal), bybit_rules);
  return {.meaning = try_later, .refusal = std::move(refusal)};
}

answer_part read_row(const json_value& row) {
  auto code = integer_of(find_member(row.text, "code"));
  if (code == 0)
    return {.meaning = answered};
  auto verdict = judge_by_code(
    {.code = code.value_or(-1),
     .message = find_member(row.text, "msg").string().value_or("")});
  return {.meaning = code ? verdict.meaning : unknown,
          .code = verdict.refusal.code,
          .message = std::move(verdict.refusal.message)};
}

} // namespace

// -- properties ---------------------------------------------------------------

std::string_view bybit_dialect::name() const noexcept {
  return "bybit";
}

std::vector<rate_limit> bybit_dialect::limits() const {
  return {{"Bybit dials in 5 minutes", std::string{venue_limits::dial.pool},
           limit_scope::host, dials_of_host}};
}

subscription_limits bybit_dialect::request_limits() const noexcept {
  return {.max_channels_per_request = max_args_of_request,
          .max_channels = max_args_of_connection};
}

size_t bybit_dialect::max_request_bytes() const noexcept {
  return max_args_bytes;
}

heartbeat_rule bybit_dialect::heartbeat_needed() const noexcept {
  return {.kind = heartbeat_kind::venue,
          .interval = 20s,
          .longest = 10min,
          .source = "bybit-exchange.github.io/docs/v5/ws/connect, \"How to "
                    "Send the Heartbeat Packet\""};
}

// -- messages -----------------------------------------------------------------

void bybit_dialect::connected() {
  login_ = 0;
  order_id_prefix_.clear();
  open_.clear();
}

inbound bybit_dialect::read(std::string_view text) {
  auto content = scan(text, layout);
  if (!content)
    return {.kind = inbound_kind::malformed};
  if (content->channel.kind == json_kind::string) [[likely]]
    return {.channel = content->channel.resolved(channel_),
            .content = *content};
  return read_answer(text, *content);
}

inbound bybit_dialect::read_answer(std::string_view text,
                                   const envelope& content) {
  inbound result{.kind = inbound_kind::answer,
                 .request = id_of(content),
                 .text = text,
                 .content = content};
  // Of the public streams, options and the private stream.
  if (content.method.is("pong") || content.method.is("ping"))
    return {.kind = inbound_kind::heartbeat};
  answered_ = {};
  if (is_about_login(content)) {
    auto login = std::exchange(login_, 0);
    if (result.request == 0)
      result.request = login;
  } else if (is_subscription(content)) {
    if (result.request != 0)
      close(result.request);
    else if (is_command_response(content))
      close_by_names(text);
    else
      close_only(content.method.is("subscribe")
                   ? subscription_request_kind::subscribe
                   : subscription_request_kind::unsubscribe);
    if (result.request == 0)
      result.request = answered_.id;
  } else if (!has_text(content.id)) {
    return read_unrequested(result);
  }
  return result;
}

inbound bybit_dialect::read_unrequested(inbound message) {
  auto is_answer = find_member(message.text, "success")
                   || find_member(message.text, "retCode");
  if (has_text(message.content.method)) {
    if (is_answer) // to a text of the user's
      return message;
    message.kind = inbound_kind::notice;
    message.channel = message.content.method.resolved(channel_);
    return message;
  }
  if (!is_answer) {
    message.kind = inbound_kind::data;
    return message;
  }
  // An error about nothing is about what is open, if that is one thing only.
  if (login_ == 0)
    close_only(std::nullopt);
  message.request = answered_.id;
  if (open_.empty() && answered_.id == 0)
    message.request = std::exchange(login_, 0);
  if (message.request == 0) {
    message.kind = inbound_kind::notice;
    message.channel = "error";
  }
  return message;
}

// Ids are strings of digits on this venue, empty without one. Those of requests
// about orders have a prefix.
int64_t bybit_dialect::id_of(const envelope& content) const {
  auto digits = content.id;
  if (digits.kind == json_kind::string) {
    digits.kind = json_kind::number;
    if (!order_id_prefix_.empty() && digits.text.starts_with(order_id_prefix_))
      digits.text.remove_prefix(order_id_prefix_.size());
  }
  return digits.integer().value_or(0);
}

void bybit_dialect::close(int64_t id) {
  auto i = std::ranges::find(open_, id, &open_request::id);
  if (i == open_.end())
    return;
  answered_ = std::move(*i);
  open_.erase(i);
}

// Answers on options have no id, but the names of the request.
void bybit_dialect::close_by_names(std::string_view text) {
  auto names = names_in(text, "successTopics");
  std::ranges::move(names_in(text, "failTopics"), std::back_inserter(names));
  if (names.empty())
    return close_only(std::nullopt);
  auto is_asked_for = [&](const open_request& x) {
    return std::ranges::all_of(names, [&](auto& name) {
      return std::ranges::find(x.names, name) != x.names.end();
    });
  };
  auto i = std::ranges::find_if(open_, is_asked_for);
  if (i != open_.end())
    close(i->id);
}

void bybit_dialect::close_only(std::optional<subscription_request_kind> kind) {
  const open_request* found = nullptr;
  for (auto& x : open_) {
    if (kind && x.kind != *kind)
      continue;
    if (found != nullptr)
      return;
    found = &x;
  }
  if (found != nullptr)
    close(found->id);
}

bool bybit_dialect::begins_channel(std::string_view,
                                   std::string_view text) const {
  return !find_member(text, "type").is("delta");
}

std::optional<int64_t> bybit_dialect::id_in(std::string_view text) const {
  auto content = scan(text, layout);
  auto id = content ? id_of(*content) : 0;
  return id != 0 ? std::optional{id} : std::nullopt;
}

// -- answers ------------------------------------------------------------------

answer_verdict bybit_dialect::judge(const inbound& answer) {
  auto code = find_member(answer.text, "retCode");
  auto failed = find_member(answer.text, "success").text == "false";
  if (!code || (failed && integer_of(code) == 0))
    return judge_success(answer);
  return judge_code(answer, code);
}

answer_verdict bybit_dialect::judge_code(const inbound& answer,
                                         const json_value& code) {
  rpc_error refusal{.code = integer_of(code).value_or(-1),
                    .message = message_of(answer.text)};
  if (!integer_of(code))
    return {.meaning = unknown, .refusal = std::move(refusal)};
  if (refusal.code != 0)
    return judge_by_code(std::move(refusal));
  auto is_batch
    = answer.content.method.string().value_or("").ends_with("-batch");
  if (!is_batch)
    return {};
  // The whole may be fine while each order fails.
  auto info = find_member(answer.text, "retExtInfo");
  auto rows = elements_of(find_member(info.text, "list").text);
  if (!rows || rows->empty())
    return {.meaning = unknown, .refusal = std::move(refusal)};
  std::vector<answer_part> parts;
  for (auto& row : *rows)
    parts.push_back(read_row(row));
  if (parts.front().meaning != answered) {
    refusal.code = parts.front().code;
    refusal.message = parts.front().message;
  }
  refusal.data = answer.content.data.text;
  return judge_parts(std::move(parts), std::move(refusal));
}

answer_verdict bybit_dialect::judge_success(const inbound& answer) {
  auto success = find_member(answer.text, "success");
  rpc_error refusal{.message = message_of(answer.text)};
  if (success.kind != json_kind::boolean)
    return {.meaning = unknown, .refusal = std::move(refusal)};
  if (is_command_response(answer.content)) {
    auto failed = names_in(answer.text, "failTopics");
    if (names_in(answer.text, "successTopics").empty() && !failed.empty())
      return {.meaning = refused,
              .subject = about::channels,
              .refusal = std::move(refusal)};
  }
  if (success.text == "true")
    return {};
  if (is_about_login(
        answer.content)) // of the clock or of the key, nobody knows
    return {.meaning = refused, .refusal = std::move(refusal)};
  auto is_said = [&](const text_rule& rule) {
    return refusal.message.find(rule.part) != std::string::npos;
  };
  auto rule = std::ranges::find_if(channel_rules, is_said);
  if (rule == std::end(channel_rules))
    return {.meaning = unknown, .refusal = std::move(refusal)};
  // The answer to an earlier request was lost.
  if (rule == std::begin(channel_rules) && answered_.names.size() == 1)
    return {};
  return {.meaning = rule->meaning,
          .subject = rule->subject,
          .refusal = std::move(refusal)};
}

// -- calls --------------------------------------------------------------------

result<std::string> bybit_dialect::call(std::string_view method,
                                        std::string_view params_json,
                                        int64_t id) {
  auto bad = [](const char* reason) {
    return error{ec::invalid_message, reason};
  };
  std::string_view args = "[]";
  std::string_view header;
  if (!params_json.empty()) {
    internal::json_cursor in{params_json};
    auto params = in.value();
    if (!in.finish())
      return bad("the parameters are not JSON");
    if (params.kind == json_kind::object) {
      header = find_member(params.text, "header").text;
      params = find_member(params.text, "args");
    }
    if (params.kind != json_kind::array)
      return bad("the parameters must be an array, or have it as \"args\"");
    args = params.text;
  }
  auto is_order = method.find('.') != std::string_view::npos;
  internal::json_writer out;
  out.begin_object();
  if (is_order)
    out.key("reqId").string(order_id_prefix_ + std::to_string(id));
  else
    out.key("req_id").string(std::to_string(id));
  out.key("op").string(method, "the method");
  if (!header.empty())
    out.key("header").raw(header);
  out.key("args").raw(args);
  return out.end_object().take();
}

std::string bybit_dialect::ping() {
  return R"({"op":"ping"})";
}

// -- subscriptions ------------------------------------------------------------

result<std::string>
bybit_dialect::subscription(const subscription_request& request, int64_t id) {
  auto subscribes = request.kind == subscription_request_kind::subscribe;
  auto names = internal::names_as_json(request.channels);
  if (!names)
    return names;
  internal::json_writer out;
  out.begin_object();
  out.key("req_id").string(std::to_string(id));
  out.key("op").string(subscribes ? "subscribe" : "unsubscribe");
  out.key("args").raw(*names);
  auto text = out.end_object().take();
  if (!text)
    return text;
  open_request fresh{id, request.kind, {}};
  for (auto& channel : request.channels)
    fresh.names.push_back(channel.name);
  // A channel is in one request at a time: an earlier one was not sent, or was
  // given up.
  std::erase_if(open_, [&](const open_request& x) {
    return std::ranges::find_first_of(x.names, fresh.names) != x.names.end();
  });
  if (open_.size() == max_open_requests)
    open_.pop_front();
  open_.push_back(std::move(fresh));
  return text;
}

result<std::vector<std::string>>
bybit_dialect::read_grants(const subscription_request& request,
                           const inbound& answer) {
  if (!is_command_response(answer.content))
    return dialect::read_grants(request, answer);
  return names_in(answer.text, "successTopics");
}

void bybit_dialect::forget(std::string_view channel) {
  market_.forget(channel);
}

// -- logging in ---------------------------------------------------------------

result<std::string> bybit_dialect::log_in(const credentials& account,
                                          const signing_context& context,
                                          int64_t id) {
  using std::chrono::milliseconds;
  auto end = context.now + login_validity;
  auto expires
    = std::chrono::duration_cast<milliseconds>(end.time_since_epoch()).count();
  auto proof = internal::hex(internal::hmac_sha256(
    account.secret, "GET/realtime" + std::to_string(expires)));
  internal::json_writer out;
  out.begin_object();
  out.key("req_id").string(std::to_string(id));
  out.key("op").string("auth");
  out.key("args").begin_array();
  out.string(account.key, "credentials.key");
  out.number(expires).string(proof);
  auto text = out.end_array().end_object().take();
  if (text) {
    login_ = id;
    order_id_prefix_ = prefix_of(context.nonce);
  }
  return text;
}

result<login_grant> bybit_dialect::read_login(const inbound& answer) {
  if (!is_about_login(answer.content))
    return error{ec::invalid_data, "the answer is none of a login"};
  return login_grant{};
}

} // namespace zenws
