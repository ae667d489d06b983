// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <unistd.h>

/// @file
/// Servers of stores, as Debian has them: installed, or unpacked by `./dev`.

namespace zenws::test_support {

/// Until a server runs: several tests may run at once.
constexpr std::chrono::seconds server_patience{120};

/// Starts a server that prints to its standard output or error stream, as
/// "nobody" if the test runs as root.
inline program start_server_process(const std::string& command) {
  std::string prefix = "exec ";
  if (::geteuid() == 0)
    prefix += "setpriv --reuid=nobody --regid=nogroup --clear-groups "
              "--pdeathsig SIGKILL ";
  prefix += "env LD_LIBRARY_PATH=" ZENWS_SERVERS "/usr/lib/$(uname -m)"
            "-linux-gnu LC_ALL=C ";
  return program{"/bin/sh", {"-c", prefix + command + " 2>&1"}};
}

/// Returns whether a program can be run: all libraries that it needs are there,
/// and "nobody" may enter its folder.
inline bool is_runnable(const std::string& file) {
  return std::filesystem::exists(file)
         && start_server_process(file + " --version").wait(server_patience)
              == 0;
}

/// Returns a program of this machine, or of `build/servers`; nothing if there
/// is none that can be run.
inline std::optional<std::string> find_server(const std::string& folder,
                                              const std::string& name) {
  for (auto& root : {std::string{ZENWS_SERVERS}, std::string{}}) {
    auto file = root + folder + '/' + name;
    if (is_runnable(file))
      return file;
  }
  return std::nullopt;
}

/// Same for a program of the newest PostgreSQL.
inline std::optional<std::string> find_postgres(const std::string& name) {
  for (int version = 20; version >= 13; --version)
    if (auto file = find_server(
          "/usr/lib/postgresql/" + std::to_string(version) + "/bin", name))
      return file;
  return std::nullopt;
}

/// Makes a folder that such a server may write to.
inline void give_to_server(const std::filesystem::path& folder) {
  std::filesystem::permissions(folder, std::filesystem::perms::all);
}

/// Sends a signal to a process and its children.
inline void signal_tree(pid_t pid, int number) {
  std::ifstream list{"/proc/" + std::to_string(pid) + "/task/"
                     + std::to_string(pid) + "/children"};
  std::vector<pid_t> children;
  for (pid_t child; list >> child;)
    children.push_back(child);
  ::kill(pid, number);
  for (auto child : children)
    ::kill(child, number);
}

} // namespace zenws::test_support
