// SPDX-License-Identifier: BSD-3-Clause

#include "command_tree.hpp"

#include "zenws/error.hpp"
#include "zenws/venue/known_venue.hpp"

#include <string_view>

namespace zenws::tool {

std::vector<const CLI::App*> listed_verbs(const CLI::App& app) {
  return app.get_subcommands(
    [](const CLI::App* verb) { return !verb->get_group().empty(); });
}

std::vector<const CLI::Option*> listed_options(const CLI::App& app) {
  return app.get_options(
    [](const CLI::Option* option) { return option->nonpositional(); });
}

std::vector<const CLI::Option*> listed_arguments(const CLI::App& app) {
  return app.get_options(
    [](const CLI::Option* option) { return option->get_positional(); });
}

bool takes_value(const CLI::Option& option) {
  return option.get_type_size() != 0;
}

bool takes_file(const CLI::Option& option) {
  auto text = option.get_positional() ? option.get_name()
                                      : option.get_option_text();
  return takes_value(option) && text == "FILE";
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> result;
  for (auto& name : option.get_snames())
    result.push_back('-' + name);
  for (auto& name : option.get_lnames())
    result.push_back("--" + name);
  return result;
}

std::vector<std::string> values_of(const CLI::Option& option) {
  std::vector<std::string> result;
  auto name = option.get_positional() ? option.get_name() : std::string{};
  if (name == "VENUE") {
    for (auto& venue : known_venues())
      result.emplace_back(venue.name);
  } else if (name == "CODE") {
    for (size_t i = 1; i < num_error_codes; ++i)
      result.emplace_back(to_string(static_cast<ec>(i)));
  }
  return result;
}

} // namespace zenws::tool
