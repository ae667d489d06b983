// SPDX-License-Identifier: BSD-3-Clause

#include "allocations.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdlib>

namespace zenws::bench {

namespace {

// One line of the cache for each thread: counting must not make threads that
// allocate wait for each other. Some share a line if there are very many.
struct alignas(64) counter {
  std::atomic<uint64_t> value{0};
};

constexpr size_t num_counters = 64;

constinit counter counters[num_counters];
constinit std::atomic<size_t> threads{0};
constinit thread_local counter* mine = nullptr;

[[maybe_unused]] void count_one() noexcept {
  if (mine == nullptr)
    mine = counters + threads.fetch_add(1) % num_counters;
  mine->value.fetch_add(1, std::memory_order_relaxed);
}

} // namespace

uint64_t allocations() noexcept {
  uint64_t result = 0;
  for (auto& x : counters)
    result += x.value.load(std::memory_order_relaxed);
  return result;
}

} // namespace zenws::bench

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

// -- the allocator of glibc, counted ------------------------------------------

// Operator new ends up here as well.

extern "C" {

// NOLINTBEGIN(bugprone-reserved-identifier): the names are glibc's
void* __libc_malloc(size_t);
void* __libc_calloc(size_t, size_t);
void* __libc_realloc(void*, size_t);
void* __libc_memalign(size_t, size_t);
// NOLINTEND(bugprone-reserved-identifier)

void* malloc(size_t size) {
  zenws::bench::count_one();
  return __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  zenws::bench::count_one();
  return __libc_calloc(count, size);
}

void* realloc(void* ptr, size_t size) {
  zenws::bench::count_one();
  return __libc_realloc(ptr, size);
}

void* memalign(size_t alignment, size_t size) {
  zenws::bench::count_one();
  return __libc_memalign(alignment, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
  return memalign(alignment, size);
}

int posix_memalign(void** out, size_t alignment, size_t size) {
  auto* ptr = memalign(alignment, size);
  if (ptr == nullptr)
    return ENOMEM;
  *out = ptr;
  return 0;
}

} // extern "C"

#endif
