// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sinks/internal/sink_table.hpp"
#include "zenws/sinks/sink_options.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>

struct pg_conn;

namespace zenws {

/// Writes into PostgreSQL by COPY, one transaction for each batch. A batch that
/// may be there already goes through a temporary table, from which only the
/// records that are missing are taken.
class postgres_writer : public sink_writer {
public:
  explicit postgres_writer(store_options store);

  ~postgres_writer() override;

  error open(const sink_deadline& deadline) override;

  result<std::vector<size_t>> write(const sink_batch& batch,
                                    sink_attempt attempt,
                                    const sink_deadline& deadline) override;

private:
  struct close_connection {
    void operator()(pg_conn* x) const noexcept;
  };

  error connect(const sink_deadline& deadline);

  error create(sink_table table, const sink_deadline& deadline);

  // Copies the rows of a table, into the one for new rows if they may be there
  // already.
  error copy(sink_table table, const std::string& rows, sink_attempt attempt,
             const sink_deadline& deadline);

  error send(std::string_view rows, const sink_deadline& deadline);

  // Hands what libpq has kept to the system.
  error flush(const sink_deadline& deadline);

  error execute(const std::string& sql, const sink_deadline& deadline);

  // Waits until a command is done, or wants rows.
  error read_results(const sink_deadline& deadline);

  error fail(std::string reason = {}, ec code = ec::sink_failed);

  store_options store_;
  std::unique_ptr<pg_conn, close_connection> connection_;
  std::array<std::string, num_sink_tables> rows_;
  std::vector<sink_cell> cells_;
};

} // namespace zenws
