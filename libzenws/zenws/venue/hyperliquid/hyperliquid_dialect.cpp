// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/hyperliquid/hyperliquid_dialect.hpp"

#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/json/internal/json_writer.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/limits/venue_limits.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace zenws {

namespace {

using namespace std::chrono_literals;

using enum answer_meaning;

using about = refusal_subject;

using action_kind = subscription_request_kind;

constexpr envelope_layout layout{
  {&envelope::channel, "channel"},          {&envelope::data, "data"},
  {&envelope::instrument, "data.coin"},     {&envelope::id, "data.id"},
  {&envelope::result, "data.response"},     {&envelope::method, "data.method"},
  {&envelope::params, "data.subscription"},
};

// "Post requests": "a String is returned mirroring the HTTP status code and
// description that would have been returned". The meanings are those of RFC
// 9110, section 15; others leave the outcome of an action open.
constexpr code_rule http_rules[] = {
  {400, 400, refused, about::parameters},
  {401, 401, refused, about::credentials},
  {403, 403, refused, about::credentials},
  {404, 405, refused, about::request},
  {411, 411, refused, about::request},
  {413, 413, refused, about::size},
  {414, 417, refused, about::request},
  {422, 422, refused, about::parameters},
  {429, 429, try_later, about::rate},
};

// Errors are texts, of which the documentation has none. These were seen
// (github.com/nktkas/hyperliquid, issue 78, and other clients).
struct error_rule {
  std::string_view beginning;
  answer_meaning meaning = refused;
  about subject = about::unspecified;
};

constexpr error_rule error_rules[] = {
  {"Already subscribed", answered},
  {"Already unsubscribed", answered},
  {"Error parsing JSON into valid websocket request", refused, about::channels},
  {"Invalid subscription", refused, about::channels},
  // Subscriptions of a connection that is gone may count for a while.
  {"Cannot subscribe to more than", try_later},
  {"Cannot track more than", try_later},
  {"Cannot send more than", try_later, about::rate},
  {"too many pending post requests", try_later, about::rate},
};

const error_rule* find_rule(std::string_view text) noexcept {
  for (auto& row : error_rules)
    if (text.starts_with(row.beginning))
      return &row;
  return nullptr;
}

// "Rate limits and user limits", for one address.
constexpr rate_charge message_charge{"messages", 1};

constexpr std::array message_cost{message_charge};

constexpr uint64_t messages_per_minute = 2'000;

constexpr uint64_t connections_per_minute = 30;

// Pings of ten connections, twice a minute.
constexpr uint64_t pings_per_minute = 20;

rate_limit make_limit(const char* name, const rate_charge& charge,
                      uint64_t limit, uint64_t reserve = 0) {
  auto period = 1min + venue_limits::arrival_margin;
  return {name, std::string{charge.pool}, limit_scope::host,
          rolling_window_config{limit, period}, reserve};
}

// The arguments of a channel, or what its name says.
result<std::string> subscription_of(const channel_spec& spec) {
  if (!spec.arguments.empty())
    return spec.arguments;
  std::string_view name{spec.name};
  auto colon = name.find(':');
  internal::json_writer out;
  out.begin_object();
  out.key("type").string(name.substr(0, colon), "the name of a channel");
  if (colon != std::string_view::npos)
    out.key("coin").string(name.substr(colon + 1), "the coin of a channel");
  return out.end_object().take();
}

// All trades of a message are of one coin.
json_value coin_of(std::string_view type, const envelope& content) {
  internal::json_cursor in{content.data.text};
  if (content.data.kind != json_kind::array || type != "trades"
      || !in.enter_array() || !in.next_element())
    return content.instrument;
  return find_member(in.value().text, "coin");
}

// Returns the number at the end of "... id=1234".
std::optional<int64_t> trailing_id(std::string_view text) {
  constexpr std::string_view word = "id=";
  auto pos = text.rfind(word);
  if (pos == std::string_view::npos)
    return std::nullopt;
  auto first = text.data() + pos + word.size();
  auto last = text.data() + text.size();
  int64_t result = 0;
  auto [end, ec] = std::from_chars(first, last, result);
  return ec == std::errc{} && end == last ? std::optional{result}
                                          : std::nullopt;
}

// Returns the outcome of one of the orders in an answer: {"resting":{..}},
// {"filled":{..}}, {"error":".."} or a word ("Exchange endpoint").
answer_part read_status(const json_value& status) {
  if (auto problem = find_member(status.text, "error"))
    return {.meaning = refused, .message = problem.string().value_or("")};
  auto is_done = find_member(status.text, "resting")
                 || find_member(status.text, "filled") || status.is("success")
                 || status.is("waitingForFill")
                 || status.is("waitingForTrigger");
  return {.meaning = is_done ? answered : unknown};
}

// What was signed is the user's: that an action of another kind than orders was
// done is known by its "ok" only, and no list of refusals is documented.
answer_verdict judge_action(std::string_view payload) {
  auto status = find_member(payload, "status");
  auto response = find_member(payload, "response");
  if (!status.is("ok"))
    return {.meaning = unknown,
            .refusal = {.message = response.string().value_or(
                          printable(payload.substr(0, 120)))}};
  auto data = find_member(response.text, "data");
  auto rows = elements_of(find_member(data.text, "statuses").text);
  if (!rows || rows->empty())
    return {};
  std::vector<answer_part> parts;
  parts.reserve(rows->size());
  for (auto& row : *rows)
    parts.push_back(read_status(row));
  rpc_error whole{.message = parts.front().message,
                  .data = std::string{data.text}};
  return judge_parts(std::move(parts), std::move(whole));
}

answer_verdict judge_post(const json_value& response) {
  auto type = find_member(response.text, "type");
  auto payload = find_member(response.text, "payload");
  if (type.is("info") && payload)
    return {};
  if (type.is("action"))
    return judge_action(payload.text);
  if (!type.is("error"))
    return {.meaning = unknown,
            .refusal = {.message = "the answer makes no sense: "
                                   + printable(response.text.substr(0, 120))}};
  auto text = payload.string().value_or("");
  int64_t code = 0;
  std::from_chars(text.data(), text.data() + text.size(), code);
  return judge_error({.code = code, .message = std::move(text)}, http_rules);
}

} // namespace

