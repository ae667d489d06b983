// SPDX-License-Identifier: BSD-3-Clause

// The transcripts of docs/tool.md.

#define CAF_SUITE tool_documentation

#include "tool_run.hpp"

#include "support/unit_test.hpp"

#include "zenws/sim/server.hpp"

#include <fstream>

using namespace zenws;
using namespace zenws::test_support;

namespace {

/// A command and the lines that it prints.
struct transcript {
  std::string command{};
  std::vector<std::string> output{};
};

/// Reads the blocks of a page that are marked as `console`.
std::vector<transcript> transcripts_of(const std::string& path) {
  std::vector<transcript> result;
  std::ifstream in{path};
  auto is_inside = false;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```"))
      is_inside = line == "```console";
    else if (is_inside && line.starts_with("$ "))
      result.push_back({line.substr(2)});
    else if (is_inside && !result.empty())
      result.back().output.push_back(line);
  }
  return result;
}

void replace_all(std::string& text, const std::string& part,
                 const std::string& by) {
  for (auto pos = text.find(part); pos != std::string::npos;
       pos = text.find(part, pos + by.size()))
    text.replace(pos, part.size(), by);
}

/// Returns whether a line is as documented, where "…" stands for any text.
bool matches(std::string_view line, std::string_view pattern) {
  constexpr std::string_view any = "…";
  auto pos = pattern.find(any);
  if (pos == std::string_view::npos)
    return line == pattern;
  if (!line.starts_with(pattern.substr(0, pos)))
    return false;
  auto rest = pattern.substr(pos + any.size());
  for (auto begin = pos; begin <= line.size(); ++begin)
    if (matches(line.substr(begin), rest))
      return true;
  return false;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(tool_documentation_tests, tool_home)

CAF_TEST(the transcripts are what the tool prints) {
  constexpr auto documented = "localhost:8080";
  sim::server server;
  CAF_REQUIRE(!server.start());
  auto real = "127.0.0.1:" + std::to_string(server.port());
  auto all = transcripts_of(ZENWS_EXAMPLES "/../tool.md");
  CAF_CHECK_GREATER(all.size(), 8u);
  for (auto& x : all) {
    CAF_MESSAGE(x.command);
    auto command = x.command;
    replace_all(command, documented, real);
    auto result
      = run_shell("cd " ZENWS_EXAMPLES " && { " + command + "; } 2>&1");
    replace_all(result.out, real, documented);
    auto lines = lines_of(result.out);
    CAF_REQUIRE_EQUAL(lines.size(), x.output.size());
    for (size_t i = 0; i < lines.size(); ++i)
      if (!matches(lines[i], x.output[i]))
        CAF_FAIL("documented: " << x.output[i] << ", printed: " << lines[i]);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
