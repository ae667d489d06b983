// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/bybit/bybit_login.hpp"

#include "zenws/sim/net/signature.hpp"

#include <algorithm>

namespace zenws::sim {

std::variant<std::string, bybit_login_problem>
check_bybit_login(const std::vector<account_config>& accounts, const json& args,
                  std::chrono::milliseconds now) {
  if (!args.IsArray() || args.Size() != 3 || !args[0].IsString()
      || !args[1].IsInt64() || !args[2].IsString()
      || args[1].GetInt64() <= now.count())
    return bybit_login_problem::malformed;
  auto account = std::ranges::find(accounts, text_of(args[0]),
                                   &account_config::key);
  if (account == accounts.end())
    return bybit_login_problem::unknown_key;
  auto signature = to_hex(hmac_sha256(
    account->secret, "GET/realtime" + std::to_string(args[1].GetInt64())));
  if (!same_secret(text_of(args[2]), signature))
    return bybit_login_problem::wrong_signature;
  return account->key;
}

} // namespace zenws::sim
