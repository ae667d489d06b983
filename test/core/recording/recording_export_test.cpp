// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE recording_export

#include "zenws/recording/recording_export.hpp"

#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include "recording_samples.hpp"

#include "zenws/json/json_value.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto trade_text
  = R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)"
    R"("trades.BTC-PERPETUAL.100ms","data":[{"trade_seq":7,"timestamp":)"
    R"(1700000000123,"price":1.50,"amount":10.0,"direction":"sell",)"
    R"("trade_id":"1","instrument_name":"BTC-PERPETUAL","tick_direction":0,)"
    R"("mark_price":1,"index_price":1}]}})";

constexpr auto book_text
  = R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":)"
    R"("book.BTC-PERPETUAL.100ms","data":{"type":"snapshot","timestamp":)"
    R"(1700000000124,"instrument_name":"BTC-PERPETUAL","change_id":5,)"
    R"("bids":[["new",1.5,10]],"asks":[["new",2,20],["new",3,30]]}}})";

struct fixture {
  temporary_folder folder;
  std::string path = folder.file("client.jsonl");
  std::vector<recorded_entry> entries;

  void add(std::string data, recorded_type type = recorded_type::text) {
    recorded_entry entry;
    entry.at = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31};
    entry.type = type;
    entry.epoch = 1;
    entry.sequence = entries.size() + 1;
    entry.data = std::move(data);
    entries.push_back(std::move(entry));
  }

  error export_to(table_writer& to, std::string_view dialect = "deribit") {
    std::ofstream out{path, std::ios::binary};
    for (auto& entry : entries)
      out << write_line(entry) << '\n';
    out.close();
    recording_source source{{path}};
    return export_recording(source, make_dialect(dialect), to);
  }

  std::string csv(recording_table table, std::string_view dialect = "deribit") {
    std::string result;
    auto writer = make_csv_writer(table, [&](std::string_view bytes) {
      result += bytes;
      return true;
    });
    CAF_CHECK(!export_to(*writer, dialect));
    return result;
  }

  std::string contents(const std::string& name) {
    std::ifstream in{folder.file(name), std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }
};

// Reads RFC 4180 as it is written, not as we write it.
std::vector<std::vector<std::string>> parse_csv(std::string_view text) {
  std::vector<std::vector<std::string>> result;
  std::vector<std::string> row{""};
  auto is_quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    auto c = text[i];
    if (is_quoted) {
      if (c != '"')
        row.back() += c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        row.back() += text[++i];
      else
        is_quoted = false;
    } else if (c == '"') {
      is_quoted = true;
    } else if (c == ',') {
      row.emplace_back();
    } else if (c == '\r') {
      CAF_REQUIRE(text.substr(i, 2) == "\r\n");
      ++i;
      result.push_back(std::move(row));
      row = {""};
    } else {
      row.back() += c;
    }
  }
  CAF_CHECK(!is_quoted);
  CAF_CHECK_EQUAL(row, std::vector<std::string>{""});
  return result;
}

