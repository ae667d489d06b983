// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/internal/order_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace zenws::internal {

namespace {

// Precedes the content of a record, in the byte order of the machine.
struct record_head {
  uint32_t size = 0;
  uint32_t checksum = 0;
  uint64_t number = 0;
};

uint32_t checksum_of(uint64_t number, std::string_view content) noexcept {
  auto result = crc32_z(0, reinterpret_cast<const Bytef*>(&number),
                        sizeof(number));
  return static_cast<uint32_t>(crc32_z(
    result, reinterpret_cast<const Bytef*>(content.data()), content.size()));
}

struct log_record {
  uint64_t number = 0;
  std::string_view content;
};

} // namespace

// -- log_image ----------------------------------------------------------------

void log_image::append(std::string& to, uint64_t number,
                       std::string_view content) {
  record_head head{static_cast<uint32_t>(content.size()),
                   checksum_of(number, content), number};
  to.append(reinterpret_cast<const char*>(&head), sizeof(head));
  to.append(content);
}

void log_image::for_each(
  std::string_view image,
  const std::function<void(uint64_t, std::string_view)>& f) {
  record_head head;
  while (image.size() >= sizeof(head)) {
    std::memcpy(&head, image.data(), sizeof(head));
    image.remove_prefix(sizeof(head));
    // A record is never empty: zeros are none.
    if (head.size == 0 || head.size > image.size())
      return;
    auto content = image.substr(0, head.size);
    if (checksum_of(head.number, content) != head.checksum)
      return;
    f(head.number, content);
    image.remove_prefix(head.size);
  }
}

// -- constructors, destructors, and assignment operators ----------------------

order_log::~order_log() {
  if (fd_ >= 0)
    ::close(fd_);
}

// -- properties ---------------------------------------------------------------

bool order_log::has_room_for(std::string_view content) const noexcept {
  return image_.size() + sizeof(record_head) + content.size() <= half_size;
}

// -- transitions --------------------------------------------------------------

error order_log::open(const std::string& path, durability what) {
  path_ = path;
  durability_ = what;
  constexpr mode_t readable = 0644; // as the database beside it
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, readable);
  if (fd_ < 0)
    return failure("cannot be opened");
  image_.reserve(half_size);
  return durability_ == durability::of_machine ? sync_folder() : error{};
}

error order_log::recover(uint64_t last, std::string& image) {
  std::string bytes(2 * half_size, '\0');
  size_t size = 0;
  while (size < bytes.size()) {
    auto n = ::pread(fd_, bytes.data() + size, bytes.size() - size,
                     static_cast<off_t>(size));
    if (n < 0 && errno != EINTR)
      return failure("cannot be read");
    if (n == 0)
      break;
    size += n > 0 ? static_cast<size_t>(n) : 0;
  }
  std::vector<log_record> records;
  auto keep = [&](uint64_t number, std::string_view content) {
    records.push_back({number, content});
  };
  for (auto half : {size_t{0}, half_size})
    log_image::for_each(std::string_view{bytes}.substr(half, half_size), keep);
  std::ranges::sort(records, {}, &log_record::number);
  for (auto& x : records)
    if (x.number == last + 1)
      log_image::append(image, ++last, x.content);
  return {};
}

error order_log::clear() {
  image_.clear();
  half_ = 0;
  if (auto problem = write(std::string(2 * half_size, '\0'), 0))
    return problem;
  return wait_for_disk();
}

error order_log::append(uint64_t number, std::string_view content) {
  auto offset = image_.size();
  log_image::append(image_, number, content);
  auto problem = write(std::string_view{image_}.substr(offset),
                       half_ * half_size + offset);
  if (!problem)
    problem = wait_for_disk();
  if (problem)
    image_.resize(offset);
  return problem;
}

std::string order_log::turn() {
  half_ = 1 - half_;
  std::string result;
  result.reserve(half_size);
  result.swap(image_);
  return result;
}

// -- system calls -------------------------------------------------------------

error order_log::write(std::string_view bytes, size_t offset) {
  while (!bytes.empty()) {
    auto n = ::pwrite(fd_, bytes.data(), bytes.size(),
                      static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return failure("cannot be written");
    bytes.remove_prefix(static_cast<size_t>(n));
    offset += static_cast<size_t>(n);
  }
  return {};
}

error order_log::wait_for_disk() {
  if (durability_ == durability::of_machine && ::fdatasync(fd_) != 0)
    return failure("cannot be brought to the disk");
  return {};
}

// A new file is not there after the end of the machine unless its folder is
// written as well.
error order_log::sync_folder() const {
  auto folder = std::filesystem::path{path_}.parent_path();
  auto fd = ::open(folder.empty() ? "." : folder.c_str(),
                   O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return failure("its folder cannot be opened");
  auto code = ::fsync(fd);
  ::close(fd);
  return code == 0 ? error{} : failure("its folder cannot be written");
}

error order_log::failure(const char* action) const {
  auto reason = std::generic_category().message(errno);
  return {ec::journal_failed, path_ + ": " + action + ": " + reason};
}

} // namespace zenws::internal
