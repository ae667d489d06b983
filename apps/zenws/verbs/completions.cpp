// SPDX-License-Identifier: BSD-3-Clause

// zenws completions: scripts by which shells complete command lines.

#include "../command_tree.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace zenws::tool {

namespace {

std::string joined(const std::vector<std::string>& words,
                   const char* separator) {
  std::string result;
  for (auto& word : words)
    result += (result.empty() ? "" : separator) + word;
  return result;
}

// Returns a text in single quotes.
std::string quoted(const std::string& text) {
  return '\'' + CLI::detail::find_and_replace(text, "'", "'\\''") + '\'';
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> result;
  for (auto* option : listed_options(app))
    for (auto& name : names_of(*option))
      result.push_back(name);
  return result;
}

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> result;
  for (auto* verb : listed_verbs(app))
    result.push_back(verb->get_name());
  return result;
}

std::vector<std::string> argument_values(const CLI::App& verb) {
  std::vector<std::string> result;
  for (auto* argument : listed_arguments(verb))
    for (auto& value : values_of(*argument))
      result.push_back(value);
  return result;
}

// -- bash ---------------------------------------------------------------------

std::string bash_script(const CLI::App& app) {
  auto common = joined(option_names(app), " ");
  auto verbs = verb_names(app);
  std::string result = R"(# Completion of zenws for bash.
_zenws() {
  local word verb='' words='' cur=${COMP_WORDS[COMP_CWORD]}
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      )" + joined(verbs, "|")
                       + R"()
        verb=$word
        break
        ;;
    esac
  done
  case $verb in
    '') words=')" + joined(verbs, " ")
                       + R"(' ;;
)";
  for (auto* verb : listed_verbs(app)) {
    auto words = argument_values(*verb);
    auto options = option_names(*verb);
    words.insert(words.end(), options.begin(), options.end());
    result += "    " + verb->get_name() + ") words='" + joined(words, " ")
              + "' ;;\n";
  }
  return result + "  esac\n  words+=' " + common + R"('
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o bashdefault -o default -F _zenws zenws)";
}

// -- zsh ----------------------------------------------------------------------

// Returns a text for _arguments, where brackets and colons have a meaning.
std::string zsh_text(std::string text) {
  for (auto* special : {"[", "]", ":"})
    text = CLI::detail::find_and_replace(text, special,
                                         '\\' + std::string{special});
  return text;
}

std::string zsh_option(const CLI::Option& option) {
  std::string value;
  if (takes_file(option))
    value = ":file:_files";
  else if (takes_value(option))
    value = ":value: ";
  std::string result;
  for (auto& name : names_of(option))
    result += "      "
              + quoted("*" + name + '[' + zsh_text(option.get_description())
                       + ']' + value)
              + " \\\n";
  return result;
}

std::string zsh_script(const CLI::App& app) {
  std::string common;
  for (auto* option : listed_options(app))
    common += zsh_option(*option);
  std::string result = R"(#compdef zenws
# Completion of zenws for zsh.
_zenws() {
  local curcontext="$curcontext" state line
  local -a verbs
  verbs=(
)";
  for (auto* verb : listed_verbs(app))
    result
      += "    "
         + quoted(verb->get_name() + ':' + zsh_text(verb->get_description()))
         + '\n';
  result += "  )\n  _arguments -C \\\n" + common
            + "      '1:verb:->verb' '*::argument:->argument'\n"
              "  if [[ $state == verb ]]; then\n"
              "    _describe verb verbs\n    return\n  fi\n"
              "  case $line[1] in\n";
  for (auto* verb : listed_verbs(app)) {
    result += "    " + verb->get_name() + ")\n      _arguments \\\n";
    for (auto* option : listed_options(*verb))
      result += zsh_option(*option);
    auto values = argument_values(*verb);
    result += values.empty() ? "      '*:argument:_files'\n"
                             : "      '1:argument:(" + joined(values, " ")
                                 + ")' '*:argument: '\n";
    result += "      ;;\n";
  }
  return result + "  esac\n}\n_zenws \"$@\"";
}

// -- fish ---------------------------------------------------------------------

std::string fish_option(const CLI::Option& option, const std::string& prefix) {
  auto result = prefix;
  for (auto& name : option.get_snames())
    result += " -s " + name;
  for (auto& name : option.get_lnames())
    result += " -l " + name;
  if (takes_value(option))
    result += takes_file(option) ? " -r -F" : " -x";
  return result + " -d " + quoted(option.get_description()) + '\n';
}

std::string fish_script(const CLI::App& app) {
  std::string result = "# Completion of zenws for fish.\n";
  for (auto* option : listed_options(app))
    result += fish_option(*option, "complete -c zenws");
  for (auto* verb : listed_verbs(app))
    result += "complete -c zenws -f -n __fish_use_subcommand -a "
              + verb->get_name() + " -d " + quoted(verb->get_description())
              + '\n';
  for (auto* verb : listed_verbs(app)) {
    auto prefix = "complete -c zenws -n '__fish_seen_subcommand_from "
                  + verb->get_name() + '\'';
    for (auto* option : listed_options(*verb))
      result += fish_option(*option, prefix);
    if (auto values = argument_values(*verb); !values.empty())
      result += prefix + " -f -a " + quoted(joined(values, " ")) + '\n';
  }
  result.pop_back();
  return result;
}

int print_completions(const CLI::App& app, const std::string& shell) {
  if (shell == "bash")
    print_line(bash_script(app));
  else if (shell == "zsh")
    print_line(zsh_script(app));
  else
    print_line(fish_script(app));
  return exit_success;
}

} // namespace

verb_action declare_completions(CLI::App& app) {
  auto shell = std::make_shared<std::string>();
  auto* verb = app.add_subcommand(
    "completions", "Print a script by which a shell completes command lines");
  verb->add_option("SHELL", *shell, "bash, zsh or fish")
    ->required()
    ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  verb->group("");
  add_examples(*verb, {{"in this shell", "source <(zenws completions bash)"}});
  return [shell, &app](const common_options&) {
    return print_completions(app, *shell);
  };
}

} // namespace zenws::tool
