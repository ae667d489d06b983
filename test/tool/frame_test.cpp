// SPDX-License-Identifier: BSD-3-Clause

// What all verbs have in common.

#define CAF_SUITE tool_frame

#include "tool_run.hpp"

#include "support/unit_test.hpp"

#include "zenws/error.hpp"
#include "zenws/version.hpp"

#include <set>

using namespace zenws;
using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(tool_frame_tests, tool_home)

CAF_TEST(the help of the program and of each verb begins with examples) {
  auto help = run({"--help"});
  CAF_CHECK_EQUAL(help.status, 0);
  CAF_CHECK_EQUAL(help.err, "");
  auto verbs
    = run_shell("zenws --help | grep -oP '^  \\K[a-z]+(?= {2,}[A-Z])'");
  auto names = lines_of(verbs.out);
  CAF_CHECK_GREATER(names.size(), 14u);
  names.insert(names.end(), {"man", "completions"});
  for (auto& name : names) {
    auto lines = lines_of(run({name, "--help"}).out);
    CAF_REQUIRE(lines.size() > 4);
    CAF_CHECK_EQUAL(lines[2], "Examples:");
    CAF_CHECK(contains(lines[4], "zenws"));
  }
}

CAF_TEST(the version is that of the library) {
  auto result = run({"--version"});
  CAF_CHECK_EQUAL(result.status, 0);
  CAF_CHECK_EQUAL(result.out, "zenws " + std::string{version} + '\n');
}

CAF_TEST(mistyped verbs and options are answered by what was meant) {
  auto verb = run({"suscribe", "deribit"});
  CAF_CHECK_EQUAL(verb.status, 2);
  CAF_CHECK_EQUAL(verb.out, "");
  CAF_CHECK(contains(verb.err, "did you mean subscribe?"));
  auto option = run({"explain", "--jsno"});
  CAF_CHECK_EQUAL(option.status, 2);
  CAF_CHECK(contains(option.err, "did you mean --json?"));
  auto nothing = run(std::vector<std::string>{});
  CAF_CHECK_EQUAL(nothing.status, 2);
  CAF_CHECK_EQUAL(nothing.out, "");
  CAF_CHECK(contains(nothing.err, "Usage: zenws"));
}

CAF_TEST(each error code is explained) {
  auto all = objects_of(run({"explain", "--json"}).out);
  CAF_REQUIRE_EQUAL(all.size(), num_error_codes - 1);
  for (size_t i = 1; i < num_error_codes; ++i) {
    error reason{static_cast<ec>(i)};
    auto& object = all[i - 1];
    CAF_CHECK(text_in(object, "code") == to_string(reason.code));
    CAF_CHECK(text_in(object, "cause") == explain(reason).cause);
    CAF_CHECK(text_in(object, "remedy") == explain(reason).remedy);
  }
  auto one = run({"explain", "heartbeat_lost"});
  CAF_CHECK_EQUAL(one.status, 0);
  CAF_CHECK(contains(one.out, explain(error{ec::heartbeat_lost}).remedy));
  auto none = run({"explain", "hartbeat_lost"});
  CAF_CHECK_EQUAL(none.status, 2);
  CAF_CHECK(contains(none.err, "did you mean heartbeat_lost?"));
}

CAF_TEST(a reader that has enough ends the program quietly) {
  auto result = run_shell("zenws explain | head -n 1; echo ${PIPESTATUS[0]}");
  auto lines = lines_of(result.out);
  CAF_REQUIRE_EQUAL(lines.size(), 2u);
  CAF_CHECK_EQUAL(lines[1], "0");
  CAF_CHECK_EQUAL(result.err, "");
}

