// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE metrics_page

#include "full_world.hpp"

#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

using namespace zenws;
using namespace zenws::test_support;

namespace {

std::string contents_of(const std::string& path) {
  std::ifstream in{path};
  std::string result{std::istreambuf_iterator<char>{in}, {}};
  CAF_REQUIRE(!result.empty());
  return result;
}

// Returns the parts of `text` that are within backticks.
std::set<std::string> code_in(const std::string& text) {
  static const std::regex code{"`([^`]+)`"};
  std::set<std::string> result;
  for (std::sregex_iterator i{text.begin(), text.end(), code}, end; i != end;
       ++i)
    result.insert((*i)[1]);
  return result;
}

using families = std::map<std::string, scrape::family>;

// Returns the rows of the table that have the columns of metrics.
families documented() {
  std::istringstream page{contents_of(ZENWS_DOCS "/metrics.md")};
  families result;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `"))
      continue;
    std::vector<std::string> cells;
    std::istringstream row{line};
    for (std::string cell; std::getline(row, cell, '|');)
      cells.push_back(cell);
    CAF_REQUIRE_EQUAL(cells.size(), 6u); // one before the first bar
    auto name = *code_in(cells[1]).begin();
    auto type = cells[2].substr(1, cells[2].size() - 2);
    auto is_new = result.emplace(name, scrape::family{type, code_in(cells[4])});
    if (!is_new.second)
      CAF_FAIL("twice in the table: " << name);
  }
  return result;
}

// Returns the metrics that a file of rules or panels mentions.
std::set<std::string> mentioned(const std::string& file) {
  static const std::regex name{"\\b(zenws|process)_[a-z_]+"};
  static const std::regex suffix{"(_seconds)_(bucket|sum|count)$"};
  auto text = contents_of(ZENWS_DOCS "/monitoring/" + file);
  std::set<std::string> result;
  for (std::sregex_iterator i{text.begin(), text.end(), name}, end; i != end;
       ++i)
    result.insert(std::regex_replace(i->str(), suffix, "$1"));
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(metrics_page_tests, full_world)

CAF_TEST(the page lists what a system shows and nothing else) {
  auto page = documented();
  auto in = follow_market({market::data_kind::trades});
  CAF_REQUIRE(in->wait_for<market::trade>(1));
  CAF_CHECK(
    eventually([&] { return scraped().families().size() >= page.size(); }));
  auto text = metrics.text();
  scrape shown{text};
  for (auto& [name, family] : shown.families()) {
    auto row = page.find(name);
    if (row == page.end())
      CAF_FAIL("not in the table: " << name);
    CAF_CHECK_EQUAL(name + " " + family.type, name + " " + row->second.type);
    if (family.labels != row->second.labels)
      CAF_FAIL("other labels than in the table: " << name);
  }
  for (auto& [name, row] : page)
    if (!shown.families().contains(name))
      CAF_FAIL("in the table only: " << name);
  // For promtool, see CMakeLists.txt.
  std::ofstream{"scrape.txt"} << text;
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(alerts and dashboard use metrics that exist) {
  auto page = documented();
  for (auto file : {"alerts.yml", "alerts_test.yml", "dashboard.json"})
    for (auto& name : mentioned(file))
      if (!page.contains(name))
        CAF_FAIL(file << " has " << name);
  CAF_CHECK(mentioned("dashboard.json").size() > 30);
}
