// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/internal/postgres_writer.hpp"

#include "zenws/sinks/internal/socket_wait.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

constexpr size_t copy_chunk = 64 * 1024;

std::string_view postgres_type(column_type type) {
  switch (type) {
    case column_type::time:
      return "timestamptz";
    case column_type::integer:
      return "bigint";
    case column_type::number:
      return "numeric";
    case column_type::bytes:
      return "bytea";
    default:
      return "text";
  }
}

void ignore_notice(void*, const PGresult*) {
  // nop
}

// Appends a value in the text format of COPY (PostgreSQL 15, "COPY", section
// "Text Format").
class copy_writer {
public:
  explicit copy_writer(std::string& out) : out_(out) {
    // nop
  }

  void operator()(std::monostate) const {
    out_ += "\\N";
  }

  void operator()(std::string_view x) const {
    for (auto c : x)
      switch (c) {
        case '\\':
          out_ += "\\\\";
          break;
        case '\t':
          out_ += "\\t";
          break;
        case '\n':
          out_ += "\\n";
          break;
        case '\r':
          out_ += "\\r";
          break;
        default:
          out_ += c;
      }
  }

  void operator()(const sink_bytes& x) const {
    constexpr std::string_view digits = "0123456789abcdef";
    out_ += "\\\\x";
    for (auto c : x.content) {
      auto byte = static_cast<unsigned char>(c);
      out_ += digits[byte >> 4];
      out_ += digits[byte & 15];
    }
  }

  template <class T>
  void operator()(const T& x) const {
    out_ += to_text(sink_cell{x});
  }

private:
  std::string& out_;
};

void append_row(const std::vector<sink_cell>& cells, std::string& out) {
  auto separator = "";
  for (auto& cell : cells) {
    out += std::exchange(separator, "\t");
    std::visit(copy_writer{out}, cell);
  }
  out += '\n';
}

// Returns whether a row is the reason of an error, so that time does not help
// (PostgreSQL 15, appendix A, "Error Codes").
bool is_refusal(const PGresult* failure) {
  auto* state = PQresultErrorField(failure, PG_DIAG_SQLSTATE);
  std::string_view code{state != nullptr ? state : ""};
  if (code == "22P04"     // the table has other columns
      || code == "23505") // it is there already, and the next attempt knows
    return false;
  return code.starts_with("22")    // data exception
         || code.starts_with("23") // a constraint of the user's
         || code == "54000";       // larger than an index can take
}

// libpq ends its messages with a line break.
std::string first_line(std::string text) {
  return text.substr(0, text.find('\n'));
}

} // namespace

void postgres_writer::close_connection::operator()(pg_conn* x) const noexcept {
  PQfinish(x);
}

// -- constructors, destructors, and assignment operators ----------------------

postgres_writer::postgres_writer(store_options store)
  : store_(std::move(store)) {
  // nop
}

postgres_writer::~postgres_writer() {
  // nop
}

// -- opening ------------------------------------------------------------------

error postgres_writer::open(const sink_deadline& deadline) {
  if (connection_ != nullptr)
    return {};
  if (auto problem = connect(deadline))
    return problem;
  auto* encoding = PQparameterStatus(connection_.get(), "server_encoding");
  if (encoding == nullptr || std::string_view{encoding} != "UTF8")
    return fail("the encoding of the database must be UTF8");
  for (size_t i = 0; i < num_sink_tables; ++i)
    if (auto problem = create(static_cast<sink_table>(i), deadline))
      return problem;
  return {};
}

error postgres_writer::connect(const sink_deadline& deadline) {
  auto* password = store_.password.empty() ? nullptr : store_.password.c_str();
  const char* names[] = {"dbname", "password", "fallback_application_name",
                         "client_encoding", nullptr};
  const char* values[] = {store_.url.c_str(), password, "zenws", "UTF8",
                          nullptr};
  connection_.reset(PQconnectStartParams(names, values, 1));
  if (connection_ == nullptr || PQstatus(connection_.get()) == CONNECTION_BAD)
    return fail();
  PQsetNoticeReceiver(connection_.get(), ignore_notice, nullptr);
  auto state = PGRES_POLLING_WRITING;
  while (state != PGRES_POLLING_OK) {
    auto direction = state == PGRES_POLLING_READING ? socket_direction::read
                                                    : socket_direction::write;
    if (!wait_for_socket(PQsocket(connection_.get()), direction, deadline))
      return fail("no connection in time");
    state = PQconnectPoll(connection_.get());
    if (state == PGRES_POLLING_FAILED)
      return fail();
  }
  return PQsetnonblocking(connection_.get(), 1) == 0 ? error{} : fail();
}

