// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE sinks.postgres

#ifdef ZENWS_WITH_POSTGRES
#  include "sink_fixture.hpp"
#  include "store_servers.hpp"
#  include "zenws/sinks/internal/postgres_writer.hpp"
#  include "zenws/sinks/internal/sink_source.hpp"

#  include <libpq-fe.h>

using namespace zenws;
using namespace zenws::test_support;

namespace {

class postgres_server : public store_process {
public:
  postgres_server(std::string initdb, std::string postgres)
    : initdb_(std::move(initdb)), postgres_(std::move(postgres)) {
    give_to_server(folder_.path());
    auto init = start_server_process(initdb_ + " -D " + folder_.file("data")
                                     + " -U zenws -A trust -E UTF8"
                                       " --no-sync");
    if (init.wait(server_patience) != 0)
      throw std::runtime_error{"initdb has failed"};
    start();
  }

  store_options options() override {
    return {.kind = store_kind::postgres, .url = url("postgres")};
  }

  std::string url(const std::string& database) const {
    return "postgresql://zenws@/" + database
           + "?host=" + folder_.path().string();
  }

  // The children of one that was killed keep its memory until they have seen
  // its end: none can start before.
  void start() override {
    auto deadline = std::chrono::steady_clock::now() + server_patience;
    while (!try_start())
      if (std::chrono::steady_clock::now() > deadline)
        throw std::runtime_error{"postgres does not start"};
  }

  void kill() override {
    process_->signal(SIGKILL);
    process_->wait(patience);
    process_.reset();
  }

  // The processes that serve connections are its children.
  void stall() override {
    signal_tree(process_->pid(), SIGSTOP);
  }

  void resume() override {
    signal_tree(process_->pid(), SIGCONT);
  }

  std::vector<stored_key> keys() override {
    std::vector<stored_key> result;
    auto cells = read("SELECT client, run, epoch, sequence FROM "
                      "zenws_messages");
    for (size_t i = 0; i < cells.size(); i += 4)
      result.push_back({cells[i], std::stoull(cells[i + 1]),
                        std::stoull(cells[i + 2]), std::stoull(cells[i + 3])});
    return result;
  }

  // Returns all values of all rows.
  std::vector<std::string> read(const std::string& sql) {
    auto* connection = PQconnectdb(url("postgres").c_str());
    auto* rows = PQexec(connection, sql.c_str());
    std::vector<std::string> result;
    for (int i = 0; i < PQntuples(rows); ++i)
      for (int j = 0; j < PQnfields(rows); ++j)
        result.emplace_back(PQgetvalue(rows, i, j));
    auto status = PQresultStatus(rows);
    std::string problem = PQresultErrorMessage(rows);
    PQclear(rows);
    PQfinish(connection);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
      throw std::runtime_error{problem};
    return result;
  }

private:
  bool try_start() {
    process_.emplace(
      start_server_process(postgres_ + " -D " + folder_.file("data") + " -k "
                           + folder_.path().string() + " -c listen_addresses=''"
                           + " -c fsync=off -c jit=off"));
    return process_->read_after("ready to accept connections", server_patience)
      .has_value();
  }

  std::string initdb_;
  std::string postgres_;
  temporary_folder folder_;
  std::optional<program> process_;
};

struct fixture : sink_fixture {
  fixture() {
    auto initdb = find_postgres("initdb");
    auto server = find_postgres("postgres");
    if (initdb && server)
      postgres.emplace(*initdb, *server);
    else
      CAF_MESSAGE("skipped: there is no PostgreSQL");
  }

