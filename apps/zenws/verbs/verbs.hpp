// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <functional>

namespace CLI {
class App;
} // namespace CLI

/// @file
/// The verbs of the program, one source each.

namespace zenws::tool {

/// What all verbs have in common.
struct common_options {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
};

/// Runs a verb; returns the exit code.
using verb_action = std::function<int(const common_options&)>;

// Each declares a verb below the app; the result runs it.

verb_action declare_call(CLI::App& app);
verb_action declare_check(CLI::App& app);
verb_action declare_completions(CLI::App& app);
verb_action declare_connect(CLI::App& app);
verb_action declare_doctor(CLI::App& app);
verb_action declare_events(CLI::App& app);
verb_action declare_explain(CLI::App& app);
verb_action declare_export(CLI::App& app);
verb_action declare_inspect(CLI::App& app);
verb_action declare_kill(CLI::App& app);
verb_action declare_man(CLI::App& app);
verb_action declare_record(CLI::App& app);
verb_action declare_renew(CLI::App& app);
verb_action declare_replay(CLI::App& app);
verb_action declare_restart(CLI::App& app);
verb_action declare_status(CLI::App& app);
verb_action declare_stop(CLI::App& app);
verb_action declare_subscribe(CLI::App& app);
verb_action declare_top(CLI::App& app);
verb_action declare_tree(CLI::App& app);
verb_action declare_venues(CLI::App& app);

} // namespace zenws::tool
