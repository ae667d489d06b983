// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE rsv1_marker

#include "zenws/connection/internal/rsv1_marker.hpp"

#include "peer_frames.hpp"

#include "support/unit_test.hpp"

#include <boost/beast/core/buffers_to_string.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace zenws::internal;
using namespace zenws::peer;

namespace {

namespace asio = boost::asio;

struct fixture {
  // Writes bytes in pieces, each of which the socket takes at most `step` bytes
  // of, and returns those that were written.
  std::string write(const std::vector<std::string>& pieces,
                    size_t step = 100'000) {
    std::string bytes;
    std::vector<asio::const_buffer> buffers;
    for (auto& x : pieces)
      buffers.emplace_back(asio::buffer(x));
    while (asio::buffer_size(buffers) > 0) {
      write_parts parts{buffers};
      uut.begin(parts);
      auto seen = boost::beast::buffers_to_string(parts);
      auto n = std::min(step, seen.size());
      bytes += seen.substr(0, n);
      uut.written(n);
      drop(buffers, n);
    }
    return bytes;
  }

  // A masked frame of the client.
  static std::string masked(int first_byte, std::string payload) {
    return frame(first_byte, std::move(payload), -1, true);
  }

  rsv1_marker uut;

private:
  static void drop(std::vector<asio::const_buffer>& from, size_t n) {
    for (auto& x : from) {
      auto dropped = std::min(n, x.size());
      x += dropped;
      n -= dropped;
    }
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(rsv1_marker_tests, fixture)

CAF_TEST(only the frame after the request is marked) {
  uut.mark_next();
  CAF_CHECK_EQUAL(write({masked(0x81, "one")}), masked(0xc1, "one"));
  CAF_CHECK_EQUAL(write({masked(0x82, "two")}), masked(0x82, "two"));
  uut.mark_next();
  CAF_CHECK_EQUAL(write({masked(0x82, "three")}), masked(0xc2, "three"));
}

CAF_TEST(control frames in between are not marked) {
  uut.mark_next();
  CAF_CHECK_EQUAL(write({masked(0x89, "ping")}), masked(0x89, "ping"));
  CAF_CHECK_EQUAL(write({masked(0x8a, "pong")}), masked(0x8a, "pong"));
  CAF_CHECK_EQUAL(write({masked(0x81, "one")}), masked(0xc1, "one"));
}

CAF_TEST(the bytes of a frame that is under way are none of a header) {
  // The payload reads as a frame.
  auto inner = masked(0x81, "inner");
  auto outer = masked(0x82, inner);
  for (size_t step = 1; step <= outer.size(); ++step) {
    uut = {};
    uut.mark_next();
    auto header = outer.substr(0, 6);
    CAF_CHECK_EQUAL(write({header, inner}, step), masked(0xc2, inner));
    CAF_CHECK_EQUAL(write({header, inner}, step), outer);
  }
}

CAF_TEST(a frame keeps its length in each of the encodings) {
  for (size_t size : {0u, 125u, 126u, 65'535u, 65'536u}) {
    std::string payload(size, '\x81');
    uut.mark_next();
    CAF_CHECK(write({masked(0x81, payload)}, 1000) == masked(0xc1, payload));
    CAF_CHECK(write({masked(0x81, payload)}, 1000) == masked(0x81, payload));
  }
}

CAF_TEST(a request that comes in the middle of a frame is for the next one) {
  auto whole = masked(0x81, "first");
  write_parts parts{asio::buffer(whole)};
  uut.begin(parts);
  uut.written(3);
  uut.mark_next();
  CAF_CHECK_EQUAL(write({whole.substr(3)}), whole.substr(3));
  CAF_CHECK_EQUAL(write({masked(0x81, "second")}), masked(0xc1, "second"));
}

CAF_TEST(the first byte is replaced in the parts and not in the memory) {
  std::string header = "ab";
  std::string payload = "cd";
  std::vector<asio::const_buffer> buffers{asio::buffer(header),
                                          asio::buffer(payload)};
  write_parts parts{buffers};
  parts.replace_first_byte("X");
  CAF_CHECK_EQUAL(boost::beast::buffers_to_string(parts), "Xbcd");
  CAF_CHECK_EQUAL(header, "ab");
  std::string single = "e";
  write_parts short_parts{asio::buffer(single)};
  short_parts.replace_first_byte("Y");
  CAF_CHECK_EQUAL(boost::beast::buffers_to_string(short_parts), "Y");
}

CAF_TEST(parts leave out empty buffers) {
  std::vector<asio::const_buffer> buffers(5, asio::const_buffer{"", 0});
  CAF_CHECK(write_parts{buffers}.empty());
  buffers.push_back(asio::buffer("x", 1));
  write_parts parts{buffers};
  CAF_CHECK_EQUAL(boost::beast::buffers_to_string(parts), "x");
}

CAF_TEST_FIXTURE_SCOPE_END()
