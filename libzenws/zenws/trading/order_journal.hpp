// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/trading/order_ledger.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace zenws::trading {

/// What a journal survives.
enum class journal_mode : uint8_t {
  /// There is none: an engine that ends knows nothing of its orders.
  off,
  /// The end of the process, however it ends, but not that of the machine: what
  /// is written is not waited for until it is on the disk.
  async,
  /// The end of the machine.
  sync,
};

/// Returns the name of the enumerator.
std::string_view to_string(journal_mode value) noexcept;

/// The orders of a ledger in files, written before they are sent: a process
/// that is killed at any moment leaves behind what the next one needs to know.
///
/// `path` is a file of SQLite with the tables `orders`, `fills`, `positions`
/// and `halt`. Beside it, `path-log` has what is not in there yet: it is taken
/// over bit by bit, at the end, and when the journal is opened. The two belong
/// together.
///
/// Belongs to one process at a time, which nobody else can read it in. Not
/// thread-safe.
class order_journal {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// Opens a journal, made if there is none.
  /// @param owner of the orders: `ledger_config::owner`, and whatever else they
  ///              must not be mixed with.
  /// @returns `ec::journal_failed` if the file cannot be used: it is another
  ///          owner's, in use, of a later version, or damaged.
  static result<order_journal> open(const std::string& path, journal_mode mode,
                                    std::string_view owner);

  order_journal(order_journal&&) noexcept;

  order_journal& operator=(order_journal&&) noexcept;

  ~order_journal();

  // -- transitions ------------------------------------------------------------

  /// Writes what a ledger has told, all or nothing.
  /// @returns `ec::journal_failed`, for example if the disk is full: no order
  ///          may be sent then.
  error write(const order_ledger& ledger, std::span<const ledger_news> news);

  /// Reads what is written into a new ledger.
  /// @returns `ec::journal_failed` if it cannot be read.
  result<order_ledger> load(const ledger_config& cfg);

  /// Writes that the kill switch was thrown and why, or that it was reset.
  /// Waits for the tables, since it happens seldom.
  /// @returns `ec::journal_failed`.
  error write_halt(const std::optional<std::string>& reason);

  /// Returns why the kill switch was thrown, nothing if it was not, or
  /// `ec::journal_failed`.
  result<std::optional<std::string>> load_halt();

private:
  class files;

  explicit order_journal(std::unique_ptr<files> content);

  std::unique_ptr<files> files_;
};

} // namespace zenws::trading
