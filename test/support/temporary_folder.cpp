// SPDX-License-Identifier: BSD-3-Clause

#include "temporary_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <system_error>

namespace zenws::test_support {

temporary_folder::temporary_folder() {
  // The system puts six characters that nobody else has in place of the last.
  auto name
    = (std::filesystem::temp_directory_path() / "zenws-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr)
    throw std::runtime_error{"cannot make a folder " + name + ": "
                             + std::strerror(errno)};
  path_ = name;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace zenws::test_support
