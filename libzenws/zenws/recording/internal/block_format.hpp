// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/recording/recording_range.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// @file
/// Bytes of a compressed recording, version 1. Numbers are little-endian; docs/
/// decisions/0047 tells the reasons.
///
/// A file is a sequence of frames of the zstd format (RFC 8878). Each block is
/// a skippable frame, its head, and the frame with its lines. An index is a
/// skippable frame: that of the blocks between its `begin` and itself.
///
/// | head | | | index | |
/// |---|---|---|---|---|
/// | 0 | magic 0x184D2A57 | | 0 | magic 0x184D2A57 |
/// | 4 | 68, bytes that follow | | 4 | bytes that follow |
/// | 8 | "ZWSB" | | 8 | "ZWSI" |
/// | 12 | version (2 bytes), 0 (2) | | 12 | version (2), 0 (2) |
/// | 16 | earliest, µs since 1970 (8) | | 16 | begin, a position (8) |
/// | 24 | latest (8) | | 24 | number of stretches (8) |
/// | 32 | lowest epoch (8) | | 32 | stretches: position (8), earliest, |
/// | 40 | highest epoch (8) | | | latest, lowest epoch, highest epoch, |
/// | 48 | entries (8) | | | entries |
/// | 56 | bytes of the lines (8) | | | … |
/// | 64 | bytes of their frame (8) | | end-8 | bytes of the whole frame (4) |
/// | 72 | CRC-32 of all before (4) | | end-4 | CRC-32 of all before (4) |
namespace zenws::internal {

constexpr uint16_t block_version = 1;

constexpr size_t block_head_bytes = 76;

/// Bytes from which the kind of a frame shows.
constexpr size_t frame_kind_bytes = 12;

/// A larger block is none.
constexpr uint64_t max_block_bytes = uint64_t{1} << 30;

/// Head of a block.
struct block_head {
  recorded_span span{};
  uint64_t line_bytes = 0;
  uint64_t packed_bytes = 0;

  /// Bytes in the file.
  uint64_t size() const noexcept {
    return block_head_bytes + packed_bytes;
  }
};

/// An index that a reader passes by.
struct index_frame {
  uint64_t bytes = 0;
};

/// More bytes are needed: so many in total.
struct frame_incomplete {
  uint64_t needed = 0;
};

/// Not a frame of a recording.
struct frame_damaged {
  std::string problem{};
};

using frame
  = std::variant<block_head, index_frame, frame_incomplete, frame_damaged>;

/// Returns whether a file that begins like this holds blocks, even if a part of
/// these bytes is damaged. The first `frame_kind_bytes` tell.
bool begins_blocks(std::string_view bytes) noexcept;

/// Reads a frame up to its payload: that of a block, all of an index.
frame read_frame(std::string_view bytes);

/// Returns the position of the first head of a block at or behind `from`, npos
/// if there is none. One that is cut off by the end does not count.
size_t find_block(std::string_view bytes, size_t from);

/// Returns the bytes of a head.
std::string write_head(const block_head& head);

/// Returns the lines of a block.
/// @param packed the bytes behind its head.
/// @returns `ec::invalid_data` if they are damaged, `ec::not_supported` if
///          zenws was built without zstd.
result<std::string> unpack(const block_head& head, std::string_view packed);

// -- numbers ------------------------------------------------------------------

void put_number(std::string& out, uint64_t value, size_t bytes);

/// @pre `pos + bytes <= in.size()`
uint64_t get_number(std::string_view in, size_t pos, size_t bytes) noexcept;

void put_span(std::string& out, const recorded_span& span);

recorded_span get_span(std::string_view in, size_t pos) noexcept;

/// Appends the beginning of a skippable frame.
void put_frame_kind(std::string& out, std::string_view kind, uint64_t follow);

uint32_t crc_of(std::string_view bytes) noexcept;

} // namespace zenws::internal
