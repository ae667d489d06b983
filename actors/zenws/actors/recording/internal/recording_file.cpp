// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/recording/internal/recording_file.hpp"

#include "zenws/recording/recording_reader.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace zenws {

namespace {

std::string numbered(const std::string& path, uint32_t number) {
  return number == 0 ? path : path + '.' + std::to_string(number);
}

// Returns the number of bytes of `lines` to write so that a file of `size`
// bytes does not pass `limit`: whole lines, at least one if the file is empty.
size_t fitting(std::string_view lines, uint64_t size, uint64_t limit) {
  auto room = limit > size ? limit - size : 0;
  if (lines.size() <= room)
    return lines.size();
  auto end = room > 0 ? lines.rfind('\n', static_cast<size_t>(room) - 1)
                      : std::string_view::npos;
  if (end == std::string_view::npos && size == 0)
    end = lines.find('\n');
  return end == std::string_view::npos ? 0 : end + 1;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

recording_file::recording_file(const recorder_options& options)
  : path_(options.path),
    compression_(options.compression),
    level_(options.compression_level),
    max_bytes_(options.max_bytes),
    max_files_(options.max_files) {
  // nop
}

recording_file::~recording_file() {
  close();
}

// -- writing ------------------------------------------------------------------

error recording_file::open() {
  if (fd_ >= 0 && !moved_away())
    return {};
  close();
  // Readable, too, to check how it begins and ends.
  fd_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  struct stat info;
  if (fd_ < 0 || ::fstat(fd_, &info) != 0)
    return failure("open");
  regular_ = S_ISREG(info.st_mode);
  size_ = regular_ ? static_cast<uint64_t>(info.st_size) : 0;
  index_ = recording_index{size_};
  if (!regular_)
    return {};
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    auto result = failure("lock");
    drop();
    return result;
  }
  return size_ > 0 ? go_on() : error{};
}

error recording_file::write(recording_block& block) {
  if (auto problem = open())
    return problem;
  return is_packed() ? write_packed(block) : write_lines(block);
}

void recording_file::close() noexcept {
  // A reader does without an index.
  if (fd_ >= 0 && regular_ && !index_.empty())
    (void) write_all(index_.write());
  drop();
}

void recording_file::drop() noexcept {
  if (fd_ >= 0)
    ::close(fd_);
  fd_ = -1;
  index_ = recording_index{};
}

// Checks whether the file was moved or removed.
bool recording_file::moved_away() const noexcept {
  struct stat ours;
  struct stat named;
  return ::fstat(fd_, &ours) != 0 || ::stat(path_.c_str(), &named) != 0
         || ours.st_dev != named.st_dev || ours.st_ino != named.st_ino;
}

error recording_file::go_on() {
  std::array<char, recording_reader::format_bytes> first;
  auto read = ::pread(fd_, first.data(), first.size(), 0);
  if (read < 0)
    return failure("read");
  auto beginning = std::string_view{first.data(), static_cast<size_t>(read)};
  if (recording_reader::is_compressed(beginning) != is_packed())
    return rotate();
  return is_packed() ? error{} : begin_line();
}

// Ends a line that was cut off.
error recording_file::begin_line() {
  char last = '\n';
  if (::pread(fd_, &last, 1, static_cast<off_t>(size_ - 1)) != 1)
    return failure("read");
  size_t written = 0;
  return last != '\n' ? write_bytes("\n", written) : error{};
}

error recording_file::write_lines(recording_block& block) {
  while (!block.empty()) {
    auto lines = block.lines();
    auto limit = regular_ ? max_bytes_ : UINT64_MAX;
    auto count = fitting(lines, size_, limit);
    if (count == 0) {
      if (auto problem = rotate())
        return problem;
      continue;
    }
    size_t written = 0;
    if (auto problem = write_bytes(lines.substr(0, count), written)) {
      // A line of which a part is written is written again, as a whole.
      auto end = written > 0 ? lines.rfind('\n', written - 1)
                             : std::string_view::npos;
      if (end != std::string_view::npos)
        block.remove_prefix(end + 1);
      drop();
      return problem;
    }
    block.remove_prefix(count);
  }
  return {};
}

error recording_file::write_packed(recording_block& block) {
  if (block.empty())
    return {};
  auto packed = pack(block, level_);
  if (!packed)
    return packed.error();
  auto needed = packed->size() + index_.bytes_with_another();
  if (regular_ && size_ > 0 && size_ + needed > max_bytes_)
    if (auto problem = rotate())
      return problem;
  auto position = size_;
  if (auto problem = write_all(*packed)) {
    drop();
    return problem; // it is written again, as a whole
  }
  index_.add(position, block.span());
  block.remove_prefix(block.lines().size());
  return {};
}

error recording_file::rotate() {
  close();
  if (max_files_ < 2) {
    if (::unlink(path_.c_str()) != 0)
      return failure("remove");
    return open();
  }
  for (auto i = max_files_ - 1; i > 0; --i) {
    auto from = numbered(path_, i - 1);
    auto to = numbered(path_, i);
    if (std::rename(from.c_str(), to.c_str()) != 0 && errno != ENOENT)
      return failure("rename");
  }
  return open();
}

error recording_file::write_bytes(std::string_view bytes, size_t& written) {
  while (written < bytes.size()) {
    auto n = ::write(fd_, bytes.data() + written, bytes.size() - written);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return failure("write");
    written += static_cast<size_t>(n);
    size_ += static_cast<uint64_t>(n);
    written_ += static_cast<uint64_t>(n);
  }
  return {};
}

error recording_file::write_all(std::string_view bytes) {
  auto before = size_;
  size_t written = 0;
  auto result = write_bytes(bytes, written);
  if (result && regular_ && written > 0
      && ::ftruncate(fd_, static_cast<off_t>(before)) != 0)
    result.detail += " (readers will find a block that is cut off)";
  return result;
}

error recording_file::failure(std::string_view text) const {
  auto reason = std::error_code{errno, std::generic_category()}.message();
  return {ec::recording_failed,
          std::string{text} + ' ' + path_ + ": " + reason};
}

} // namespace zenws
