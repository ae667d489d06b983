// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/recording_source.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <system_error>

namespace zenws {

namespace {

constexpr size_t chunk_bytes = 64 * 1024;

bool is_whole(const recording_range& range) noexcept {
  return !range.from && !range.to && !range.epoch;
}

} // namespace

std::vector<std::string> recording_files(const std::string& path) {
  std::vector<std::string> result;
  std::error_code ignored;
  for (uint32_t i = 0;; ++i) {
    auto name = i == 0 ? path : path + '.' + std::to_string(i);
    if (std::filesystem::exists(name, ignored))
      result.push_back(std::move(name));
    else if (i > 0)
      break;
  }
  std::reverse(result.begin(), result.end());
  return result;
}

// -- constructors, destructors, and assignment operators ----------------------

recording_source::recording_source(std::vector<std::string> files,
                                   recording_range range)
  : files_(std::move(files)), range_(range), chunk_(chunk_bytes) {
  open_next();
}

// -- progress -----------------------------------------------------------------

void recording_source::on_progress(progress_fun f) {
  progress_ = std::move(f);
  file_bytes_.clear();
  for (auto& file : files_) {
    std::error_code unknown;
    auto size = std::filesystem::file_size(file, unknown);
    file_bytes_.push_back(unknown ? 0 : size);
  }
}

void recording_source::tell_progress() {
  if (!progress_)
    return;
  auto current = file_bytes_.begin() + static_cast<ptrdiff_t>(next_file_) - 1;
  auto done = std::accumulate(file_bytes_.begin(), current, uint64_t{0});
  auto total = std::accumulate(current, file_bytes_.end(), done);
  // Nowhere at the end of a file.
  auto position = static_cast<std::streamoff>(in_.tellg());
  done += position < 0 ? *current : static_cast<uint64_t>(position);
  progress_(done, total);
}

// -- entries ------------------------------------------------------------------

const recorded_entry* recording_source::peek() {
  while (!head_ && is_open_) {
    head_ = reader_.next();
    if (head_ && !range_.includes(*head_))
      head_.reset();
    else if (!head_ && !read_more())
      open_next();
  }
  return head_ ? &*head_ : nullptr;
}

void recording_source::reject(const error& reason) {
  ++account_.corrupt;
  report(reader_.at_last_entry(reason));
}

// -- files --------------------------------------------------------------------

bool recording_source::open_next() {
  if (is_open_)
    close_stretch();
  while (!failure_) {
    if (open_stretch())
      return true;
    if (next_file_ == files_.size() || !open_file())
      return false;
  }
  return false;
}

bool recording_source::open_file() {
  in_.close();
  in_.clear();
  in_.open(files_[next_file_++], std::ios::binary);
  if (!in_) {
    fail();
    return false;
  }
  ++account_.files;
  reader_ = {};
  left_.reset();
  is_open_ = is_whole(range_) || !holds_blocks();
  if (is_open_)
    return true;
  auto index = recording_index::load(in_);
  in_.clear(in_.rdstate() & std::ios::badbit);
  in_.seekg(0, std::ios::end);
  auto size = static_cast<std::streamoff>(in_.tellg());
  if (in_.bad() || size < 0) {
    fail();
    return false;
  }
  stretches_ = index.find(range_, static_cast<uint64_t>(size));
  std::reverse(stretches_.begin(), stretches_.end());
  return true;
}

// Returns whether the file is compressed, from its beginning.
bool recording_source::holds_blocks() {
  std::string beginning(recording_reader::format_bytes, '\0');
  in_.read(beginning.data(), recording_reader::format_bytes);
  beginning.resize(static_cast<size_t>(in_.gcount()));
  in_.clear(in_.rdstate() & std::ios::badbit);
  in_.seekg(0);
  return recording_reader::is_compressed(beginning);
}

bool recording_source::open_stretch() {
  if (is_open_)
    return true;
  if (stretches_.empty())
    return false;
  auto [begin, end] = stretches_.back();
  stretches_.pop_back();
  in_.clear();
  in_.seekg(static_cast<std::streamoff>(begin));
  reader_ = recording_reader{begin};
  left_ = end - begin;
  is_open_ = true;
  return true;
}

bool recording_source::read_more() {
  if (in_.eof() || left_ == 0)
    return false;
  auto count = std::min<uint64_t>(left_.value_or(UINT64_MAX), chunk_.size());
  in_.read(chunk_.data(), static_cast<std::streamsize>(count));
  if (in_.bad()) {
    fail();
    return false;
  }
  auto read = static_cast<uint64_t>(in_.gcount());
  reader_.feed({chunk_.data(), static_cast<size_t>(read)});
  if (left_)
    *left_ -= read;
  if (in_.eof() || left_ == 0)
    reader_.finish();
  tell_progress();
  return true;
}

void recording_source::close_stretch() {
  is_open_ = false;
  account_.entries += reader_.entries();
  account_.corrupt += reader_.corrupt();
  account_.torn = account_.torn || reader_.torn();
  for (auto& problem : reader_.problems())
    report(problem);
}

void recording_source::fail() {
  failure_ = {ec::recording_failed, "cannot read " + file_name()};
}

void recording_source::report(const recording_problem& problem) {
  if (account_.problems.size() < recording_reader::max_problems)
    account_.problems.push_back(file_name() + ": " + to_string(problem));
}

} // namespace zenws
