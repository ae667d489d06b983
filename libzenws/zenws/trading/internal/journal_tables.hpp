// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/trading/internal/database.hpp"
#include "zenws/trading/internal/journal_record.hpp"
#include "zenws/trading/order_journal.hpp"
#include "zenws/trading/order_ledger.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::internal {

/// The tables of a journal: the state of each order as of some record of the
/// log. All return `ec::journal_failed`.
class journal_tables {
public:
  // -- properties -------------------------------------------------------------

  /// Number of the last record of the log that the tables have.
  uint64_t last_record() const noexcept {
    return last_record_;
  }

  // -- transitions ------------------------------------------------------------

  error open(const std::string& path, trading::journal_mode mode,
             std::string_view owner);

  /// Takes the records of a log that are not in the tables, all or nothing.
  error apply(std::string_view log_image);

  error load(trading::order_ledger& to, size_t max_settled);

  /// Keeps why the kill switch was thrown; nothing if it was not.
  error put_halt(const std::optional<std::string>& reason);

  result<std::optional<std::string>> load_halt();

private:
  error prepare(trading::journal_mode mode, std::string_view owner);

  error check_owner(std::string_view owner);

  error begin_log();

  error put(const journal_record& content, uint64_t last_record);

  error put(const trading::order_record& record, uint64_t number);

  error put(const trading::fill& x);

  error put(const journal_record::instrument_position& x);

  error load_orders(trading::order_ledger& to, size_t max_settled);

  result<trading::order_record> read_order(statement& from) const;

  error load_fills(statement& from, trading::order_record& to) const;

  error load_positions(trading::order_ledger& to);

  std::string path_;
  database db_;
  statement put_order_;
  statement put_fill_;
  statement put_position_;
  statement put_last_record_;
  uint64_t last_record_ = 0;
};

} // namespace zenws::internal
