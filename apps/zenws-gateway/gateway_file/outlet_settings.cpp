// SPDX-License-Identifier: BSD-3-Clause

#include "outlet_settings.hpp"

#include "config_file/secret_file.hpp"
#include "config_file/settings.hpp"

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

namespace zenws {

namespace {

void read_rights(config_section& from, outlet_rights& to) {
  std::vector<std::string> names;
  from.read("rights", names);
  for (auto& name : names)
    if (name == "read")
      to.read = true;
    else if (name == "call")
      to.call = true;
    else if (name == "trade")
      to.trade = true;
    else
      from.complain("rights", "must be of read, call, trade");
}

// Secrets never stand in the file itself.
void read_token_secret(config_section& from, std::string& to) {
  std::string variable;
  std::string path;
  auto has_variable = from.read("secret_from_environment", variable);
  auto has_path = from.read("secret_file", path);
  if (has_variable == has_path)
    return from.complain("secret_file",
                         "is needed, or secret_from_environment");
  if (has_variable) {
    auto* value = std::getenv(variable.c_str());
    if (value == nullptr)
      return from.complain("secret_from_environment", "is not set");
    to = value;
    return;
  }
  auto secret = read_secret(path);
  if (!secret)
    return from.complain("secret_file", secret.error().detail);
  to = std::move(*secret);
}

void read_tokens(config_section& from, std::vector<outlet_token>& to) {
  for (auto& name : from.keys())
    if (auto table = from.table(name)) {
      auto& token = to.emplace_back(outlet_token{.name = name});
      read_rights(*table, token.rights);
      read_token_secret(*table, token.secret);
    }
}

} // namespace

void read_outlet(config_section& from, outlet_options& to) {
  from.read("bind", to.bind);
  from.read("port", to.port);
  read_tls(from, to.tls);
  if (auto tokens = from.table("tokens"))
    read_tokens(*tokens, to.tokens);
  from.read("max_connections", to.max_connections);
  from.read_size("max_message_bytes", to.max_message_bytes);
  from.read("max_subscriptions", to.max_subscriptions);
  from.read("max_pending_requests", to.max_pending_requests);
  from.read_size("budget", to.budget_bytes);
  from.read_choice("overflow", to.policy,
                   {overflow_policy::drop_newest,
                    overflow_policy::disconnect_subscriber});
  from.read("login_within", to.login_within);
  from.read("silence_limit", to.silence_limit);
  complain(from, validate(to));
}

} // namespace zenws
