// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/recording/internal/recording_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
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

std::vector<std::string> recording_files(const std::string& path) {
  std::vector<std::string> result;
  std::error_code ignored;
  for (uint32_t i = 0;; ++i) {
    auto name = numbered(path, i);
    if (std::filesystem::exists(name, ignored))
      result.push_back(std::move(name));
    else if (i > 0)
      break;
  }
  std::reverse(result.begin(), result.end());
  return result;
}

// -- constructors, destructors, and assignment operators ----------------------

recording_file::recording_file(const recorder_options& options)
  : path_(options.path),
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
  // Readable, too, to check its last byte.
  fd_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  struct stat info;
  if (fd_ < 0 || ::fstat(fd_, &info) != 0)
    return failure("open");
  regular_ = S_ISREG(info.st_mode);
  size_ = regular_ ? static_cast<uint64_t>(info.st_size) : 0;
  if (!regular_)
    return {};
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    auto result = failure("lock");
    close();
    return result;
  }
  return begin_line();
}

error recording_file::write(std::string& lines) {
  if (auto problem = open())
    return problem;
  while (!lines.empty()) {
    auto limit = regular_ ? max_bytes_ : UINT64_MAX;
    auto count = fitting(lines, size_, limit);
    if (count == 0) {
      if (auto problem = rotate())
        return problem;
      continue;
    }
    size_t written = 0;
    auto problem = write_bytes(std::string_view{lines}.substr(0, count),
                               written);
    if (problem) {
      // A line of which a part is written is written again, as a whole.
      auto end = written > 0 ? lines.rfind('\n', written - 1)
                             : std::string::npos;
      if (end != std::string::npos)
        lines.erase(0, end + 1);
      close();
      return problem;
    }
    lines.erase(0, count);
  }
  return {};
}

void recording_file::close() noexcept {
  if (fd_ >= 0)
    ::close(fd_);
  fd_ = -1;
}

// Checks whether the file was moved or removed.
bool recording_file::moved_away() const noexcept {
  struct stat ours;
  struct stat named;
  return ::fstat(fd_, &ours) != 0 || ::stat(path_.c_str(), &named) != 0
         || ours.st_dev != named.st_dev || ours.st_ino != named.st_ino;
}

// Ends a line that was cut off.
error recording_file::begin_line() {
  char last = '\n';
  if (size_ > 0 && ::pread(fd_, &last, 1, static_cast<off_t>(size_ - 1)) != 1)
    return failure("read");
  size_t written = 0;
  return last != '\n' ? write_bytes("\n", written) : error{};
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
  }
  return {};
}

error recording_file::failure(std::string_view text) const {
  auto reason = std::error_code{errno, std::generic_category()}.message();
  return {ec::recording_failed,
          std::string{text} + ' ' + path_ + ": " + reason};
}

} // namespace zenws
