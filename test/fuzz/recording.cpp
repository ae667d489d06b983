// SPDX-License-Identifier: BSD-3-Clause

// Files of recordings: lines, blocks, indexes and what is left of them. The
// first byte chooses how the file is cut, and whether it follows a whole block.

#include "zenws/recording/recording_block.hpp"
#include "zenws/recording/recording_index.hpp"
#include "zenws/recording/recording_reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

using namespace zenws;

namespace {

struct reading {
  uint64_t entries = 0;
  uint64_t corrupt = 0;
  bool torn = false;

  bool operator==(const reading&) const = default;
};

reading read(std::string_view file, size_t step) {
  recording_reader uut;
  for (; !file.empty(); file.remove_prefix(std::min(step, file.size()))) {
    uut.feed(file.substr(0, step));
    while (uut.next())
      ; // nop
  }
  uut.finish();
  while (uut.next())
    ; // nop
  return {uut.entries(), uut.corrupt(), uut.torn()};
}

std::string whole_block() {
  recording_block block;
  block.append({}, "x");
  return pack(block, 1).value();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0)
    return 0;
  std::string file{reinterpret_cast<const char*>(data) + 1, size - 1};
  if (data[0] % 2 == 1)
    file.insert(0, whole_block());
  auto at_once = read(file, SIZE_MAX);
  // How a file is cut changes nothing.
  if (read(file, 1 + data[0] / 2) != at_once)
    std::abort();
  // The whole block is always read.
  if (data[0] % 2 == 1 && at_once.entries == 0)
    std::abort();
  std::istringstream in{file};
  auto index = recording_index::load(in);
  for (auto& [begin, end] : index.find({}, file.size()))
    if (begin >= end || end > file.size())
      std::abort();
  return 0;
}