// A role that may not create tables can use those that are there.
error postgres_writer::create(sink_table table, const sink_deadline& deadline) {
  auto name = store_.prefix + '_' + std::string{to_string(table)};
  std::string columns;
  for (auto& column : columns_of(table))
    columns += std::string{column.name} + ' '
               + std::string{postgres_type(column.type)}
               + (column.presence == column_presence::required ? " NOT NULL, "
                                                               : ", ");
  return execute("DO $$ BEGIN IF to_regclass('" + name
                   + "') IS NULL THEN CREATE TABLE IF NOT EXISTS " + name + " ("
                   + columns
                   + "PRIMARY KEY (client, time, run, epoch, sequence, item)); "
                     "END IF; END $$; CREATE TEMPORARY TABLE "
                   + name + "_new (LIKE " + name + ") ON COMMIT DELETE ROWS",
                 deadline);
}

// -- writing ------------------------------------------------------------------

result<std::vector<size_t>>
postgres_writer::write(const sink_batch& batch, sink_attempt attempt,
                       const sink_deadline& deadline) {
  for (auto& rows : rows_)
    rows.clear();
  for (auto& record : batch.records) {
    read_cells(record, cells_);
    append_row(cells_, rows_[static_cast<size_t>(table_of(record))]);
  }
  if (auto problem = execute("BEGIN", deadline))
    return problem;
  for (size_t i = 0; i < num_sink_tables; ++i)
    if (!rows_[i].empty())
      if (auto problem = copy(static_cast<sink_table>(i), rows_[i], attempt,
                              deadline))
        return problem;
  if (auto problem = execute("COMMIT", deadline))
    return problem;
  return std::vector<size_t>{};
}

error postgres_writer::copy(sink_table table, const std::string& rows,
                            sink_attempt attempt,
                            const sink_deadline& deadline) {
  auto name = store_.prefix + '_' + std::string{to_string(table)};
  auto target = attempt == sink_attempt::first ? name : name + "_new";
  if (auto problem = execute("COPY " + target + " FROM STDIN", deadline))
    return problem;
  for (size_t i = 0; i < rows.size(); i += copy_chunk)
    if (auto problem = send(std::string_view{rows}.substr(i, copy_chunk),
                            deadline))
      return problem;
  auto ended = 0;
  while ((ended = PQputCopyEnd(connection_.get(), nullptr)) == 0)
    if (auto problem = flush(deadline))
      return problem;
  if (ended < 0)
    return fail();
  if (auto problem = read_results(deadline))
    return problem;
  if (attempt == sink_attempt::first)
    return {};
  return execute("INSERT INTO " + name + " SELECT * FROM " + target
                   + " ON CONFLICT DO NOTHING",
                 deadline);
}

error postgres_writer::send(std::string_view rows,
                            const sink_deadline& deadline) {
  auto taken = 0;
  while ((taken = PQputCopyData(connection_.get(), rows.data(),
                                static_cast<int>(rows.size())))
         == 0)
    if (auto problem = flush(deadline))
      return problem;
  return taken > 0 ? flush(deadline) : fail();
}

error postgres_writer::flush(const sink_deadline& deadline) {
  auto* connection = connection_.get();
  while (auto left = PQflush(connection)) {
    if (left < 0)
      return fail();
    if (!wait_for_socket(PQsocket(connection), socket_direction::both,
                         deadline))
      return fail("not written in time");
    if (PQconsumeInput(connection) == 0)
      return fail();
  }
  return {};
}

error postgres_writer::execute(const std::string& sql,
                               const sink_deadline& deadline) {
  if (PQsendQuery(connection_.get(), sql.c_str()) == 0)
    return fail();
  return read_results(deadline);
}

error postgres_writer::read_results(const sink_deadline& deadline) {
  if (auto problem = flush(deadline))
    return problem;
  auto* connection = connection_.get();
  for (;;) {
    while (PQisBusy(connection) != 0) {
      if (!wait_for_socket(PQsocket(connection), socket_direction::read,
                           deadline))
        return fail("no answer in time");
      if (PQconsumeInput(connection) == 0)
        return fail();
    }
    std::unique_ptr<PGresult, decltype(&PQclear)> next{PQgetResult(connection),
                                                       &PQclear};
    if (next == nullptr)
      return {};
    auto status = PQresultStatus(next.get());
    if (status == PGRES_COPY_IN)
      return {};
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
      return fail(PQresultErrorMessage(next.get()), is_refusal(next.get())
                                                      ? ec::request_refused
                                                      : ec::sink_failed);
  }
}

error postgres_writer::fail(std::string reason, ec code) {
  if (reason.empty() && connection_ != nullptr)
    reason = PQerrorMessage(connection_.get());
  connection_ = nullptr;
  return {code, "PostgreSQL: " + first_line(std::move(reason))};
}

} // namespace zenws
