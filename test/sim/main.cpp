// Holds main() of all suites of the simulator.

#include "caf/test/unit_test_impl.hpp"
