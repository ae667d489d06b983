// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE command_line

#include "program/command_line.hpp"

#include "program/exit_code.hpp"
#include "support/unit_test.hpp"
#include "zenws/version.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <sstream>
#include <vector>

using namespace zenws;

namespace {

const program_info example{.name = "example",
                           .purpose = "Has a purpose",
                           .examples = {{"uses a file", "example --file x"}},
                           .libraries = {"CAF 1.2.3"}};

struct fixture {
  fixture() {
    uut.app().add_option("--file", file, "a file");
    uut.app().add_flag("--fast", fast, "fast");
    uut.add_output_options();
  }

  std::optional<int> parse(std::vector<const char*> words) {
    std::ostringstream out;
    std::ostringstream err;
    words.insert(words.begin(), "example");
    auto* old_out = std::cout.rdbuf(out.rdbuf());
    auto* old_err = std::cerr.rdbuf(err.rdbuf());
    auto result = uut.parse(static_cast<int>(words.size()), words.data());
    std::cout.rdbuf(old_out);
    std::cerr.rdbuf(old_err);
    results = out.str();
    problems = err.str();
    return result;
  }

  command_line uut{example};
  std::string file;
  bool fast = false;
  std::string results;
  std::string problems;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(command_line_tests, fixture)

CAF_TEST(options are read) {
  CAF_CHECK(!parse({"--file", "x"}));
  CAF_CHECK_EQUAL(file, "x");
  CAF_CHECK(uut.output().level == verbosity::normal);
}

CAF_TEST(help begins with examples) {
  CAF_CHECK(parse({"--help"}) == exit_success);
  CAF_CHECK(results.starts_with("Has a purpose\n\nExamples:\n  # uses a file\n"
                                "  example --file x\n"));
  CAF_CHECK(results.find("--fast") != std::string::npos);
  CAF_CHECK_EQUAL(problems, "");
}

CAF_TEST(versions are those of zenws and of its libraries) {
  CAF_CHECK(parse({"--version"}) == exit_success);
  CAF_CHECK(
    results.starts_with("example " + std::string{version} + "\nCAF 1.2.3\n"));
  CAF_CHECK(results.find("\nBoost 1.") != std::string::npos);
  CAF_CHECK(results.find("\nOpenSSL 3.") != std::string::npos);
}

CAF_TEST(an option that is not known leads to the one that was meant) {
  CAF_CHECK(parse({"--flie", "x"}) == exit_usage);
  CAF_CHECK_EQUAL(problems, "example: --flie is not known; did you mean "
                            "--file?\nWhat to do: see example --help\n");
  CAF_CHECK_EQUAL(results, "");
  CAF_CHECK(parse({"--something-else=3"}) == exit_usage);
  CAF_CHECK(problems.starts_with("example: --something-else is not known\n"));
}

CAF_TEST(a command that is not known leads to the one that was meant) {
  uut.app().add_subcommand("connect", "connects");
  uut.app().add_subcommand("record", "records");
  uut.app().require_subcommand(1);
  CAF_CHECK(parse({"recor"}) == exit_usage);
  CAF_CHECK(problems.starts_with(
    "example: recor is not known; did you mean record?\n"));
  CAF_CHECK(parse({}) == exit_usage);
  CAF_CHECK(problems.starts_with("example: A subcommand is required\n"));
}

CAF_TEST(a value that is not known leads to the one that was meant) {
  CAF_CHECK(parse({"--log-level", "warn"}) == exit_usage);
  CAF_CHECK(problems.find("must be one of info|warning|error; did you mean "
                          "warning?")
            != std::string::npos);
}

CAF_TEST(settings of the log are read) {
  CAF_CHECK(!parse(
    {"--log-level", "warning", "--log-format", "json", "--log-file", "x.log"}));
  auto& log = uut.output().log;
  CAF_CHECK(log.level == log_level::warning);
  CAF_CHECK(log.format == log_format::json);
  CAF_CHECK(log.file == "x.log");
  CAF_CHECK(!log.everything);
}

CAF_TEST(quiet leaves errors) {
  CAF_CHECK(!parse({"--quiet"}));
  CAF_CHECK(uut.output().level == verbosity::quiet);
  CAF_CHECK(uut.output().log.level == log_level::error);
}

CAF_TEST(verbose leaves nothing out) {
  CAF_CHECK(!parse({"-v"}));
  CAF_CHECK(uut.output().level == verbosity::verbose);
  CAF_CHECK(uut.output().log.everything);
}

CAF_TEST(quiet and verbose exclude each other) {
  CAF_CHECK(parse({"-q", "-v"}) == exit_usage);
}

CAF_TEST_FIXTURE_SCOPE_END()
