// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zenws::test_support {

/// A block of a page between fences.
struct page_block {
  /// The word behind the first fence: "console", "text", "sh", …
  std::string kind{};

  std::vector<std::string> lines{};
};

/// Returns the blocks of a page of Markdown.
std::vector<page_block> blocks_of(const std::string& path);

/// A command and the lines that it prints.
struct transcript {
  std::string command{};
  std::vector<std::string> output{};
};

/// Returns the commands of a block, which begin with "$ ".
std::vector<transcript> transcripts_of(const page_block& block);

/// Returns whether a line is as documented, where "…" stands for any text.
bool is_shown_by(std::string_view line, std::string_view pattern);

void replace_all(std::string& text, const std::string& part,
                 const std::string& by);

} // namespace zenws::test_support
