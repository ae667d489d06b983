// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/internal/sqlite_table_writer.hpp"

#include <sqlite3.h>

namespace zenws::internal {

namespace {

// Binds one value to a parameter; returns SQLite's code.
class cell_binder {
public:
  cell_binder(sqlite3_stmt* insert, int parameter)
    : statement_(insert), parameter_(parameter) {
    // nop
  }

  int operator()(std::monostate) const {
    return sqlite3_bind_null(statement_, parameter_);
  }

  int operator()(uint64_t value) const {
    return sqlite3_bind_int64(statement_, parameter_,
                              static_cast<sqlite3_int64>(value));
  }

  int operator()(std::string_view value) const {
    return sqlite3_bind_text64(statement_, parameter_,
                               value.empty() ? "" : value.data(), value.size(),
                               SQLITE_STATIC, SQLITE_UTF8);
  }

  int operator()(const table_blob& value) const {
    return sqlite3_bind_blob64(statement_, parameter_, value.bytes.data(),
                               value.bytes.size(), SQLITE_STATIC);
  }

private:
  sqlite3_stmt* statement_;
  int parameter_;
};

} // namespace

void sqlite_table_writer::close_database::operator()(
  sqlite3* x) const noexcept {
  sqlite3_close_v2(x);
}

void sqlite_table_writer::end_statement::operator()(
  sqlite3_stmt* x) const noexcept {
  sqlite3_finalize(x);
}

result<std::unique_ptr<table_writer>>
sqlite_table_writer::open(const std::string& path) {
  auto result = std::make_unique<sqlite_table_writer>();
  sqlite3* database = nullptr;
  auto code = sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READWRITE,
                              nullptr);
  result->database_.reset(database);
  if (code != SQLITE_OK)
    return result->failure();
  // One transaction: an export that fails leaves no half of itself.
  auto problem = result->execute("BEGIN");
  for (size_t i = 0; i < num_recording_tables && !problem; ++i)
    problem = result->create(static_cast<recording_table>(i));
  if (problem)
    return problem;
  return result;
}

error sqlite_table_writer::create(recording_table table) {
  std::string names;
  std::string values;
  for (auto name : columns_of(table)) {
    names += (names.empty() ? "\"" : ", \"") + std::string{name} + '"';
    values += values.empty() ? "?" : ", ?";
  }
  auto name = std::string{to_string(table)};
  if (auto problem = execute("CREATE TABLE " + name + " (" + names + ')'))
    return problem;
  auto sql = "INSERT INTO " + name + " VALUES (" + values + ')';
  sqlite3_stmt* insert = nullptr;
  auto code = sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &insert,
                                 nullptr);
  inserts_[static_cast<size_t>(table)].reset(insert);
  return code == SQLITE_OK ? error{} : failure();
}

error sqlite_table_writer::write(recording_table table,
                                 std::span<const table_cell> cells) {
  auto* insert = inserts_[static_cast<size_t>(table)].get();
  auto parameter = 0;
  for (auto& cell : cells)
    if (std::visit(cell_binder{insert, ++parameter}, cell) != SQLITE_OK)
      return failure();
  if (sqlite3_step(insert) != SQLITE_DONE)
    return failure();
  sqlite3_reset(insert);
  return {};
}

error sqlite_table_writer::finish() {
  return execute("COMMIT");
}

error sqlite_table_writer::execute(const std::string& sql) {
  auto code = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr,
                           nullptr);
  return code == SQLITE_OK ? error{} : failure();
}

error sqlite_table_writer::failure() const {
  return {ec::recording_failed,
          std::string{"SQLite: "} + sqlite3_errmsg(database_.get())};
}

} // namespace zenws::internal
