// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/kraken/kraken_dialect.hpp"

#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/json/internal/json_writer.hpp"
#include "zenws/limits/venue_limits.hpp"
#include "zenws/venue/kraken/internal/kraken_channel.hpp"
#include "zenws/venue/kraken/internal/kraken_errors.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace zenws {

namespace {

using namespace std::chrono_literals;

using internal::kraken_channel;

// -- limits -------------------------------------------------------------------

constexpr rate_charge kraken_request{"requests", 1};

constexpr std::array kraken_cost{kraken_request};

// docs.kraken.com/api, "Spot WebSocket Introduction": the rate of messages that
// is accepted varies with the load and is not published; beyond it, requests
// are refused by "Exceeded msg rate". Clients in the field saw that after 15
// requests in a row, and settled on 1 to 5 a second.
constexpr token_bucket_config usual_pace{.capacity = 10, .refill = 2};

// Same place: Cloudflare accepts about 150 connections of an address in any 10
// minutes, and bans it for 10 minutes after that.
constexpr rolling_window_config dials_of_host{
  150, 10min + venue_limits::arrival_margin};

// Not limited by the documentation. A message of a hundred symbols is known to
// be accepted.
constexpr size_t max_symbols = 100;

// -- messages -----------------------------------------------------------------

/// Returns the symbol of the first element. The elements of a message are of
/// one symbol; it comes first among the members.
json_value symbol_in(const json_value& data) {
  if (data.kind != json_kind::array)
    return {};
  internal::json_cursor in{data.text};
  in.enter_array();
  if (!in.next_element() || in.peek() != json_kind::object)
    return {};
  json_value name;
  for (in.enter_object(); in.next_member(name); in.skip())
    if (name.is("symbol"))
      return in.value();
  return {};
}

bool is_about_channels(const envelope& content) {
  return content.method.is("subscribe") || content.method.is("unsubscribe");
}

// What only a request to subscribe has (docs.kraken.com/api, "Executions").
constexpr std::array<std::string_view, 4> parameters_of_beginnings{
  "snapshot", "snap_orders", "snap_trades", "ratecounter"};

// -- tokens -------------------------------------------------------------------

// docs.kraken.com/exchange/guides/websockets/authentication: tokens are valid
// for 15 minutes, and a fresh one is to be obtained before a connection and
// "when the current one nears expiry". One that a private subscription holds
// lasts as long as that (api-reference/trading/get-websockets-token), but may
// not begin the channel anew.
constexpr auto token_renewal = 12min;

// Same place: requests and channels that need one.
constexpr std::array<std::string_view, 8> methods_with_token{
  "add_order",    "amend_order", "batch_add",
  "batch_cancel", "cancel_all",  "cancel_all_orders_after",
  "cancel_order", "edit_order"};

constexpr std::array<std::string_view, 3> kinds_with_token{
  "balances", "executions", "level3"};

bool needs_token(const channel_spec& channel) {
  return channel.access == channel_access::authenticated_only
         || std::ranges::find(kinds_with_token,
                              kraken_channel::of(channel.name).kind)
              != kinds_with_token.end();
}

/// Adds a member to an object that does not have one of that name.
std::string with_member(std::string_view object, std::string_view member) {
  auto first = object.find('{');
  auto last = object.rfind('}');
  if (first == std::string_view::npos || last < first)
    return std::string{object}; // the venue refuses it
  auto is_empty = object.find_first_not_of(" \t\r\n", first + 1) == last;
  std::string result{object.substr(0, last)};
  result.append(is_empty ? "" : ",").append(member).append("}");
  return result;
}

/// Writes the parameters of a channel beyond its kind and symbol.
void write_arguments(internal::json_writer& out, const channel_spec& channel,
                     subscription_request_kind kind) {
  auto subscribes = kind == subscription_request_kind::subscribe;
  auto has_snapshot = false;
  internal::json_cursor in{channel.arguments};
  if (in.peek() == json_kind::object) {
    json_value name;
    std::string memory;
    for (in.enter_object(); in.next_member(name);) {
      auto key = name.resolved(memory);
      auto first = in.offset();
      in.skip();
      has_snapshot |= key == "snapshot";
      if (subscribes
          || std::ranges::find(parameters_of_beginnings, key)
               == parameters_of_beginnings.end())
        out.key(key).raw(in.text_from(first));
    }
  }
  auto channel_kind = kraken_channel::of(channel.name).kind;
  auto has_snapshots = kraken_channel::has_symbol(channel_kind)
                       || channel_kind == "instrument";
  // The default is not the same for all channels.
  if (subscribes && has_snapshots && !has_snapshot)
    out.key("snapshot").boolean(true);
}

} // namespace

