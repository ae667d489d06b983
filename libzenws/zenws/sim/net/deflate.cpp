// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/deflate.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <zlib.h>

#include <algorithm>
#include <array>

namespace zenws::sim {

namespace {

namespace beast = boost::beast;

constexpr std::string_view flush_tail{"\x00\x00\xff\xff", 4};

// The parameters of both sides that follow from the offer of the client.
struct terms {
  int client_bits = 15;
  int server_bits = 15;
  bool client_takeover = true;
  bool server_takeover = true;
  std::string answer = "permessage-deflate";
};

// Windows of 2^8 bytes are beyond zlib.
std::optional<int> parse_bits(beast::string_view text) {
  if (text == "9")
    return 9;
  if (text.size() == 2 && text[0] == '1' && text[1] >= '0' && text[1] <= '5')
    return 10 + (text[1] - '0');
  return std::nullopt;
}

// Returns whether the parameter can be fulfilled.
bool apply(beast::string_view name, beast::string_view value, terms& out) {
  if (name == "server_no_context_takeover") {
    out.server_takeover = false;
  } else if (name == "client_no_context_takeover") {
    out.client_takeover = false;
  } else if (name == "client_max_window_bits" && value.empty()) {
    return true; // the client leaves it to us, and we leave it at 15
  } else {
    auto bits = parse_bits(value);
    if (!bits)
      return false;
    if (name == "server_max_window_bits")
      out.server_bits = *bits;
    else if (name == "client_max_window_bits")
      out.client_bits = *bits;
    else
      return false;
  }
  out.answer += "; " + std::string{name};
  if (!value.empty())
    out.answer += '=' + std::string{value};
  return true;
}

class zlib_deflate final : public deflate {
public:
  explicit zlib_deflate(terms agreed) : terms_(std::move(agreed)) {
    deflateInit2(&out_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -terms_.server_bits,
                 8, Z_DEFAULT_STRATEGY);
    inflateInit2(&in_, -terms_.client_bits);
  }

  zlib_deflate(const zlib_deflate&) = delete;

  zlib_deflate& operator=(const zlib_deflate&) = delete;

  ~zlib_deflate() override {
    deflateEnd(&out_);
    inflateEnd(&in_);
  }

  const std::string& answer() const noexcept override {
    return terms_.answer;
  }

  std::string compress(std::string_view message) override {
    // RFC 7692, section 7.2.3.6.
    if (message.empty())
      return std::string(1, '\0');
    std::string result;
    std::array<char, 4096> buffer;
    out_.next_in = bytes(message.data());
    out_.avail_in = static_cast<uInt>(message.size());
    do {
      out_.next_out = bytes(buffer.data());
      out_.avail_out = buffer.size();
      ::deflate(&out_, Z_SYNC_FLUSH);
      result.append(buffer.data(), buffer.size() - out_.avail_out);
    } while (out_.avail_out == 0);
    result.resize(result.size() - flush_tail.size());
    if (!terms_.server_takeover)
      deflateReset(&out_);
    return result;
  }

  std::optional<std::string> decompress(std::string_view payload,
                                        size_t max_bytes) override {
    std::string result;
    if (!feed(payload, max_bytes, result)
        || !feed(flush_tail, max_bytes, result))
      return std::nullopt;
    if (!terms_.client_takeover)
      inflateReset(&in_);
    return result;
  }

private:
  static Bytef* bytes(const char* data) {
    return reinterpret_cast<Bytef*>(const_cast<char*>(data));
  }

  bool feed(std::string_view input, size_t max_bytes, std::string& out) {
    std::array<char, 4096> buffer;
    in_.next_in = bytes(input.data());
    in_.avail_in = static_cast<uInt>(input.size());
    do {
      in_.next_out = bytes(buffer.data());
      in_.avail_out = buffer.size();
      auto result = ::inflate(&in_, Z_SYNC_FLUSH);
      if (result != Z_OK && result != Z_BUF_ERROR)
        return false;
      out.append(buffer.data(), buffer.size() - in_.avail_out);
      if (out.size() > max_bytes)
        return false;
    } while (in_.avail_in > 0 || in_.avail_out == 0);
    return true;
  }

  terms terms_;
  z_stream out_{};
  z_stream in_{};
};

} // namespace

std::unique_ptr<deflate> deflate::accept(std::string_view offers) {
  for (auto& [name, parameters] :
       beast::http::ext_list{{offers.data(), offers.size()}}) {
    if (name != "permessage-deflate")
      continue;
    terms agreed;
    auto fits = true;
    for (auto& [key, value] : parameters)
      fits = fits && apply(key, value, agreed);
    if (fits)
      return std::make_unique<zlib_deflate>(std::move(agreed));
  }
  return nullptr;
}

deflate::~deflate() {
  // nop
}

} // namespace zenws::sim
