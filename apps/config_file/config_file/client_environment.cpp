// SPDX-License-Identifier: BSD-3-Clause

#include "client_environment.hpp"

#include "zenws/config/proxy_environment.hpp"
#include "zenws/config/url.hpp"

#include <cstdlib>
#include <string>
#include <utility>

namespace zenws {

namespace {

std::string value_of_variable(const std::string& name) {
  auto* value = std::getenv(name.c_str());
  return value != nullptr ? value : "";
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

} // namespace zenws
