// SPDX-License-Identifier: BSD-3-Clause

#include "program/command_line.hpp"

#include "program/exit_code.hpp"
#include "program/suggestion.hpp"

#include "zenws/version.hpp"

#include <CLI/CLI.hpp>
#include <boost/version.hpp>
#include <openssl/crypto.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string_view>
#include <utility>

namespace zenws {

namespace {

// -- mistakes -----------------------------------------------------------------

// Adds the names of options and subcommands, as they are written.
void add_names(const CLI::App& app, std::vector<std::string>& out) {
  for (auto* option : app.get_options())
    for (auto& name : option->get_lnames())
      out.push_back("--" + name);
  for (auto* command : app.get_subcommands({})) {
    out.push_back(command->get_name());
    if (command->parsed())
      add_names(*command, out);
  }
}

// Returns the mistake that a parser has found, with a suggestion.
std::string describe(const CLI::App& app, const CLI::Error& mistake) {
  auto unknown = app.remaining(true);
  if (unknown.empty())
    return mistake.what();
  std::vector<std::string> names;
  add_names(app, names);
  auto word = unknown.front().substr(0, unknown.front().find('='));
  return word + " is not known"
         + suggestion(word, std::vector<std::string_view>{names.begin(),
                                                          names.end()});
}

std::string failure_text(const CLI::App* app, const CLI::Error& mistake) {
  return app->get_name() + ": " + describe(*app, mistake) + "\nWhat to do: see "
         + app->get_name() + " --help\n";
}

// -- versions -----------------------------------------------------------------

std::string boost_version() {
  std::string result = BOOST_LIB_VERSION;
  std::ranges::replace(result, '_', '.');
  return result;
}

// -- choices ------------------------------------------------------------------

// Adds an option whose values are the names of enumerators.
template <class Enum>
void add_choice(CLI::App& app, const char* name, std::optional<Enum>& out,
                std::initializer_list<Enum> values, const char* meaning) {
  std::vector<Enum> choices{values};
  std::vector<std::string_view> names;
  std::string all;
  for (auto x : choices) {
    names.push_back(to_string(x));
    all += (all.empty() ? "" : "|") + std::string{names.back()};
  }
  auto find = [names](const std::string& text) {
    return static_cast<size_t>(std::ranges::find(names, text) - names.begin());
  };
  auto check = [=](const std::string& text) {
    return find(text) < names.size()
             ? std::string{}
             : "must be one of " + all + suggestion(text, names);
  };
  app
    .add_option_function<std::string>(
      name, [=, &out](const std::string& x) { out = choices[find(x)]; },
      meaning)
    ->check(CLI::Validator{check, all});
}

} // namespace

std::string version_text(const program_info& info) {
  auto result = info.name + ' ' + std::string{version};
  for (auto& x : info.libraries)
    result += '\n' + x;
  return result + "\nBoost " + boost_version() + "\nOpenSSL "
         + OpenSSL_version(OPENSSL_VERSION_STRING);
}

// -- constructors, destructors, and assignment operators ----------------------

command_line::command_line(const program_info& info)
  : app_(info.purpose, info.name) {
  app_.formatter(std::make_shared<help_format>());
  add_examples(app_, info.examples);
  app_.set_version_flag("--version", version_text(info),
                        "print versions and exit");
  app_.failure_message(failure_text);
}

// -- declaring ----------------------------------------------------------------

void command_line::add_output_options() {
  auto* quiet = app_.add_flag("-q,--quiet", quiet_,
                              "print results and errors only");
  app_.add_flag("-v,--verbose", verbose_, "print all that happens")
    ->excludes(quiet);
  auto& log = output_.log;
  add_choice(app_, "--log-level", log.level,
             {log_level::info, log_level::warning, log_level::error},
             "lowest level that is logged");
  add_choice(app_, "--log-format", log.format,
             {log_format::automatic, log_format::text, log_format::json,
              log_format::journal},
             "automatic: journal under systemd, text elsewhere");
  app_.add_option("--log-file", log.file,
                  "file for the log, instead of the standard error stream");
}

// -- parsing ------------------------------------------------------------------

std::optional<int> command_line::parse(int argc, const char* const* argv) {
  try {
    app_.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app_.exit(e) == 0 ? exit_success : exit_usage;
  }
  if (quiet_) {
    output_.level = verbosity::quiet;
    output_.log.level = output_.log.level.value_or(log_level::error);
  }
  if (verbose_) {
    output_.level = verbosity::verbose;
    output_.log.everything = true;
  }
  return std::nullopt;
}

} // namespace zenws
