// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE sinks.queue

#include "zenws/sinks/internal/sink_queue.hpp"

#include "support/unit_test.hpp"

#include <string>

using namespace zenws;
using namespace std::chrono_literals;

namespace {

constexpr sink_bounds bounds{.budget_bytes = 40'000,
                             .batch_bytes = 20'000,
                             .batch_records = 2};

struct fixture {
  sink_queue uut{bounds};
  sink_source_ptr source = std::make_shared<sink_source>("venue", 7);
  sink_queue::time_point now{1h};
  uint64_t sequence = 0;

  sink_queue::admission add(size_t bytes = 10) {
    std::string text(bytes, 'x');
    message_view message{.payload = text, .sequence = ++sequence};
    return uut.add(source, source->make(1, message), now);
  }

  // Writes the oldest batch, and returns its records.
  std::vector<sink_record> write() {
    auto batch = uut.front();
    CAF_REQUIRE(batch != nullptr);
    uut.confirm();
    return batch->records;
  }
};

const sink_loss* loss_of(const sink_record& x) {
  return std::get_if<sink_loss>(&x.content);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(sink_queue_tests, fixture)

CAF_TEST(a batch is full at its number of records) {
  add();
  CAF_CHECK(!uut.has_full_batch());
  add();
  CAF_CHECK(uut.has_full_batch());
  add();
  CAF_CHECK_EQUAL(write().size(), 2u);
  CAF_CHECK_EQUAL(write().size(), 1u);
  CAF_CHECK(uut.empty());
  CAF_CHECK_EQUAL(uut.bytes(), 0u);
}

CAF_TEST(a batch stays until it is confirmed) {
  add();
  auto batch = uut.front();
  add();
  CAF_CHECK_EQUAL(uut.front(), batch);
  CAF_CHECK_EQUAL(batch->number, 1u);
  uut.confirm();
  CAF_CHECK_EQUAL(uut.front()->number, 2u);
  CAF_CHECK_EQUAL(uut.front()->origin, batch->origin);
}

CAF_TEST(a batch is full at its bytes) {
  add(20'000);
  CAF_CHECK(uut.has_full_batch());
}

CAF_TEST(a loss takes the place of what was left out) {
  while (add(5'000) == sink_queue::admission::taken)
    ; // nop
  auto first_lost = sequence;
  add();
  CAF_CHECK(uut.settle(now).empty());
  size_t taken = 0;
  while (uut.settle(now).empty())
    taken += write().size();
  CAF_CHECK(add() == sink_queue::admission::taken);
  std::vector<sink_record> rest;
  while (!uut.empty())
    for (auto& x : write())
      rest.push_back(x);
  CAF_REQUIRE(rest.size() >= 2);
  auto& loss = rest[rest.size() - 2];
  CAF_REQUIRE(loss_of(loss) != nullptr);
  CAF_CHECK(loss_of(loss)->cause == sink_loss_cause::sink_full);
  CAF_CHECK_EQUAL(loss_of(loss)->lost, 2u);
  CAF_CHECK_EQUAL(loss_of(loss)->first_sequence, first_lost);
  CAF_CHECK_EQUAL(loss_of(loss)->last_sequence, first_lost + 1);
  CAF_CHECK_EQUAL(loss_of(loss)->last_epoch, 1u);
  CAF_CHECK_EQUAL(rest.back().key.sequence, first_lost + 2);
}

CAF_TEST(what is larger than the budget is lost and nothing else) {
  CAF_CHECK(add(50'000) == sink_queue::admission::left_out);
  CAF_CHECK(!uut.empty());
  CAF_CHECK_EQUAL(uut.settle(now).size(), 1u);
  CAF_CHECK(add() == sink_queue::admission::taken);
  CAF_CHECK_EQUAL(write().size(), 2u);
}

CAF_TEST(losses without room are added to those that are not told) {
  while (add(5'000) == sink_queue::admission::taken)
    ; // nop
  auto bytes = uut.bytes();
  for (int i = 0; i < 1'000; ++i)
    uut.add_loss(source, {.cause = sink_loss_cause::sink_slow, .lost = 3}, now);
  CAF_CHECK_EQUAL(uut.bytes(), bytes);
  std::vector<sink_queue::told_loss> told;
  while ((told = uut.settle(now)).empty())
    write();
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(told[0].content.lost, 3'001u);
}

CAF_TEST(records that a store refuses are told) {
  add();
  add();
  auto batch = uut.front();
  size_t refused[] = {1};
  auto told = uut.confirm(refused, now);
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK_EQUAL(told[0].client, "venue");
  auto rest = write();
  CAF_REQUIRE_EQUAL(rest.size(), 1u);
  CAF_REQUIRE(loss_of(rest[0]) != nullptr);
  CAF_CHECK(loss_of(rest[0])->cause == sink_loss_cause::refused);
  CAF_CHECK_EQUAL(loss_of(rest[0])->first_sequence, 2u);
}

CAF_TEST(a loss that a store refuses is not put into its place) {
  uut.add_loss(source, {.cause = sink_loss_cause::sink_slow, .lost = 3}, now);
  CAF_REQUIRE(uut.front() != nullptr);
  size_t refused[] = {0};
  CAF_CHECK_EQUAL(uut.confirm(refused, now).size(), 1u);
  CAF_CHECK(uut.empty());
}

CAF_TEST(the halves of a batch come in its place) {
  sink_queue large{{40'000, 20'000, 5}};
  for (uint64_t i = 1; i <= 6; ++i)
    large.add(source,
              source->make(1, message_view{.payload = "x", .sequence = i}),
              now);
  auto whole = large.front();
  CAF_REQUIRE(large.split());
  CAF_CHECK_EQUAL(large.records(), 6u);
  std::vector<uint64_t> sequences;
  std::vector<uint64_t> numbers;
  while (auto batch = large.front()) {
    numbers.push_back(batch->number);
    for (auto& x : batch->records)
      sequences.push_back(x.key.sequence);
    large.confirm();
  }
  CAF_CHECK((numbers == std::vector<uint64_t>{1, 2, 3}));
  CAF_CHECK((sequences == std::vector<uint64_t>{1, 2, 3, 4, 5, 6}));
  CAF_CHECK_EQUAL(large.bytes(), 0u);
  CAF_CHECK_EQUAL(whole->number, 1u);
  CAF_CHECK_EQUAL(whole->records.size(), 5u);
}

CAF_TEST(one record cannot be halved) {
  add();
  CAF_REQUIRE(uut.front() != nullptr);
  CAF_CHECK(!uut.split());
  CAF_CHECK_EQUAL(write().size(), 1u);
}

CAF_TEST(keys of typed records and losses are unique) {
  market::trade trade{.message = 5};
  auto first = source->make(1, sink_time{}, trade);
  auto again = source->make(1, sink_time{}, trade);
  auto loss = source->make(sink_loss{});
  CAF_REQUIRE(first && again);
  CAF_CHECK_EQUAL(first->key.sequence, 5u);
  CAF_CHECK_EQUAL(loss.key.sequence, 5u);
  CAF_CHECK(first->key.item < again->key.item);
  CAF_CHECK(again->key.item < loss.key.item);
}

CAF_TEST(runs grow with time and differ) {
  auto before = draw_run();
  auto after = draw_run();
  CAF_CHECK(before != after);
  CAF_CHECK(before >> 20 <= after >> 20);
  CAF_CHECK(after >> 63 == 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
