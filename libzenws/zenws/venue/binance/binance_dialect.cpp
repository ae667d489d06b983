// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/binance/binance_dialect.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/limits/venue_limits.hpp"
#include "zenws/venue/binance/internal/binance_signer.hpp"
#include "zenws/venue/internal/channel_names.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace zenws {

namespace {

using namespace std::chrono_literals;

constexpr std::array message_cost{venue_limits::binance_message};

using enum answer_meaning;

using about = refusal_subject;

// github.com/binance/binance-spot-api-docs, errors.md, and the error codes of
// USD-M futures. Other codes leave the outcome of a request open: -1000, -1001,
// -1006, -1007, -1016, -4083, and codes that are new.
constexpr code_rule binance_rules[] = {
  // of streams ("Error Messages")
  {0, 1, refused, about::request},
  {2, 2, refused, about::channels},
  {3, 3, refused, about::request},
  // for now
  {-1003, -1003, try_later, about::rate}, // TOO_MANY_REQUESTS
  {-1004, -1004, try_later},              // SERVER_BUSY
  {-1008, -1008, try_later}, // throttled by system-level protection
  {-1015, -1015, try_later, about::rate},  // TOO_MANY_ORDERS
  {-1021, -1021, try_later, about::clock}, // INVALID_TIMESTAMP
  {-1034, -1034, try_later, about::rate},  // TOO_MANY_CONNECTIONS
  {-1181, -1181, try_later, about::rate},  // TOO_MANY_MESSAGES
  {-5028, -5028, try_later, about::clock}, // ME_RECVWINDOW_REJECT
  // the answer could not be encoded: the request may have been carried out
  {-1161, -1161, unknown},
  // of keys
  {-1002, -1002, refused, about::credentials},
  {-1005, -1005, refused, about::credentials},
  {-1011, -1011, refused, about::credentials},
  {-1022, -1022, refused, about::credentials},
  {-1099, -1099, refused, about::credentials},
  {-2015, -2014, refused, about::credentials},
  {-4057, -4056, refused, about::credentials},
  // of requests and orders
  {-1010, -1010, refused},
  {-1014, -1013, refused},
  {-1020, -1020, refused, about::request},
  {-1023, -1023, refused},
  {-1199, -1100, refused},
  {-1225, -1210, refused},
  {-2028, -2010, refused},
  {-2035, -2035, answered}, // SUBSCRIPTION_ACTIVE: there is what was wanted
  {-2043, -2036, refused},
  {-4082, -4000, refused},
  {-4531, -4084, refused},
  {-5043, -5021, refused},
};

// Judges an error without a known code by its HTTP-like status
// (web-socket-api.md, "Status codes").
answer_verdict judged_by_status(answer_verdict verdict, int64_t status) {
  if (status >= 500 && verdict.meaning == refused)
    verdict.meaning = unknown;
  if (verdict.meaning != unknown)
    return verdict;
  if (status == 418 || status == 429) {
    verdict.meaning = try_later;
    verdict.subject = about::rate;
  } else if (status == 401) {
    verdict.meaning = refused;
    verdict.subject = about::credentials;
  } else if (status == 403) {
    verdict.meaning = try_later;
  }
  return verdict;
}

// One half of a cancel-replace, as `data` of the error has it.
answer_part read_half(std::string_view data, std::string_view result,
                      std::string_view response) {
  auto outcome = find_member(data, result);
  if (outcome.is("SUCCESS"))
    return {.meaning = answered};
  if (outcome.is("NOT_ATTEMPTED"))
    return {.meaning = refused, .message = "not attempted"};
  auto refusal = find_member(data, response);
  auto code = find_member(refusal.text, "code").integer().value_or(0);
  auto* row = find_rule(binance_rules, code);
  return {.meaning = row != nullptr ? row->meaning : unknown,
          .code = code,
          .message = find_member(refusal.text, "msg").string().value_or("")};
}

// Events that concern the connection as such. They come in each of the venue's
// envelopes.
inbound_kind meaning_of_event(const json_value& event) {
  if (event.is("serverShutdown"))
    return inbound_kind::leaving;
  if (event.is("listenKeyExpired") || event.is("eventStreamTerminated"))
    return inbound_kind::spent;
  return inbound_kind::data;
}

// Such events are short, and most other messages begin with the name of another
// one, or with the numbers of messages that have none (best prices and partial
// books of the spot market): so this costs a comparison.
inbound_kind meaning_of_data(const json_value& data) {
  constexpr size_t max_event = 512;
  constexpr std::string_view beginning = R"({"e":")";
  auto text = data.text;
  if (text.size() > max_event || data.kind != json_kind::object)
    return inbound_kind::data;
  if (text.starts_with(beginning)) {
    auto initial = text.substr(beginning.size(), 1);
    if (initial != "s" && initial != "l" && initial != "e" && initial != "\\")
      return inbound_kind::data;
  } else if (text.starts_with(R"({"u":)")
             || text.starts_with(R"({"lastUpdateId":)")
             || (text.find(R"("e")") == text.npos
                 && text.find('\\') == text.npos)) {
    return inbound_kind::data;
  }
  return meaning_of_event(find_member(text, "e"));
}

