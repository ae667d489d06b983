// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE fast_path

#include "both_paths.hpp"
#include "peer_frames.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace zenws;
using namespace zenws::internal;
using namespace zenws::peer;
using namespace zenws::test_support;

namespace {

// -- comparison ---------------------------------------------------------------

std::string show(const outcome& x) {
  auto result = std::to_string(x.messages.size()) + " messages, "
                + x.end.message() + ", close code "
                + std::to_string(x.close_code) + ", wrote "
                + std::to_string(x.written.size()) + " bytes";
  return result;
}

bool same(const std::string& frames, std::vector<size_t> cuts,
          size_t limit = max_message) {
  auto expected = read_with_beast(frames, limit);
  auto got = read_on_fast_path(frames, std::move(cuts), limit);
  if (got == expected)
    return true;
  CAF_MESSAGE("Beast: " << show(expected) << "; fast path: " << show(got));
  return false;
}

/// Compares for one cut at every position, and for byte-wise arrival.
size_t differences(const std::string& frames, size_t limit = max_message) {
  size_t result = 0;
  auto expected = read_with_beast(frames, limit);
  constexpr size_t header = 129; // of the response: cut there and beyond
  for (size_t cut = header - 4; cut <= header + frames.size(); ++cut)
    result += read_on_fast_path(frames, {cut, size_t{1} << 20}, limit)
              != expected;
  result += read_on_fast_path(frames, {1}, limit) != expected;
  return result;
}

} // namespace

// -- one kind of frame at every cut -------------------------------------------

CAF_TEST(plain frames survive any cut) {
  CAF_CHECK_EQUAL(differences(text("one") + text("two")
                              + frame(0x82, "\x01\x02") + text("")
                              + text(std::string(200, 'x'))),
                  0u);
}

CAF_TEST(frames behind the response header in the same segment are not lost) {
  auto got = read_on_fast_path(text("first") + text("second"), {}, max_message);
  CAF_REQUIRE_EQUAL(got.messages.size(), 2u);
  CAF_CHECK_EQUAL(got.messages[0].second, "first");
}

CAF_TEST(pings between plain frames are answered in order) {
  CAF_CHECK_EQUAL(differences(text("a") + frame(0x89, "p1") + text("b")
                              + frame(0x89, "") + frame(0x8a, "") + text("c")),
                  0u);
}

CAF_TEST(fragments with control frames in between survive any cut) {
  CAF_CHECK_EQUAL(differences(text("a") + frame(0x01, "he") + frame(0x89, "p")
                              + frame(0x00, "l") + frame(0x80, "lo")
                              + text("b")),
                  0u);
}

CAF_TEST(an empty final fragment ends a message) {
  CAF_CHECK_EQUAL(differences(frame(0x01, "x") + frame(0x80, "") + text("y")),
                  0u);
}

CAF_TEST(text of invalid UTF8 fails the connection) {
  CAF_CHECK_EQUAL(differences(text("ok") + text("a\xff z") + text("no")), 0u);
  CAF_CHECK_EQUAL(differences(text("cut short \xe2\x82")), 0u);
}

CAF_TEST(a code point cut by an empty last fragment is noticed) {
  auto got = read_on_fast_path(
    frame(0x01, "a\xe2\x82") + frame(0x80, "") + text("b"), {}, max_message);
  CAF_CHECK_EQUAL(got.messages.size(), 0u);
  CAF_CHECK(got.end == websocket::error::bad_frame_payload);
}

CAF_TEST(masked frames and reserved bits or opcodes fail the connection) {
  for (auto& bad : {frame(0x81, "m", -1, true), frame(0xc1, "r"),
                    frame(0x83, "o"), frame(0x8b, "o"), frame(0x09, "p"),
                    frame(0x89, std::string(126, 'x')), frame(0x80, "c")})
    CAF_CHECK_EQUAL(differences(text("a") + bad + text("b")), 0u);
}

CAF_TEST(lengths must be encoded in as few bytes as possible) {
  CAF_CHECK_EQUAL(differences(frame(0x81, "x", 2)), 0u);
  CAF_CHECK_EQUAL(differences(frame(0x81, "x", 8)), 0u);
  CAF_CHECK_EQUAL(differences(std::string{"\x81\x7f\xff\xff\xff\xff\xff\xff"
                                          "\xff\xff payload",
                                          18}),
                  0u);
}

CAF_TEST(the limit of a message holds on both paths) {
  CAF_CHECK_EQUAL(differences(text(std::string(100, 'x')), 100), 0u);
  CAF_CHECK_EQUAL(differences(text(std::string(101, 'x')), 100), 0u);
  CAF_CHECK_EQUAL(differences(frame(0x01, std::string(60, 'x'))
                                + frame(0x80, std::string(60, 'x')),
                              100),
                  0u);
}

CAF_TEST(a close ends the stream with its code) {
  CAF_CHECK_EQUAL(differences(text("a") + close_frame(1001, "bye") + text("b")),
                  0u);
  CAF_CHECK_EQUAL(differences(frame(0x88, "")), 0u);
  CAF_CHECK_EQUAL(differences(frame(0x88, "\x03")), 0u);
  CAF_CHECK_EQUAL(differences(close_frame(1005)), 0u);
}

CAF_TEST(an end in the middle of a frame is seen as such) {
  auto whole = text("whole") + text("this one is cut");
  for (size_t n = 1; n < whole.size(); ++n)
    CAF_CHECK(same(whole.substr(0, n), {}));
}

// -- sizes around the slab ----------------------------------------------------

CAF_TEST(frames around the size of a slab arrive whole) {
  constexpr size_t limit = 1 << 20;
  for (auto size :
       {65400u, 65531u, 65532u, 65533u, 65535u, 65536u, 65537u, 200000u}) {
    auto frames = text("before") + text(std::string(size, 'x')) + text("after");
    CAF_CHECK(same(frames, {}, limit));
    CAF_CHECK(same(frames, {1000}, limit));
    CAF_CHECK(same(frames, {129, 65536}, limit));
  }
}

CAF_TEST(more small frames than an index holds come in several batches) {
  std::string frames;
  for (size_t i = 0; i < 20000; ++i)
    frames += text("");
  size_t bursts = 0;
  auto got = read_on_fast_path(frames, {}, max_message, &bursts);
  CAF_CHECK_EQUAL(got.messages.size(), 20000u);
  CAF_CHECK_GREATER(bursts, 1u);
}

// -- random streams -----------------------------------------------------------

CAF_TEST(random streams mean the same on the fast path and to Beast alone) {
  auto seed = choose_seed();
  size_t wrong = 0;
  for (uint64_t i = 0; i < 4000 && wrong == 0; ++i) {
    frame_generator gen{seed + i};
    auto frames = gen.stream();
    if (!same(frames, gen.cuts())) {
      ++wrong;
      CAF_MESSAGE("differs with ZENWS_SEED=" << seed + i);
    }
  }
  CAF_CHECK_EQUAL(wrong, 0u);
}
