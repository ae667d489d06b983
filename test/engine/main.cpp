// Holds main() of all suites of the trading engine.

#include "caf/test/unit_test_impl.hpp"
