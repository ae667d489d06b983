// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE inflate_path

#include "both_paths.hpp"
#include "compressed_frames.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace zenws;
using namespace zenws::internal;
using namespace zenws::peer;
using namespace zenws::test_support;

namespace {

const std::string deflate = "permessage-deflate";

std::string show(const outcome& x) {
  return std::to_string(x.messages.size()) + " messages, " + x.end.message()
         + ", close code " + std::to_string(x.close_code) + ", wrote "
         + std::to_string(x.written.size()) + " bytes";
}

outcome read_compressed(const std::string& frames, std::vector<size_t> cuts,
                        size_t limit = max_message,
                        const std::string& extensions = deflate) {
  return read_on_fast_path(frames, std::move(cuts), limit, nullptr, extensions);
}

// Compares for one cut at every position, and for byte-wise arrival.
size_t differences(const std::string& frames, const outcome& expected,
                   size_t limit = max_message) {
  auto header = response_to("Sec-WebSocket-Key: x\r\n", deflate).size();
  size_t result = 0;
  for (size_t cut = header - 4; cut <= header + frames.size(); ++cut)
    result += read_compressed(frames, {cut, size_t{1} << 20}, limit)
              != expected;
  result += read_compressed(frames, {1}, limit) != expected;
  return result;
}

std::string compressed(std::string payload, int opcode = 1) {
  return frame(0xc0 | opcode, std::move(payload));
}

// Frames of a server, in order.
struct stream {
  stream& press(std::string_view message, int opcode = 1) {
    bytes += compressed(press_(message), opcode);
    return *this;
  }

  stream& raw(const std::string& frames) {
    bytes += frames;
    return *this;
  }

  std::string bytes;
  compressor press_;
};

bool begins_with(const outcome& longer, const outcome& shorter) {
  auto n = shorter.messages.size();
  return n <= longer.messages.size()
         && std::equal(shorter.messages.begin(), shorter.messages.end(),
                       longer.messages.begin());
}

bool is_bad_message(error_code end) {
  return end == beast::zlib::error::general
         || end == websocket::error::message_too_big
         || end == websocket::error::bad_frame_payload;
}

struct variant {
  std::string extensions;
  int window_bits;
  bool takeover;
};

const std::vector<variant> variants{
  {deflate, 15, true},
  {deflate + "; server_no_context_takeover", 15, false},
  {deflate + "; server_max_window_bits=9", 9, true},
};

} // namespace

// -- valid streams ------------------------------------------------------------

CAF_TEST(compressed and uncompressed frames survive any cut) {
  std::string one = "{\"price\": 1, \"price\": 2}";
  stream frames;
  frames.press(one).raw(text("in between")).press(one, 2);
  frames.raw(frame(0x89, "p")).press("").press(one);
  auto plain = text(one) + text("in between") + frame(0x82, one)
               + frame(0x89, "p") + text("") + text(one);
  CAF_CHECK_EQUAL(
    differences(frames.bytes, read_with_beast(plain, max_message)), 0u);
}

CAF_TEST(compressed fragments with others in between survive any cut) {
  compressor press;
  std::string one = "one message, one message";
  auto payload = press(one);
  auto half = payload.size() / 2;
  auto frames = frame(0x41, payload.substr(0, half)) + frame(0x89, "p")
                + frame(0x00, "") + frame(0x80, payload.substr(half))
                + frame(0x01, "un") + frame(0x80, "compressed")
                + compressed(press(one));
  auto plain = frame(0x01, one.substr(0, 3)) + frame(0x89, "p")
               + frame(0x80, one.substr(3)) + text("uncompressed") + text(one);
  CAF_CHECK_EQUAL(differences(frames, read_with_beast(plain, max_message)), 0u);
}

