#include "zenws/dialects/okx.hpp"

#include "zenws/internal/json_text.hpp"
#include "zenws/internal/signature.hpp"
#include "zenws/json_rpc.hpp"
#include "zenws/venue_limits.hpp"

#include <array>
#include <utility>

namespace zenws {

namespace {

// okx.com/docs-v5, "Error Code", "WebSocket".
constexpr std::string_view upgrade_notice = "64008";
constexpr std::string_view too_many_requests = "50011";
constexpr std::string_view rate_limit_reached = "60014";

constexpr std::array request_cost{venue_limits::okx_request};

// Ids are strings of digits on this venue.
int64_t id_of(const envelope& content) {
  auto unquoted = content.id;
  if (unquoted.kind == json_kind::string)
    unquoted.kind = json_kind::number;
  return unquoted.integer().value_or(0);
}

error refusal_of(std::string_view text) {
  auto code = find_member(text, "code").string().value_or(std::string{});
  auto why = find_member(text, "msg").string().value_or(std::string{});
  return error{ec::request_refused, code + ": " + why};
}

// Whether a later try may succeed.
bool is_temporary(const inbound& refusal) {
  auto code = find_member(refusal.text, "code");
  return code.is(too_many_requests) || code.is(rate_limit_reached);
}

result<std::string> argument_of(const channel_spec& what) {
  if (!what.arguments.empty())
    return what.arguments;
  auto colon = what.name.find(':');
  auto channel = internal::quoted(what.name.substr(0, colon),
                                  "the name of a channel");
  if (!channel)
    return channel.error();
  if (colon == std::string::npos)
    return R"({"channel":)" + *channel + '}';
  auto instrument = internal::quoted(what.name.substr(colon + 1),
                                     "the instrument of a channel");
  if (!instrument)
    return instrument.error();
  return R"({"channel":)" + *channel + R"(,"instId":)" + *instrument + '}';
}

} // namespace

std::string_view okx_dialect::name() const noexcept {
  return "okx";
}

std::vector<rate_limit> okx_dialect::limits() const {
  return venue_limits::okx();
}

subscription_limits okx_dialect::request_limits() const noexcept {
  // All channels of a request may have 64 KiB of text; requests are scarce.
  return {.max_channels_per_request = 100};
}

// -- messages -----------------------------------------------------------------

void okx_dialect::connected() {
  login_ = 0;
}

inbound okx_dialect::read(std::string_view text) {
  if (text == "pong")
    return {.kind = inbound_kind::beat};
  auto content = scan(text, layouts::okx);
  if (!content)
    return {.kind = inbound_kind::malformed};
  if (content->event)
    return read_event(text, *content);
  inbound result;
  if (content->id && !content->channel) {
    result.content = *content;
    result.kind = inbound_kind::answer;
    result.request = id_of(*content);
    return result;
  }
  if (content->channel.kind != json_kind::string)
    return result;
  if (content->instrument.kind != json_kind::string) {
    result.channel = content->channel.text;
    return result;
  }
  channel_.assign(content->channel.text);
  channel_ += ':';
  channel_ += content->instrument.text;
  result.channel = channel_;
  return result;
}

inbound okx_dialect::read_event(std::string_view text,
                                const envelope& content) {
  inbound result;
  result.text = text;
  result.content = content;
  if (content.event.is("notice")) {
    if (find_member(text, "code").is(upgrade_notice))
      result.kind = inbound_kind::leaving;
  } else if (content.event.is("login")) {
    result.kind = inbound_kind::answer;
    result.request = std::exchange(login_, 0);
  } else if (content.event.is("error")) {
    result.kind = inbound_kind::answer;
    // An error without an id before the login is done is about the login.
    result.request = content.id ? id_of(content) : std::exchange(login_, 0);
  } else if (content.event.is("subscribe") || content.event.is("unsubscribe")) {
    result.kind = inbound_kind::answer;
    result.request = id_of(content);
    result.by_channel = true;
    channel_.assign(content.channel.text);
    if (content.instrument) {
      channel_ += ':';
      channel_ += content.instrument.text;
    }
    result.channel = channel_;
  }
  return result;
}

result<std::string> okx_dialect::call(std::string_view method,
                                      std::string_view params_json,
                                      int64_t id) {
  auto name = internal::quoted(method, "the method");
  if (!name)
    return name.error();
  auto args = params_json.empty() ? std::string_view{"[]"} : params_json;
  return R"({"id":")" + std::to_string(id) + R"(","op":)" + *name
         + R"(,"args":)" + std::string{args} + '}';
}

std::string okx_dialect::ping() {
  return "ping";
}

// -- subscriptions ------------------------------------------------------------

result<std::string> okx_dialect::subscription(const subscription_request& what,
                                              int64_t id) {
  std::string args = "[";
  for (auto& channel : what.channels) {
    auto argument = argument_of(channel);
    if (!argument)
      return argument.error();
    if (args.size() > 1)
      args += ',';
    args += *argument;
  }
  auto subscribes = what.kind == subscription_request_kind::subscribe;
  return call(subscribes ? "subscribe" : "unsubscribe", args + ']', id);
}

subscription_answer okx_dialect::read_answer(const subscription_request&,
                                             const inbound& answer) {
  if (!answer.content.event.is("error"))
    return {};
  return {.what = subscription_answer::verdict::refused,
          .how = is_temporary(answer) ? rejection::transient
                                      : rejection::collective,
          .reason = refusal_of(answer.text)};
}

// -- logging in ---------------------------------------------------------------

result<std::string> okx_dialect::log_in(const credentials& who,
                                        const login_moment& when, int64_t id) {
  using std::chrono::duration_cast;
  using std::chrono::seconds;
  auto stamp = std::to_string(
    duration_cast<seconds>(when.now.time_since_epoch()).count());
  auto proof = internal::base64(
    internal::hmac_sha256(who.secret, stamp + "GET/users/self/verify"));
  auto key = internal::quoted(who.key, "credentials.key");
  auto passphrase = internal::quoted(who.passphrase, "credentials.passphrase");
  if (!key || !passphrase)
    return !key ? key.error() : passphrase.error();
  login_ = id;
  return R"({"op":"login","args":[{"apiKey":)" + *key + R"(,"passphrase":)"
         + *passphrase + R"(,"timestamp":")" + stamp + R"(","sign":")" + proof
         + R"("}]})";
}

result<login_grant> okx_dialect::read_login(const inbound& answer) {
  if (answer.content.event.is("login")
      && find_member(answer.text, "code").is("0"))
    return login_grant{};
  return error{is_temporary(answer) ? ec::connection_lost : ec::login_failed,
               refusal_of(answer.text).detail};
}

// -- costs --------------------------------------------------------------------

rate_charges okx_dialect::cost_of_call(std::string_view method) const {
  // Orders have limits of their own, by instrument.
  if (method == "subscribe" || method == "unsubscribe" || method == "login")
    return request_cost;
  return {};
}

rate_charges okx_dialect::cost_of_login() const {
  return request_cost;
}

rate_charges okx_dialect::cost_of_subscription() const {
  return request_cost;
}

} // namespace zenws