  sink_source source{"venue", 1};
  std::optional<postgres_server> postgres;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(postgres_sink_tests, fixture)

CAF_TEST(nothing is lost or doubled while the server is killed and stalled) {
  if (postgres)
    survive_outages(*this, *postgres);
}

CAF_TEST(what is written again is there once with all its characters) {
  if (!postgres)
    return;
  postgres_writer uut{postgres->options()};
  sink_batch batch{.origin = 1, .number = 1};
  std::string text = "tab\t, line\n, return\r, backslash \\N, ü";
  batch.records.push_back(source.make(1, {message_kind::text, text, 1, {}}));
  batch.records.push_back(source.make(
    1, {message_kind::binary, std::string_view{"\0\x81", 2}, 2, {}}));
  market::trade trade{.instrument = *market::instrument_name::make("BTC"),
                      .message = 2,
                      .price = *market::decimal::parse("0.000000012"),
                      .amount = *market::decimal::parse("200000000000")};
  batch.records.push_back(*source.make(1, sink_time{1h}, trade));
  batch.records.push_back(
    *source.make(1, sink_time{1h}, market::quote{.message = 2}));
  batch.records.push_back(
    *source.make(1, sink_time{1h}, market::ticker{.message = 2}));
  batch.records.push_back(source.make(sink_loss{.lost = 3}));
  for (auto attempt : {sink_attempt::first, sink_attempt::repeated}) {
    auto problem = uut.open({{}, 30s});
    CAF_CHECK_EQUAL(problem.detail, "");
    auto outcome = uut.write(batch, attempt, {{}, 30s});
    CAF_CHECK_EQUAL(outcome.has_value() ? "" : outcome.error().detail, "");
  }
  CAF_CHECK((postgres->read("SELECT payload FROM zenws_messages "
                            "WHERE payload IS NOT NULL")
             == std::vector<std::string>{text}));
  CAF_CHECK((postgres->read("SELECT encode(payload_bytes, 'hex') FROM "
                            "zenws_messages WHERE payload IS NULL")
             == std::vector<std::string>{"0081"}));
  CAF_CHECK((
    postgres->read("SELECT instrument, price, amount, "
                   "extract(epoch FROM time)::int FROM zenws_trades")
    == std::vector<std::string>{"BTC", "0.000000012", "200000000000", "3600"}));
  for (auto table : {"quotes", "tickers", "losses"})
    CAF_CHECK(
      (postgres->read(std::string{"SELECT count(*) FROM zenws_"} + table)
       == std::vector<std::string>{"1"}));
}

CAF_TEST(a first attempt that doubles a record fails and the next one heals) {
  if (!postgres)
    return;
  postgres_writer uut{postgres->options()};
  sink_batch batch{.origin = 1, .number = 1};
  batch.records.push_back(
    source.make(1, message_view{.payload = "x", .sequence = 1}));
  auto write = [&](sink_attempt attempt) {
    CAF_REQUIRE(!uut.open({{}, 30s}));
    return uut.write(batch, attempt, {{}, 30s}).has_value();
  };
  CAF_CHECK(write(sink_attempt::first));
  CAF_CHECK(!write(sink_attempt::first));
  CAF_CHECK(write(sink_attempt::repeated));
  CAF_CHECK_EQUAL(postgres->keys().size(), 1u);
}

CAF_TEST(a batch with a record that can never be written is refused) {
  if (!postgres)
    return;
  postgres_writer uut{postgres->options()};
  auto write = [&](std::string_view text, sink_attempt attempt) {
    CAF_REQUIRE(!uut.open({{}, 30s}));
    sink_batch batch{.origin = 1, .number = 1};
    for (auto payload : {std::string_view{"good"}, text})
      batch.records.push_back(
        source.make(1, message_view{.payload = payload,
                                    .sequence = batch.records.size() + 1}));
    auto outcome = uut.write(batch, attempt, {{}, 30s});
    return outcome ? ec::none : outcome.error().code;
  };
  for (auto attempt : {sink_attempt::first, sink_attempt::repeated})
    CAF_CHECK_EQUAL(write("no UTF-8: \xff", attempt), ec::request_refused);
  CAF_CHECK_EQUAL(postgres->keys().size(), 0u);
  CAF_CHECK_EQUAL(write("good", sink_attempt::first), ec::none);
  CAF_CHECK_EQUAL(postgres->keys().size(), 2u);
  // Others are the store's, and waited for.
  postgres->read("ALTER TABLE zenws_messages DROP COLUMN payload");
  CAF_CHECK_EQUAL(write("good", sink_attempt::first), ec::sink_failed);
}

CAF_TEST(a role that may not create tables uses those that are there) {
  if (!postgres)
    return;
  postgres_writer owner{postgres->options()};
  CAF_REQUIRE(!owner.open({{}, 30s}));
  postgres->read("CREATE ROLE writer LOGIN");
  postgres->read("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  postgres->read("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public "
                 "TO writer");
  auto options = postgres->options();
  options.url.replace(options.url.find("zenws@"), 6, "writer@");
  postgres_writer uut{options};
  auto problem = uut.open({{}, 30s});
  CAF_CHECK_EQUAL(problem.detail, "");
  sink_batch batch{.origin = 1, .number = 1};
  batch.records.push_back(
    source.make(1, message_view{.payload = "x", .sequence = 1}));
  CAF_CHECK(uut.write(batch, sink_attempt::repeated, {{}, 30s}));
}

CAF_TEST(a database of another encoding is refused) {
  if (!postgres)
    return;
  postgres->read("CREATE DATABASE latin ENCODING LATIN1 LC_COLLATE 'C' "
                 "LC_CTYPE 'C' TEMPLATE template0");
  auto options = postgres->options();
  options.url = postgres->url("latin");
  postgres_writer uut{options};
  auto problem = uut.open({{}, 30s});
  CAF_CHECK(problem.detail.find("UTF8") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()

#endif // ZENWS_WITH_POSTGRES
