// SPDX-License-Identifier: BSD-3-Clause

// zenws tree: the supervision tree of a running program.

#include "../json_line.hpp"
#include "../monitor_client.hpp"
#include "../monitor_state.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include "zenws/actors/messages/supervision_messages.hpp"

#include <memory>
#include <string>

namespace zenws::tool {

namespace {

tree_node node_of(const boost::json::value& from) {
  tree_node result{.name = text_in(from, "name"),
                   .state = text_in(from, "state")};
  auto kind = text_in(from, "kind");
  for (auto x : {child_kind::supervisor, child_kind::client})
    if (to_string(x) == kind)
      result.kind = x;
  if (auto* details = member_in(from, "details").if_object())
    for (auto& [name, value] : *details)
      result.details.push_back({printable(name), text_in(*details, name)});
  for (auto& child : array_in(from, "children"))
    result.children.push_back(node_of(child));
  return result;
}

int show_tree(const monitor_options& options, const common_options& common) {
  auto monitor = monitor_client::make(options);
  if (!monitor)
    return usage_problem("tree", monitor.error());
  auto tree = monitor->get("/tree.json");
  if (!tree)
    return failure(tree.error());
  if (common.json) {
    print_json(tree->get_object());
    return exit_success;
  }
  auto text = to_text(node_of(*tree));
  if (text.ends_with('\n'))
    text.pop_back();
  print_line(text);
  return exit_success;
}

} // namespace

verb_action declare_tree(CLI::App& app) {
  auto options = std::make_shared<monitor_options>();
  auto* verb = app.add_subcommand(
    "tree", "Print the supervision tree of a running program");
  add_monitor_options(*verb, *options);
  add_examples(*verb, {{"the tree of a gateway",
                        "zenws tree --address http://127.0.0.1:9600"}});
  return [options](const common_options& common) {
    return show_tree(*options, common);
  };
}

} // namespace zenws::tool
