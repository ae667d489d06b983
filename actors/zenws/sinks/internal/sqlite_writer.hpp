// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sinks/internal/sink_table.hpp"
#include "zenws/sinks/sink_options.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace zenws {

/// Writes into a database of SQLite, one transaction for each batch. Records
/// that are there already are left as they are.
class sqlite_writer : public sink_writer {
public:
  explicit sqlite_writer(store_options store);

  ~sqlite_writer() override;

  error open(const sink_deadline& deadline) override;

  result<std::vector<size_t>> write(const sink_batch& batch,
                                    sink_attempt attempt,
                                    const sink_deadline& deadline) override;

private:
  struct close_database {
    void operator()(sqlite3* x) const noexcept;
  };

  struct end_statement {
    void operator()(sqlite3_stmt* x) const noexcept;
  };

  using statement = std::unique_ptr<sqlite3_stmt, end_statement>;

  error execute(const std::string& sql);

  error create(sink_table table);

  // Returns SQLite's code.
  int insert(const sink_record& record);

  // Returns the reason of the last failure, and closes the database.
  error fail();

  store_options store_;
  std::optional<sink_deadline> deadline_; // of the current call
  std::unique_ptr<sqlite3, close_database> database_;
  std::array<statement, num_sink_tables> inserts_;
  std::vector<sink_cell> cells_;
};

} // namespace zenws
