// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/binance/internal/binance_signer.hpp"

#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/json/internal/json_writer.hpp"
#include "zenws/venue/internal/signature.hpp"

#include <map>
#include <utility>

namespace zenws::internal {

namespace {

using parameters = std::map<std::string, json_value, std::less<>>;

error no_object() {
  return {ec::invalid_message, "signed parameters must be an object of JSON"};
}

result<parameters> read_parameters(std::string_view text) {
  parameters result;
  std::string memory;
  json_cursor in{text};
  json_value name;
  if (!in.enter_object())
    return no_object();
  while (in.next_member(name)) {
    auto value = in.value();
    result.insert_or_assign(std::string{name.resolved(memory)}, value);
  }
  if (!in.finish())
    return no_object();
  return result;
}

// "Format parameters as parameter=value pairs separated by &", without
// percent-encoding.
std::string payload_of(const parameters& params) {
  std::string result;
  std::string memory;
  for (auto& [name, value] : params) {
    if (!result.empty())
      result += '&';
    result += name;
    result += '=';
    result += value.kind == json_kind::string ? value.resolved(memory)
                                              : value.text;
  }
  return result;
}

} // namespace

result<binance_signer> binance_signer::make(const credentials& account) {
  binance_signer result;
  result.key_ = account.key;
  if (!is_pem(account.secret)) {
    result.secret_ = account.secret;
    return result;
  }
  auto key = private_key::read(account.secret, account.passphrase);
  if (!key)
    return key.error();
  result.private_key_ = std::move(*key);
  return result;
}

bool binance_signer::logs_on() const noexcept {
  return private_key_ && private_key_->kind() == private_key_kind::ed25519;
}

result<std::string> binance_signer::sign(std::string_view params) const {
  auto all = read_parameters(params);
  if (!all)
    return all.error();
  all->insert_or_assign("apiKey",
                        json_value{.kind = json_kind::string, .text = key_});
  auto signature = signature_of(payload_of(*all));
  if (!signature)
    return signature;
  all->erase("apiKey");
  json_writer out;
  out.begin_object();
  for (auto& [name, value] : *all) {
    out.key(name);
    if (value.kind == json_kind::string) // as it came, with its escapes
      out.raw('"' + std::string{value.text} + '"');
    else
      out.raw(value.text);
  }
  out.key("apiKey").string(key_, "credentials.key");
  out.key("signature").string(*signature);
  return out.end_object().take();
}

result<std::string>
binance_signer::signature_of(std::string_view payload) const {
  if (!private_key_)
    return hex(hmac_sha256(secret_, payload));
  auto bytes = private_key_->sign(payload);
  return bytes ? base64(*bytes) : bytes;
}

} // namespace zenws::internal
