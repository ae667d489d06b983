// SPDX-License-Identifier: BSD-3-Clause

// Uses the simulator alone.

#include "zenws/sim/server.hpp"

#include <cstdlib>
#include <iostream>

int main() {
  zenws::sim::server exchange;
  if (exchange.port() == 0) {
    std::cerr << "*** the simulator does not listen\n";
    return EXIT_FAILURE;
  }
  std::cout << "port " << exchange.port() << '\n';
}
