// SPDX-License-Identifier: BSD-3-Clause

#include "client_environment.hpp"

#include "program/print_problem.hpp"

#include "zenws/config/proxy_environment.hpp"
#include "zenws/config/url.hpp"
#include "zenws/connection/tls_files.hpp"

#include <cstdlib>
#include <string>
#include <utility>

namespace zenws {

namespace {

std::string value_of_variable(const std::string& name) {
  auto* value = std::getenv(name.c_str());
  return value != nullptr ? value : "";
}

std::string key_log_file() {
  return value_of_variable("SSLKEYLOGFILE");
}

} // namespace

error use_proxy_of_environment(client_config& to) {
  auto target = parse_url(to.url);
  if (!target)
    return {}; // told by `validate`
  auto found = find_proxy(value_of_variable, *target);
  if (!found)
    return found.error();
  to.proxy = std::move(*found);
  return {};
}

void use_key_log_of_environment(client_config& to) {
  to.tls.key_log_file = key_log_file();
}

error announce_key_log(const log_sink& log) {
  auto file = key_log_file();
  if (file.empty())
    return {};
  if (auto problem = check_files({.key_log_file = file})) {
    problem.detail += " (the environment variable SSLKEYLOGFILE)";
    return problem;
  }
  write_entry(log, {.level = log_level::warning,
                    .component = "zenws.tls",
                    .text = "SSLKEYLOGFILE is set: everyone who reads " + file
                            + " can read the connections of this program"});
  return {};
}

bool announce_key_log(std::string_view program, program_log& log) {
  auto problem = announce_key_log(log.sink());
  if (problem)
    print_problem(program, problem.detail,
                  "choose another file, or unset the variable");
  return !problem;
}

} // namespace zenws
