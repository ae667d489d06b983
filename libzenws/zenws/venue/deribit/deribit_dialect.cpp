// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/deribit/deribit_dialect.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/limits/venue_limits.hpp"
#include "zenws/venue/internal/channel_names.hpp"
#include "zenws/venue/internal/signature.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace zenws {

namespace {

using namespace std::chrono_literals;

using enum answer_meaning;

using about = refusal_subject;

// Of requests for the sake of heartbeats: no call gets as far as this.
constexpr int64_t heartbeat_id = max_rpc_id;

std::string heartbeat_call(std::string_view method, std::string_view params) {
  return build_request(method, params, heartbeat_id).value();
}

// docs.deribit.com, "RPC Error Codes". Other codes leave the outcome of a
// request open: failures of the venue's inside (10001, 11031, 11094, 13008,
// 13028, 13666, 13888), and codes that are new.
constexpr code_rule deribit_rules[] = {
  // of JSON-RPC; -32600 is a frame of more than 32 kB
  {-32700, -32700, refused, about::request},
  {-32602, -32602, refused, about::parameters},
  {-32601, -32601, refused, about::request},
  {-32600, -32600, refused, about::size},
  {-32000, -32000, refused, about::parameters},
  // for now
  {10019, 10019, try_later},              // locked_by_admin
  {10028, 10028, try_later, about::rate}, // too_many_requests
  {10040, 10041, try_later},              // retry, settlement_in_progress
  {10047, 10047, try_later},              // matching_engine_queue_full
  {10049, 10049, try_later},              // cancel_on_disconnect_failed
  {10066, 10066, try_later, about::rate}, // too_many_concurrent_requests
  {11051, 11052, try_later}, // system_maintenance, subscribe_error_unsubscribed
  {11056, 11056, try_later}, // unauthenticated_public_requests_..._disabled
  {12003, 12003, try_later, about::rate}, // login_over_limit
  {12998, 12998, try_later, about::rate}, // security_key_authorization_over_...
  {13025, 13025, try_later},              // method_switched_off_by_admin
  {13035, 13036, try_later},              // limits of combo books
  {13043, 13043, try_later},              // quotes_frozen
  {13503, 13503, try_later},              // unavailable
  {13780, 13780, try_later, about::rate}, // move_positions_over_limit
  {13793, 13793, try_later},              // KYC_data_inaccessible
  {13903, 13903, try_later, about::rate}, // too_many_quotes
  // of logins
  {9999, 9999, refused, about::credentials}, // api_not_enabled
  {10000, 10000, refused, about::login},     // authorization_required
  {12000, 12000, refused, about::credentials},
  {12005, 12005, refused, about::credentials}, // country_is_banned
  {12999, 12999, refused, about::credentials},
  {13000, 13004, refused, about::credentials}, // invalid_credentials and older
  {13009, 13009, refused, about::login},       // unauthorized
  {13021, 13021, refused,
   about::credentials}, // forbidden: the scope is missing
  // of channels
  {13017, 13017, refused, about::channels}, // subscription_failed
  {13778, 13778, refused,
   about::channels}, // raw_subscriptions_not_available_...
  // of methods
  {10030, 10030, refused, about::request}, // must_be_websocket_request
  {10033, 10033, refused, about::request}, // not_implemented
  {10048, 10048, refused, about::request}, // not_on_this_server
  // of orders, amounts, accounts
  {10002, 10018, refused},
  {10020, 10027, refused},
  {10029, 10039, refused},
  {10043, 10046, refused},
  {10072, 10072, refused},
  {11008, 11030, refused},
  {11035, 11050, refused},
  {11053, 11055, refused},
  {11090, 11093, refused},
  {11095, 11098, refused},
  {12001, 12002, refused},
  {12004, 12004, refused},
  {12100, 12100, refused},
  {13005, 13007, refused},
  {13010, 13020, refused},
  {13030, 13034, refused},
  {13037, 13042, refused},
  {13403, 13403, refused},
  {13777, 13777, refused},
  {13781, 13792, refused},
  {13901, 13902, refused},
  {13904, 13919, refused},
};

// docs.deribit.com/articles/rate-limits, "Matching engine".
constexpr std::array<std::string_view, 20> order_methods{
  "private/buy",
  "private/sell",
  "private/edit",
  "private/edit_by_label",
  "private/cancel",
  "private/cancel_by_label",
  "private/cancel_all",
  "private/cancel_all_by_instrument",
  "private/cancel_all_by_currency",
  "private/cancel_all_by_kind_or_type",
  "private/close_position",
  "private/verify_block_trade",
  "private/execute_block_trade",
  "private/move_positions",
  "private/mass_quote",
  "private/cancel_quotes",
  "private/add_block_rfq_quote",
  "private/edit_block_rfq_quote",
  "private/cancel_block_rfq_quote",
  "private/cancel_all_block_rfq_quotes",
};

constexpr std::array deribit_cost{venue_limits::deribit_request};
constexpr std::array order_cost{venue_limits::deribit_order};
constexpr std::array subscribe_cost{venue_limits::deribit_subscribe};

std::string_view method_for(const subscription_request& request) {
  auto is_private = request.access == channel_access::authenticated_only;
  if (request.kind == subscription_request_kind::subscribe)
    return is_private ? "private/subscribe" : "public/subscribe";
  return is_private ? "private/unsubscribe" : "public/unsubscribe";
}

} // namespace

