#include "zenws/dialects/deribit.hpp"

#include "zenws/internal/json_text.hpp"
#include "zenws/internal/signature.hpp"
#include "zenws/json_rpc.hpp"
#include "zenws/venue_limits.hpp"

#include <algorithm>
#include <array>

namespace zenws {

namespace {

using namespace std::chrono_literals;

// docs.deribit.com, "RPC Error Codes".
constexpr int64_t too_many_requests = 10028;
constexpr int64_t temporarily_unavailable = 13028;
constexpr int64_t retry = 11010;

// docs.deribit.com/articles/rate-limits, "Matching engine".
constexpr std::array<std::string_view, 14> order_methods{
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
  "private/mass_quote",
  "private/verify_block_trade",
  "private/execute_block_trade",
};

constexpr std::array request_cost{venue_limits::deribit_request};
constexpr std::array order_cost{venue_limits::deribit_order};
constexpr std::array subscribe_cost{venue_limits::deribit_subscribe};

std::string_view method_for(const subscription_request& what) {
  auto is_private = what.access == channel_access::authenticated_only;
  if (what.kind == subscription_request_kind::subscribe)
    return is_private ? "private/subscribe" : "public/subscribe";
  return is_private ? "private/unsubscribe" : "public/unsubscribe";
}

// Whether a later try may succeed.
bool is_temporary(const rpc_error& refusal) noexcept {
  return refusal.code == too_many_requests
         || refusal.code == temporarily_unavailable || refusal.code == retry;
}

// Adds a member to the object that `params` is going to be.
void append(std::string& params, std::string_view name,
            const std::string& literal) {
  params += params.empty() ? "{\"" : ",\"";
  params += name;
  params += "\":";
  params += literal;
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

// -- messages -----------------------------------------------------------------

inbound deribit_dialect::read(std::string_view text) {
  inbound result;
  auto content = scan(text, layouts::deribit);
  if (!content) {
    result.kind = inbound_kind::malformed;
    return result;
  }
  if (content->kind() == envelope_kind::answer) {
    if (auto id = content->id.integer()) {
      result.kind = inbound_kind::answer;
      result.request = *id;
      result.content = *content;
    } else if (content->result) {
      // Only what is said for the sake of heartbeats has no id.
      result.kind = inbound_kind::beat;
    }
  } else if (content->method.is("subscription")) {
    if (content->channel.kind == json_kind::string && !content->channel.escaped)
      result.channel = content->channel.text;
  } else if (content->method.is("heartbeat")) {
    auto type = find_member(content->params.text, "type");
    result.kind = type.is("test_request") ? inbound_kind::beat_request
                                          : inbound_kind::beat;
  }
  return result;
}

result<std::string> deribit_dialect::call(std::string_view method,
                                          std::string_view params_json,
                                          int64_t id) {
  return build_request(method, params_json, id);
}

// -- heartbeats ---------------------------------------------------------------

std::string deribit_dialect::enable_beats(std::chrono::seconds interval) {
  // The least that the venue accepts (public/set_heartbeat).
  auto seconds = std::max(interval, std::chrono::seconds{10}).count();
  return R"({"jsonrpc":"2.0","method":"public/set_heartbeat",)"
         R"("params":{"interval":)"
         + std::to_string(seconds) + "}}";
}

std::string deribit_dialect::answer_to_beat() {
  return R"({"jsonrpc":"2.0","method":"public/test","params":{}})";
}

// -- subscriptions ------------------------------------------------------------

result<std::string>
deribit_dialect::subscription(const subscription_request& what, int64_t id) {
  auto names = internal::names_as_json(what.channels);
  if (!names)
    return names.error();
  return build_request(method_for(what), R"({"channels":)" + *names + '}', id);
}

subscription_answer deribit_dialect::read_answer(const subscription_request&,
                                                 const inbound& answer) {
  subscription_answer result;
  auto response = parse_response(answer.content);
  if (!response)
    return {.what = subscription_answer::verdict::refused,
            .reason = response.error()};
  if (auto* refusal = std::get_if<rpc_error>(&*response)) {
    result.what = subscription_answer::verdict::refused;
    result.how = is_temporary(*refusal) ? rejection::transient
                                        : rejection::collective;
    result.reason = to_error(*refusal);
    return result;
  }
  // The result lists what was granted.
  result.what = subscription_answer::verdict::some;
  if (auto names = elements_of(std::get<rpc_result>(*response).json))
    for (auto& x : *names)
      if (auto name = x.string())
        result.granted.push_back(std::move(*name));
  return result;
}

// -- logging in ---------------------------------------------------------------

result<std::string> deribit_dialect::log_in(const credentials& who,
                                            const login_moment& when,
                                            int64_t id) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  auto stamp = std::to_string(
    duration_cast<milliseconds>(when.now.time_since_epoch()).count());
  auto nonce = std::to_string(when.nonce);
  auto proof = internal::hex(
    internal::hmac_sha256(who.secret, stamp + '\n' + nonce + '\n'));
  auto key = internal::quoted(who.key, "credentials.key");
  auto scope = internal::quoted(who.scope, "credentials.scope");
  if (!key || !scope)
    return !key ? key.error() : scope.error();
  std::string params;
  append(params, "grant_type", R"("client_signature")");
  append(params, "client_id", *key);
  append(params, "timestamp", stamp);
  append(params, "nonce", '"' + nonce + '"');
  append(params, "data", R"("")");
  append(params, "signature", '"' + proof + '"');
  if (!who.scope.empty())
    append(params, "scope", *scope);
  return build_request("public/auth", params + '}', id);
}

result<login_grant> deribit_dialect::read_login(const inbound& answer) {
  auto response = parse_response(answer.content);
  if (!response)
    return error{ec::login_failed, response.error().detail};
  if (auto* refusal = std::get_if<rpc_error>(&*response))
    return error{is_temporary(*refusal) ? ec::connection_lost
                                        : ec::login_failed,
                 to_error(*refusal).detail};
  auto& json = std::get<rpc_result>(*response).json;
  if (!find_member(json, "access_token"))
    return error{ec::login_failed, "the answer has no access token"};
  refresh_token_
    = find_member(json, "refresh_token").string().value_or(std::string{});
  auto seconds = find_member(json, "expires_in").integer().value_or(0);
  return login_grant{std::chrono::seconds{seconds}};
}

result<std::string> deribit_dialect::renew_login(const credentials& who,
                                                 const login_moment& when,
                                                 int64_t id) {
  auto token = internal::quoted(refresh_token_, "the refresh token");
  if (refresh_token_.empty() || !token)
    return log_in(who, when, id);
  std::string params;
  append(params, "grant_type", R"("refresh_token")");
  append(params, "refresh_token", *token);
  return build_request("public/auth", params + '}', id);
}

// -- costs --------------------------------------------------------------------

rate_charges deribit_dialect::cost_of_call(std::string_view method) const {
  auto& orders = order_methods;
  if (std::find(orders.begin(), orders.end(), method) != orders.end())
    return order_cost;
  if (method.ends_with("/subscribe"))
    return subscribe_cost;
  return request_cost;
}

rate_charges deribit_dialect::cost_of_login() const {
  return request_cost;
}

rate_charges deribit_dialect::cost_of_subscription() const {
  return subscribe_cost;
}

rate_charges deribit_dialect::cost_of_beat() const {
  return request_cost;
}

} // namespace zenws
