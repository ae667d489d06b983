// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/binance/binance_login.hpp"

#include "zenws/sim/net/public_key.hpp"
#include "zenws/sim/net/signature.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <string>
#include <utility>

namespace zenws::sim {

namespace {

constexpr double default_receive_window = 5'000;
constexpr double longest_receive_window = 60'000;

// Returns a parameter as the text that is signed.
std::string text_for_signature(const json& value) {
  if (value.IsString())
    return std::string{text_of(value)};
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// Returns all parameters but the signature, ordered by name.
std::string payload_of(const json& params) {
  std::map<std::string, std::string> sorted;
  for (auto& x : params.GetObject())
    if (text_of(x.name) != "signature")
      sorted.emplace(text_of(x.name), text_for_signature(x.value));
  std::string result;
  for (auto& [name, value] : sorted)
    result.append(result.empty() ? "" : "&").append(name + '=').append(value);
  return result;
}

std::string lower_case(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return result;
}

// Signatures by HMAC are not case-sensitive, the others are.
bool is_signed_by(const account_config& account, const json& params) {
  auto signature = text_member(params, "signature");
  if (!account.public_key.empty())
    return confirms(account.public_key, payload_of(params), signature);
  return same_secret(lower_case(signature),
                     to_hex(hmac_sha256(account.secret, payload_of(params))));
}

} // namespace

const account_config* binance_login::authorize(binance_call& call) const {
  if (session_ == nullptr || find(call.params, "apiKey") != nullptr)
    return authorize_signed(call);
  return is_in_time(call) ? session_ : nullptr;
}

const account_config*
binance_login::authorize_signed(binance_call& call) const {
  auto key = text_member(call.params, "apiKey");
  auto i = std::ranges::find(accounts_, key, &account_config::key);
  if (i == accounts_.end()) {
    call.error(binance_call::unauthorized, -2015,
               "Invalid API-key, IP, or permissions for action.");
    return nullptr;
  }
  if (!is_in_time(call))
    return nullptr;
  if (is_signed_by(*i, call.params))
    return &*i;
  call.error(-1022, "Signature for this request is not valid.");
  return nullptr;
}

// "Timing security".
bool binance_login::is_in_time(binance_call& call) const {
  auto timestamp = number_member(call.params, "timestamp");
  if (!timestamp)
    return call.missing("timestamp"), false;
  auto window = call.number("recvWindow").value_or(default_receive_window);
  if (window > longest_receive_window)
    return call.error(-1102,
                      "'recvWindow' contains unexpected value. Cannot be "
                      "greater than 60000."),
           false;
  auto age = static_cast<double>(call.now.wall.count()) - *timestamp;
  if (age <= window && age > -1000)
    return true;
  call.error(-1021, "Timestamp for this request is outside of the recvWindow.");
  return false;
}

// How the venue refuses other keys is not documented.
void binance_login::log_on(binance_call& call) {
  auto* account = authorize_signed(call);
  if (account == nullptr)
    return;
  if (kind_of_public_key(account->public_key) != public_key_kind::ed25519)
    return call.error(-1022, "Only Ed25519 keys are supported for this "
                             "feature.");
  session_ = account;
  authorized_since_ = call.now.wall;
  tell(call, false);
}

void binance_login::tell(binance_call& call, bool is_subscribed) const {
  call.result([&](json_writer& out) {
    out.begin_object();
    out.key("apiKey");
    if (session_ != nullptr)
      out.value(std::string_view{session_->key});
    else
      out.copy(json{});
    out.key("authorizedSince");
    if (session_ != nullptr)
      out.value(int64_t{authorized_since_.count()});
    else
      out.copy(json{});
    out.member("returnRateLimits", true);
    out.member("serverTime", int64_t{call.now.wall.count()});
    out.member("userDataStream", is_subscribed);
    out.end_object();
  });
}

} // namespace zenws::sim
