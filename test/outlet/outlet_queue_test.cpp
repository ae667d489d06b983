// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE outlet.queue

#include "support/unit_test.hpp"
#include "zenws/delivery/slab.hpp"
#include "zenws/outlet/internal/outlet_queue.hpp"

#include <rapidjson/document.h>

#include <string>
#include <vector>

using namespace zenws;

namespace {

using admission = outlet_queue::admission;

constexpr size_t slab_bytes = 1024;

struct fixture {
  outlet_source_ptr source = std::make_shared<outlet_source>(
    outlet_source{outlet_topic::channel, "a", "x"});
  uint64_t next_sequence = 1;
  size_t filled = 0;
  outlet_queue uut{2 * slab_bytes, [this] { ++filled; }};

  // Returns a batch in a slab of its own.
  message_batch batch(const std::vector<std::string>& texts) {
    auto content = slab_pool::make_unpooled(slab_bytes, texts.size());
    for (auto& x : texts)
      content->append(x, message_kind::text);
    content->epoch = 1;
    content->first_sequence = next_sequence;
    next_sequence += texts.size();
    return message_batch{shared_slab_ptr{std::move(content)}};
  }

  // Takes the next message.
  rapidjson::Document next() {
    rapidjson::Document result;
    auto text = uut.next();
    CAF_REQUIRE(text);
    result.Parse(text->c_str());
    CAF_REQUIRE(!result.HasParseError());
    return result;
  }

  uint64_t next_number(const char* name) {
    auto message = next();
    return message.HasMember(name) ? message[name].GetUint64() : 0;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(outlet_queue_tests, fixture)

CAF_TEST(messages and answers come in order) {
  CAF_CHECK(uut.add(source, batch({"1", "2"})) == admission::taken);
  uut.add_answer(R"({"id":9})");
  CAF_CHECK(uut.add(source, batch({"3"})) == admission::taken);
  CAF_CHECK_EQUAL(filled, 3u);
  CAF_CHECK_EQUAL(next_number("seq"), 1u);
  CAF_CHECK_EQUAL(next_number("data"), 2u);
  CAF_CHECK_EQUAL(uut.answers(), 1u);
  CAF_CHECK_EQUAL(next_number("id"), 9u);
  CAF_CHECK_EQUAL(uut.answers(), 0u);
  CAF_CHECK_EQUAL(next_number("seq"), 3u);
  CAF_CHECK(!uut.next());
  CAF_CHECK_EQUAL(uut.held_bytes(), 0u);
}

CAF_TEST(what there is no room for is told before the next message) {
  uut.add(source, batch({"1"}));
  uut.add(source, batch({"2"}));
  CAF_CHECK(uut.add(source, batch({"3", "4"})) == admission::dropped);
  CAF_CHECK_EQUAL(next_number("seq"), 1u);
  CAF_CHECK(uut.add(source, batch({"5"})) == admission::taken);
  CAF_CHECK_EQUAL(next_number("seq"), 2u);
  auto loss = next();
  CAF_CHECK_EQUAL(loss["lost"].GetUint64(), 2u);
  CAF_CHECK_EQUAL(loss["next_seq"].GetUint64(), 5u);
  CAF_CHECK(std::string{loss["channel"].GetString()} == "x");
  CAF_CHECK_EQUAL(next_number("seq"), 5u);
}

CAF_TEST(a loss is told even if no message follows) {
  uut.add(source, batch({"1"}));
  uut.add(source, batch({"2"}));
  uut.add(source, batch({"3"}));
  CAF_CHECK_EQUAL(next_number("seq"), 1u);
  CAF_CHECK_EQUAL(next_number("seq"), 2u);
  CAF_CHECK_EQUAL(next_number("lost"), 1u);
  CAF_CHECK(!uut.next());
}

CAF_TEST(a subscription that must not lose anything ends instead) {
  source->policy = overflow_policy::disconnect_subscriber;
  uut.add(source, batch({"1"}));
  uut.add(source, batch({"2"}));
  CAF_CHECK(uut.add(source, batch({"3"})) == admission::must_end);
  CAF_CHECK_EQUAL(next_number("seq"), 1u);
  CAF_CHECK_EQUAL(next_number("seq"), 2u);
  CAF_CHECK(!uut.next());
}

CAF_TEST(a slab that two subscriptions wait for counts once) {
  auto other = std::make_shared<outlet_source>(*source);
  auto shared = batch({"1"});
  uut.add(source, shared);
  uut.add(other, shared);
  CAF_CHECK_EQUAL(uut.held_bytes(), shared.content()->footprint());
}

CAF_TEST(nothing of a subscription that has ended is left) {
  auto other = std::make_shared<outlet_source>(*source);
  uut.add(other, batch({"1"}));
  uut.add(source, batch({"2"}));
  uut.add(source, batch({"3"}));
  uut.add_event(source, "{}");
  uut.remove(source);
  CAF_CHECK_EQUAL(uut.held_bytes(), slab_bytes);
  CAF_CHECK_EQUAL(next_number("seq"), 1u);
  CAF_CHECK(!uut.next());
}

CAF_TEST(a program that does not read events is noticed) {
  for (size_t i = 0; i < outlet_queue::max_events; ++i)
    uut.add_event(source, "{}");
  CAF_CHECK(!uut.has_too_many_events());
  uut.add_event(source, "{}");
  CAF_CHECK(uut.has_too_many_events());
}

CAF_TEST_FIXTURE_SCOPE_END()
