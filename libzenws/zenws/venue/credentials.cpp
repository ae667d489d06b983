// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/credentials.hpp"

#include <cstdlib>

namespace zenws {

namespace {

std::string variable(const std::string& name) {
  auto* value = std::getenv(name.c_str());
  return value != nullptr ? value : "";
}

} // namespace

result<credentials> credentials_from_environment(const std::string& prefix) {
  credentials result{variable(prefix + "_KEY"), variable(prefix + "_SECRET"),
                     variable(prefix + "_PASSPHRASE"),
                     variable(prefix + "_SCOPE")};
  if (result.key.empty())
    return error{ec::provider_failed, prefix + "_KEY is not set"};
  if (result.secret.empty())
    return error{ec::provider_failed, prefix + "_SECRET is not set"};
  return result;
}

} // namespace zenws
