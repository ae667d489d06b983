// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/recording/recording_tables.hpp"

#include <array>
#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace zenws::internal {

/// Writes an export to a database of SQLite.
class sqlite_table_writer final : public table_writer {
public:
  /// Creates the tables.
  /// @param path an empty file.
  static result<std::unique_ptr<table_writer>> open(const std::string& path);

  error write(recording_table table,
              std::span<const table_cell> cells) override;

  error finish() override;

private:
  struct close_database {
    void operator()(sqlite3* x) const noexcept;
  };

  struct end_statement {
    void operator()(sqlite3_stmt* x) const noexcept;
  };

  using statement = std::unique_ptr<sqlite3_stmt, end_statement>;

  error execute(const std::string& sql);

  error create(recording_table table);

  error failure() const;

  std::unique_ptr<sqlite3, close_database> database_;
  std::array<statement, num_recording_tables> inserts_;
};

} // namespace zenws::internal