std::string_view deribit_dialect::name() const noexcept {
  return "deribit";
}

std::vector<rate_limit> deribit_dialect::limits() const {
  return venue_limits::deribit();
}

subscription_limits deribit_dialect::request_limits() const noexcept {
  // A request costs the same for one channel as for many; the venue documents
  // no limit of their number but 500 fit well below that of a message.
  return {.max_channels_per_request = 500};
}

size_t deribit_dialect::max_request_bytes() const noexcept {
  // "RPC Error Codes", -32600: a single WebSocket frame over 32 kB.
  return 32'000;
}

heartbeat_rule deribit_dialect::heartbeat_needed() const noexcept {
  return {.kind = heartbeat_kind::venue,
          .interval = 30s,
          .source = "docs.deribit.com, public/set_heartbeat"};
}

// -- messages -----------------------------------------------------------------

inbound deribit_dialect::read(std::string_view text) {
  inbound result;
  auto content = scan(text, layouts::deribit);
  if (!content) {
    result.kind = inbound_kind::malformed;
    return result;
  }
  if (content->kind() == envelope_kind::answer) {
    auto id = content->id.integer();
    if (id && *id != heartbeat_id) {
      result.kind = inbound_kind::answer;
      result.request = *id;
      result.content = *content;
    } else if (content->result) {
      result.kind = inbound_kind::heartbeat;
    }
  } else if (content->method.is("subscription")) {
    result.content = *content;
    result.channel = content->channel.resolved(channel_);
  } else if (content->method.is("heartbeat")) {
    auto type = find_member(content->params.text, "type");
    result.kind = type.is("test_request") ? inbound_kind::heartbeat_request
                                          : inbound_kind::heartbeat;
  } else if (content->method) {
    result.kind = inbound_kind::notice;
    result.channel = content->method.resolved(channel_);
  }
  return result;
}

answer_verdict deribit_dialect::judge(const inbound& answer) {
  return judge_answer(answer.content, deribit_rules);
}

bool deribit_dialect::begins_channel(std::string_view channel,
                                     std::string_view text) const {
  // Grouped books come whole each time, and have no type.
  if (!channel.starts_with("book."))
    return true;
  auto content = scan(text, layouts::deribit);
  return !content || !find_member(content->data.text, "type").is("change");
}

result<std::string> deribit_dialect::call(std::string_view method,
                                          std::string_view params_json,
                                          int64_t id) {
  return build_request(method, params_json, id);
}