CAF_TEST(messages larger than a slab arrive whole) {
  constexpr size_t limit = 1 << 20;
  std::mt19937_64 random{choose_seed()};
  std::string noise(200'000, '\0'); // does not become smaller
  for (auto& c : noise)
    c = static_cast<char>(random());
  stream frames;
  frames.press("before").press(noise, 2);
  frames.press(std::string(limit, 'x')).press("after");
  for (auto& cuts : {std::vector<size_t>{}, {1000}, {150, 65536}}) {
    auto got = read_compressed(frames.bytes, cuts, limit);
    CAF_REQUIRE_EQUAL(got.messages.size(), 4u);
    CAF_CHECK(got.messages[1].second == noise);
    CAF_CHECK_EQUAL(got.messages[2].second.size(), limit);
    CAF_CHECK_EQUAL(got.messages[3].second, "after");
  }
}

CAF_TEST(a final block does not end the connection) {
  stream frames;
  frames.press("before").raw(compressed(frames.press_.finished("final")));
  auto got = read_compressed(frames.press("after").bytes, {});
  CAF_REQUIRE_EQUAL(got.messages.size(), 3u);
  CAF_CHECK_EQUAL(got.messages[1].second, "final");
  CAF_CHECK_EQUAL(got.messages[2].second, "after");
}

CAF_TEST(nothing at all is an empty message) {
  stream frames;
  frames.raw(compressed("")).press("after");
  auto got = read_compressed(frames.bytes, {});
  CAF_REQUIRE_EQUAL(got.messages.size(), 2u);
  CAF_CHECK_EQUAL(got.messages[0].second, "");
  CAF_CHECK_EQUAL(got.messages[1].second, "after");
}

CAF_TEST(much that comes of little is delivered in several batches) {
  constexpr size_t limit = 1 << 20;
  stream frames;
  for (int i = 0; i < 20; ++i)
    frames.press(std::string(limit, 'x'));
  size_t bursts = 0;
  auto got = read_on_fast_path(frames.bytes, {}, limit, &bursts, deflate);
  CAF_CHECK_EQUAL(got.messages.size(), 20u);
  CAF_CHECK_GREATER_OR_EQUAL(bursts, 19u);
}

// -- limits and faults --------------------------------------------------------

CAF_TEST(the limit holds after inflation) {
  constexpr size_t limit = 1000;
  for (auto size : {999u, 1000u, 1001u, 1'000'000u}) {
    auto message = std::string(size, 'x');
    auto expected = read_with_beast(text(message) + text("next"), limit);
    auto frames = stream().press(message).raw(text("next")).bytes;
    CAF_CHECK(read_compressed(frames, {}, limit) == expected);
    CAF_CHECK(read_compressed(frames, {7}, limit) == expected);
    CAF_CHECK_EQUAL(expected.end == websocket::error::message_too_big,
                    size > limit);
  }
}

CAF_TEST(an inflater takes no more memory than a message may have) {
  compressor press;
  auto bomb = press(std::string(64 << 20, '\0'));
  inflater uut{{}, 1 << 20};
  CAF_CHECK(uut.inflate(bomb) == ec::message_too_big);
  CAF_CHECK_LESS_OR_EQUAL(uut.capacity(), (1u << 20) + 1);
}

CAF_TEST(text is checked once it is inflated) {
  stream frames;
  frames.press("ok").press("a\xff z", 2).press("a\xff z").press("never");
  auto got = read_compressed(frames.bytes, {});
  CAF_CHECK_EQUAL(got.messages.size(), 2u);
  CAF_CHECK(got.end == websocket::error::bad_frame_payload);
  CAF_CHECK_EQUAL(got.written, close_frame(1007));
}

CAF_TEST(wrong compressed data fails the connection) {
  // A reserved block type, a block cut short, and a distance too far back.
  for (auto& bad : {std::string{"\x07"}, std::string{"\x4a"},
                    std::string{"\xff\xff\xff\xff"}, std::string{"\x02\x06"}}) {
    auto frames = text("a") + compressed(bad) + text("b");
    auto got = read_compressed(frames, {});
    CAF_CHECK_EQUAL(got.messages.size(), 1u);
    CAF_CHECK(got.end == beast::zlib::error::general);
    CAF_CHECK_EQUAL(got.written, close_frame(1007));
    CAF_CHECK_EQUAL(differences(frames, got), 0u);
  }
}

CAF_TEST(the bit of compression is allowed on first data frames only) {
  compressor press;
  auto payload = press("x");
  for (auto& bad :
       {frame(0xc9, "ping"), frame(0xc8, ""), frame(0xc0, payload),
        frame(0x41, payload) + frame(0xc0, ""), frame(0xe1, payload),
        frame(0xd2, payload), frame(0xc3, payload),
        frame(0x01, "a") + compressed(payload), frame(0xc1, payload, -1, true),
        frame(0xc1, payload, 8), frame(0xc1, payload, 2)}) {
    auto frames = text("a") + bad + text("b");
    auto expected = read_with_beast(frames, max_message, deflate);
    CAF_CHECK(expected.end == websocket::condition::protocol_violation);
    CAF_CHECK_EQUAL(differences(frames, expected), 0u);
  }
}

CAF_TEST(without agreement a compressed frame is an error) {
  compressor press;
  auto frames = text("a") + compressed(press("x"));
  auto got = read_on_fast_path(frames, {}, max_message);
  CAF_CHECK(got == read_with_beast(frames, max_message));
  CAF_CHECK(got.end == websocket::error::bad_reserved_bits);
}

// -- random streams -----------------------------------------------------------

CAF_TEST(random streams mean the same with and without compression) {
  auto seed = choose_seed();
  for (uint64_t i = 0; i < 3000; ++i) {
    auto& variant = variants[i % variants.size()];
    compressed_generator gen{seed + i, variant.window_bits, variant.takeover};
    auto streams = gen.twins();
    auto expected = read_with_beast(streams.plain, max_message);
    auto got = read_compressed(streams.compressed, gen.cuts(), max_message,
                               variant.extensions);
    if (got == expected)
      continue;
    CAF_ERROR("differs with ZENWS_SEED=" << seed + i << " ("
                                         << variant.extensions
                                         << "); plain: " << show(expected)
                                         << "; compressed: " << show(got));
    return;
  }
}

// Beast decompresses fragments as they come, the fast path whole messages:
// the fault that is found in a bad message, and the answers before it, may
// differ. Beast 1.81 does not notice a message that ends within a block, and
// cannot decompress some valid ones.
CAF_TEST(random broken streams end the same or earlier than with Beast alone) {
  auto seed = choose_seed();
  constexpr size_t streams = 3000;
  size_t same = 0;
  for (uint64_t i = 0; i < streams; ++i) {
    auto& variant = variants[i % variants.size()];
    compressed_generator gen{seed + i, variant.window_bits, variant.takeover};
    auto frames = gen.broken();
    auto expected = read_with_beast(frames, max_message, variant.extensions);
    auto got = read_compressed(frames, gen.cuts(), max_message,
                               variant.extensions);
    same += got == expected;
    if (got == expected || expected.end == beast::zlib::error::general
        || (is_bad_message(got.end) && begins_with(expected, got))
        || (is_bad_message(expected.end) && got.messages == expected.messages))
      continue;
    CAF_ERROR("differs with ZENWS_SEED=" << seed + i << " ("
                                         << variant.extensions
                                         << "); Beast: " << show(expected)
                                         << "; fast path: " << show(got));
    return;
  }
  CAF_CHECK_GREATER(same, streams * 3 / 4);
}
