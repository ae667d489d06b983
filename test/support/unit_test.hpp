// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Includes CAF's unit tests: `CAF_TEST`, `CAF_CHECK` and so on. A source
/// defines `CAF_SUITE` before it includes this header. Other versions of CAF
/// have another framework: only this file and actor_test.hpp include it.

#include "caf/test/unit_test.hpp"
