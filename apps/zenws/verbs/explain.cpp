// SPDX-License-Identifier: BSD-3-Clause

// zenws explain: causes and remedies of error codes.

#include "../json_line.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "program/help.hpp"
#include "program/suggestion.hpp"

#include "zenws/error.hpp"

#include <memory>
#include <string>
#include <vector>

namespace zenws::tool {

namespace {

void print_code(ec code, const common_options& common) {
  error reason{code};
  auto [cause, remedy] = explain(reason);
  if (common.json) {
    print_json({{"code", to_string(code)},
                {"class", to_string(class_of(reason))},
                {"cause", cause},
                {"remedy", remedy}});
    return;
  }
  print_line(painted(color::bold, to_string(code)) + " ("
             + std::string{to_string(class_of(reason))} + ")");
  print_line("  " + cause);
  print_line("  What to do: " + remedy);
}

int explain_code(const std::string& name, const common_options& common) {
  std::vector<std::string_view> names;
  auto found = false;
  for (size_t i = 1; i < num_error_codes; ++i) {
    auto code = static_cast<ec>(i);
    names.push_back(to_string(code));
    if (!name.empty() && names.back() != name)
      continue;
    print_code(code, common);
    found = true;
  }
  if (found)
    return exit_success;
  print_problem("there is no error code \"" + name + '"'
                  + suggestion(name, names),
                "\"zenws explain\" lists all");
  return exit_usage;
}

} // namespace

verb_action declare_explain(CLI::App& app) {
  auto name = std::make_shared<std::string>();
  auto* verb = app.add_subcommand(
    "explain", "Tell the cause of an error code and what to do about it");
  verb->add_option("CODE", *name, "name of a code, as in logs; without, all");
  add_examples(*verb,
               {{"what a code means", "zenws explain upgrade_refused"},
                {"all that are fatal",
                 "zenws explain --json | jq 'select(.class == \"fatal\")'"}});
  return [name](const common_options& common) {
    return explain_code(*name, common);
  };
}

} // namespace zenws::tool
