// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"

namespace zenws::test_support {

/// Tells a subscriber of a test that hoards batches to release them.
struct let_go {};

} // namespace zenws::test_support

ZENWS_LOCAL_MESSAGE(2990, zenws::test_support::let_go)
