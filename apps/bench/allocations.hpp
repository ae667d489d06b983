// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>

namespace zenws::bench {

/// Calls of malloc and its kin so far, in all threads of this process. Always
/// 0 where a sanitizer owns the heap.
uint64_t allocations() noexcept;

} // namespace zenws::bench
