// SPDX-License-Identifier: BSD-3-Clause

// All that touches zstd.

#include "zenws/recording/internal/block_format.hpp"
#include "zenws/recording/recording_block.hpp"

#ifdef ZENWS_HAS_ZSTD
#  include <memory>
#  include <zstd.h>
#endif

namespace zenws {

#ifdef ZENWS_HAS_ZSTD

namespace {

// At its best, zstd makes 4 bytes of 128 KiB.
constexpr uint64_t max_ratio = 32 * 1024;

error damaged_block(std::string_view problem) {
  return {ec::invalid_data, "a block " + std::string{problem}};
}

} // namespace

recording_compression best_compression() noexcept {
  return recording_compression::zstd;
}

// A compressor is made for each block: at 100 blocks a second that costs
// nothing, and recorders that wait keep no memory.
result<std::string> pack(const recording_block& block, int level) {
  std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx*)> zstd{ZSTD_createCCtx(),
                                                          ZSTD_freeCCtx};
  auto lines = block.lines();
  std::string packed(ZSTD_compressBound(lines.size()), '\0');
  auto size = ZSTD_CCtx_setParameter(zstd.get(), ZSTD_c_checksumFlag, 1);
  if (!ZSTD_isError(size))
    size = ZSTD_CCtx_setParameter(zstd.get(), ZSTD_c_compressionLevel, level);
  if (!ZSTD_isError(size))
    size = ZSTD_compress2(zstd.get(), packed.data(), packed.size(),
                          lines.data(), lines.size());
  if (ZSTD_isError(size))
    return error{ec::recording_failed,
                 std::string{"zstd: "} + ZSTD_getErrorName(size)};
  packed.resize(size);
  return internal::write_head({block.span(), lines.size(), size}) + packed;
}

result<std::string> internal::unpack(const block_head& head,
                                     std::string_view packed) {
  // Before there is memory for it.
  if (ZSTD_getFrameContentSize(packed.data(), packed.size()) != head.line_bytes
      || head.line_bytes / max_ratio > packed.size())
    return damaged_block("has another size than its head says");
  std::string result(static_cast<size_t>(head.line_bytes), '\0');
  auto size = ZSTD_decompress(result.data(), result.size(), packed.data(),
                              packed.size());
  if (ZSTD_isError(size))
    return damaged_block(std::string{"cannot be decompressed: "}
                         + ZSTD_getErrorName(size));
  if (size != result.size())
    return damaged_block("has another size than its head says");
  return result;
}

#else

namespace {

error without_zstd() {
  return {ec::not_supported,
          "this build of zenws has no zstd, for compressed recordings"};
}

} // namespace

recording_compression best_compression() noexcept {
  return recording_compression::none;
}

result<std::string> pack(const recording_block&, int) {
  return without_zstd();
}

result<std::string> internal::unpack(const block_head&, std::string_view) {
  return without_zstd();
}

#endif

} // namespace zenws
