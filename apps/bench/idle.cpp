// SPDX-License-Identifier: BSD-3-Clause

#include "cases.hpp"
#include "environment.hpp"
#include "idle_probe.hpp"

#include "support/program.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace zenws::bench {

namespace {

constexpr std::chrono::seconds end_patience{10};

// Leaves out cases that the limits do not allow, and reports them.
std::vector<size_t> possible_numbers(const options& opts, transport below) {
  auto max = raise_file_limit() - reserved_files;
  if (opts.clients.back() > max)
    std::fprintf(stderr,
                 "idle: only %zu clients: the limit of open files is %zu\n",
                 max, max + reserved_files);
  if (below == transport::tls)
    max = std::min(max, opts.max_tls_clients);
  std::vector<size_t> result;
  for (auto n : opts.clients)
    result.push_back(std::min(n, max));
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

std::string next_word_of(test_support::program& probe,
                         const std::string& label) {
  auto line = probe.read_line();
  if (!line || !line->starts_with(label + ' '))
    throw std::runtime_error{"the clients of the idle case failed"};
  return line->substr(label.size() + 1);
}

} // namespace

void run_idle(const options& opts, const server_process& server, report& out) {
  auto& where = server.address();
  auto numbers = possible_numbers(opts, where.below);
  auto name = to_string(where.below);
  // In a process of its own, whose memory has no history.
  test_support::program probe{test_support::this_program(),
                              probe_arguments(where, numbers)};
  for (auto n : numbers) {
    std::fprintf(stderr, "idle %s: %zu clients\n", name.c_str(), n);
    auto bytes = std::stod(next_word_of(probe, std::to_string(n)));
    out.add({"idle", name + '/' + std::to_string(n), "resident", bytes / 1024,
             "KiB/client"});
  }
  auto received = std::stoul(next_word_of(probe, "broadcast"));
  out.add({"idle", name + '/' + std::to_string(numbers.back()), "broadcast",
           static_cast<double>(received), "clients"});
  if (received != numbers.back())
    throw std::runtime_error{"a broadcast reached " + std::to_string(received)
                             + " of " + std::to_string(numbers.back())
                             + " clients"};
  if (probe.wait(end_patience) != EXIT_SUCCESS)
    throw std::runtime_error{"the clients of the idle case failed"};
}

} // namespace zenws::bench
