// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE wire

#include "support/node_world.hpp"
#include "support/unit_test.hpp"

#include "zenws/actors/messages/inspect.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

std::string describe(const message_batch& batch) {
  std::string result;
  for (auto x : batch) {
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
  // Returns a copy that was written and read.
  template <class T>
  T copied(T value) {
    caf_compat::byte_buffer bytes;
    auto sink = caf_compat::serializer_to(rt.loop(0), bytes);
    if (auto failure = caf_compat::apply(sink, value))
      CAF_FAIL("cannot be written: " << caf_compat::to_text(failure));
    auto source = caf_compat::deserializer_from(rt.loop(0), bytes);
    T result;
    if (auto failure = caf_compat::apply(source, result))
      CAF_FAIL("cannot be read: " << caf_compat::to_text(failure));
    uint8_t more = 0;
    CAF_CHECK(caf_compat::apply(source, more)); // nothing is left
    return result;
  }

  // Same in a request.
  template <class T>
  T travelled(T value) {
    return copied(caf::make_message(std::move(value))).template get_as<T>(0);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(wire_tests, fixture)

CAF_TEST(a batch arrives with its messages and its origin) {
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

CAF_TEST(a proxy travels as it is) {
  proxy_config sent{"socks5h://proxy", "joe", "sesame", "all_proxy"};
  auto received = copied(sent);
  CAF_CHECK_EQUAL(zenws::describe(received), "socks5h://proxy (all_proxy)");
  CAF_CHECK_EQUAL(received.user, "joe");
  CAF_CHECK_EQUAL(received.password, "sesame");
}

CAF_TEST(messages received in one piece travel in one piece) {
  std::string_view received = "\x81\x03one\x82\x03two\x81\x05three";
  auto content = slab_pool::make_unpooled(64, 8);
  std::copy(received.begin(), received.end(), content->data());
  content->first_sequence = 1;
  content->add(content->data() + 2, 3, message_kind::text);
  content->add(content->data() + 7, 3, message_kind::binary);
  content->add(content->data() + 12, 5, message_kind::text);
  content->add_detached("apart", message_kind::text);
  auto runs_of = [](const message_batch& batch) {
    std::vector<std::string> result;
    for (auto x : detail::parcel_of(batch).runs)
      result.emplace_back(x);
    return result;
  };
  using runs = std::vector<std::string>;
  message_batch all{content};
  CAF_CHECK_EQUAL(runs_of(all), (runs{"one\x82\x03two\x81\x05three", "apart"}));
  CAF_CHECK_EQUAL(describe(travelled(all)), "1 one, 2b two, 3 three, 4 apart");
  // Nothing that was not chosen travels along.
  message_batch some{content, nullptr, {0, 2, 3}};
  CAF_CHECK_EQUAL(runs_of(some), (runs{"one", "three", "apart"}));
  CAF_CHECK_EQUAL(describe(travelled(some)), "1 one, 3 three, 4 apart");
}

CAF_TEST(a header that describes no batch is refused) {
  using detail::batch_header;
  using detail::draft_of;
  // Three messages of one byte.
  const batch_header sound{.first_sequence = 1,
                           .count = 3,
                           .span = 3,
                           .bytes = 3,
                           .index = std::string(3, '\x08')};
  CAF_REQUIRE(draft_of(sound));
  CAF_CHECK_EQUAL(draft_of(sound)->content->count(), 3u);
  auto check_refused = [](const batch_header& header) {
    auto got = draft_of(header);
    CAF_REQUIRE(!got);
    CAF_CHECK(got.error().code == ec::invalid_data);
  };
  for (std::string_view index : {
         std::string_view{"\x08\x08", 2},                    // too short
         std::string_view{"\x08\x08\x08\x08", 4},            // too long
         std::string_view{"\x08\x08\x88", 3},                // cut off
         std::string_view{"\x08\x08\x10", 3},                // too many bytes
         std::string_view{"\x08\x08\x00", 3},                // too few
         std::string_view{"\x09\x00\x08\x08", 4},            // a step of 0
         std::string_view{"\x08\x08\x09\x02", 4},            // a far step
         std::string_view{"\x08\x0a\x01\x00", 4},            // a gap, too much
         std::string_view{"\x0a\x7f\x08\x08", 4},            // a large gap
         std::string_view{"\xff\xff\xff\xff\xff\xff\x7f", 7} // no number
       }) {
    auto header = sound;
    header.index = index;
    check_refused(header);
  }
  for (auto change : std::initializer_list<void (*)(batch_header&)>{
         [](batch_header& x) { x.bytes = detail::max_batch_bytes + 1; },
         [](batch_header& x) { x.span = slab_pool::read_size + 1; },
         [](batch_header& x) { x.span = 4; },
         [](batch_header& x) { x.count = 4; },
         [](batch_header& x) { x.count = ~uint64_t{0}; },
       }) {
    auto header = sound;
    change(header);
    check_refused(header);
  }
}

CAF_TEST(market data costs the same at both ends) {
  using namespace zenws::market;
  update_list updates;
  auto name = instrument_name::make("X").value();
  updates.add(trade{.instrument = name, .sequence = 7});
  auto& book = updates.add(book_snapshot{{.instrument = name, .sequence = 9}});
  for (int64_t i = 1; i <= 3; ++i)
    updates.add_level(book, {.price = decimal::make(i, 0).value(),
                             .amount = decimal::make(i, 0).value()});
  updates.add(trade{.instrument = name, .sequence = 8});
  boost::intrusive_ptr content{new market_block(updates)};
  content->client_id = 5;
  content->epoch = 2;
  market_batch all{content};
  market_batch some{
    content, nullptr,
    std::make_shared<const std::vector<uint32_t>>(std::vector<uint32_t>{0, 2})};
  CAF_CHECK_GREATER(transfer_cost(all), transfer_cost(some));
  CAF_CHECK_EQUAL(transfer_cost(travelled(all)), transfer_cost(all));
  CAF_CHECK_EQUAL(transfer_cost(travelled(some)), transfer_cost(some));
  auto got = travelled(stream_transfer{{}, {some, all}});
  CAF_CHECK(got.batches.empty());
  CAF_REQUIRE_EQUAL(got.market.size(), 2u);
  CAF_CHECK_EQUAL(got.market[0].size(), 2u);
  CAF_CHECK_EQUAL(got.market[1].client_id(), 5u);
  CAF_CHECK_EQUAL(got.market[1].epoch(), 2u);
  CAF_CHECK_EQUAL(got.market[1].size(), 3u);
}

CAF_TEST_FIXTURE_SCOPE_END()