CAF_TEST(the environment counts more than the file and flags count most) {
  auto is_json = [](const tool_result& x) { return x.out.starts_with('{'); };
  std::vector<std::string> verb{"explain", "not_found"};
  CAF_CHECK(!is_json(run(verb)));
  write_settings("json = true\n");
  CAF_CHECK(is_json(run(verb)));
  CAF_CHECK(!is_json(
    run({.arguments = verb, .environment = {{"ZENWS_JSON", "false"}}})));
  CAF_CHECK(is_json(run({.arguments = {"explain", "not_found", "--json"},
                         .environment = {{"ZENWS_JSON", "false"}}})));
}

CAF_TEST(settings are for all verbs or for one) {
  // Nothing listens at port 1.
  write_settings("address = \"http://127.0.0.1:1\"\n"
                 "[status]\naddress = \"http://127.0.0.2:1\"\n");
  CAF_CHECK(contains(run({"tree"}).err, "http://127.0.0.1:1"));
  CAF_CHECK(contains(run({"status"}).err, "http://127.0.0.2:1"));
  CAF_CHECK(contains(run({"status", "--address", "http://127.0.0.3:1"}).err,
                     "http://127.0.0.3:1"));
}

CAF_TEST(mistakes in the settings are named with their places) {
  write_settings("jsn = true\n[tree]\naddress = 7\n");
  auto result = run({"explain"});
  CAF_CHECK_EQUAL(result.status, 2);
  CAF_CHECK_EQUAL(result.out, "");
  CAF_CHECK(contains(result.err, "config.toml:1:1: jsn: unknown key"));
  auto missing = run({"--config", "/no/such/file", "explain"});
  CAF_CHECK_EQUAL(missing.status, 2);
  CAF_CHECK(contains(missing.err, "/no/such/file"));
}

CAF_TEST(colors are for terminals only) {
  CAF_CHECK(!contains(run({"explain"}).out, "\x1b"));
}

CAF_TEST(completions of bash know verbs and options and values) {
  auto completed = [&](const std::string& words, int position) {
    auto result = run_shell("source <(zenws completions bash); COMP_WORDS=("
                            + words
                            + "); COMP_CWORD=" + std::to_string(position)
                            + "; _zenws; printf '%s\\n' \"${COMPREPLY[@]}\"");
    CAF_CHECK_EQUAL(result.err, "");
    auto lines = lines_of(result.out);
    return std::set<std::string>{lines.begin(), lines.end()};
  };
  CAF_CHECK(completed("zenws sub", 1) == std::set<std::string>{"subscribe"});
  CAF_CHECK(completed("zenws --json sub", 2)
            == std::set<std::string>{"subscribe"});
  CAF_CHECK(completed("zenws subscribe der", 2)
            == std::set<std::string>{"deribit"});
  CAF_CHECK(completed("zenws connect --ins", 2)
            == std::set<std::string>{"--insecure"});
  CAF_CHECK(completed("zenws explain heartbeat_", 2)
            == std::set<std::string>{"heartbeat_lost"});
}

CAF_TEST(completions of zsh and fish name all verbs) {
  auto verbs
    = run_shell("zenws --help | grep -oP '^  \\K[a-z]+(?= {2,}[A-Z])'");
  for (auto* shell : {"zsh", "fish"}) {
    auto script = run({"completions", shell});
    CAF_CHECK_EQUAL(script.status, 0);
    for (auto& verb : lines_of(verbs.out))
      CAF_CHECK(contains(script.out, verb));
  }
  CAF_CHECK_EQUAL(run({"completions", "tcsh"}).status, 2);
}

CAF_TEST(the manual page has a section for each verb) {
  auto page = run({"man"});
  CAF_CHECK_EQUAL(page.status, 0);
  CAF_CHECK(page.out.starts_with(".TH ZENWS 1"));
  auto verbs
    = run_shell("zenws --help | grep -oP '^  \\K[a-z]+(?= {2,}[A-Z])'");
  for (auto& verb : lines_of(verbs.out))
    CAF_CHECK(contains(page.out, "\n.SS " + verb + '\n'));
  CAF_CHECK(contains(page.out, "\\-\\-subprotocol"));
}

CAF_TEST_FIXTURE_SCOPE_END()
