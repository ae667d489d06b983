// SPDX-License-Identifier: BSD-3-Clause

// zenws: one tool for connections, venues, recordings and running programs.

#include "output.hpp"
#include "verbs/verbs.hpp"

#include "zenws/version.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <map>
#include <string>
#include <utility>

namespace {

using namespace zenws::tool;

using declare_verb = verb_action (*)(CLI::App&);

constexpr std::array declarations{
  declare_explain,
};

// Declares all verbs; returns what runs them, by their names.
std::map<const CLI::App*, verb_action> declare_verbs(CLI::App& app) {
  std::map<const CLI::App*, verb_action> result;
  for (auto declare : declarations) {
    auto action = declare(app);
    auto verb = app.get_subcommands([](auto*) { return true; }).back();
    result.emplace(verb, std::move(action));
  }
  return result;
}

void declare(CLI::App& app, common_options& out) {
  app.add_flag("--json", out.json, "print results as JSON, one object a line");
  app.add_flag("-q,--quiet", out.quiet, "print results and errors only");
  app.add_flag("-v,--verbose", out.verbose, "print what happens in between");
  app.set_version_flag("--version", "zenws " + std::string{zenws::version});
  app.require_subcommand(1);
  app.fallthrough();
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Supervised WebSocket clients from the command line", "zenws"};
  common_options common;
  declare(app, common);
  auto actions = declare_verbs(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? exit_ok : exit_usage;
  }
  return actions.at(app.get_subcommands().front())(common);
}
