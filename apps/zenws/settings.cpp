// SPDX-License-Identifier: BSD-3-Clause

#include "settings.hpp"

#include "config_file/config_section.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace zenws::tool {

namespace {

std::string environment(const char* name) {
  auto* value = std::getenv(name);
  return value != nullptr ? value : "";
}

std::string default_file() {
  auto folder = environment("XDG_CONFIG_HOME");
  if (folder.empty())
    folder = environment("HOME") + "/.config";
  return folder + "/zenws/config.toml";
}

bool is_setting(const CLI::Option& option) {
  return option.nonpositional() && option.get_configurable();
}

std::vector<CLI::App*> verbs_of(CLI::App& app) {
  return app.get_subcommands([](CLI::App*) { return true; });
}

// Returns an option that the file may set.
const CLI::Option* find_setting(const CLI::App& app, const std::string& key) {
  auto name = key;
  std::ranges::replace(name, '_', '-');
  auto* result = app.get_option_no_throw("--" + name);
  return result != nullptr && is_setting(*result) ? result : nullptr;
}

// Reads the settings file for CLI11.
class settings_format : public CLI::Config {
public:
  explicit settings_format(CLI::App& app) : app_(app) {
    // nop
  }

  std::string to_config(const CLI::App*, bool, bool,
                        std::string) const override {
    return {}; // never written
  }

  std::vector<CLI::ConfigItem> from_config(std::istream& in) const override {
    std::vector<CLI::ConfigItem> result;
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    auto mistakes = read_config(text, [&](config_section& root) {
      // The first value counts: that of a verb more than that of all.
      for (auto& key : root.keys())
        read_verb(root, key, result);
      for (auto& key : root.keys())
        read_key(root, key, result);
    });
    if (mistakes.empty())
      return result;
    std::string problems;
    auto file = app_.get_config_ptr()->as<std::string>();
    for (auto& mistake : mistakes)
      problems += (problems.empty() ? "" : "\n") + to_string(mistake, file);
    throw CLI::ConfigError(problems, CLI::ExitCodes::ConfigError);
  }

private:
  using items = std::vector<CLI::ConfigItem>;

  CLI::App* find_verb(const std::string& name) const {
    auto found = app_.get_subcommands(
      [&](CLI::App* verb) { return verb->get_name() == name; });
    return found.empty() ? nullptr : found.front();
  }

  // Reads the table of a verb.
  void read_verb(config_section& root, const std::string& key,
                 items& to) const {
    auto* verb = find_verb(key);
    if (verb == nullptr)
      return;
    if (auto table = root.table(key))
      for (auto& name : table->keys())
        if (auto* option = find_setting(*verb, name))
          add(*table, name, *option, {key}, to);
  }

  // Reads a value for the program, or for all verbs that have such an option.
  void read_key(config_section& root, const std::string& key, items& to) const {
    if (find_verb(key) != nullptr)
      return;
    if (auto* option = find_setting(app_, key)) {
      add(root, key, *option, {}, to);
      return;
    }
    for (auto* verb : verbs_of(app_))
      if (auto* option = find_setting(*verb, key))
        add(root, key, *option, {verb->get_name()}, to);
  }

  static void add(config_section& from, const std::string& key,
                  const CLI::Option& option, std::vector<std::string> parents,
                  items& to) {
    std::vector<std::string> values;
    if (option.get_expected_max() > 1)
      from.read(key, values);
    else if (auto value = from.read_scalar(key))
      values.push_back(std::move(*value));
    if (!values.empty() && environment(option.get_envname().c_str()).empty())
      to.push_back({std::move(parents), option.get_lnames().front(), values});
  }

  CLI::App& app_;
};

void name_variables(CLI::App& app) {
  for (auto* option : app.get_options()) {
    if (!is_setting(*option) || option->get_lnames().empty())
      continue;
    auto name = "ZENWS_" + option->get_lnames().front();
    std::ranges::transform(name, name.begin(), [](char c) {
      return c == '-' ? '_' : static_cast<char>(std::toupper(c));
    });
    option->envname(name);
  }
}

} // namespace

void add_settings(CLI::App& app) {
  app.set_config("--config", default_file(), "file with settings (TOML)")
    ->option_text("FILE")
    ->configurable(false);
  app.config_formatter(std::make_shared<settings_format>(app));
  name_variables(app);
  for (auto* verb : verbs_of(app))
    name_variables(*verb);
}

} // namespace zenws::tool
