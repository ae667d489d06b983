// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/internal/sqlite_writer.hpp"

#include <sqlite3.h>

#include <utility>

namespace zenws {

namespace {

// Called while another process has the database locked; 0 gives up.
int wait_for_lock(void* deadline, int) {
  if (static_cast<const sink_deadline*>(deadline)->has_passed())
    return 0;
  sqlite3_sleep(static_cast<int>(sink_deadline::slice.count()));
  return 1;
}

std::string_view sqlite_type(column_type type) {
  switch (type) {
    case column_type::time:
    case column_type::integer:
      return "INTEGER";
    case column_type::bytes:
      return "BLOB";
    default: // numbers as texts are exact
      return "TEXT";
  }
}

// Binds one value to a parameter; returns SQLite's code. Texts stay where they
// are.
class sqlite_binder {
public:
  sqlite_binder(sqlite3_stmt* insert, int parameter)
    : statement_(insert), parameter_(parameter) {
    // nop
  }

  int operator()(std::monostate) const {
    return sqlite3_bind_null(statement_, parameter_);
  }

  int operator()(sink_time x) const {
    return (*this)(int64_t{x.time_since_epoch().count()});
  }

  int operator()(int64_t x) const {
    return sqlite3_bind_int64(statement_, parameter_, x);
  }

  int operator()(market::decimal x) const {
    auto text = market::to_string(x);
    return sqlite3_bind_text64(statement_, parameter_, text.data(), text.size(),
                               SQLITE_TRANSIENT, SQLITE_UTF8);
  }

  int operator()(std::string_view x) const {
    return sqlite3_bind_text64(statement_, parameter_,
                               x.empty() ? "" : x.data(), x.size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  }

  int operator()(const sink_bytes& x) const {
    return sqlite3_bind_blob64(statement_, parameter_,
                               x.content.empty() ? "" : x.content.data(),
                               x.content.size(), SQLITE_STATIC);
  }

private:
  sqlite3_stmt* statement_;
  int parameter_;
};

} // namespace

void sqlite_writer::close_database::operator()(sqlite3* x) const noexcept {
  sqlite3_close_v2(x);
}

void sqlite_writer::end_statement::operator()(sqlite3_stmt* x) const noexcept {
  sqlite3_finalize(x);
}

// -- constructors, destructors, and assignment operators ----------------------

sqlite_writer::sqlite_writer(store_options store) : store_(std::move(store)) {
  // nop
}

sqlite_writer::~sqlite_writer() {
  // nop
}

// -- opening ------------------------------------------------------------------

error sqlite_writer::open(const sink_deadline& deadline) {
  if (database_ != nullptr)
    return {};
  deadline_ = deadline;
  sqlite3* database = nullptr;
  auto code = sqlite3_open_v2(
    store_.path.c_str(), &database,
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(database);
  if (code != SQLITE_OK)
    return fail();
  sqlite3_busy_handler(database, wait_for_lock, &*deadline_);
  // What is confirmed must survive a power cut.
  if (auto problem
      = execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"))
    return problem;
  for (size_t i = 0; i < num_sink_tables; ++i)
    if (auto problem = create(static_cast<sink_table>(i)))
      return problem;
  return {};
}

error sqlite_writer::create(sink_table table) {
  auto name = store_.prefix + '_' + std::string{to_string(table)};
  auto sql = "CREATE TABLE IF NOT EXISTS " + name + " (";
  std::string values;
  for (auto& column : columns_of(table)) {
    sql += std::string{column.name} + ' '
           + std::string{sqlite_type(column.type)}
           + (column.presence == column_presence::required ? " NOT NULL, "
                                                           : ", ");
    values += values.empty() ? "?" : ", ?";
  }
  sql += "PRIMARY KEY (client, time, run, epoch, sequence, item)) "
         "WITHOUT ROWID";
  if (auto problem = execute(sql))
    return problem;
  sql = "INSERT INTO " + name + " VALUES (" + values
        + ") ON CONFLICT DO NOTHING";
  sqlite3_stmt* insert = nullptr;
  auto code = sqlite3_prepare_v3(database_.get(), sql.c_str(), -1,
                                 SQLITE_PREPARE_PERSISTENT, &insert, nullptr);
  inserts_[static_cast<size_t>(table)].reset(insert);
  return code == SQLITE_OK ? error{} : fail();
}

// -- writing ------------------------------------------------------------------

result<std::vector<size_t>>
sqlite_writer::write(const sink_batch& batch, sink_attempt,
                     const sink_deadline& deadline) {
  deadline_ = deadline;
  if (auto problem = execute("BEGIN IMMEDIATE"))
    return problem;
  std::vector<size_t> refused;
  for (size_t i = 0; i < batch.records.size(); ++i)
    switch (insert(batch.records[i])) {
      case SQLITE_OK:
        break;
      case SQLITE_CONSTRAINT: // of the user's
      case SQLITE_TOOBIG:
        refused.push_back(i);
        break;
      default:
        return fail();
    }
  if (auto problem = execute("COMMIT"))
    return problem;
  return refused;
}

int sqlite_writer::insert(const sink_record& record) {
  read_cells(record, cells_);
  auto* row = inserts_[static_cast<size_t>(table_of(record))].get();
  auto parameter = 0;
  for (auto& cell : cells_)
    if (auto code = std::visit(sqlite_binder{row, ++parameter}, cell);
        code != SQLITE_OK)
      return code;
  sqlite3_step(row);
  return sqlite3_reset(row); // the code of the step
}

error sqlite_writer::execute(const std::string& sql) {
  auto code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr,
                           nullptr);
  return code == SQLITE_OK ? error{} : fail();
}

// What was not committed is rolled back with the connection.
error sqlite_writer::fail() {
  error result{ec::sink_failed,
               std::string{"SQLite: "} + sqlite3_errmsg(database_.get())};
  for (auto& x : inserts_)
    x = nullptr;
  database_ = nullptr;
  return result;
}

} // namespace zenws
