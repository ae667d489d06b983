// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE sinks.sqlite

#include "sink_fixture.hpp"
#include "zenws/sinks/internal/sink_source.hpp"
#include "zenws/sinks/internal/sqlite_writer.hpp"

#include <sqlite3.h>

using namespace zenws;
using namespace zenws::test_support;

namespace {

// A connection of its own to the database of a sink.
class sqlite_reader {
public:
  explicit sqlite_reader(const std::string& path) {
    if (sqlite3_open(path.c_str(), &database_) != SQLITE_OK)
      throw std::runtime_error{"cannot open the database"};
  }

  ~sqlite_reader() {
    sqlite3_close(database_);
  }

  // Returns all values of all rows.
  std::vector<std::string> read(const std::string& sql) {
    std::vector<std::string> result;
    auto add = [](void* out, int size, char** values, char**) {
      for (int i = 0; i < size; ++i)
        static_cast<std::vector<std::string>*>(out)->emplace_back(
          values[i] == nullptr ? "" : values[i]);
      return 0;
    };
    if (sqlite3_exec(database_, sql.c_str(), add, &result, nullptr)
        != SQLITE_OK)
      throw std::runtime_error{sqlite3_errmsg(database_)};
    return result;
  }

  int64_t count(const std::string& table) {
    return std::stoll(read("SELECT count(*) FROM " + table).front());
  }

private:
  sqlite3* database_ = nullptr;
};

struct fixture : sink_fixture {
  sqlite_reader reader() {
    return sqlite_reader{folder.file("store.db")};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sqlite_sink_tests, fixture)

CAF_TEST(messages are written with epoch and number) {
  auto client = start_client("venue");
  start_sink(quick_sink());
  await_subscribers(client, 1);
  broadcast(0, 100);
  CAF_REQUIRE(has_written(100));
  auto db = reader();
  CAF_CHECK_EQUAL(db.count("zenws_messages"), 100);
  auto row = db.read("SELECT client, epoch, sequence, item, kind, payload, "
                     "payload_bytes FROM zenws_messages "
                     "ORDER BY sequence LIMIT 1");
  CAF_CHECK((row
             == std::vector<std::string>{"venue", "1", "1", "0", "text",
                                         "message 0", ""}));
  auto span = db.read("SELECT min(run) = max(run), max(epoch), max(sequence) "
                      "FROM zenws_messages");
  CAF_CHECK((span == std::vector<std::string>{"1", "1", "100"}));
}

CAF_TEST(market data is written with its numbers) {
  start_client("venue", "/ws/api/v2", "deribit");
  auto options = quick_sink();
  options.everything = false;
  options.instruments = {"BTC-PERPETUAL"};
  options.kinds = {market::data_kind::trades, market::data_kind::quotes,
                   market::data_kind::ticker};
  start_sink(options);
  auto has_rows = [&](const char* table) {
    return eventually([&] {
      ask<client_counts>(clients, count_clients{});
      return stats->written.get() > 0 && reader().count(table) > 0;
    });
  };
  CAF_CHECK(has_rows("zenws_trades"));
  CAF_CHECK(has_rows("zenws_quotes"));
  CAF_CHECK(has_rows("zenws_tickers"));
  CAF_CHECK_EQUAL(reader().count("zenws_messages"), 0);
  auto row = reader().read(
    "SELECT instrument, venue_time > 0, trade > 0, price > 0, amount > 0, "
    "direction IN ('buy', 'sell'), cause, late FROM zenws_trades LIMIT 1");
  CAF_CHECK((row
             == std::vector<std::string>{"BTC-PERPETUAL", "1", "1", "1", "1",
                                         "1", "regular", "0"}));
}

CAF_TEST(what is written again is there once) {
  sqlite_writer uut{{.path = folder.file("store.db")}};
  sink_source source{"venue", 1};
  sink_batch batch{.origin = 1, .number = 1};
  for (uint64_t i = 1; i <= 3; ++i)
    batch.records.push_back(
      source.make(1, message_view{.payload = "x", .sequence = i}));
  batch.records.push_back(source.make(sink_loss{.lost = 3}));
  for (auto attempt : {sink_attempt::first, sink_attempt::repeated}) {
    CAF_REQUIRE(!uut.open({{}, 5s}));
    CAF_REQUIRE(uut.write(batch, attempt, {{}, 5s}));
  }
  CAF_CHECK_EQUAL(reader().count("zenws_messages"), 3);
  CAF_CHECK_EQUAL(reader().count("zenws_losses"), 1);
}

CAF_TEST(binary messages and texts with a NUL are bytes) {
  sqlite_writer uut{{.path = folder.file("store.db")}};
  sink_source source{"venue", 1};
  sink_batch batch;
  batch.records.push_back(
    source.make(1, {message_kind::binary, std::string_view{"\0\1", 2}, 1, {}}));
  batch.records.push_back(
    source.make(1, {message_kind::text, std::string_view{"a\0b", 3}, 2, {}}));
  CAF_REQUIRE(!uut.open({{}, 5s}));
  CAF_REQUIRE(uut.write(batch, sink_attempt::first, {{}, 5s}));
  auto rows = reader().read(
    "SELECT kind, payload IS NULL, hex(payload_bytes) FROM zenws_messages");
  CAF_CHECK((
    rows
    == std::vector<std::string>{"binary", "1", "0001", "text", "1", "610062"}));
}

CAF_TEST(a record that a trigger refuses does not hold up the others) {
  sqlite_writer uut{{.path = folder.file("store.db")}};
  CAF_REQUIRE(!uut.open({{}, 5s}));
  reader().read(
    "CREATE TRIGGER checks BEFORE INSERT ON zenws_messages "
    "WHEN NEW.payload = 'bad' BEGIN SELECT RAISE(ABORT, 'no'); END");
  sink_source source{"venue", 1};
  sink_batch batch{.origin = 1, .number = 1};
  for (auto* text : {"good", "bad", "good"})
    batch.records.push_back(source.make(
      1, message_view{.payload = text, .sequence = batch.records.size()}));
  auto outcome = uut.write(batch, sink_attempt::first, {{}, 5s});
  CAF_REQUIRE(outcome);
  CAF_CHECK(*outcome == std::vector<size_t>{1});
  CAF_CHECK_EQUAL(reader().count("zenws_messages"), 2);
}

CAF_TEST(a database that is locked is waited for) {
  auto client = start_client("venue");
  start_sink(quick_sink());
  await_subscribers(client, 1);
  broadcast(0, 1);
  CAF_REQUIRE(has_written(1));
  auto db = reader();
  db.read("BEGIN IMMEDIATE");
  broadcast(1, 100);
  CAF_REQUIRE(eventually([&] {
    ask<client_status>(client, get_status{});
    return stats->failures.get() > 0;
  }));
  CAF_CHECK_EQUAL(stats->is_failing.get(), 1u);
  db.read("ROLLBACK");
  CAF_REQUIRE(has_written(100));
  CAF_CHECK_EQUAL(db.count("zenws_messages"), 100);
  CAF_CHECK_EQUAL(stats->is_failing.get(), 0u);
}

CAF_TEST(a file that cannot be opened is told and tried again) {
  auto client = start_client("venue");
  auto options = quick_sink();
  options.store.path = folder.file("later/store.db");
  start_sink(options);
  await_subscribers(client, 1);
  broadcast(0, 10);
  CAF_REQUIRE(eventually([&] {
    ask<client_status>(client, get_status{});
    return stats->failures.get() > 1;
  }));
  std::filesystem::create_directory(folder.file("later"));
  CAF_REQUIRE(has_written(10));
  CAF_CHECK_EQUAL(sqlite_reader{options.store.path}.count("zenws_messages"),
                  10);
}

CAF_TEST_FIXTURE_SCOPE_END()
