// Holds main() of all core suites.

#include "caf/test/unit_test_impl.hpp"