// -- properties ---------------------------------------------------------------

std::string_view hyperliquid_dialect::name() const noexcept {
  return "hyperliquid";
}

std::vector<rate_limit> hyperliquid_dialect::limits() const {
  return {
    make_limit("Hyperliquid messages per minute", message_charge,
               messages_per_minute, pings_per_minute),
    make_limit("Hyperliquid dials per minute", venue_limits::dial,
               connections_per_minute),
  };
}

subscription_limits hyperliquid_dialect::request_limits() const noexcept {
  // "Rate limits and user limits": 1,000 subscriptions of one address. With as
  // many requests under way, they are restored in a few seconds.
  return {.max_channels_per_request = 1,
          .max_in_flight = requests_.has_suspects() ? 1u : 20u,
          .max_channels = 1'000};
}

heartbeat_rule hyperliquid_dialect::heartbeat_needed() const noexcept {
  return {.kind = heartbeat_kind::venue,
          .interval = 30s,
          .longest = 50s,
          .is_required = true,
          .source = "hyperliquid.gitbook.io, \"Timeouts and heartbeats\": a "
                    "connection to which the server has sent nothing for 60 s "
                    "is closed"};
}

// -- messages -----------------------------------------------------------------

void hyperliquid_dialect::connected() {
  requests_.lost();
  names_.clear();
  fresh_trades_.clear();
}

inbound hyperliquid_dialect::read(std::string_view text) {
  inbound result;
  auto content = scan(text, layout);
  if (!content) {
    // The first text of a connection, once, which the venue's own clients skip
    // (github.com/hyperliquid-dex/hyperliquid-python-sdk).
    result.kind = text == "Websocket connection established."
                    ? inbound_kind::heartbeat
                    : inbound_kind::malformed;
    return result;
  }
  result.content = *content;
  auto is = [&](std::string_view name) { return content->channel.is(name); };
  if (is("pong")) {
    result.kind = inbound_kind::heartbeat;
  } else if (is("subscriptionResponse")) {
    result.text = text;
    read_acknowledgement(*content, result);
  } else if (is("post")) {
    result.text = text;
    read_post(*content, result);
  } else if (is("error")) {
    result.text = text;
    read_error(*content, result);
  } else if (content->channel.kind == json_kind::string) {
    read_data(*content, result);
  }
  return result;
}

void hyperliquid_dialect::read_data(const envelope& content, inbound& out) {
  auto type = hyperliquid_type(content.channel.resolved(type_));
  auto coin = coin_of(type, content);
  const std::string* name = nullptr;
  if (coin.kind == json_kind::string && !coin.escaped) { // nearly all messages
    channel_.assign(type).append(":").append(coin.text);
    auto i = names_.find(channel_);
    name = i != names_.end() ? &i->second : nullptr;
  }
  if (name == nullptr) {
    auto shown = hyperliquid_subscription::shown_by(type, content.data);
    name = name_of(shown);
    channel_ = shown.usual_name();
  }
  market_.next_trades_are_late(type == "trades"
                               && fresh_trades_.erase(channel_) > 0);
  out.channel = name != nullptr ? *name : channel_;
}

// Returns the name of the channel that brings such messages, null if none was
// asked for.
const std::string*
hyperliquid_dialect::name_of(const hyperliquid_subscription& shown) const {
  auto key = shown.key();
  if (auto i = names_.find(key); i != names_.end())
    return &i->second;
  if (key != shown.type())
    return nullptr;
  // It does not say whose it is: there is no doubt if there is one only.
  const std::string* result = nullptr;
  for (auto& [other, name] : names_) {
    if (!other.starts_with(key) || other[key.size()] != ' ')
      continue;
    if (result != nullptr)
      return nullptr;
    result = &name;
  }
  return result;
}

// {"method":"subscribe","subscription":{..}}, with what the venue adds to it.
void hyperliquid_dialect::read_acknowledgement(const envelope& content,
                                               inbound& out) {
  auto subscribes = content.method.is("subscribe");
  auto about = hyperliquid_subscription::parse(content.params.text);
  if (!about || (!subscribes && !content.method.is("unsubscribe"))) {
    out.kind = inbound_kind::notice;
    out.channel = "subscriptionResponse";
    return;
  }
  acknowledge(subscribes ? action_kind::subscribe : action_kind::unsubscribe,
              *about, out);
}

void hyperliquid_dialect::acknowledge(action_kind action,
                                      const hyperliquid_subscription& about,
                                      inbound& out) {
  auto key = about.key();
  auto i = names_.find(key);
  channel_ = i != names_.end() ? i->second : about.usual_name();
  out.kind = inbound_kind::answer;
  out.request = requests_.answered(action, key).value_or(0);
  out.by_channel = true;
  out.channel = channel_;
  if (action == action_kind::unsubscribe) {
    out.ends_channel = true;
    fresh_trades_.erase(key);
    if (i != names_.end())
      names_.erase(i);
    return;
  }
  requests_.granted(key);
  if (about.type() == "trades")
    fresh_trades_.insert(key);
}

// {"id":1,"response":{"type":"info","payload":{"type":"meta","data":{..}}}}
void hyperliquid_dialect::read_post(const envelope& content, inbound& out) {
  out.kind = inbound_kind::answer;
  out.request = content.id.integer().value_or(0);
  // What the HTTP API would have answered.
  auto response = content.result;
  auto payload = find_member(response.text, "payload");
  if (find_member(response.text, "type").is("info"))
    if (auto data = find_member(payload.text, "data"))
      payload = data;
  out.content.result = payload;
}

void hyperliquid_dialect::read_error(const envelope& content, inbound& out) {
  constexpr size_t max_name = 64;
  auto text = content.data.resolved(error_);
  auto words = text.substr(0, text.find('{'));
  auto json = text.substr(words.size());
  out.kind = inbound_kind::notice;
  out.channel = words.substr(0, max_name);
  if (auto last = json.rfind('}'); last != std::string_view::npos)
    read_echo(words, json.substr(0, last + 1), out);
  else if (auto id = trailing_id(text))
    refuse(id, out);
  else if (auto* rule = find_rule(text); rule && rule->meaning != answered)
    refuse(requests_.answered(), out);
}

// An error that repeats the request, or the subscription in it.
void hyperliquid_dialect::read_echo(std::string_view words,
                                    std::string_view json, inbound& out) {
  if (auto id = find_member(json, "id").integer())
    return refuse(id, out);
  auto action = find_member(json, "method").is("unsubscribe")
                    || words.starts_with("Already unsubscribed")
                  ? action_kind::unsubscribe
                  : action_kind::subscribe;
  auto inner = find_member(json, "subscription");
  auto about = hyperliquid_subscription::parse(inner ? inner.text : json);
  if (!about)
    return;
  if (words.starts_with("Already "))
    return acknowledge(action, *about, out);
  refuse(requests_.answered(action, about->key()), out);
}

void hyperliquid_dialect::refuse(std::optional<int64_t> request, inbound& out) {
  if (!request)
    return;
  out.kind = inbound_kind::answer;
  out.request = *request;
  out.channel = {};
}

answer_verdict hyperliquid_dialect::judge(const inbound& answer) {
  if (answer.content.channel.is("post"))
    return judge_post(
      find_member(find_member(answer.text, "data").text, "response"));
  if (!answer.content.channel.is("error"))
    return {};
  auto text = answer.content.data.string().value_or("");
  auto* rule = find_rule(text);
  rpc_error refusal{.message = std::move(text)};
  if (rule == nullptr)
    return {.meaning = unknown, .refusal = std::move(refusal)};
  if (rule->meaning == answered)
    return {};
  return {.meaning = rule->meaning,
          .subject = rule->subject,
          .refusal = std::move(refusal)};
}

bool hyperliquid_dialect::begins_channel(std::string_view,
                                         std::string_view text) const {
  auto data = find_member(text, "data");
  return find_member(data.text, "isSnapshot").text != "false";
}

// -- calls --------------------------------------------------------------------

result<std::string> hyperliquid_dialect::call(std::string_view method,
                                              std::string_view params_json,
                                              int64_t id) {
  // "explorer requests are not supported via WebSocket".
  if (method != "info" && method != "action")
    return error{ec::not_supported,
                 "calls of Hyperliquid are \"info\" or \"action\""};
  requests_.release(id);
  internal::json_writer out;
  out.begin_object();
  out.key("method").string("post");
  out.key("id").number(id);
  out.key("request").begin_object();
  out.key("type").string(method);
  out.key("payload").raw(params_json.empty() ? "{}" : params_json);
  return out.end_object().end_object().take();
}

std::string hyperliquid_dialect::ping() {
  return R"({"method":"ping"})";
}

// -- subscriptions ------------------------------------------------------------

error hyperliquid_dialect::check(const channel_spec& channel) const {
  if (auto problem = dialect::check(channel))
    return problem;
  auto bad = [&](std::string_view reason) {
    return error{ec::invalid_config,
                 "channel \"" + channel.name + "\": " + std::string{reason}};
  };
  auto json = subscription_of(channel);
  if (!json)
    return json.error();
  auto wanted = hyperliquid_subscription::parse(*json);
  if (!wanted)
    return bad("its arguments must be an object of JSON with a type");
  auto usual = wanted->usual_name();
  if (channel.name.find(':') != std::string::npos && channel.name != usual
      && !channel.name.starts_with(usual + ':'))
    return bad("its arguments are those of \"" + usual + '"');
  auto known = names_.find(wanted->key());
  if (known != names_.end() && known->second != channel.name)
    return bad("its messages look like those of \"" + known->second + '"');
  return {};
}

result<std::string>
hyperliquid_dialect::subscription(const subscription_request& request,
                                  int64_t id) {
  if (request.channels.size() != 1)
    return error{ec::invalid_config,
                 "Hyperliquid takes one channel a request: leave "
                 "venue.max_channels_per_request alone"};
  auto& channel = request.channels.front();
  auto subscribes = request.kind == action_kind::subscribe;
  if (auto problem = check(channel); problem && subscribes)
    return problem;
  auto json = subscription_of(channel);
  auto wanted = json ? hyperliquid_subscription::parse(*json) : std::nullopt;
  if (!wanted)
    return error{ec::invalid_config, channel.name};
  auto key = wanted->key();
  if (subscribes && requests_.is_guilty(key)) {
    requests_.forget(key);
    return error{ec::subscription_rejected,
                 "the venue ended connections instead of answering, as it does "
                 "for coins that it does not know"};
  }
  if (subscribes) {
    names_[key] = channel.name;
    // Who decodes messages only does not see the acknowledgement.
    if (wanted->type() == "trades")
      fresh_trades_.insert(key);
  }
  requests_.asked(id, request.kind, std::move(key));
  internal::json_writer out;
  out.begin_object();
  out.key("method").string(subscribes ? "subscribe" : "unsubscribe");
  out.key("subscription").raw(*json);
  return out.end_object().take();
}

void hyperliquid_dialect::forget(std::string_view channel) {
  std::erase_if(names_, [&](auto& x) {
    if (x.second != channel)
      return false;
    requests_.forget(x.first);
    fresh_trades_.erase(x.first);
    return true;
  });
  requests_.forget(channel); // not asked for on this connection yet
}

// -- costs --------------------------------------------------------------------

rate_charges hyperliquid_dialect::cost_of_call(std::string_view) const {
  return message_cost;
}

rate_charges hyperliquid_dialect::cost_of_subscription() const {
  return message_cost;
}

rate_charges hyperliquid_dialect::cost_of_heartbeat() const {
  return message_cost;
}

rate_charges hyperliquid_dialect::cost_of_text() const {
  return message_cost;
}

} // namespace zenws
