// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "peer_frames.hpp"

#include <zlib.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::peer {

/// Compresses messages one after another as a server does, zlib's own way.
class compressor {
public:
  explicit compressor(int window_bits = 15, bool takeover = true)
    : takeover_(takeover) {
    deflateInit2(&stream_, 6, Z_DEFLATED, -window_bits, 8, Z_DEFAULT_STRATEGY);
  }

  compressor(const compressor&) = delete;

  compressor& operator=(const compressor&) = delete;

  ~compressor() {
    deflateEnd(&stream_);
  }

  /// Returns the payload of a message.
  std::string operator()(std::string_view message) {
    if (message.empty())
      return std::string(1, '\0'); // RFC 7692, section 7.2.3.6
    auto result = run(message, Z_SYNC_FLUSH);
    result.resize(result.size() - 4);
    if (!takeover_)
      deflateReset(&stream_);
    return result;
  }

  /// Returns the payload of a message whose last block is marked as final (RFC
  /// 7692, section 7.2.3.4).
  std::string finished(std::string_view message) {
    auto result = run(message, Z_FINISH) + '\0';
    deflateReset(&stream_);
    return result;
  }

private:
  std::string run(std::string_view message, int flush) {
    std::string result(deflateBound(&stream_, message.size()) + 64, '\0');
    stream_.next_in
      = reinterpret_cast<Bytef*>(const_cast<char*>(message.data()));
    stream_.avail_in = static_cast<uInt>(message.size());
    stream_.next_out = reinterpret_cast<Bytef*>(result.data());
    stream_.avail_out = static_cast<uInt>(result.size());
    ::deflate(&stream_, flush);
    result.resize(result.size() - stream_.avail_out);
    return result;
  }

  bool takeover_;
  z_stream stream_{};
};

/// The same messages as a server sends them with and without compression.
struct twin_streams {
  std::string compressed;
  std::string plain;
};

/// Makes streams that mix compressed with other messages.
class compressed_generator {
public:
  compressed_generator(uint64_t seed, int window_bits, bool takeover)
    : random_(seed), compress_(window_bits, takeover) {
    // nop
  }

  /// Streams of nothing but valid frames, though not of valid text.
  twin_streams twins() {
    twin_streams result;
    auto n = below(14) + 1;
    for (size_t i = 0; i < n; ++i)
      add_one(result);
    return result;
  }

  /// A stream with something wrong in it.
  std::string broken() {
    auto result = twins().compressed;
    auto at = below(result.size());
    if (chance(2))
      result.resize(at);
    else
      result[at] = static_cast<char>(below(256));
    return result;
  }

  std::vector<size_t> cuts() {
    std::vector<size_t> result;
    auto n = below(6);
    for (size_t i = 0; i < n; ++i)
      result.push_back(chance(2) ? below(8) + 1 : below(400) + 1);
    result.push_back(chance(3) ? 1 + below(16) : size_t{1} << 20);
    return result;
  }

private:
  size_t below(size_t n) {
    return std::uniform_int_distribution<size_t>{0, n - 1}(random_);
  }

  bool chance(size_t n) {
    return below(n) == 0;
  }

  std::string payload() {
    static const std::vector<std::string> pieces{
      "{\"price\":", "\"BTC-PERPETUAL\"", "\xe2\x82\xac", "12", "7.5", "a"};
    // Beast reads 1536 bytes at once: its buffers end there.
    auto size = chance(4)    ? 1536 - 3 + below(6)
                : chance(30) ? max_message - 3 + below(6)
                             : below(300);
    std::string result;
    while (result.size() < size)
      result += pieces[below(pieces.size())];
    return result;
  }

  // A message in one frame or in several, with control frames in between.
  std::string frames(int first_byte, std::string payload, size_t parts,
                     const std::string& between) {
    std::string result;
    for (size_t i = 0; i < parts; ++i) {
      auto last = i + 1 == parts;
      auto n = last ? payload.size() : below(payload.size() + 1);
      auto opcode = i == 0 ? first_byte : 0;
      result += frame((last ? 0x80 : 0) | opcode, payload.substr(0, n));
      payload.erase(0, n);
      if (!last)
        result += between;
    }
    return result;
  }

  void add_one(twin_streams& to) {
    auto control = frame(chance(2) ? 0x89 : 0x8a, "beat");
    if (chance(6)) {
      to.compressed += control;
      to.plain += control;
      return;
    }
    auto message = payload();
    auto opcode = chance(3) ? 2 : 1;
    auto invalid = chance(30);
    if (invalid)
      message += '\xff';
    // Which fragment is too much depends on compression.
    auto fragmented = chance(3) && !invalid && message.size() < max_message;
    auto parts = fragmented ? below(4) + 2 : 1;
    auto between = chance(2) ? control : std::string{};
    to.plain += frames(opcode, message, parts, between);
    if (chance(3))
      to.compressed += frames(opcode, message, parts, between);
    else
      to.compressed += frames(0x40 | opcode, compress_(message), parts,
                              between);
  }

  std::mt19937_64 random_;
  compressor compress_;
};

} // namespace zenws::peer
