// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/kraken/kraken_tokens.hpp"

#include "zenws/sim/net/signature.hpp"

#include <algorithm>

namespace zenws::sim {

std::string kraken_tokens::issue(std::string_view account, time_point now) {
  auto owner = std::ranges::find(accounts_, account, &account_config::key);
  if (owner == accounts_.end())
    return {};
  std::erase_if(tokens_, [now](const auto& x) {
    return x.second.holders == 0 && x.second.expires <= now;
  });
  auto text = "token " + std::to_string(++last_);
  auto token = to_base64(hmac_sha256(owner->secret, text));
  tokens_[token] = {owner->key, now + cfg_.token_lifetime};
  return token;
}

std::optional<std::string> kraken_tokens::account_of(std::string_view token,
                                                     time_point now) const {
  auto i = tokens_.find(token);
  if (i == tokens_.end()
      || (i->second.holders == 0 && i->second.expires <= now))
    return std::nullopt;
  return i->second.account;
}

void kraken_tokens::hold(std::string_view token) {
  if (auto i = tokens_.find(token); i != tokens_.end())
    ++i->second.holders;
}

void kraken_tokens::release(std::string_view token) {
  if (auto i = tokens_.find(token); i != tokens_.end() && i->second.holders > 0)
    --i->second.holders;
}

} // namespace zenws::sim