std::vector<std::vector<std::string>> query(const std::string& path,
                                            const char* sql) {
  sqlite3* database = nullptr;
  CAF_REQUIRE_EQUAL(sqlite3_open(path.c_str(), &database), SQLITE_OK);
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> owner{database, sqlite3_close};
  std::vector<std::vector<std::string>> result;
  auto take = [](void* out, int count, char** values, char**) {
    auto& rows = *static_cast<std::vector<std::vector<std::string>>*>(out);
    auto& row = rows.emplace_back();
    for (int i = 0; i < count; ++i)
      row.emplace_back(values[i] == nullptr ? "NULL" : values[i]);
    return 0;
  };
  CAF_REQUIRE_EQUAL(sqlite3_exec(database, sql, take, &result, nullptr),
                    SQLITE_OK);
  return result;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(recording_export_tests, fixture)

CAF_TEST(trades and books are rows of their own) {
  add(trade_text);
  add(book_text);
  CAF_CHECK_EQUAL(
    csv(recording_table::trades),
    "received_at,epoch,sequence,instrument,venue_time,trade,price,amount,"
    "direction,kind\r\n"
    "2026-01-31T00:00:00.000000Z,1,1,BTC-PERPETUAL,"
    "2023-11-14T22:13:20.123000Z,7,1.5,10,sell,regular\r\n");
  auto book = parse_csv(csv(recording_table::book));
  CAF_REQUIRE_EQUAL(book.size(), 4u);
  CAF_CHECK_EQUAL(book[1], (std::vector<std::string>{
                             "2026-01-31T00:00:00.000000Z", "1", "2",
                             "BTC-PERPETUAL", "2023-11-14T22:13:20.124000Z",
                             "snapshot", "5", "bid", "create", "1.5", "10"}));
  CAF_CHECK_EQUAL(book[3][9], "3");
  CAF_CHECK_EQUAL(parse_csv(csv(recording_table::messages)).size(), 1u);
}

CAF_TEST(what has no table of its own stays a message) {
  add(R"({"jsonrpc":"2.0","id":1,"result":"ok"})");
  add("ends\r\nof, \"lines\"");
  add("\x01\xff\"", recorded_type::binary);
  add("{}", recorded_type::close);
  add(std::string{trade_text}.replace(std::string_view{trade_text}.find("1.50"),
                                      4, "\"\""));
  auto rows = parse_csv(csv(recording_table::messages));
  CAF_REQUIRE_EQUAL(rows.size(), 6u);
  CAF_CHECK_EQUAL(rows[1][5], entries[0].data);
  CAF_CHECK_EQUAL(rows[2][5], entries[1].data);
  CAF_CHECK_EQUAL(rows[3][4], "binary");
  CAF_CHECK_EQUAL(rows[3][5], "Af8i");
  CAF_CHECK_EQUAL(rows[4][4], "close");
  CAF_CHECK_EQUAL(rows[5][5], entries[4].data);
}

CAF_TEST(without a dialect all is messages) {
  add(trade_text);
  CAF_CHECK_EQUAL(parse_csv(csv(recording_table::trades, "raw")).size(), 1u);
  auto rows = parse_csv(csv(recording_table::messages, "raw"));
  CAF_REQUIRE_EQUAL(rows.size(), 2u);
  CAF_CHECK_EQUAL(rows[1][5], trade_text);
}

CAF_TEST(a folder of CSV has the tables with rows) {
  add(trade_text);
  add("x");
  auto writer = make_table_writer(export_format::csv, folder.file("out"));
  CAF_REQUIRE(writer);
  CAF_CHECK(!export_to(**writer));
  CAF_CHECK_EQUAL(contents("out/trades.csv"), csv(recording_table::trades));
  CAF_CHECK_EQUAL(contents("out/messages.csv"), csv(recording_table::messages));
  CAF_CHECK(!std::filesystem::exists(folder.file("out/book.csv")));
  // Nothing is replaced.
  auto again = make_table_writer(export_format::csv, folder.file("out"));
  CAF_REQUIRE(again);
  CAF_CHECK(export_to(**again).code == ec::recording_failed);
}

CAF_TEST(lines of JSON name table and columns) {
  add(trade_text);
  add("x", recorded_type::binary);
  auto writer = make_table_writer(export_format::jsonl, folder.file("o.jsonl"));
  CAF_REQUIRE(writer);
  CAF_CHECK(!export_to(**writer));
  auto text = contents("o.jsonl");
  auto end = text.find('\n');
  auto first = text.substr(0, end);
  CAF_CHECK(find_member(first, "table").is("trades"));
  CAF_CHECK(find_member(first, "price").is("1.5"));
  CAF_CHECK_EQUAL(find_member(first, "trade").integer().value_or(0), 7);
  auto second = text.substr(end + 1);
  CAF_CHECK(find_member(second, "data").is("eA=="));
}

CAF_TEST(a database has all rows) {
  add(trade_text);
  add(book_text);
  add("x");
  auto name = folder.file("o.db");
  {
    auto writer = make_table_writer(export_format::sqlite, name);
    CAF_REQUIRE(writer);
    CAF_CHECK(!export_to(**writer));
  }
  using rows = std::vector<std::vector<std::string>>;
  CAF_CHECK_EQUAL(query(name, "SELECT price, amount, trade FROM trades"),
                  (rows{{"1.5", "10", "7"}}));
  CAF_CHECK_EQUAL(query(name, "SELECT count(*) FROM book"), (rows{{"3"}}));
  CAF_CHECK_EQUAL(query(name, "SELECT data FROM messages"), (rows{{"x"}}));
  CAF_CHECK_EQUAL(query(name, "SELECT count(*) FROM quotes"), (rows{{"0"}}));
  CAF_CHECK(make_table_writer(export_format::sqlite, name).has_error());
}

CAF_TEST(a full disk is told) {
  add(std::string(200'000, 'x'));
  auto writer = make_jsonl_writer([](std::string_view) { return false; });
  CAF_CHECK(export_to(*writer).code == ec::recording_failed);
}

CAF_TEST(a recording that cannot be read is told) {
  recording_source source{{folder.file("none")}};
  auto writer = make_jsonl_writer([](std::string_view) { return true; });
  CAF_CHECK(export_recording(source, nullptr, *writer).code
            == ec::recording_failed);
}

CAF_TEST_FIXTURE_SCOPE_END()
