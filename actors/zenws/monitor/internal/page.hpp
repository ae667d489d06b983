// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <string_view>
#include <vector>

namespace zenws::monitoring {

/// File of the page, compiled in.
struct page_file {
  std::string_view name; // for example "app.js"
  std::string_view content;
};

/// Returns the files of the folder `page`. The build writes its definition, see
/// cmake/ZenwsEmbed.cmake.
const std::vector<page_file>& page_files();

} // namespace zenws::monitoring
