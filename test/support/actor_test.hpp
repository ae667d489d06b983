// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Includes CAF's unit tests of actors: a scheduler and a clock that the test
/// controls. See unit_test.hpp.

#include "unit_test.hpp"

#include "caf/test/dsl.hpp"
