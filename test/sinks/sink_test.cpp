// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE sinks.sink

#include "sink_fixture.hpp"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <mutex>
#include <set>

using namespace zenws;
using namespace zenws::test_support;

namespace {

// A store of the test's own, which takes each key once.
struct fake_store {
  std::mutex mtx;
  std::condition_variable changed;
  std::vector<sink_record> records;
  std::set<std::array<uint64_t, 5>> keys;
  std::vector<sink_attempt> attempts;
  bool is_stalled = false;
  size_t failures_to_come = 0;
  size_t crashes_to_come = 0;
  std::set<std::string> refused; // payloads
  bool refuses_losses = false;
  bool names_refused = true;

  void stall(bool value) {
    std::lock_guard guard{mtx};
    is_stalled = value;
    changed.notify_all();
  }

  void put(const sink_record& record) {
    auto& key = record.key;
    if (keys
          .insert({record.content.index(), key.run, key.epoch, key.sequence,
                   key.item})
          .second)
      records.push_back(record);
  }

  bool refuses(const sink_record& record) const {
    auto* message = std::get_if<sink_message>(&record.content);
    return message != nullptr ? refused.contains(message->payload)
                              : refuses_losses;
  }

  std::vector<sink_record> content() {
    std::lock_guard guard{mtx};
    return records;
  }
};

class fake_writer : public sink_writer {
public:
  explicit fake_writer(std::shared_ptr<fake_store> to) : to_(std::move(to)) {
    // nop
  }

  error open(const sink_deadline&) override {
    return {};
  }

  result<std::vector<size_t>> write(const sink_batch& batch,
                                    sink_attempt attempt,
                                    const sink_deadline& deadline) override {
    std::unique_lock guard{to_->mtx};
    to_->attempts.push_back(attempt);
    while (to_->is_stalled && !deadline.has_passed())
      to_->changed.wait_for(guard, sink_deadline::slice);
    if (to_->is_stalled)
      return error{ec::sink_failed, "stalled"};
    if (to_->crashes_to_come > 0) {
      --to_->crashes_to_come;
      throw std::runtime_error{"a bug"};
    }
    if (to_->failures_to_come > 0) {
      --to_->failures_to_come;
      return error{ec::sink_failed, "for the test"};
    }
    std::vector<size_t> refused;
    for (size_t i = 0; i < batch.records.size(); ++i)
      if (to_->refuses(batch.records[i]))
        refused.push_back(i);
    if (!refused.empty() && !to_->names_refused)
      return error{ec::request_refused, "for the test"};
    for (auto& record : batch.records)
      if (!to_->refuses(record))
        to_->put(record);
    return refused;
  }

private:
  std::shared_ptr<fake_store> to_;
};

struct fixture : sink_fixture {
  std::shared_ptr<fake_store> store = std::make_shared<fake_store>();

  sink_options fake_sink() {
    auto result = quick_sink();
    result.make_writer = [store = store] {
      return std::make_unique<fake_writer>(store);
    };
    return result;
  }

  bool has_failed(uint64_t n) {
    return eventually([&] {
      ask<client_counts>(clients, count_clients{});
      return stats->failures.get() >= n;
    });
  }

  // Starts a client, and a sink that is subscribed to it.
  client_actor start_with_batches_of(size_t records) {
    auto client = start_client("venue");
    auto options = fake_sink();
    options.batch_records = records;
    start_sink(options);
    await_subscribers(client, 1);
    return client;
  }

  // Waits until so many records of a client wait for the store.
  bool is_waiting(const client_actor& client, uint64_t records) {
    return eventually([&] {
      ask<client_status>(client, get_status{});
      return stats->pending.get() == records;
    });
  }

  // Returns the losses in the store.
  std::vector<sink_loss> losses() {
    std::vector<sink_loss> result;
    for (auto& x : store->content())
      if (auto* loss = std::get_if<sink_loss>(&x.content))
        result.push_back(*loss);
    return result;
  }

  // Returns the numbers of the messages in the store.
  std::vector<uint64_t> numbers() {
    std::vector<uint64_t> result;
    for (auto& x : store->content())
      if (std::holds_alternative<sink_message>(x.content))
        result.push_back(x.key.sequence);
    return result;
  }

  caf::actor incarnation() {
    auto tree = ask<child_list>(sinks, which_children{});
    CAF_REQUIRE(tree);
    return tree->children.front().address;
  }
};

std::vector<uint64_t> up_to(uint64_t n) {
  std::vector<uint64_t> result;
  for (uint64_t i = 1; i <= n; ++i)
    result.push_back(i);
  return result;
}

} // namespace

