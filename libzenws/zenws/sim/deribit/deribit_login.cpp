// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_login.hpp"

#include "zenws/sim/net/signature.hpp"

#include <algorithm>

namespace zenws::sim {

namespace {

std::string make_token(std::string_view kind, const account_config& owner,
                       std::string_view serial) {
  auto text = std::string{kind} + '.' + std::string{serial};
  auto signature = to_hex(hmac_sha256(owner.secret, text));
  return owner.key + '.' + std::string{serial} + '.' + signature;
}

std::string default_scope(std::string_view asked) {
  return asked.empty() ? "connection mainaccount" : std::string{asked};
}

} // namespace

std::string_view
deribit_login::account_at(std::chrono::microseconds now) const noexcept {
  return now < expires_ ? std::string_view{account_} : std::string_view{};
}

void deribit_login::authenticate(deribit_call& call) {
  auto found = check(call);
  if (!found)
    return;
  if (!*found)
    return call.error(13004, "invalid_credentials");
  const auto& owner = **found;
  account_ = owner.key;
  expires_ = call.received + lifetime_;
  auto serial = std::to_string(call.received.count());
  call.result([&](json_writer& out) {
    out.begin_object();
    out.member("token_type", "bearer");
    out.member("scope", default_scope(text_member(call.params, "scope")));
    out.member("refresh_token", make_token("refresh", owner, serial));
    out.member("expires_in", int64_t{lifetime_.count()});
    out.member("access_token", make_token("access", owner, serial));
    out.end_object();
  });
}

// Returns the account or null, or nothing if the request is answered.
std::optional<deribit_login::account>
deribit_login::check(deribit_call& call) const {
  auto grant = call.required_text("grant_type");
  if (!grant)
    return std::nullopt;
  if (*grant == "client_credentials")
    return check_secret(call);
  if (*grant == "client_signature")
    return check_signature(call);
  if (*grant == "refresh_token")
    return check_refresh_token(call);
  call.bad_param("grant_type", "unsupported");
  return std::nullopt;
}

std::optional<deribit_login::account>
deribit_login::check_secret(deribit_call& call) const {
  auto key = call.required_text("client_id");
  if (!key)
    return std::nullopt;
  auto secret = call.required_text("client_secret");
  if (!secret)
    return std::nullopt;
  auto* result = find_account(*key);
  return result && same_secret(*secret, result->secret) ? result : nullptr;
}

std::optional<deribit_login::account>
deribit_login::check_signature(deribit_call& call) const {
  auto key = call.required_text("client_id");
  if (!key)
    return std::nullopt;
  auto signature = call.required_text("signature");
  if (!signature)
    return std::nullopt;
  auto* timestamp = sim::find(call.params, "timestamp");
  if (!timestamp || !timestamp->IsUint64()) {
    call.bad_param("timestamp", "must be milliseconds since the epoch");
    return std::nullopt;
  }
  auto text = std::to_string(timestamp->GetUint64()) + '\n';
  text += text_member(call.params, "nonce");
  text += '\n';
  text += text_member(call.params, "data");
  auto* result = find_account(*key);
  if (!result)
    return nullptr;
  auto expected = to_hex(hmac_sha256(result->secret, text));
  return same_secret(*signature, expected) ? result : nullptr;
}

std::optional<deribit_login::account>
deribit_login::check_refresh_token(deribit_call& call) const {
  auto token = call.required_text("refresh_token");
  if (!token)
    return std::nullopt;
  auto last = token->rfind('.');
  auto first = last == 0 || last == token->npos ? token->npos
                                                : token->rfind('.', last - 1);
  if (first == token->npos)
    return nullptr;
  auto* result = find_account(token->substr(0, first));
  if (!result)
    return nullptr;
  auto serial = token->substr(first + 1, last - first - 1);
  auto expected = make_token("refresh", *result, serial);
  return same_secret(*token, expected) ? result : nullptr;
}

deribit_login::account deribit_login::find_account(std::string_view key) const {
  auto pred = [key](const account_config& x) { return x.key == key; };
  auto i = std::find_if(accounts_.begin(), accounts_.end(), pred);
  return i == accounts_.end() ? nullptr : &*i;
}

} // namespace zenws::sim