std::string_view kraken_dialect::name() const noexcept {
  return "kraken";
}

std::vector<rate_limit> kraken_dialect::limits() const {
  return {
    {"Kraken requests", std::string{kraken_request.pool},
     limit_scope::connection, usual_pace},
    {"Kraken dials in 10 minutes", std::string{venue_limits::dial.pool},
     limit_scope::host, dials_of_host},
  };
}

subscription_limits kraken_dialect::request_limits() const noexcept {
  return {.max_channels_per_request = max_symbols,
          .fit_together = internal::kraken_fit_together};
}

heartbeat_rule kraken_dialect::heartbeat_needed() const noexcept {
  return {.kind = heartbeat_kind::venue,
          .interval = 20s,
          .longest = 50s,
          .source = "docs.kraken.com/api, \"Spot WebSocket Introduction\": a "
                    "connection without activity is closed after about a "
                    "minute"};
}

// -- messages -----------------------------------------------------------------

void kraken_dialect::connected() {
  token_.clear();
}

inbound kraken_dialect::read(std::string_view text) {
  auto content = scan(text, layouts::kraken);
  if (!content)
    return {.kind = inbound_kind::malformed};
  if (content->method || content->error)
    return read_answer(text, *content);
  auto kind = content->channel.resolved(channel_);
  if (kind == "heartbeat")
    return {.kind = inbound_kind::heartbeat};
  if (kind == "status")
    return read_status(*content);
  inbound result;
  result.channel = kraken_channel::has_symbol(kind)
                     ? name_of(kind, symbol_in(content->data))
                     : kind;
  result.content = *content;
  return result;
}

inbound kraken_dialect::read_answer(std::string_view text,
                                    const envelope& content) {
  // The answer to a ping of this dialect, which has no id.
  if (content.method.is("pong") && !content.id)
    return {.kind = inbound_kind::heartbeat};
  inbound result{.kind = inbound_kind::answer};
  result.request = content.id.integer().value_or(0);
  result.text = text;
  result.content = content;
  if (!is_about_channels(content))
    return result;
  result.ends_channel = content.method.is("unsubscribe");
  if (content.channel) {
    result.by_channel = true;
    result.channel = name_of(content.channel.resolved(channel_),
                             content.instrument);
  } else if (content.instrument) { // refused: see `channel_in`
    result.by_channel = true;
    result.channel = content.instrument.resolved(symbol_);
  }
  return result;
}

// Sent after each connect, and when the trading engine changes its state: none
// of them ends the connection.
inbound kraken_dialect::read_status(const envelope& content) {
  inbound result{.channel = "status"};
  result.content = content;
  auto states = elements_of(content.data.text);
  if (!states || states->empty())
    return result;
  auto state = find_member(states->front().text, "system").string();
  if (!state || *state == "online")
    return result;
  result.kind = inbound_kind::notice;
  channel_ = std::move(*state);
  result.channel = channel_;
  return result;
}

std::string_view kraken_dialect::name_of(std::string_view kind,
                                         const json_value& symbol) {
  if (symbol.kind != json_kind::string)
    return kind;
  auto text = symbol.resolved(symbol_);
  if (kind.data() != channel_.data())
    channel_.assign(kind);
  channel_ += ':';
  channel_ += text;
  return channel_;
}

