// SPDX-License-Identifier: BSD-3-Clause

// zenws restart, stop, renew and kill: steer a running program.

#include "../json_line.hpp"
#include "../monitor_client.hpp"
#include "../monitor_state.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace zenws::tool {

namespace {

struct action_options {
  monitor_options monitor;

  /// Of the verb, as the monitor has it.
  std::string action;

  std::string client;
  std::vector<std::string> desks;
  std::vector<std::string> channels;
  std::string reason;
  bool resume = false;
};

// Performs one action and prints its result. Returns the exit code.
int act(const monitor_client& monitor, const boost::json::object& action,
        const common_options& common) {
  auto answer = monitor.act(action);
  if (!answer)
    return failure(answer.error());
  if (common.json)
    print_json(answer->get_object());
  else
    print_line(text_in(*answer, "result"));
  return exit_success;
}

int act_on_client(const action_options& options, const common_options& common) {
  auto monitor = monitor_client::make(options.monitor);
  if (!monitor)
    return usage_problem(options.action, monitor.error());
  boost::json::object action{{"action", options.action},
                             {"client", options.client}};
  if (options.channels.empty())
    return act(*monitor, action, common);
  int result = exit_success;
  for (auto& channel : options.channels) {
    action["channel"] = channel;
    result = std::max(result, act(*monitor, action, common));
  }
  return result;
}

// Returns the desks of the program.
result<std::vector<std::string>> desks_of(const monitor_client& monitor) {
  auto state = monitor.get("/state.json");
  if (!state)
    return state.error();
  std::vector<std::string> result;
  for (auto& desk : array_in(*state, "desks"))
    result.push_back(text_in(desk, "name"));
  if (result.empty())
    return error{ec::not_found, "the program has no order desks"};
  return result;
}

// Throws the kill switch of as many desks as can be reached.
int kill(const action_options& options, const common_options& common) {
  auto monitor = monitor_client::make(options.monitor);
  if (!monitor)
    return usage_problem("kill", monitor.error());
  auto desks = options.desks;
  if (desks.empty()) {
    auto all = desks_of(*monitor);
    if (!all)
      return failure(all.error());
    desks = std::move(*all);
  }
  int result = exit_success;
  for (auto& desk : desks) {
    boost::json::object action{{"action", options.resume ? "resume" : "halt"},
                               {"desk", desk}};
    if (!options.reason.empty())
      action["reason"] = options.reason;
    result = std::max(result, act(*monitor, action, common));
  }
  return result;
}

// Declares a verb about one client.
std::pair<CLI::App*, std::shared_ptr<action_options>>
declare_client_verb(CLI::App& app, const char* name, const char* description) {
  auto options = std::make_shared<action_options>();
  options->action = name;
  auto* verb = app.add_subcommand(name, description);
  verb->add_option("CLIENT", options->client, "name of the client")->required();
  return {verb, options};
}

verb_action finish(CLI::App& verb, std::shared_ptr<action_options> options) {
  add_monitor_options(verb, options->monitor);
  return [options](const common_options& common) {
    return act_on_client(*options, common);
  };
}

} // namespace

verb_action declare_restart(CLI::App& app) {
  auto [verb, options] = declare_client_verb(
    app, "restart", "End a client of a running program and start it again");
  add_examples(*verb, {{"a client that was given up",
                        "zenws restart deribit --token-file token"}});
  return finish(*verb, options);
}

verb_action declare_stop(CLI::App& app) {
  auto [verb, options] = declare_client_verb(
    app, "stop", "End a client of a running program for good");
  add_examples(*verb, {{"a client", "zenws stop deribit --token-file token"}});
  return finish(*verb, options);
}

verb_action declare_renew(CLI::App& app) {
  auto [verb, options] = declare_client_verb(
    app, "renew", "Have the venue begin channels of a client anew");
  verb->add_option("CHANNEL", options->channels, "by default all");
  add_examples(
    *verb,
    {{"all channels of a client", "zenws renew deribit --token-file token"},
     {"one of them", "zenws renew deribit book.BTC-PERPETUAL.100ms"}});
  return finish(*verb, options);
}

verb_action declare_kill(CLI::App& app) {
  auto options = std::make_shared<action_options>();
  auto* verb = app.add_subcommand(
    "kill", "Throw the kill switch of order desks: all orders are canceled, "
            "others refused");
  verb->add_option("DESK", options->desks, "names of desks; by default all");
  verb->add_flag("--resume", options->resume, "reset the switch instead");
  verb->add_option("--reason", options->reason, "told in the program's events")
    ->option_text("TEXT");
  add_monitor_options(*verb, options->monitor);
  add_examples(*verb, {{"all desks of an engine",
                        "zenws kill --token-file token --reason 'fat finger'"},
                       {"and back", "zenws kill --resume --token-file token"}});
  return
    [options](const common_options& common) { return kill(*options, common); };
}

} // namespace zenws::tool
