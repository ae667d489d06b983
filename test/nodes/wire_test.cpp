#define CAF_SUITE wire

#include "node_world.hpp"

#include "zenws/actors/inspect.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include "caf/test/unit_test.hpp"

using namespace zenws;
using namespace zenws::test;

namespace {

std::string describe(const message_batch& what) {
  std::string result;
  for (auto x : what) {
    if (!result.empty())
      result += ", ";
    result += std::to_string(x.sequence);
    if (x.kind == message_kind::binary)
      result += 'b';
    result += ' ';
    result += x.payload;
  }
  return result;
}

struct fixture : node_world {
  // What a message is after its journey.
  template <class T>
  T travelled(T what) {
    auto unit = std::make_unique<caf::scoped_execution_unit>(&sys);
    std::vector<char> bytes;
    caf::binary_serializer sink{unit.get(), bytes};
    auto sent = caf::make_message(std::move(what));
    if (auto failure = sink(sent))
      CAF_FAIL("cannot be written: " << seam::to_text(failure));
    caf::binary_deserializer source{unit.get(), bytes};
    caf::message received;
    if (auto failure = source(received))
      CAF_FAIL("cannot be read: " << seam::to_text(failure));
    CAF_CHECK_EQUAL(source.remaining(), 0u);
    return received.get_as<T>(0);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(wire_tests, fixture)

CAF_TEST(a batch) {
  auto content = slab_pool::make_unpooled(1024, 8);
  content->client_id = 7;
  content->epoch = 3;
  content->first_sequence = 100;
  content->received_at = std::chrono::system_clock::now();
  std::string big(300, 'x');
  for (std::string text : {"first", "", "third"})
    content->add_detached(text, message_kind::text);
  content->add_detached(big, message_kind::binary);
  message_batch all{content};
  auto got = travelled(all);
  CAF_CHECK(got.received_at() == all.received_at());
  CAF_CHECK_EQUAL(got.client_id(), 7u);
  CAF_CHECK_EQUAL(got.epoch(), 3u);
  CAF_CHECK_EQUAL(describe(got), "100 first, 101 , 102 third, 103b " + big);
  CAF_CHECK(got.selection().empty());
  message_batch some{content, nullptr, {1, 3}};
  auto rest = travelled(some);
  CAF_CHECK_EQUAL(describe(rest), "101 , 103b " + big);
  CAF_CHECK(travelled(message_batch{}).empty());
}

CAF_TEST(a header that describes no batch is refused) {
  using detail::batch_header;
  using detail::draft_of;
  batch_header sound{.first_sequence = 1, .index = std::string(3, '\x04')};
  CAF_REQUIRE(draft_of(sound));
  CAF_CHECK_EQUAL(draft_of(sound)->payload_bytes, 3u);
  for (std::string_view index : {
         std::string_view{"\x04\x84", 2},                    // cut off
         std::string_view{"\x05\x00", 2},                    // a step of 0
         std::string_view{"\x05\xff\xff\xff\xff\x7f", 6},    // a far step
         std::string_view{"\xfc\xff\xff\xff\x7f", 5},        // a huge message
         std::string_view{"\xff\xff\xff\xff\xff\xff\x7f", 7} // no number
       }) {
    auto refused = draft_of(batch_header{.index = std::string{index}});
    CAF_REQUIRE(!refused);
    CAF_CHECK(refused.error().code == ec::invalid_data);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