answer_verdict kraken_dialect::judge(const inbound& answer) {
  auto& content = answer.content;
  auto success = find_member(answer.text, "success");
  auto says = [&](std::string_view value) {
    return success.kind == json_kind::boolean && success.text == value;
  };
  if (content.error.kind != json_kind::string) {
    // A pong has nothing but its name.
    auto is_done = success ? says("true")
                           : content.result || content.method.is("pong");
    if (is_done && (!content.error || content.error.is_null()))
      return {};
  }
  answer_verdict result{.meaning = answer_meaning::unknown,
                        .refusal = read_rpc_error(content.error)};
  if (says("true"))
    return result;
  auto& reason = result.refusal.message;
  if (auto* row = internal::find_kraken_error(reason)) {
    result.meaning = row->meaning;
    result.subject = row->subject;
    // A service that failed may have taken an order before.
    if (row->meaning == answer_meaning::try_later
        && reason.starts_with("EService:") && !is_about_channels(content))
      result.meaning = answer_meaning::unknown;
  } else if (is_about_channels(content) && says("false")) {
    // Without success there is no subscription, whatever the reason.
    result.meaning = answer_meaning::refused;
  }
  return result;
}

bool kraken_dialect::begins_channel(std::string_view,
                                    std::string_view text) const {
  return !find_member(text, "type").is("update");
}

std::optional<int64_t> kraken_dialect::id_in(std::string_view text) const {
  return find_member(text, "req_id").integer();
}

result<std::string> kraken_dialect::call(std::string_view method,
                                         std::string_view params_json,
                                         int64_t id) {
  std::string with_token;
  if (!token_.empty()
      && std::ranges::find(methods_with_token, method)
           != methods_with_token.end()
      && !find_member(params_json, "token")) {
    with_token = with_member(params_json.empty() ? "{}" : params_json, token_);
    params_json = with_token;
  }
  internal::json_writer out;
  out.begin_object();
  out.key("method").string(method, "the method");
  if (!params_json.empty())
    out.key("params").raw(params_json);
  out.key("req_id").number(id);
  return out.end_object().take();
}

std::string kraken_dialect::ping() {
  return R"({"method":"ping"})";
}

// -- subscriptions ------------------------------------------------------------

error kraken_dialect::check(const channel_spec& channel) const {
  if (auto problem = dialect::check(channel))
    return problem;
  return internal::check_kraken_channel(channel);
}

result<std::string>
kraken_dialect::subscription(const subscription_request& request, int64_t id) {
  auto& first = request.channels.front();
  auto kind = kraken_channel::of(first.name).kind;
  internal::json_writer params;
  params.begin_object();
  params.key("channel").string(kind, "the name of a channel");
  if (kraken_channel::has_symbol(kind)) {
    params.key("symbol").begin_array();
    for (auto& channel : request.channels)
      params.string(kraken_channel::of(channel.name).symbol,
                    "the symbol of a channel");
    params.end_array();
  }
  write_arguments(params, first, request.kind);
  auto text = params.end_object().take();
  if (!text)
    return text;
  if (!token_.empty() && needs_token(first) && !find_member(*text, "token"))
    *text = with_member(*text, token_);
  auto subscribes = request.kind == subscription_request_kind::subscribe;
  return call(subscribes ? "subscribe" : "unsubscribe", *text, id);
}

std::string_view kraken_dialect::channel_in(const subscription_request& request,
                                            const inbound& answer) const {
  auto is_meant = [&](const channel_spec& x) {
    return x.name == answer.channel
           || kraken_channel::of(x.name).symbol == answer.channel;
  };
  auto pos = std::ranges::find_if(request.channels, is_meant);
  return pos != request.channels.end() ? std::string_view{pos->name}
                                       : answer.channel;
}

// -- logging in ---------------------------------------------------------------

result<std::optional<login_grant>>
kraken_dialect::take(const credentials& account) {
  if (account.secret.empty())
    return error{ec::provider_failed, "credentials.secret must be the token"};
  internal::json_writer out;
  out.begin_object();
  out.key("token").string(account.secret, "credentials.secret");
  auto text = out.end_object().take();
  if (!text)
    return error{ec::provider_failed, text.error().detail};
  token_ = text->substr(1, text->size() - 2);
  return std::optional{login_grant{.renew_after = token_renewal}};
}

// -- costs --------------------------------------------------------------------

rate_charges kraken_dialect::cost_of_subscription() const {
  return kraken_cost;
}

rate_charges kraken_dialect::cost_of_heartbeat() const {
  return kraken_cost;
}

} // namespace zenws
