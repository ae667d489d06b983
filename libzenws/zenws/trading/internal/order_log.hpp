// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace zenws::internal {

/// Records of a log as they are in its file: each with its length, a checksum
/// and a number that follows that of the one before.
namespace log_image {

/// Appends a record.
void append(std::string& to, uint64_t number, std::string_view content);

/// Calls `f` with the number and the content of each record up to the first
/// that is torn.
void for_each(std::string_view image,
              const std::function<void(uint64_t, std::string_view)>& f);

} // namespace log_image

/// A file for records that are soon to be elsewhere. It has two halves: while
/// the records of one are taken over, others go to the other one, over those
/// that were there before.
///
/// Written by system calls alone: what was appended survives the end of the
/// process.
class order_log {
public:
  // -- constants --------------------------------------------------------------

  /// In bytes.
  static constexpr size_t half_size = 256 * 1024;

  // -- constructors, destructors, and assignment operators --------------------

  order_log() = default;

  order_log(const order_log&) = delete;

  order_log& operator=(const order_log&) = delete;

  ~order_log();

  // -- properties -------------------------------------------------------------

  /// Records of the current half.
  const std::string& image() const noexcept {
    return image_;
  }

  bool has_room_for(std::string_view content) const noexcept;

  // -- transitions ------------------------------------------------------------

  /// Waiting for the disk.
  enum class durability : unsigned char { of_process, of_machine };

  /// Opens a file, made if there is none. All take `ec::journal_failed` for
  /// what the system refuses.
  error open(const std::string& path, durability what);

  /// Reads the records that follow the number `last` without a gap.
  error recover(uint64_t last, std::string& image);

  /// Forgets all records. The file keeps its size: later, there is no need for
  /// more space.
  error clear();

  /// Appends a record to the current half. If that fails, the next one takes
  /// its place.
  /// @pre `has_room_for(content)`
  error append(uint64_t number, std::string_view content);

  /// Goes on in the other half, whose records are no longer needed. Returns
  /// those of the half that was current.
  std::string turn();

private:
  error write(std::string_view bytes, size_t offset);

  error wait_for_disk();

  error sync_folder() const;

  error failure(const char* action) const;

  std::string path_;
  int fd_ = -1;
  durability durability_ = durability::of_process;
  std::string image_;
  size_t half_ = 0;
};

} // namespace zenws::internal
