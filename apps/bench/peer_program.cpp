// SPDX-License-Identifier: BSD-3-Clause

#include "peer_program.hpp"

#include "flood_target.hpp"

#include "support/program.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace zenws::bench {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds end_patience{10};

constexpr std::chrono::minutes figure_patience{2};

bool has_module(const fs::path& interpreter, const char* option,
                const char* statement) {
  test_support::program trial{interpreter, {option, statement}};
  return trial.wait(end_patience) == EXIT_SUCCESS;
}

void add_script(std::vector<peer_program>& out, const char* interpreter,
                const char* option, const char* statement, const char* script,
                std::vector<std::string> more = {}) {
  auto program = fs::path{"/usr/bin"} / interpreter;
  std::error_code ignored;
  if (!fs::exists(program, ignored) || !has_module(program, option, statement))
    return;
  auto file = fs::path{ZENWS_PEER_SCRIPTS} / script;
  auto name = file.stem().string();
  more.insert(more.begin(), program.string());
  more.push_back(file.string());
  out.emplace_back(name.substr(0, name.rfind('_')), std::move(more));
}

} // namespace

sample peer_program::flood(const server_address& from, uint64_t count,
                           size_t size) const {
  auto target = flood_target(flood_order{count, size, flood_content::plain});
  auto figures = run("flood", from.url(target), from.ca_file, count, size, 2);
  return {{"messages", "1/s", figures[0]}, {"cpu", "us/message", figures[1]}};
}

sample peer_program::round_trips(const server_address& to, uint64_t count,
                                 size_t size) const {
  auto figures = run("rtt", to.url("/echo"), to.ca_file, count, size, 2);
  return {{"p50", "us", figures[0]}, {"p99", "us", figures[1]}};
}

double peer_program::idle_bytes(const server_address& to,
                                uint64_t count) const {
  return run("idle", to.url("/echo"), to.ca_file, count, 0, 1).front();
}

std::vector<double>
peer_program::run(const std::string& kind, const std::string& url,
                  const std::string& ca_file, uint64_t count, size_t size,
                  size_t n) const {
  std::vector<std::string> arguments{command_.begin() + 1, command_.end()};
  for (auto& x :
       {kind, url, ca_file, std::to_string(count), std::to_string(size)})
    arguments.push_back(x);
  test_support::program process{command_.front(), arguments};
  std::vector<double> result;
  std::istringstream line{process.read_line(figure_patience).value_or("")};
  for (double x; line >> x;)
    result.push_back(x);
  if (process.wait(end_patience) != EXIT_SUCCESS || result.size() != n)
    throw std::runtime_error{name_ + " failed at " + kind};
  return result;
}

std::vector<peer_program> find_peers() {
  std::vector<peer_program> result;
  std::error_code ignored;
  for (auto* name : {"libwebsockets", "websocketpp"}) {
    auto file = test_support::program_folder()
                / (std::string{"zenws-bench-"} + name);
    if (fs::exists(file, ignored))
      result.emplace_back(name, std::vector{file.string()});
  }
  add_script(result, "node", "-e", "require('/usr/share/nodejs/ws')",
             "node_ws_peer.mjs", {"--expose-gc"});
  add_script(result, "python3", "-c", "import websockets",
             "python_websockets_peer.py");
  return result;
}

} // namespace zenws::bench