CAF_TEST(a store that is not built in has no writer and is refused by name) {
  constexpr auto no_such_store = static_cast<store_kind>(200);
  for (auto kind : {store_kind::sqlite, store_kind::postgres, store_kind::redis,
                    store_kind::kafka, no_such_store}) {
    store_options store{.kind = kind};
    auto problems = validate(store);
    auto refused = std::ranges::any_of(problems, [&](auto& x) {
      return x.field == "type"
             && x.message.find("without " + std::string{to_string(kind)})
                  != std::string::npos;
    });
    CAF_CHECK_EQUAL(refused, !is_built(kind));
    CAF_CHECK_EQUAL(make_sink_writer(store) == nullptr, !is_built(kind));
  }
  CAF_CHECK(!is_built(no_such_store));
}

CAF_TEST_FIXTURE_SCOPE(sink_tests, fixture)

CAF_TEST(a sink without a writer tells it and ends no program) {
  auto client = start_client("venue");
  auto options = fake_sink();
  options.make_writer = [] { return nullptr; };
  start_sink(options);
  await_subscribers(client, 1);
  broadcast(0, 10);
  CAF_CHECK(has_failed(2));
  CAF_CHECK(is_waiting(client, 10));
}

CAF_TEST(a batch that failed is written before the next one) {
  store->failures_to_come = 3;
  auto client = start_with_batches_of(10);
  broadcast(0, 100);
  CAF_REQUIRE(has_written(100));
  CAF_CHECK(numbers() == up_to(100));
  CAF_CHECK_EQUAL(stats->failures.get(), 3u);
  CAF_CHECK(store->attempts[0] == sink_attempt::first);
  for (size_t i = 1; i <= 3; ++i)
    CAF_CHECK(store->attempts[i] == sink_attempt::repeated);
  CAF_CHECK(store->attempts[4] == sink_attempt::first);
}

CAF_TEST(a record that is refused is told and counted) {
  store->refused = {"message 3", "message 4"};
  auto client = start_with_batches_of(1);
  broadcast(0, 10);
  CAF_REQUIRE(has_written(10)); // two of them are losses
  CAF_CHECK(is_waiting(client, 0));
  CAF_CHECK_EQUAL(stats->written.get(), 10u);
  CAF_CHECK_EQUAL(stats->lost.get(), 2u);
  auto told = losses();
  CAF_REQUIRE_EQUAL(told.size(), 2u);
  CAF_CHECK(told[0].cause == sink_loss_cause::refused);
  CAF_CHECK_EQUAL(told[0].first_sequence, 4u);
}

CAF_TEST(records that are refused without being named are found) {
  store->refused = {"message 0", "message 42", "message 43", "message 99"};
  store->names_refused = false;
  store->stall(true);
  auto client = start_with_batches_of(64);
  broadcast(0, 100);
  CAF_REQUIRE(is_waiting(client, 100));
  store->stall(false);
  CAF_REQUIRE(has_written(100));
  auto expected = up_to(100);
  for (auto x : {1u, 43u, 44u, 100u})
    std::erase(expected, x);
  CAF_CHECK(numbers() == expected);
  auto told = losses();
  CAF_REQUIRE_EQUAL(told.size(), 4u);
  CAF_CHECK(told[3].cause == sink_loss_cause::refused);
  CAF_CHECK_EQUAL(told[3].first_sequence, 100u);
  CAF_CHECK_EQUAL(stats->lost.get(), 4u);
  CAF_CHECK_EQUAL(stats->written.get(), 100u);
}

CAF_TEST(a store that refuses losses is not told them for ever) {
  store->refused = {"message 3"};
  store->refuses_losses = true;
  auto client = start_client("venue");
  start_sink(fake_sink());
  await_subscribers(client, 1);
  broadcast(0, 10);
  CAF_REQUIRE(has_written(9));
  CAF_CHECK(is_waiting(client, 0));
  CAF_CHECK_EQUAL(stats->lost.get(), 2u);
}

