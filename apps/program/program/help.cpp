// SPDX-License-Identifier: BSD-3-Clause

#include "program/help.hpp"

#include <CLI/CLI.hpp>

#include <utility>

namespace zenws {

void add_examples(CLI::App& app, const std::vector<usage_example>& examples) {
  std::string text;
  for (auto& x : examples)
    text += (text.empty() ? "  # " : "\n  # ") + x.meaning + "\n  " + x.command
            + '\n';
  app.footer(text);
}

help_format::help_format() {
  column_width(34);
  label("TEXT", "");
  label("REQUIRED", "");
  label("SUBCOMMAND", "VERB");
  label("Positionals", "Arguments");
  label("OPTIONS", "options");
}

std::string help_format::make_help(const CLI::App* app, std::string name,
                                   CLI::AppFormatMode mode) const {
  auto result = make_description(app) + '\n';
  if (auto examples = app->get_footer(); !examples.empty())
    result += "Examples:\n" + examples + '\n';
  result += make_usage(app, std::move(name)) + make_positionals(app)
            + make_groups(app, mode) + make_subcommands(app, mode);
  return CLI::detail::find_and_replace(result, "\n\n\n", "\n\n");
}

std::string help_format::make_description(const CLI::App* app) const {
  return app->get_description() + '\n';
}

// Without the variable of the environment, which follows from the name.
std::string help_format::make_option_opts(const CLI::Option* option) const {
  if (option->get_type_size() == 0)
    return {};
  auto result = ' ' + option->get_option_text();
  if (option->get_option_text().empty() && !option->get_positional())
    result = ' ' + get_label(option->get_type_name());
  if (!option->get_default_str().empty())
    result += " (" + option->get_default_str() + ')';
  return result;
}

} // namespace zenws
