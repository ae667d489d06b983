// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE receive_buffer

#include "zenws/connection/internal/receive_buffer.hpp"

#include "peer_frames.hpp"

#include "support/unit_test.hpp"

#include <cstring>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::internal;
using namespace zenws::peer;

namespace {

struct fixture {
  // Reads bytes as a connection does, which must fit into one read.
  void read(std::string_view bytes) {
    if (!uut.has_room())
      uut.renew();
    auto room = uut.room();
    CAF_REQUIRE(bytes.size() <= room.size());
    std::memcpy(room.data(), bytes.data(), bytes.size());
    uut.commit(bytes.size());
  }

  std::vector<std::string> take() {
    std::vector<std::string> result;
    if (auto messages = uut.take_messages())
      for (auto& x : *messages)
        result.emplace_back(x.payload());
    return result;
  }

  using strings = std::vector<std::string>;

  receive_buffer uut{slab_pool::make()};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(receive_buffer_tests, fixture)

CAF_TEST(a new buffer has no room and no bytes and no messages) {
  CAF_CHECK(!uut.has_room());
  CAF_CHECK(uut.empty());
  CAF_CHECK(!uut.full());
  CAF_CHECK_EQUAL(uut.unused(), "");
  CAF_CHECK(!uut.take_messages());
}

CAF_TEST(whole frames become messages and the rest stays unused) {
  auto half = text("three").substr(0, 4);
  read(text("one") + frame(0x82, "two") + half);
  CAF_CHECK(uut.walk(max_message) == walk_end::incomplete);
  CAF_CHECK_EQUAL(uut.unused(), half);
  CAF_CHECK(take() == strings({"one", "two"}));
  CAF_CHECK_EQUAL(uut.unused(), half);
  read(text("three").substr(4));
  CAF_CHECK(uut.walk(max_message) == walk_end::incomplete);
  CAF_CHECK(take() == strings{"three"});
  CAF_CHECK(uut.empty());
}

CAF_TEST(a frame that arrives byte by byte becomes one message) {
  for (auto c : text("slow")) {
    read({&c, 1});
    CAF_CHECK(uut.walk(max_message) == walk_end::incomplete);
  }
  CAF_CHECK(take() == strings{"slow"});
}

CAF_TEST(a frame of another shape stays where it is) {
  read(text("one") + frame(0x89, "ping"));
  CAF_CHECK(uut.walk(max_message) == walk_end::not_ours);
  CAF_CHECK_EQUAL(uut.unused(), frame(0x89, "ping"));
  uut.consume(uut.unused().size());
  CAF_CHECK(uut.empty());
  CAF_CHECK(take() == strings{"one"});
}

CAF_TEST(a replaced byte is the one that is walked) {
  read(text("ab"));
  uut.replace(2, 'x');
  uut.walk(max_message);
  CAF_CHECK(take() == strings{"xb"});
}

CAF_TEST(messages that came another way keep their place) {
  read(text("one") + text("three"));
  uut.walk(max_message); // takes both
  CAF_CHECK(uut.add("four", message_kind::text));
  CAF_CHECK(take() == strings({"one", "three", "four"}));
  CAF_CHECK(uut.add("alone", message_kind::binary));
  CAF_CHECK(take() == strings{"alone"});
}

CAF_TEST(an index that is full ends the walk) {
  std::string frames;
  for (int i = 0; i < 3000; ++i)
    frames += text("");
  read(frames);
  CAF_CHECK(uut.walk(max_message) == walk_end::index_full);
  CAF_CHECK(uut.full());
  CAF_CHECK(!uut.add("x", message_kind::text));
  auto count = take().size();
  for (int i = 0; i < 100 && !uut.empty(); ++i) {
    uut.walk(max_message);
    count += take().size();
  }
  CAF_CHECK_EQUAL(count, 3000u);
}

CAF_TEST(a buffer is full of bytes long before its index is) {
  std::string large(slab_pool::read_size, 'x');
  size_t added = 0;
  while (!uut.full()) {
    CAF_REQUIRE(uut.add(large, message_kind::binary));
    ++added;
  }
  CAF_CHECK_EQUAL(added, 5u);
  CAF_CHECK_EQUAL(take().size(), added);
  CAF_CHECK(!uut.full());
}

CAF_TEST(a frame that can end in the slab keeps its place) {
  auto whole = frame(0x82, std::string(1000, 'x'));
  read(text("short") + whole.substr(0, 50));
  CAF_CHECK(uut.walk(slab_pool::read_size) == walk_end::incomplete);
  CAF_CHECK(uut.has_room());
}

CAF_TEST(a frame that cannot end in the slab moves to the front of another) {
  std::string large(65'535, 'x');
  auto whole = frame(0x82, large);
  std::string first(slab_pool::read_size - large.size(), 'y');
  read(text(first) + whole.substr(0, 50));
  CAF_CHECK(uut.walk(slab_pool::read_size) == walk_end::incomplete);
  CAF_CHECK(!uut.has_room());
  CAF_CHECK(take() == strings{first});
  read(whole.substr(50));
  CAF_CHECK(uut.walk(slab_pool::read_size) == walk_end::incomplete);
  CAF_CHECK(take() == strings{large});
}

CAF_TEST(an idle buffer holds no slab of full size for a few bytes) {
  auto half = text("three").substr(0, 4);
  read(text("one") + half);
  uut.walk(max_message);
  take();
  CAF_CHECK_EQUAL(uut.unused(), half);
  CAF_CHECK(!uut.has_room());
  CAF_CHECK(uut.room().size() < slab_pool::read_size / 4);
}

CAF_TEST(what is there of a large frame is moved once) {
  auto whole = frame(0x82, std::string(20'000, 'x'));
  read(text("one") + whole.substr(0, 10'000));
  uut.walk(slab_pool::read_size);
  CAF_CHECK(take() == strings{"one"});
  CAF_CHECK(uut.has_room());
}

CAF_TEST(a slab is filled by frames of a power of two) {
  auto whole = frame(0x82, std::string(16 * 1024, 'x'));
  read(whole + whole + whole + whole);
  uut.walk(slab_pool::read_size);
  CAF_CHECK_EQUAL(take().size(), 4u);
  CAF_CHECK(uut.empty());
}

CAF_TEST(a cleared buffer has forgotten bytes and messages) {
  read(text("one") + "rest");
  uut.walk(max_message);
  uut.clear();
  CAF_CHECK(uut.empty());
  CAF_CHECK(!uut.take_messages());
}

CAF_TEST_FIXTURE_SCOPE_END()
