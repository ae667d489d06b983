// SPDX-License-Identifier: BSD-3-Clause

// Frames as they lie in memory.

#include "zenws/connection/internal/frame_walk.hpp"
#include "zenws/delivery/slab.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace zenws;
  size = std::min(size, slab_pool::read_size);
  auto slab = slab_pool::make_unpooled(size + 1, 64);
  std::memcpy(slab->data(), data, size);
  auto [reason, used] = internal::walk_frames(slab->data(), size, 1000, *slab);
  if (used > size)
    std::abort();
  for (auto& x : *slab)
    if (x.data < slab->data() || x.data + x.size > slab->data() + size)
      std::abort();
  return 0;
}
