// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>

namespace zenws::market {

/// A moment by the clock of the venue; the epoch if the venue did not tell.
using venue_time = std::chrono::sys_time<std::chrono::microseconds>;

} // namespace zenws::market
