// SPDX-License-Identifier: BSD-3-Clause

#include "transcript.hpp"

#include <fstream>

namespace zenws::test_support {

std::vector<page_block> blocks_of(const std::string& path) {
  std::vector<page_block> result;
  std::ifstream in{path};
  auto is_inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      is_inside = !is_inside;
      if (is_inside)
        result.push_back({line.substr(3)});
    } else if (is_inside) {
      result.back().lines.push_back(line);
    }
  }
  return result;
}

std::vector<transcript> transcripts_of(const page_block& block) {
  std::vector<transcript> result;
  for (auto& line : block.lines) {
    if (line.starts_with("$ "))
      result.push_back({line.substr(2)});
    else if (!result.empty())
      result.back().output.push_back(line);
  }
  return result;
}

bool is_shown_by(std::string_view line, std::string_view pattern) {
  constexpr std::string_view any = "…";
  auto pos = pattern.find(any);
  if (pos == std::string_view::npos)
    return line == pattern;
  if (!line.starts_with(pattern.substr(0, pos)))
    return false;
  auto rest = pattern.substr(pos + any.size());
  for (auto begin = pos; begin <= line.size(); ++begin)
    if (is_shown_by(line.substr(begin), rest))
      return true;
  return false;
}

void replace_all(std::string& text, const std::string& part,
                 const std::string& by) {
  for (auto pos = text.find(part); pos != std::string::npos;
       pos = text.find(part, pos + by.size()))
    text.replace(pos, part.size(), by);
}

} // namespace zenws::test_support
