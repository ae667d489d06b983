// SPDX-License-Identifier: BSD-3-Clause

// Uses the core alone, with all that it is linked to.

#include "zenws/trading/order_journal.hpp"
#include "zenws/venue/dialect.hpp"
#include "zenws/version.hpp"

#include <cstdlib>
#include <iostream>

int main() {
  if (zenws::make_dialect("deribit") == nullptr) {
    std::cerr << "*** there is no dialect for Deribit\n";
    return EXIT_FAILURE;
  }
  std::cout << "zenws " << zenws::version << '\n';
}
