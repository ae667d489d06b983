// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace zenws::bench {

/// The check that every receiver applies to every message, so that none gets
/// away with not looking: checks the size, reads the first byte, counts.
class message_checker {
public:
  message_checker(uint64_t expected, size_t size) noexcept
    : expected_(expected), size_(size) {
    // nop
  }

  /// Takes one message. Throws `std::runtime_error` if it is not as sent.
  void take(std::string_view payload) {
    if (payload.size() != size_)
      throw std::runtime_error{"a message of " + std::to_string(payload.size())
                               + " bytes instead of " + std::to_string(size_)};
    first_bytes_ += static_cast<unsigned char>(payload.front());
    ++count_;
  }

  uint64_t count() const noexcept {
    return count_;
  }

  /// Returns whether everything has arrived.
  bool complete() const noexcept {
    return count_ == expected_;
  }

  /// Checks that no message came twice, and the contents as far as visible.
  void finish() const {
    if (count_ != expected_ || first_bytes_ != count_ * first_byte)
      throw std::runtime_error{"got " + std::to_string(count_)
                               + " messages instead of "
                               + std::to_string(expected_) + ", or other ones"};
  }

private:
  // The server floods JSON objects.
  static constexpr uint64_t first_byte = '{';

  uint64_t expected_;
  size_t size_;
  uint64_t count_ = 0;
  uint64_t first_bytes_ = 0;
};

} // namespace zenws::bench
