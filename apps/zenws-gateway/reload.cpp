// SPDX-License-Identifier: BSD-3-Clause

#include "reload.hpp"

#include "gateway_file/gateway_changes.hpp"

#include <iostream>
#include <set>
#include <sstream>
#include <utility>

namespace zenws {

namespace {

// Writes to the log what a reload does.
class reload_report {
public:
  explicit reload_report(caf::actor_system& sys) : system_(sys) {
    // nop
  }

  void add(log_level level, std::string text, std::string client = {}) {
    write_log(system_, {.level = level,
                        .component = "zenws.gateway.reload",
                        .client = std::move(client),
                        .text = std::move(text)});
  }

  // Logs each line of a text.
  void add_lines(log_level level, std::istream& text) {
    for (std::string line; std::getline(text, line);)
      add(level, line);
  }

private:
  caf::actor_system& system_;
};

// Reads the next file and has the log follow it.
std::optional<gateway_file> read_next(const gateway_arguments& arguments,
                                      reloadable& gateway,
                                      reload_report& report) {
  std::stringstream mistakes;
  auto result = read(arguments, mistakes);
  report.add_lines(log_level::error, mistakes);
  if (!result)
    return std::nullopt;
  // As a file that is being written is, for a moment.
  if (result->clients.empty() && !gateway.file.clients.empty()) {
    report.add(log_level::error, arguments.file
                                   + " has no clients any more; "
                                     "end the gateway to end all");
    return std::nullopt;
  }
  if (auto problem = gateway.log.change(result->log)) {
    report.add(log_level::error, problem.detail);
    return std::nullopt;
  }
  return result;
}

std::set<std::string> names_of(const std::vector<gateway_file::client>& from) {
  std::set<std::string> result;
  for (auto& x : from)
    result.insert(x.spec.name);
  return result;
}

void start(const gateway_file::client& client, std::string done,
           reloadable& gateway, gateway_file& next, reload_report& report) {
  auto& name = client.spec.name;
  auto problem = gateway.clients.start(client);
  if (!problem)
    return report.add(log_level::info, std::move(done), name);
  report.add(log_level::error,
             "cannot start " + name + ": " + caf_compat::to_text(problem),
             name);
  // The next reload tries again.
  std::erase_if(next.clients, [&](auto& x) { return x.spec.name == name; });
}

void perform(const gateway_changes& changes, reloadable& gateway,
             gateway_file& next, reload_report& report) {
  auto started = names_of(changes.starts);
  std::set<std::string> stopped{changes.stops.begin(), changes.stops.end()};
  for (auto& name : stopped) {
    gateway.clients.stop(name);
    if (!started.contains(name))
      report.add(log_level::info, "stopped " + name, name);
  }
  for (auto& x : changes.starts)
    start(x,
          (stopped.contains(x.spec.name) ? "changed " : "started ")
            + x.spec.name,
          gateway, next, report);
  for (auto& x : changes.channels) {
    gateway.clients.change_channels(x);
    report.add(log_level::info, "changed the channels of " + x.spec.name,
               x.spec.name);
  }
  for (auto& x : changes.refused)
    report.add(log_level::warning, x);
}

} // namespace

std::optional<gateway_file> read(const gateway_arguments& arguments,
                                 std::ostream& problems) {
  gateway_file result;
  auto reader = [&](config_section& root) { read_gateway_file(root, result); };
  if (!load_config(arguments.file, reader, problems))
    return std::nullopt;
  result.gateway.port = arguments.port.value_or(result.gateway.port);
  result.gateway.bind = arguments.bind.value_or(result.gateway.bind);
  result.log = std::move(result.log) | arguments.output.log;
  return result;
}

void reload(const gateway_arguments& arguments, reloadable gateway) {
  reload_report report{gateway.system};
  auto next = read_next(arguments, gateway, report);
  if (!next)
    return report.add(log_level::error, "nothing was changed");
  auto changes = compare(gateway.file, *next);
  perform(changes, gateway, *next, report);
  gateway.file = std::move(*next);
  report.add(log_level::info, "reloaded " + arguments.file);
}

} // namespace zenws