CAF_TEST(a store that stalls holds up nobody and losses are told) {
  store->stall(true);
  auto client = start_client("venue");
  auto events = watch();
  auto [other, in] = collect(client);
  auto options = fake_sink();
  options.budget_bytes = 40'000;
  options.batch_bytes = 10'000;
  options.write_within = 30s;
  start_sink(options);
  await_subscribers(client, 2);
  broadcast(0, 500);
  CAF_REQUIRE(in->wait_for_messages(500));
  CAF_REQUIRE(eventually([&] {
    ask<client_status>(client, get_status{});
    return stats->pending.get() + stats->lost.get() == 500;
  }));
  auto kept = stats->pending.get();
  CAF_CHECK(stats->pending_bytes.get() <= 40'000);
  CAF_CHECK(stats->oldest.get() > 0);
  store->stall(false);
  CAF_REQUIRE(has_written(kept + 1));
  CAF_CHECK(numbers() == up_to(kept));
  auto told = losses();
  CAF_REQUIRE_EQUAL(told.size(), 1u);
  CAF_CHECK(told[0].cause == sink_loss_cause::sink_full);
  CAF_CHECK_EQUAL(told[0].lost, 500 - kept);
  CAF_CHECK_EQUAL(told[0].first_sequence, kept + 1);
  CAF_CHECK_EQUAL(told[0].last_sequence, 500u);
  auto event = events->wait_for_kind(event_kind::messages_dropped);
  CAF_REQUIRE(event);
  CAF_CHECK_EQUAL(event->dropped_messages, 500 - kept);
  CAF_CHECK_EQUAL(event->client, "venue");
  CAF_CHECK_EQUAL(event->reason.code, ec::sink_failed);
}

CAF_TEST(what waits outlives the sink) {
  store->stall(true);
  auto client = start_client("venue");
  auto options = fake_sink();
  options.write_within = 30s;
  start_sink(options);
  await_subscribers(client, 1);
  broadcast(0, 50);
  CAF_REQUIRE(is_waiting(client, 50));
  caf::anon_send_exit(incarnation(), caf::exit_reason::kill);
  store->stall(false);
  CAF_REQUIRE(has_written(51));
  CAF_CHECK(numbers() == up_to(50));
  CAF_REQUIRE_EQUAL(losses().size(), 1u);
  CAF_CHECK(losses()[0].cause == sink_loss_cause::sink_restarted);
  await_subscribers(client, 1);
  broadcast(50, 60);
  CAF_REQUIRE(has_written(61));
  CAF_CHECK_EQUAL(numbers().back(), 60u);
}

CAF_TEST(a writer that crashes is replaced) {
  store->crashes_to_come = 2;
  auto client = start_client("venue");
  start_sink(fake_sink());
  await_subscribers(client, 1);
  broadcast(0, 50);
  CAF_REQUIRE(has_written(50));
  CAF_CHECK(numbers() == up_to(50));
  CAF_CHECK_EQUAL(stats->failures.get(), 2u);
}

CAF_TEST(what waits is written when the sink ends) {
  auto client = start_client("venue");
  auto options = fake_sink();
  options.flush_interval = 1h;
  start_sink(options);
  await_subscribers(client, 1);
  broadcast(0, 50);
  CAF_REQUIRE(is_waiting(client, 50));
  CAF_CHECK(numbers().empty());
  caf::anon_send_exit(sinks, caf::exit_reason::user_shutdown);
  await_end_of(sinks);
  CAF_CHECK(numbers() == up_to(50));
}

CAF_TEST(a stalled store delays the end no longer than it may) {
  store->stall(true);
  auto client = start_client("venue");
  auto options = fake_sink();
  options.write_within = 1h;
  options.close_within = 50ms;
  start_sink(options);
  await_subscribers(client, 1);
  broadcast(0, 50);
  CAF_REQUIRE(is_waiting(client, 50));
  caf::anon_send_exit(sinks, caf::exit_reason::user_shutdown);
  await_end_of(sinks);
  CAF_CHECK_EQUAL(stats->lost.get(), 50u);
}

CAF_TEST(what was left out is told at the end) {
  store->stall(true);
  auto client = start_client("venue");
  auto events = watch();
  auto options = fake_sink();
  options.budget_bytes = 4'000;
  options.batch_bytes = 2'000;
  options.write_within = 1h;
  options.close_within = 50ms;
  start_sink(options);
  await_subscribers(client, 1);
  broadcast(0, 50);
  CAF_REQUIRE(eventually([&] {
    ask<client_status>(client, get_status{});
    return stats->pending.get() + stats->lost.get() == 50;
  }));
  auto left_out = stats->lost.get();
  caf::anon_send_exit(sinks, caf::exit_reason::user_shutdown);
  await_end_of(sinks);
  auto event = events->wait_for_kind(event_kind::messages_dropped);
  CAF_REQUIRE(event);
  CAF_CHECK_EQUAL(event->dropped_messages, left_out);
  CAF_CHECK_EQUAL(stats->lost.get(), 50u);
}

CAF_TEST(a client that refuses is asked again and watched once) {
  auto client = start_client("venue"); // has no market data
  auto options = fake_sink();
  options.instruments = {"X"};
  options.kinds = {market::data_kind::trades};
  start_sink(options);
  await_subscribers(client, 1);
  // Each batch is due at an interval's end, when the sink asks again.
  for (size_t n = 0; n < 200; n += 10) {
    broadcast(n, n + 10);
    CAF_REQUIRE(has_written(n + 10));
  }
  auto monitors = caf_compat::end_monitors(client, incarnation().address());
  CAF_CHECK(monitors.value_or(1) <= 1);
}

CAF_TEST(a client that comes later and another one of its name are joined) {
  start_sink(fake_sink());
  auto client = start_client("venue");
  await_subscribers(client, 1);
  broadcast(0, 10);
  CAF_REQUIRE(has_written(10));
  CAF_REQUIRE(!tell(clients, stop_client{"venue"}));
  client = start_client("venue");
  await_subscribers(client, 1);
  broadcast(10, 20);
  CAF_REQUIRE(has_written(20));
  auto content = store->content();
  CAF_CHECK(content.front().key.run != content.back().key.run);
}

CAF_TEST_FIXTURE_SCOPE_END()
