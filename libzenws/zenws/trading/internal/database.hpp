// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace zenws::internal {

class database;

/// A statement of SQL, to be run again and again. Values are bound and read in
/// their order. The first failure is kept until `finish`.
class statement {
public:
  statement() = default;

  statement(database& db, const char* sql);

  statement& bind(std::string_view text);

  statement& bind(int64_t number);

  statement& bind_null();

  /// Steps to the next row.
  /// @returns `false` if there is none.
  bool next();

  std::string text();

  int64_t number();

  bool is_null() const;

  /// Steps over a value of the row.
  void skip() noexcept {
    ++column_;
  }

  /// Runs the rest and returns to the beginning.
  /// @returns `ec::journal_failed` with the reason if anything has failed.
  error finish();

private:
  struct release {
    void operator()(sqlite3_stmt* x) const noexcept;
  };

  void note(int code);

  database* db_ = nullptr;
  std::unique_ptr<sqlite3_stmt, release> statement_;
  int parameter_ = 0;
  int column_ = 0;
  error failure_;
};

/// A file of SQLite that belongs to one process at a time.
class database {
public:
  /// Opens a file, made if there is none.
  /// @returns `ec::journal_failed` with the reason.
  error open(const std::string& path);

  /// Runs statements without values.
  error run(const char* sql);

  /// Returns the reason of the last failure.
  error failure(std::string_view context) const;

  sqlite3* handle() const noexcept {
    return handle_.get();
  }

private:
  struct release {
    void operator()(sqlite3* x) const noexcept;
  };

  std::string path_;
  std::unique_ptr<sqlite3, release> handle_;
};

} // namespace zenws::internal
