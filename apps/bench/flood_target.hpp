#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace zenws::bench {

/// Where `count` messages of `size` bytes come from. The server does not close
/// when it is through: whoever counts knows.
inline std::string flood_target(uint64_t count, size_t size) {
  return "/flood?count=" + std::to_string(count)
         + "&size=" + std::to_string(size) + "&close=no";
}

} // namespace zenws::bench
