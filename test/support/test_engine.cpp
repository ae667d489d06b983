// SPDX-License-Identifier: BSD-3-Clause

// Holds main() of test programs for CAF without `caf/test/unit_test_impl.hpp`.

#include "test_engine.hpp"

#include <cstdlib>
#include <exception>
#include <iostream>
#include <regex>
#include <set>

namespace zenws::test_support {

namespace {

size_t checks = 0;
size_t failed_checks = 0;
bool is_verbose = false;

void run(const test_case& test) {
  try {
    test.run();
  } catch (requirement_failed&) {
    // Printed where it failed.
  } catch (std::exception& x) {
    report(false, test.suite, 0, std::string{"exception: "} + x.what());
  }
}

} // namespace

std::vector<test_case>& all_tests() {
  static std::vector<test_case> tests;
  return tests;
}

bool report(bool passed, const char* file, int line, const std::string& text) {
  ++checks;
  if (!passed) {
    ++failed_checks;
    std::cerr << "!! " << file << ':' << line << ": " << text << std::endl;
  }
  return passed;
}

void print_message(const std::string& text) {
  if (is_verbose)
    std::cerr << "   " << text << std::endl;
}

} // namespace zenws::test_support

// Takes the options of CAF that our build gives: -s and a regular expression
// for suites, -v and a level. Ignores all others.
int main(int argc, char** argv) {
  using namespace zenws::test_support;
  std::regex wanted{".*"};
  for (int i = 1; i + 1 < argc; ++i) {
    if (argv[i] == std::string_view{"-s"})
      wanted = argv[i + 1];
    else if (argv[i] == std::string_view{"-v"})
      is_verbose = std::atoi(argv[i + 1]) >= 3;
  }
  std::set<std::string> suites;
  size_t tests = 0;
  for (auto& x : all_tests()) {
    if (!std::regex_search(x.suite, wanted))
      continue;
    if (suites.insert(x.suite).second)
      std::cerr << x.suite << std::endl;
    std::cerr << "- " << x.name << std::endl;
    ++tests;
    run(x);
  }
  std::cerr << "suites: " << suites.size() << "\ntests: " << tests
            << "\nchecks: " << checks << "\nfailed: " << failed_checks
            << std::endl;
  return failed_checks == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
