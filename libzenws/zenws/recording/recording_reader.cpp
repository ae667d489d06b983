// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/recording_reader.hpp"

#include "zenws/recording/internal/block_format.hpp"

#include <utility>

namespace zenws {

std::string to_string(const recording_problem& problem) {
  std::string result;
  if (problem.block)
    result = "byte " + std::to_string(*problem.block);
  if (problem.line > 0)
    result += (result.empty() ? "line " : ", line ")
              + std::to_string(problem.line);
  return result + ": " + to_string(problem.reason);
}

static_assert(recording_reader::format_bytes == internal::frame_kind_bytes);

bool recording_reader::is_compressed(std::string_view beginning) noexcept {
  return internal::begins_blocks(beginning);
}

// -- reading ------------------------------------------------------------------

void recording_reader::feed(std::string_view bytes) {
  // Not for each piece: what is moved then would grow with the square.
  if (pos_ > buffer_.size() / 2) {
    buffer_.erase(0, pos_);
    searched_ -= std::min(pos_, searched_);
    pos_ = 0;
  }
  buffer_ += bytes;
}

std::optional<recorded_entry> recording_reader::next() {
  if (!find_format())
    return std::nullopt;
  return format_ == format::lines ? next_in_lines() : next_in_blocks();
}

bool recording_reader::find_format() {
  if (format_ == format::unknown
      && (finished_ || buffer_.size() >= format_bytes))
    format_ = is_compressed(buffer_) ? format::blocks : format::lines;
  return format_ != format::unknown;
}

void recording_reader::report(error problem) {
  ++corrupt_;
  if (problems_.size() < max_problems)
    problems_.push_back(at_last_entry(std::move(problem)));
}

recording_problem recording_reader::at_last_entry(error reason) const {
  if (format_ == format::blocks)
    return {block_line_, block_, std::move(reason)};
  return {lines_, std::nullopt, std::move(reason)};
}

// -- lines --------------------------------------------------------------------

std::optional<recorded_entry> recording_reader::next_in_lines() {
  for (;;) {
    auto end = buffer_.find('\n', searched_);
    if (end == std::string::npos)
      return read_rest();
    auto line = std::string_view{buffer_}.substr(pos_, end - pos_);
    pos_ = searched_ = end + 1;
    if (auto result = read(line))
      return result;
  }
}

std::optional<recorded_entry> recording_reader::read(std::string_view line) {
  ++lines_;
  if (std::exchange(overlong_, false)) {
    report({ec::invalid_data, "the line is too long"});
    return std::nullopt;
  }
  auto result = parse_line(line);
  if (!result) {
    report(result.error());
    return std::nullopt;
  }
  ++entries_;
  return std::move(*result);
}

// Reads the last line, which has no end (yet).
std::optional<recorded_entry> recording_reader::read_rest() {
  searched_ = buffer_.size();
  auto rest = std::string_view{buffer_}.substr(pos_);
  if (!finished_) {
    if (rest.size() > max_line_bytes || overlong_) {
      overlong_ = true;
      pos_ = searched_;
    }
    return std::nullopt;
  }
  auto is_line = !rest.empty() || std::exchange(overlong_, false);
  pos_ = searched_;
  if (!is_line)
    return std::nullopt;
  ++lines_;
  // Whole, but for the end of the line?
  auto result = parse_line(rest);
  torn_ = !result;
  if (!result)
    return std::nullopt;
  ++entries_;
  return std::move(*result);
}

// -- blocks -------------------------------------------------------------------

std::optional<recorded_entry> recording_reader::next_in_blocks() {
  do {
    while (plain_pos_ < plain_.size()) {
      auto end = std::min(plain_.find('\n', plain_pos_), plain_.size());
      auto line = std::string_view{plain_}.substr(plain_pos_, end - plain_pos_);
      plain_pos_ = end + 1;
      ++block_line_;
      if (auto result = read(line))
        return result;
    }
  } while (open_block());
  return std::nullopt;
}

bool recording_reader::open_block() {
  plain_.clear();
  plain_pos_ = 0;
  block_line_ = 0;
  while (plain_.empty())
    if (hole_ ? !skip_hole() : !read_frame())
      return false;
  return true;
}

bool recording_reader::read_frame() {
  auto rest = std::string_view{buffer_}.substr(pos_);
  if (rest.empty())
    return false;
  auto next = internal::read_frame(rest);
  if (auto* damage = std::get_if<internal::frame_damaged>(&next)) {
    begin_hole(std::move(damage->problem), false);
    return true;
  }
  if (auto* index = std::get_if<internal::index_frame>(&next)) {
    pass(index->bytes);
    return true;
  }
  auto* head = std::get_if<internal::block_head>(&next);
  if (head == nullptr || rest.size() < head->size()) {
    if (finished_)
      begin_hole("a block is cut off", true);
    return finished_;
  }
  auto packed = rest.substr(internal::block_head_bytes,
                            static_cast<size_t>(head->packed_bytes));
  auto lines = internal::unpack(*head, packed);
  if (!lines && lines.error().code != ec::not_supported) {
    begin_hole(lines.error().detail, false);
    return true;
  }
  block_ = offset_;
  pass(head->size());
  if (lines) {
    ++blocks_;
    plain_ = std::move(*lines);
  } else {
    report(lines.error());
  }
  return true;
}

void recording_reader::begin_hole(std::string reason, bool at_end) {
  hole_ = {offset_, std::move(reason), at_end};
  pass(1);
}

// Looks for the next block. Returns whether there is one.
bool recording_reader::skip_hole() {
  auto found = internal::find_block(buffer_, pos_);
  auto is_found = found != std::string::npos;
  auto kept = internal::block_head_bytes - 1;
  auto end = is_found                       ? found
             : finished_                    ? buffer_.size()
             : buffer_.size() > pos_ + kept ? buffer_.size() - kept
                                            : pos_;
  pass(end - pos_);
  if (!is_found && !finished_)
    return false;
  block_ = hole_->position;
  auto size = std::to_string(offset_ - hole_->position);
  if (!is_found && hole_->at_end)
    torn_ = true;
  else
    report({ec::invalid_data, hole_->reason + "; " + size
                                + " bytes are left "
                                  "out"});
  hole_.reset();
  return is_found;
}

} // namespace zenws
