// SPDX-License-Identifier: BSD-3-Clause

// What the documentation shows of the tool.

#define CAF_SUITE tool_documentation

#include "tool_run.hpp"
#include "transcript.hpp"

#include "support/unit_test.hpp"

#include "zenws/events.hpp"
#include "zenws/sim/server.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

using namespace zenws;
using namespace zenws::test_support;

namespace {

std::vector<transcript> transcripts_of_page(const std::string& path) {
  std::vector<transcript> result;
  for (auto& block : blocks_of(path))
    if (block.kind == "console")
      for (auto& x : transcripts_of(block))
        result.push_back(std::move(x));
  return result;
}

std::vector<std::string> rows_of(const std::string& path) {
  std::vector<std::string> result;
  std::ifstream in{path};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("| `"))
      result.push_back(line);
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(tool_documentation_tests, tool_home)

CAF_TEST(the transcripts are what the tool prints) {
  constexpr auto documented = "localhost:8080";
  sim::server server;
  CAF_REQUIRE(!server.start());
  auto real = "127.0.0.1:" + std::to_string(server.port());
  auto all = transcripts_of_page(ZENWS_EXAMPLES "/../tool.md");
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
      if (!is_shown_by(lines[i], x.output[i]))
        CAF_FAIL("documented: " << x.output[i] << ", printed: " << lines[i]);
  }
}

CAF_TEST(the page of error codes has a row for each) {
  auto rows = rows_of(ZENWS_EXAMPLES "/../errors.md");
  auto codes = objects_of(run({"explain", "--json"}).out);
  CAF_REQUIRE_GREATER(codes.size(), 50u);
  for (auto& x : codes) {
    auto row = "| `" + text_in(x, "code") + "` | " + text_in(x, "class") + " | "
               + text_in(x, "cause") + " | " + text_in(x, "remedy") + " |";
    if (std::find(rows.begin(), rows.end(), row) == rows.end())
      CAF_FAIL("docs/errors.md lacks: " << row);
  }
  constexpr size_t classes = 3; // have rows as well
  CAF_CHECK_EQUAL(rows.size(), codes.size() + classes);
}

CAF_TEST(the page of events has all kinds and states) {
  std::ifstream in{ZENWS_EXAMPLES "/../events.md"};
  std::string page{std::istreambuf_iterator<char>{in}, {}};
  auto check = [&](std::string_view name) {
    CAF_CHECK(contains(page, '`' + std::string{name} + '`'));
  };
  for (auto i = 0; i <= static_cast<int>(event_kind::ended); ++i)
    check(to_string(static_cast<event_kind>(i)));
  for (auto i = 0; i <= static_cast<int>(client_state::stopped); ++i)
    check(to_string(static_cast<client_state>(i)));
}

CAF_TEST_FIXTURE_SCOPE_END()
