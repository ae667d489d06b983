// The one translation unit that contains CAF's test runner and its main.

#include "caf/test/unit_test_impl.hpp"
