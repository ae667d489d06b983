// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <filesystem>
#include <string>

namespace zenws::test_support {

/// A folder that is removed with this object, with all its content.
class temporary_folder {
public:
  /// @throws std::runtime_error if it cannot be created.
  temporary_folder();

  temporary_folder(const temporary_folder&) = delete;

  temporary_folder& operator=(const temporary_folder&) = delete;

  ~temporary_folder();

  const std::filesystem::path& path() const noexcept {
    return path_;
  }

  /// Returns the path of a file in it.
  std::string file(const std::string& name) const {
    return (path_ / name).string();
  }

private:
  std::filesystem::path path_;
};

} // namespace zenws::test_support
