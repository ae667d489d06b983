// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <CLI/CLI.hpp>

#include <initializer_list>
#include <string>
#include <utility>

/// @file
/// Texts for people about the program and its verbs.

namespace zenws::tool {

/// An example of a command line.
struct example {
  std::string text{};
  std::string command{};
};

/// Sets the examples of a verb, which its help begins with.
inline void add_examples(CLI::App& app, std::initializer_list<example> list) {
  std::string text;
  for (auto& x : list)
    text += (text.empty() ? "  # " : "\n  # ") + x.text + "\n  " + x.command
            + '\n';
  app.footer(text);
}

/// Begins the help with the examples.
class help_format : public CLI::Formatter {
public:
  help_format() {
    column_width(34);
    label("TEXT", "");
    label("REQUIRED", "");
    label("SUBCOMMAND", "VERB");
    label("Positionals", "Arguments");
    label("OPTIONS", "options");
  }

  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    auto result = make_description(app) + '\n';
    if (auto examples = app->get_footer(); !examples.empty())
      result += "Examples:\n" + examples + '\n';
    result += make_usage(app, std::move(name)) + make_positionals(app)
              + make_groups(app, mode) + make_subcommands(app, mode);
    return CLI::detail::find_and_replace(result, "\n\n\n", "\n\n");
  }

  std::string make_description(const CLI::App* app) const override {
    return app->get_description() + '\n';
  }

  // Without the variable, which follows from the name.
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_type_size() == 0)
      return {};
    auto result = ' ' + option->get_option_text();
    if (option->get_option_text().empty() && !option->get_positional())
      result = ' ' + get_label(option->get_type_name());
    if (!option->get_default_str().empty())
      result += " (" + option->get_default_str() + ')';
    return result;
  }
};

} // namespace zenws::tool
