// SPDX-License-Identifier: BSD-3-Clause

// zenws: one tool for connections, venues, recordings and running programs.

#include "output.hpp"
#include "settings.hpp"
#include "verbs/verbs.hpp"

#include "program/help.hpp"
#include "program/suggestion.hpp"

#include "zenws/version.hpp"

#include <CLI/CLI.hpp>

#include <csignal>
#include <iostream>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace zenws::tool;
using zenws::add_examples;
using zenws::exit_usage;
using zenws::help_format;

using declare_verb = verb_action (*)(CLI::App&);

struct verb_group {
  const char* title;
  std::vector<declare_verb> verbs;
};

// The order is that of the help.
const std::vector<verb_group> groups{
  {"Connections and venues",
   {declare_connect, declare_subscribe, declare_call, declare_doctor}},
  {"Running programs",
   {declare_status, declare_tree, declare_top, declare_events, declare_restart,
    declare_stop, declare_renew, declare_kill}},
  {"Recordings",
   {declare_record, declare_replay, declare_inspect, declare_export}},
  {"Files", {declare_check}},
  {"About zenws",
   {declare_venues, declare_explain, declare_completions, declare_man}},
};

// Declares all verbs; returns what runs them.
std::map<const CLI::App*, verb_action> declare_verbs(CLI::App& app) {
  std::map<const CLI::App*, verb_action> result;
  for (auto& [title, verbs] : groups)
    for (auto declare : verbs) {
      auto action = declare(app);
      auto* verb = app.get_subcommands([](CLI::App*) { return true; }).back();
      verb->fallthrough();
      verb->set_help_flag("-h,--help", "print this help");
      if (!verb->get_group().empty())
        verb->group(title);
      result.emplace(verb, std::move(action));
    }
  return result;
}

void declare(CLI::App& app, common_options& out) {
  app.add_flag("--json", out.json, "print results as JSON, one object a line");
  app.add_flag("-q,--quiet", out.quiet, "print results and errors only");
  app.add_flag("-v,--verbose", out.verbose, "print what happens in between");
  app.set_help_flag("-h,--help", "print this help");
  app.set_version_flag("--version", "zenws " + std::string{zenws::version},
                       "print the version");
  app.formatter(std::make_shared<help_format>());
  app.require_subcommand(0, 1);
  add_examples(
    app,
    {{"talk to a WebSocket server", "zenws connect wss://example.org/ws"},
     {"watch trades", "zenws subscribe deribit trades.BTC-PERPETUAL.100ms"},
     {"find out why a connection fails", "zenws doctor wss://example.org/ws"}});
}

// Returns whether the help shows a verb.
bool is_listed(const CLI::App* verb) {
  return !verb->get_group().empty();
}

// Returns what the user probably meant by a word that is not understood.
std::string suggestion_for(const std::string& word, const CLI::App& app) {
  std::vector<std::string> names;
  auto chosen = app.get_subcommands();
  if (word.starts_with('-')) {
    std::vector<const CLI::App*> sources{&app};
    sources.insert(sources.end(), chosen.begin(), chosen.end());
    for (auto* source : sources)
      for (auto* option : source->get_options())
        for (auto& name : option->get_lnames())
          names.push_back("--" + name);
  } else if (chosen.empty()) {
    for (auto* verb : app.get_subcommands(is_listed))
      names.push_back(verb->get_name());
  }
  std::vector<std::string_view> views{names.begin(), names.end()};
  return zenws::suggestion(word, views);
}

// Prints why the command line cannot be understood, or what was asked for
// instead of a verb. Returns the exit code.
int print_parse_error(const CLI::App& app, const CLI::ParseError& e) {
  if (e.get_exit_code() == 0)
    return app.exit(e);
  auto unknown = app.remaining(true);
  auto verb = app.get_subcommands();
  auto help = "zenws " + (verb.empty() ? "" : verb.front()->get_name() + ' ')
              + "--help";
  auto extras = static_cast<int>(CLI::ExitCodes::ExtrasError);
  if (e.get_exit_code() != extras || unknown.empty())
    print_problem(e.what(), "see " + help);
  else if (verb.empty() && !unknown.front().starts_with('-'))
    print_problem("there is no verb \"" + unknown.front() + '"'
                    + suggestion_for(unknown.front(), app),
                  "see " + help);
  else
    print_problem("\"" + unknown.front() + "\" is not understood"
                    + suggestion_for(unknown.front(), app),
                  "see " + help);
  return exit_usage;
}

} // namespace

int main(int argc, char** argv) {
  // A reader of the result that has enough is told by the write.
  std::signal(SIGPIPE, SIG_IGN);
  CLI::App app{"Supervised WebSocket clients, from the command line.", "zenws"};
  common_options common;
  declare(app, common);
  auto actions = declare_verbs(app);
  add_settings(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return print_parse_error(app, e);
  }
  auto verbs = app.get_subcommands();
  if (verbs.empty()) {
    std::cerr << app.help();
    return exit_usage;
  }
  if (common.quiet)
    silence_notes();
  auto result = actions.at(verbs.front())(common);
  flush_lines();
  return result;
}
