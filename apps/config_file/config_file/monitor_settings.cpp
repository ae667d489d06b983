// SPDX-License-Identifier: BSD-3-Clause

#include "monitor_settings.hpp"

#include "config_file/secret_file.hpp"
#include "config_file/settings.hpp"

#include <cstdlib>
#include <string>

namespace zenws {

namespace {

void read_token_file(config_section& from, std::string& to) {
  std::string path;
  if (!from.read("token_file", path))
    return;
  auto token = read_secret(path);
  if (token)
    to = std::move(*token);
  else
    from.complain("token_file", token.error().detail);
}

void read_token_variable(config_section& from, std::string& to) {
  std::string name;
  if (!from.read("token_from_environment", name))
    return;
  auto* value = std::getenv(name.c_str());
  if (value != nullptr && *value != '\0')
    to = value;
  else
    from.complain("token_from_environment", "names a variable that is not set");
}

} // namespace

void read_monitor(config_section& root, std::optional<monitor_options>& to) {
  auto table = root.table("monitor");
  if (!table)
    return;
  to.emplace();
  table->read("bind", to->bind);
  table->read("port", to->port);
  read_token_file(*table, to->token);
  read_token_variable(*table, to->token);
  table->read("required", to->required);
  complain(*table, validate(*to));
}

} // namespace zenws