// -- heartbeats ---------------------------------------------------------------

std::string deribit_dialect::enable_heartbeat(std::chrono::seconds interval) {
  // The least that the venue accepts (public/set_heartbeat).
  auto seconds = std::max(interval, std::chrono::seconds{10}).count();
  internal::json_writer params;
  params.begin_object().key("interval").number(seconds).end_object();
  return heartbeat_call("public/set_heartbeat", *params.take());
}

std::string deribit_dialect::heartbeat_response() {
  return heartbeat_call("public/test", "{}");
}

// -- subscriptions ------------------------------------------------------------

result<std::string>
deribit_dialect::subscription(const subscription_request& request, int64_t id) {
  auto names = internal::names_as_json(request.channels);
  if (!names)
    return names.error();
  internal::json_writer params;
  params.begin_object().key("channels").raw(*names).end_object();
  return build_request(method_for(request), *params.take(), id);
}

result<std::vector<std::string>>
deribit_dialect::read_grants(const subscription_request&,
                             const inbound& answer) {
  auto names = elements_of(answer.content.result.text);
  if (!names || answer.content.result.kind != json_kind::array)
    return error{ec::invalid_data, "the result is no list of channels: "
                                     + printable(answer.content.result.text)};
  std::vector<std::string> result;
  for (auto& x : *names)
    if (auto name = x.string())
      result.push_back(std::move(*name));
  return result;
}

// -- logging in ---------------------------------------------------------------

result<std::string> deribit_dialect::log_in(const credentials& account,
                                            const signing_context& context,
                                            int64_t id) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  auto now = context.now.time_since_epoch();
  auto stamp = duration_cast<milliseconds>(now).count();
  auto nonce = std::to_string(context.nonce);
  auto proof = internal::hex(internal::hmac_sha256(
    account.secret, std::to_string(stamp) + '\n' + nonce + '\n'));
  internal::json_writer params;
  params.begin_object();
  params.key("grant_type").string("client_signature");
  params.key("client_id").string(account.key, "credentials.key");
  params.key("timestamp").number(stamp);
  params.key("nonce").string(nonce);
  params.key("data").string("");
  params.key("signature").string(proof);
  if (!account.scope.empty())
    params.key("scope").string(account.scope, "credentials.scope");
  auto text = params.end_object().take();
  return text ? build_request("public/auth", *text, id) : text;
}

result<login_grant> deribit_dialect::read_login(const inbound& answer) {
  auto& json = answer.content.result.text;
  if (!find_member(json, "access_token"))
    return error{ec::invalid_data, "the answer has no access token"};
  refresh_token_
    = find_member(json, "refresh_token").string().value_or(std::string{});
  auto seconds = find_member(json, "expires_in").integer().value_or(0);
  return login_grant{std::chrono::seconds{seconds}};
}

result<std::string> deribit_dialect::renew_login(const credentials& account,
                                                 const signing_context& context,
                                                 int64_t id) {
  // If the venue does not take it, the next try is a login.
  auto known = std::exchange(refresh_token_, {});
  internal::json_writer params;
  params.begin_object();
  params.key("grant_type").string("refresh_token");
  params.key("refresh_token").string(known);
  auto text = params.end_object().take();
  if (known.empty() || !text)
    return log_in(account, context, id);
  return build_request("public/auth", *text, id);
}

// -- costs --------------------------------------------------------------------

rate_charges deribit_dialect::cost_of_call(std::string_view method) const {
  auto& orders = order_methods;
  if (std::find(orders.begin(), orders.end(), method) != orders.end())
    return order_cost;
  if (method.ends_with("/subscribe"))
    return subscribe_cost;
  return deribit_cost;
}

rate_charges deribit_dialect::cost_of_login() const {
  return deribit_cost;
}

rate_charges deribit_dialect::cost_of_subscription() const {
  return subscribe_cost;
}

rate_charges deribit_dialect::cost_of_heartbeat() const {
  return deribit_cost;
}

} // namespace zenws
