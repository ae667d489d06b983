// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/internal/database.hpp"

#include <sqlite3.h>

#include <utility>

namespace zenws::internal {

// -- statement ----------------------------------------------------------------

void statement::release::operator()(sqlite3_stmt* x) const noexcept {
  sqlite3_finalize(x);
}

statement::statement(database& db, const char* sql) : db_(&db) {
  sqlite3_stmt* made = nullptr;
  note(sqlite3_prepare_v3(db.handle(), sql, -1, SQLITE_PREPARE_PERSISTENT,
                          &made, nullptr));
  statement_.reset(made);
}

statement& statement::bind(std::string_view text) {
  // Statements are run before the text ends.
  note(sqlite3_bind_text(statement_.get(), ++parameter_,
                         text.empty() ? "" : text.data(),
                         static_cast<int>(text.size()), SQLITE_STATIC));
  return *this;
}

statement& statement::bind(int64_t number) {
  note(sqlite3_bind_int64(statement_.get(), ++parameter_, number));
  return *this;
}

statement& statement::bind_null() {
  note(sqlite3_bind_null(statement_.get(), ++parameter_));
  return *this;
}

bool statement::next() {
  column_ = 0;
  if (failure_)
    return false;
  auto code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW)
    return true;
  if (code != SQLITE_DONE)
    note(code);
  return false;
}

std::string statement::text() {
  auto index = column_++;
  auto* bytes = sqlite3_column_text(statement_.get(), index);
  auto size = sqlite3_column_bytes(statement_.get(), index);
  if (bytes == nullptr)
    return {};
  return {reinterpret_cast<const char*>(bytes), static_cast<size_t>(size)};
}

int64_t statement::number() {
  return sqlite3_column_int64(statement_.get(), column_++);
}

bool statement::is_null() const {
  return sqlite3_column_type(statement_.get(), column_) == SQLITE_NULL;
}

error statement::finish() {
  while (next()) {
    // nop
  }
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  parameter_ = 0;
  return std::exchange(failure_, {});
}

void statement::note(int code) {
  if (code != SQLITE_OK && !failure_)
    failure_ = db_->failure("");
}

// -- database -----------------------------------------------------------------

void database::release::operator()(sqlite3* x) const noexcept {
  sqlite3_close_v2(x);
}

error database::open(const std::string& path) {
  path_ = path;
  sqlite3* made = nullptr;
  auto code = sqlite3_open_v2(
    path.c_str(), &made,
    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(made);
  if (code != SQLITE_OK)
    return failure("cannot be opened");
  return {};
}

error database::run(const char* sql) {
  if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure("");
  return {};
}

error database::failure(std::string_view context) const {
  std::string reason = path_ + ": ";
  if (!context.empty())
    reason.append(context).append(": ");
  return {ec::journal_failed, reason + sqlite3_errmsg(handle())};
}

} // namespace zenws::internal
