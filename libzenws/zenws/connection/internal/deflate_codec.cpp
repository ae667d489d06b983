// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/deflate_codec.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace zenws::internal {

namespace {

// zlib's measures of a raw stream, without header and checksum.
constexpr int raw(unsigned window_bits) noexcept {
  return -static_cast<int>(window_bits);
}

// Bytes that a sender removes from the end of each message.
constexpr std::string_view tail{"\x00\x00\xff\xff", 4};

constexpr int compression_level = 6;

// 1 to 9; 5 takes 16 KiB besides the window.
constexpr int memory_level = 5;

// The output buffer that is kept from message to message.
constexpr size_t kept_output = 16 * 1024;

// zlib does not modify its input, but older versions do not say so.
Bytef* input(std::string_view bytes) noexcept {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

void set_input(z_stream& stream, std::string_view bytes) noexcept {
  stream.next_in = input(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
}

void set_output(z_stream& stream, char* data, size_t size) noexcept {
  stream.next_out = reinterpret_cast<Bytef*>(data);
  stream.avail_out = static_cast<uInt>(size);
}

// All other results of an initialization are mistakes of ours.
void check_memory(int result) {
  if (result != Z_OK)
    throw std::bad_alloc{};
}

} // namespace

// -- inflater -----------------------------------------------------------------

inflater::inflater(const deflate_terms::side& peer, size_t max_bytes) noexcept
  : peer_(peer), max_bytes_(max_bytes) {
  // nop
}

void inflater::ends::operator()(z_stream_s* ptr) const noexcept {
  inflateEnd(ptr);
  delete ptr;
}

void inflater::start() {
  auto stream = std::make_unique<z_stream>();
  check_memory(inflateInit2(stream.get(), raw(peer_.window_bits)));
  stream_.reset(stream.release());
}

ec inflater::inflate(std::string_view payload) {
  size_ = 0;
  if (output_.size() > kept_output)
    output_ = std::vector<char>{};
  // Some peers compress an empty message to nothing at all.
  if (payload.empty())
    return ec::none;
  if (!stream_)
    start();
  grow(2 * payload.size());
  if (auto bad = feed(payload); bad != ec::none)
    return bad;
  if (auto bad = feed(tail); bad != ec::none)
    return bad;
  // A whole message ends where the next block may begin.
  constexpr int between_blocks = 128;
  if ((stream_->data_type & between_blocks) == 0)
    return ec::protocol_error;
  if (peer_.takeover == context_takeover::no)
    inflateReset(stream_.get());
  return ec::none;
}

ec inflater::feed(std::string_view bytes) {
  set_input(*stream_, bytes);
  do {
    if (size_ == output_.size())
      grow(2 * size_);
    set_output(*stream_, output_.data() + size_, output_.size() - size_);
    auto result = ::inflate(stream_.get(), Z_SYNC_FLUSH);
    size_ = output_.size() - stream_->avail_out;
    if (size_ > max_bytes_)
      return ec::message_too_big;
    if (result == Z_MEM_ERROR)
      throw std::bad_alloc{};
    // A final block ends a stream, not a message (RFC 7692, section 7.2.3.4),
    // and later messages may refer to it.
    if (result == Z_STREAM_END)
      inflateResetKeep(stream_.get());
    else if (result != Z_OK && result != Z_BUF_ERROR)
      return ec::protocol_error;
  } while (stream_->avail_in > 0 || stream_->avail_out == 0);
  return ec::none;
}

void inflater::grow(size_t wanted) {
  constexpr size_t least = 1024;
  auto size = std::min(std::max(wanted, least), max_bytes_ + 1);
  if (size <= output_.size())
    return;
  output_.reserve(size); // `resize` alone would double, past the limit
  output_.resize(size);
}

// -- deflater -----------------------------------------------------------------

deflater::deflater(const deflate_terms::side& self) noexcept : self_(self) {
  // nop
}

void deflater::ends::operator()(z_stream_s* ptr) const noexcept {
  deflateEnd(ptr);
  delete ptr;
}

void deflater::start() {
  auto stream = std::make_unique<z_stream>();
  check_memory(deflateInit2(stream.get(), compression_level, Z_DEFLATED,
                            raw(self_.window_bits), memory_level,
                            Z_DEFAULT_STRATEGY));
  stream_.reset(stream.release());
}

bool deflater::able() const noexcept {
  return self_.window_bits >= defaults::window_bits_floor;
}

std::string deflater::deflate(std::string_view payload) {
  if (!stream_)
    start();
  constexpr size_t room_for_flush = 16;
  std::string result;
  set_input(*stream_, payload);
  auto wanted = deflateBound(stream_.get(), payload.size()) + room_for_flush;
  do {
    auto size = result.size();
    result.resize(size + wanted);
    set_output(*stream_, result.data() + size, wanted);
    ::deflate(stream_.get(), Z_SYNC_FLUSH);
    wanted = room_for_flush;
  } while (stream_->avail_out == 0);
  result.resize(result.size() - stream_->avail_out - tail.size());
  if (self_.takeover == context_takeover::no)
    deflateReset(stream_.get());
  return result;
}

} // namespace zenws::internal
