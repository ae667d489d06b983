// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>

namespace zenws::internal {

/// Returns a seed for a generator of jitter, another one each time. Nothing
/// that must not be guessed may depend on it. May be called from any thread.
///
/// A `std::random_device` for each would cost some 25 us on a virtual machine,
/// where asking the processor for its features is slow: half of the restart of
/// a client.
uint64_t random_seed() noexcept;

} // namespace zenws::internal
