// SPDX-License-Identifier: BSD-3-Clause

// zenws explain: causes and remedies of error codes.

#include "../output.hpp"
#include "verbs.hpp"

#include "zenws/error.hpp"

#include <CLI/CLI.hpp>

#include <memory>
#include <optional>
#include <string>

namespace zenws::tool {

namespace {

std::optional<ec> code_of(std::string_view name) {
  for (size_t i = 0; i < num_error_codes; ++i)
    if (auto code = static_cast<ec>(i); to_string(code) == name)
      return code;
  return std::nullopt;
}

void print_code(ec code) {
  auto [cause, remedy] = explain(error{code});
  std::cout << to_string(code) << " (" << to_string(class_of(error{code}))
            << ")\n  " << cause << "\n  What to do: " << remedy << '\n';
}

int run(const std::string& name, const common_options&) {
  if (name.empty()) {
    for (size_t i = 1; i < num_error_codes; ++i)
      print_code(static_cast<ec>(i));
    return exit_ok;
  }
  auto code = code_of(name);
  if (!code) {
    print_problem("there is no error code " + name, "");
    return exit_usage;
  }
  print_code(*code);
  return exit_ok;
}

} // namespace

verb_action declare_explain(CLI::App& app) {
  auto verb = app.add_subcommand(
    "explain", "Tell the cause of an error code, and what to do about it");
  auto name = std::make_shared<std::string>();
  verb->add_option("CODE", *name, "name of a code; all without one");
  verb->footer("zenws explain upgrade_refused");
  return [name](const common_options& common) { return run(*name, common); };
}

} // namespace zenws::tool
