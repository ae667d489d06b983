// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/recording_index.hpp"

#include "zenws/recording/internal/block_format.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace zenws {

namespace {

constexpr size_t index_head_bytes = 32;

constexpr size_t stretch_bytes = 48;

constexpr size_t index_tail_bytes = 8;

constexpr uint64_t search_step = 256 * 1024;

// Reads up to so many bytes at a position.
std::string bytes_at(std::istream& file, uint64_t position, uint64_t count) {
  std::string result(static_cast<size_t>(count), '\0');
  file.clear(file.rdstate() & std::ios::badbit);
  file.seekg(static_cast<std::streamoff>(position));
  file.read(result.data(), static_cast<std::streamsize>(count));
  result.resize(static_cast<size_t>(file.gcount()));
  return result;
}

uint64_t file_size_of(std::istream& file) {
  file.clear(file.rdstate() & std::ios::badbit);
  file.seekg(0, std::ios::end);
  auto end = static_cast<std::streamoff>(file.tellg());
  return end > 0 ? static_cast<uint64_t>(end) : 0;
}

// -- written indexes ----------------------------------------------------------

struct written_index {
  uint64_t begin = 0;
  std::vector<recording_index::stretch> stretches;
};

// Reads an index that ends at a position.
std::optional<written_index> index_before(std::istream& file, uint64_t end) {
  if (end < index_head_bytes + index_tail_bytes)
    return std::nullopt;
  auto tail = bytes_at(file, end - index_tail_bytes, index_tail_bytes);
  if (tail.size() < index_tail_bytes)
    return std::nullopt;
  auto size = internal::get_number(tail, 0, 4);
  if (size > end || size < index_head_bytes + index_tail_bytes)
    return std::nullopt;
  auto bytes = bytes_at(file, end - size, size);
  auto frame = internal::read_frame(bytes);
  auto* index = std::get_if<internal::index_frame>(&frame);
  if (index == nullptr || index->bytes != size)
    return std::nullopt;
  written_index result{internal::get_number(bytes, 16, 8), {}};
  auto count = internal::get_number(bytes, 24, 8);
  if (internal::get_number(bytes, 12, 2) != internal::block_version
      || result.begin > end - size
      || count != (size - index_head_bytes - index_tail_bytes) / stretch_bytes)
    return std::nullopt;
  for (uint64_t i = 0; i < count; ++i) {
    auto pos = static_cast<size_t>(index_head_bytes + i * stretch_bytes);
    result.stretches.push_back({internal::get_number(bytes, pos, 8),
                                internal::get_span(bytes, pos + 8)});
  }
  return result;
}

// Reads the indexes of all runs of a recorder, the last one first. Nothing if
// one is missing.
std::optional<std::vector<written_index>> written_indexes(std::istream& file) {
  std::vector<written_index> result;
  for (auto end = file_size_of(file); end > 0; end = result.back().begin) {
    auto next = index_before(file, end);
    if (!next)
      return std::nullopt;
    result.push_back(std::move(*next));
  }
  return result;
}

// -- heads of blocks ----------------------------------------------------------

internal::frame frame_at(std::istream& file, uint64_t position) {
  auto bytes = bytes_at(file, position, internal::block_head_bytes);
  auto result = internal::read_frame(bytes);
  auto* more = std::get_if<internal::frame_incomplete>(&result);
  if (more == nullptr || bytes.size() < internal::block_head_bytes)
    return result;
  return internal::read_frame(bytes_at(file, position, more->needed));
}

// Returns the position of the next head at or behind `position`.
std::optional<uint64_t> block_from(std::istream& file, uint64_t position,
                                   uint64_t end) {
  constexpr uint64_t overlap = internal::block_head_bytes - 1;
  while (position < end) {
    auto bytes = bytes_at(file, position, search_step + overlap);
    if (auto found = internal::find_block(bytes, 0); found != std::string::npos)
      return position + found;
    position += search_step;
  }
  return std::nullopt;
}

void read_heads(std::istream& file, recording_index& to) {
  auto end = file_size_of(file);
  uint64_t proven = 0; // no head before it is missing
  for (uint64_t pos = 0; pos < end;) {
    auto frame = frame_at(file, pos);
    if (auto* head = std::get_if<internal::block_head>(&frame)) {
      to.add(pos, head->span);
      proven = pos + 1;
      pos += head->size();
    } else if (auto* index = std::get_if<internal::index_frame>(&frame)) {
      pos += index->bytes;
      proven = pos;
    } else {
      // A block that was cut off seems to reach into those behind it.
      pos = block_from(file, proven, end).value_or(end);
    }
  }
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

recording_index recording_index::load(std::istream& file) {
  recording_index result;
  if (auto written = written_indexes(file)) {
    for (auto run = written->rbegin(); run != written->rend(); ++run)
      for (auto& x : run->stretches)
        result.add(x.begin, x.span);
  } else {
    read_heads(file, result);
  }
  return result;
}

// -- properties ---------------------------------------------------------------

std::vector<recording_index::byte_range>
recording_index::find(const recording_range& range, uint64_t file_size) const {
  std::vector<byte_range> result;
  for (size_t i = 0; i < stretches_.size(); ++i) {
    auto begin = stretches_[i].begin;
    auto is_last = i + 1 == stretches_.size();
    auto end = is_last ? file_size : stretches_[i + 1].begin;
    if (begin >= end || !range.may_include(stretches_[i].span))
      continue;
    if (!result.empty() && result.back().second == begin)
      result.back().second = end;
    else
      result.emplace_back(begin, end);
  }
  return result;
}

uint64_t recording_index::bytes_of(size_t stretches) noexcept {
  return index_head_bytes + stretch_bytes * stretches + index_tail_bytes;
}

// -- modifiers ----------------------------------------------------------------

void recording_index::add(uint64_t position, const recorded_span& span) {
  if (!stretches_.empty() && blocks_in_last_ < blocks_per_stretch_) {
    stretches_.back().span.add(span);
    ++blocks_in_last_;
    return;
  }
  if (stretches_.size() == max_stretches) {
    for (size_t i = 0; i < max_stretches / 2; ++i) {
      stretches_[i] = stretches_[2 * i];
      stretches_[i].span.add(stretches_[2 * i + 1].span);
    }
    stretches_.resize(max_stretches / 2);
    blocks_per_stretch_ *= 2;
  }
  stretches_.push_back({position, span});
  blocks_in_last_ = 1;
}

// -- writing ------------------------------------------------------------------

std::string recording_index::write() const {
  std::string result;
  internal::put_frame_kind(result, "ZWSI", bytes() - 8);
  internal::put_number(result, internal::block_version, 2);
  internal::put_number(result, 0, 2);
  internal::put_number(result, begin_, 8);
  internal::put_number(result, stretches_.size(), 8);
  for (auto& x : stretches_) {
    internal::put_number(result, x.begin, 8);
    internal::put_span(result, x.span);
  }
  internal::put_number(result, bytes(), 4);
  internal::put_number(result, internal::crc_of(result), 4);
  return result;
}

} // namespace zenws
