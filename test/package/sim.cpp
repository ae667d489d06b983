// SPDX-License-Identifier: BSD-3-Clause

// Uses the simulator alone.

#include "zenws/sim/server.hpp"

#include <cstdlib>
#include <iostream>

int main() {
  zenws::sim::server exchange;
  if (auto problem = exchange.start()) {
    std::cerr << "*** the simulator does not listen: " << *problem << '\n';
    return EXIT_FAILURE;
  }
  std::cout << "port " << exchange.port() << '\n';
}
