// SPDX-License-Identifier: BSD-3-Clause

#include "secret_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace zenws {

result<std::string> read_secret(const std::string& path) {
  namespace fs = std::filesystem;
  auto fail = [&](const std::string& detail) {
    return error{ec::provider_failed, path + ' ' + detail};
  };
  std::error_code failure;
  auto status = fs::status(path, failure);
  if (failure || status.type() != fs::file_type::regular)
    return fail("is no file that can be read");
  if ((status.permissions() & fs::perms::others_all) != fs::perms::none)
    return fail("is open to all users of this machine: chmod o= " + path);
  std::ifstream in{path, std::ios::binary};
  if (!in)
    return fail("cannot be read");
  std::string result{std::istreambuf_iterator<char>{in}, {}};
  while (!result.empty() && (result.back() == '\n' || result.back() == '\r'))
    result.pop_back();
  if (result.empty())
    return fail("is empty");
  return result;
}

} // namespace zenws