// -- WebSocket API ------------------------------------------------------------

constexpr std::string_view logon = "session.logon";

constexpr std::string_view signed_subscription
  = "userDataStream.subscribe.signature";

bool is_account_channel(const channel_spec& x) noexcept {
  return x.name == binance_dialect::account_channel;
}

// {"subscriptionId":0,"event":{…}}; streams have their events at the top.
std::optional<int64_t> subscription_in(std::string_view text) {
  if (text.starts_with(R"({"e":)"))
    return std::nullopt;
  return find_member(text, "subscriptionId").integer();
}

// "Regarding API key revocation": the answer to no request.
bool ends_session(const envelope& content) {
  return content.id.is_null()
         && find_member(content.error.text, "code").integer() == -2015;
}

// "Listing all subscriptions".
bool lists_subscription(std::string_view list, std::optional<int64_t> number) {
  auto all = elements_of(list);
  return all && std::ranges::any_of(*all, [&](const json_value& x) {
           auto listed = find_member(x.text, "subscriptionId").integer();
           return listed && (!number || listed == number);
         });
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

binance_dialect::binance_dialect() = default;

binance_dialect::~binance_dialect() = default;

// -- properties ---------------------------------------------------------------

std::string_view binance_dialect::name() const noexcept {
  return "binance";
}

std::vector<rate_limit> binance_dialect::limits() const {
  return venue_limits::binance_spot();
}

subscription_limits binance_dialect::request_limits() const noexcept {
  // A connection has at most 1,024 streams; requests are the scarce thing.
  return {.max_channels_per_request = 200, .max_channels = 1'024};
}

size_t binance_dialect::max_request_bytes() const noexcept {
  return 4'096 - 8;
}

heartbeat_rule binance_dialect::heartbeat_needed() const noexcept {
  return {.kind = heartbeat_kind::venue,
          .interval = 60s,
          .source
          = "developers.binance.com, \"WebSocket Streams\": pings every "
            "20 s (spot), 3 min (USD-M) or 5 min (options)"};
}

std::chrono::seconds binance_dialect::max_connection_age() const noexcept {
  return 23h + 50min;
}

// -- messages -----------------------------------------------------------------

void binance_dialect::connected() {
  market_.forget_values();
  has_login_ = has_unsubscribed_ = false;
  signer_ = nullptr;
  subscription_ = std::nullopt;
}

inbound binance_dialect::read(std::string_view text) {
  inbound result;
  auto content = scan(text, layouts::binance);
  if (!content) {
    result.kind = inbound_kind::malformed;
    return result;
  }
  result.content = *content;
  if (content->channel.kind == json_kind::string) {
    result.kind = meaning_of_data(content->data);
    if (result.kind == inbound_kind::data)
      result.channel = content->channel.resolved(channel_);
  } else if (content->event) {
    result.kind = meaning_of_event(content->event);
    read_event(result, text);
  } else if (has_login_ && ends_session(*content)) {
    result.kind = inbound_kind::spent;
  } else if (content->kind() == envelope_kind::answer
             || (content->id && find_member(text, "code"))) {
    if (auto id = content->id.integer()) {
      result.kind = inbound_kind::answer;
      result.request = *id;
      result.text = text;
    }
  }
  return result;
}

// Events of another account, which a user may have subscribed to, belong to no
// channel.
void binance_dialect::read_event(inbound& message,
                                 std::string_view text) const {
  auto number = subscription_in(text);
  if (!number)
    return;
  auto is_ours = !subscription_ || number == subscription_;
  auto is_wanted_end = message.kind == inbound_kind::spent
                       && (!is_ours || has_unsubscribed_);
  if (is_wanted_end)
    message.kind = inbound_kind::data;
  if (message.kind == inbound_kind::data && is_ours)
    message.channel = account_channel;
}

answer_verdict binance_dialect::judge(const inbound& answer) {
  auto result = judge_answer(answer.content, binance_rules);
  // Errors of streams also come without an envelope.
  if (!answer.content.result && !answer.content.error)
    result = judge_error(read_rpc_error(answer.content.root), binance_rules);
  auto& data = result.refusal.data;
  // "Cancel and Replace Order": -2021 and -2022 of futures have no such data.
  if (find_member(data, "cancelResult")) {
    std::vector parts{read_half(data, "cancelResult", "cancelResponse"),
                      read_half(data, "newOrderResult", "newOrderResponse")};
    return judge_parts(std::move(parts), std::move(result.refusal));
  }
  if (result.meaning == answered)
    return result;
  auto status = find_member(answer.text, "status").integer().value_or(0);
  return judged_by_status(std::move(result), status);
}

result<std::string> binance_dialect::call(std::string_view method,
                                          std::string_view params_json,
                                          int64_t id) {
  std::string with_signature;
  if (signer_ != nullptr && find_member(params_json, "timestamp")
      && !find_member(params_json, "signature")) {
    auto text = signer_->sign(params_json);
    if (!text)
      return text;
    with_signature = std::move(*text);
    params_json = with_signature;
  }
  internal::json_writer out;
  out.begin_object().key("method").string(method, "the method");
  if (!params_json.empty())
    out.key("params").raw(params_json);
  return out.key("id").number(id).end_object().take();
}

// -- subscriptions ------------------------------------------------------------

result<std::string>
binance_dialect::subscription(const subscription_request& request, int64_t id) {
  auto& channels = request.channels;
  if (std::ranges::any_of(channels, is_account_channel)) {
    if (!has_login_)
      return error{ec::not_supported, "the account's channel needs a login at "
                                      "the WebSocket API"};
    if (channels.size() > 1)
      return error{ec::request_too_big, "the account's channel goes alone"};
    return account_subscription(request.kind, id);
  }
  if (has_login_)
    return error{ec::not_supported,
                 "the WebSocket API has no streams: they have an address of "
                 "their own"};
  auto names = internal::names_as_json(channels);
  if (!names)
    return names.error();
  auto subscribes = request.kind == subscription_request_kind::subscribe;
  return call(subscribes ? "SUBSCRIBE" : "UNSUBSCRIBE", *names, id);
}

// Keys that sign each request have subscribed by their login: it lasts as long
// as the connection, and all there is to ask is whether it does.
result<std::string>
binance_dialect::account_subscription(subscription_request_kind kind,
                                      int64_t id) {
  if (signer_ != nullptr)
    return call("session.subscriptions", {}, id);
  has_unsubscribed_ = kind == subscription_request_kind::unsubscribe;
  if (!has_unsubscribed_)
    return call("userDataStream.subscribe", {}, id);
  internal::json_writer params;
  params.begin_object();
  if (subscription_)
    params.key("subscriptionId").number(*subscription_);
  return call("userDataStream.unsubscribe", *params.end_object().take(), id);
}

result<std::vector<std::string>>
binance_dialect::read_grants(const subscription_request& request,
                             const inbound& answer) {
  auto subscribes = request.kind == subscription_request_kind::subscribe;
  if (subscribes && is_account_channel(request.channels.front())) {
    auto& told = answer.content.result;
    if (told.kind == json_kind::array
        && !lists_subscription(told.text, subscription_))
      return error{ec::invalid_data, "the account's subscription has ended"};
    if (told.kind == json_kind::object)
      subscription_ = find_member(told.text, "subscriptionId").integer();
  }
  return dialect::read_grants(request, answer);
}

// -- logging in ---------------------------------------------------------------

result<std::string> binance_dialect::log_in(const credentials& account,
                                            const signing_context& context,
                                            int64_t id) {
  using std::chrono::floor;
  using std::chrono::milliseconds;
  auto signer = internal::binance_signer::make(account);
  if (!signer)
    return signer.error();
  auto now = floor<milliseconds>(context.now).time_since_epoch().count();
  auto params = signer->sign(R"({"timestamp":)" + std::to_string(now) + '}');
  if (!params)
    return params;
  auto text = call(signer->logs_on() ? logon : signed_subscription, *params,
                   id);
  if (text) {
    has_login_ = true;
    if (!signer->logs_on())
      signer_ = std::make_unique<internal::binance_signer>(std::move(*signer));
  }
  return text;
}

result<login_grant> binance_dialect::read_login(const inbound& answer) {
  auto& told = answer.content.result.text;
  if (signer_ == nullptr && find_member(told, "authorizedSince").integer())
    return login_grant{};
  subscription_ = find_member(told, "subscriptionId").integer();
  if (signer_ != nullptr && subscription_)
    return login_grant{};
  return error{ec::invalid_data, "the answer is none of a login"};
}

// -- costs --------------------------------------------------------------------

// At streams each frame counts, whatever it is; at the WebSocket API those of
// heartbeats do. Without a login a connection may be one of streams.

rate_charges binance_dialect::cost_of_call(std::string_view method) const {
  return has_login_ ? venue_limits::binance_weight(method) : message_cost;
}

rate_charges binance_dialect::cost_of_login() const {
  return venue_limits::binance_weight(logon);
}

rate_charges binance_dialect::cost_of_subscription() const {
  return has_login_ ? venue_limits::binance_weight(logon) : message_cost;
}

rate_charges binance_dialect::cost_of_heartbeat() const {
  return message_cost;
}

rate_charges binance_dialect::cost_of_control() const {
  return message_cost;
}

rate_charges binance_dialect::cost_of_text() const {
  return message_cost;
}

} // namespace zenws
