// SPDX-License-Identifier: BSD-3-Clause

// zenws status: the health of a running program, or of one of its clients.

#include "../json_line.hpp"
#include "../monitor_client.hpp"
#include "../monitor_state.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include <memory>
#include <string>

namespace zenws::tool {

namespace {

struct status_options {
  monitor_options monitor;
  std::string client;
  bool ready = false;
};

// Prints the answer to /readyz.
int print_readiness(const monitor_client& monitor,
                    const common_options& common) {
  auto answer = monitor.get_text("/readyz");
  if (!answer)
    return failure(answer.error());
  auto& [status, text] = *answer;
  auto is_ready = status == 200;
  while (text.ends_with('\n'))
    text.pop_back();
  if (common.json)
    print_json({{"ready", is_ready}, {"text", text}});
  else
    print_line(text);
  return is_ready ? exit_success : exit_failed;
}

void print_client(const boost::json::value& client) {
  client_table({client}).print();
  print_line("url: " + text_in(client, "url"));
  if (auto proxy = text_in(member_in(client, "status"), "proxy");
      !proxy.empty() && proxy != "none")
    print_line("proxy: " + proxy);
  print_line("supervisor: " + text_in(client, "supervisor"));
  auto& last = member_in(client, "last_error");
  if (auto code = text_in(last, "code"); !code.empty() && code != "none") {
    print_line("last error: " + code + ": " + text_in(last, "text"));
    print_line("  " + text_in(last, "cause"));
    print_line("  What to do: " + text_in(last, "remedy"));
  }
  for (auto& book : array_in(client, "books"))
    print_line("book " + text_in(book, "instrument") + ": "
               + (text_in(book, "valid") == "yes"
                    ? text_in(book, "bid") + " / " + text_in(book, "ask")
                    : "none, " + text_in(book, "why")));
  text_table channels{{"CHANNEL", "STATE", "LAST MESSAGE"}};
  auto& list = array_in(member_in(client, "status"), "channel_states");
  for (auto& channel : list) {
    auto age = number_in(channel, "last_message_ago_ms");
    channels.add({text_in(channel, "name"), text_in(channel, "state"),
                  age < 0 ? "never" : duration_text(age) + " ago"});
  }
  if (!list.empty())
    channels.print();
}

int show_status(const status_options& options, const common_options& common) {
  auto monitor = monitor_client::make(options.monitor);
  if (!monitor)
    return usage_problem("status", monitor.error());
  if (options.ready)
    return print_readiness(*monitor, common);
  auto answer = options.client.empty()
                  ? monitor->get("/state.json")
                  : monitor->get("/client.json", {{"name", options.client}});
  if (!answer)
    return failure(answer.error());
  if (common.json) {
    print_json(answer->get_object());
  } else if (!options.client.empty()) {
    print_client(*answer);
  } else {
    for (auto& line : state_lines(*answer))
      print_line(line);
  }
  return exit_success;
}

} // namespace

verb_action declare_status(CLI::App& app) {
  auto options = std::make_shared<status_options>();
  auto* verb = app.add_subcommand(
    "status", "Print how a running program is, or one of its clients");
  verb->add_option("CLIENT", options->client,
                   "name of a client; without, the program");
  verb->add_flag("--ready", options->ready,
                 "exit with 1 unless all required clients are ready");
  add_monitor_options(*verb, options->monitor);
  add_examples(
    *verb,
    {{"a gateway", "zenws status --address http://127.0.0.1:9600"},
     {"one of its clients, with ZENWS_ADDRESS set", "zenws status deribit"},
     {"for scripts", "zenws status --ready --quiet && start-trading"}});
  return [options](const common_options& common) {
    return show_status(*options, common);
  };
}

} // namespace zenws::tool
