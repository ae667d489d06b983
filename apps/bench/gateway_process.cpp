// SPDX-License-Identifier: BSD-3-Clause

#include "gateway_process.hpp"

#include "zenws/nodes/all.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace zenws::bench {

gateway_process::gateway_process(const std::string& policy)
  : process_(test_support::this_program(), {"--gateway", policy}) {
  auto line = process_.read_line();
  if (!line)
    throw std::runtime_error{"the gateway does not start"};
  port_ = static_cast<uint16_t>(std::stoul(*line));
}

double gateway_process::cpu_seconds() const {
  std::ifstream in{"/proc/" + std::to_string(process_.pid()) + "/stat"};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  // Fields 14 and 15; the second one is a name in parentheses.
  std::istringstream fields{text.substr(text.rfind(')') + 2)};
  std::string skipped;
  for (int i = 3; i < 14; ++i)
    fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

int run_gateway(int argc, char** argv) {
  if (argc != 1)
    return EXIT_FAILURE;
  system_config cfg;
  caf_compat::set_scheduler_policy(cfg, argv[0]);
  load_nodes(cfg);
  caf::actor_system sys{cfg};
  runtime rt{sys};
  auto gateway = gateway_server::start(rt, rt.supervise(),
                                       {.allow_backpressure = true});
  if (!gateway)
    throw std::runtime_error{caf_compat::to_text(gateway.error())};
  std::cout << (*gateway)->port() << std::endl;
  for (;;)
    pause();
}

} // namespace zenws::bench
