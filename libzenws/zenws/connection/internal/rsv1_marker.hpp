// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/internal/tcp_transport.hpp"

#include <boost/asio/associator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace zenws::internal {

/// The first few buffers of a sequence: enough for a header, a payload and a
/// replaced first byte. A write of less than everything is always allowed.
class write_parts {
public:
  using value_type = boost::asio::const_buffer;

  using const_iterator = const value_type*;

  template <class Buffers>
  explicit write_parts(const Buffers& from) {
    for (auto buf : boost::beast::buffers_range_ref(from))
      if (buf.size() > 0 && count_ < max_from_beast)
        parts_[count_++] = buf;
  }

  const_iterator begin() const noexcept {
    return parts_.data();
  }

  const_iterator end() const noexcept {
    return parts_.data() + count_;
  }

  bool empty() const noexcept {
    return count_ == 0;
  }

  /// Puts the byte at `other` in the place of the first one.
  /// @pre `!empty()`
  void replace_first_byte(const char* other) noexcept;

private:
  static constexpr size_t max_from_beast = 3;

  std::array<value_type, max_from_beast + 1> parts_;
  size_t count_ = 0;
};

/// Follows the frames that Beast writes and marks those that carry a compressed
/// message: to Beast, which does not know of compression, they are like any
/// other.
class rsv1_marker {
public:
  /// The next data frame carries a compressed message.
  void mark_next() noexcept {
    marking_ = true;
  }

  /// Marks the buffers about to be written if a mark is due.
  void begin(write_parts& parts) noexcept;

  /// Counts `n` bytes of them as written.
  void written(size_t n) noexcept {
    left_ -= n < left_ ? n : left_;
  }

private:
  bool marking_ = false;
  char first_byte_ = 0;
  uint64_t left_ = 0; // bytes of the current frame
};

/// Reports the bytes written to a `Path` before the handler runs.
template <class Path, class Handler>
struct observed_write {
  void operator()(error_code ec, size_t n) {
    path->on_written(n);
    handler(ec, n);
  }

  Path* path;
  Handler handler;
};

} // namespace zenws::internal

// The operation keeps executor, allocator and cancellation of the handler.
template <template <class, class> class Associator, class Path, class Handler,
          class Default>
struct boost::asio::associator<
  Associator, zenws::internal::observed_write<Path, Handler>, Default>
  : Associator<Handler, Default> {
  static auto get(const zenws::internal::observed_write<Path, Handler>& op,
                  const Default& otherwise = Default()) noexcept {
    return Associator<Handler, Default>::get(op.handler, otherwise);
  }
};
