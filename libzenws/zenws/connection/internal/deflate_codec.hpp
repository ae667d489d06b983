// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/connection/internal/deflate_terms.hpp"
#include "zenws/error.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

extern "C" struct z_stream_s;

namespace zenws::internal {

/// Decompresses the messages of one peer in order (RFC 7692, section 7.2.2).
/// Owns no memory before the first message.
class inflater {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// @param max_bytes no message may become larger.
  inflater(const deflate_terms::side& peer, size_t max_bytes) noexcept;

  // -- messages ---------------------------------------------------------------

  /// Decompresses a whole message.
  /// @returns `none`, `protocol_error` (this is no DEFLATE data), or
  ///          `message_too_big`.
  /// @pre none has failed: a message may refer to those before it.
  ec inflate(std::string_view payload);

  /// The last message; valid until the next `inflate`.
  std::string_view message() const noexcept {
    return {output_.data(), size_};
  }

  /// Bytes of output memory held.
  size_t capacity() const noexcept {
    return output_.capacity();
  }

private:
  struct ends {
    void operator()(z_stream_s* ptr) const noexcept;
  };

  void start();

  ec feed(std::string_view bytes);

  // Makes room for more output, at most for one byte more than allowed.
  void grow(size_t wanted);

  deflate_terms::side peer_;
  size_t max_bytes_;
  size_t size_ = 0;
  std::unique_ptr<z_stream_s, ends> stream_;
  std::vector<char> output_;
};

/// Compresses messages to one peer in order (RFC 7692, section 7.2.1). Owns no
/// memory before the first message.
class deflater {
public:
  explicit deflater(const deflate_terms::side& self) noexcept;

  /// Returns whether we can compress under the agreed terms. zlib cannot with a
  /// window of 2^8 bytes, and uncompressed messages are always allowed.
  bool able() const noexcept;

  /// Compresses a message that is not empty.
  /// @pre `able()`
  std::string deflate(std::string_view payload);

private:
  struct ends {
    void operator()(z_stream_s* ptr) const noexcept;
  };

  void start();

  deflate_terms::side self_;
  std::unique_ptr<z_stream_s, ends> stream_;
};

} // namespace zenws::internal
