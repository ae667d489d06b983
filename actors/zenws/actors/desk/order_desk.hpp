// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/actors/messages/child_spec.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/config_problem.hpp"
#include "zenws/desk/desk_logic.hpp"
#include "zenws/trading/order_journal.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// What a desk does with its open orders when the last of its watchers has
/// ended: a process that was killed, or a node that is lost.
enum class unwatched_orders : uint8_t {
  keep,
  /// Cancels them, at once or when it is connected again. Each is asked for
  /// once: what the venue refuses to cancel stays.
  cancel,
};

/// Returns the name of the enumerator.
std::string_view to_string(unwatched_orders value) noexcept;

struct order_desk_options {
  /// Carries the requests, logged in.
  client_actor account;

  /// Brings the channels of the account, where the venue has them at another
  /// address (Bybit); else the same.
  client_actor channels{};

  /// Brings the books and terms of the instruments, of the same venue.
  client_actor market;

  /// Dialect of the venue, one with orders.
  std::string dialect = "deribit";

  trading::desk_config desk{};

  /// File of the journal; unless its mode is `off`.
  std::string journal_path{};

  trading::journal_mode journal = trading::journal_mode::async;

  unwatched_orders when_unwatched = unwatched_orders::keep;
};

/// Returns every problem of a configuration.
std::vector<config_problem> validate(const order_desk_options& options);

/// Starts a desk. It ends with the client of its account, and leaves the orders
/// as they are; another desk with the same journal goes on.
/// @returns `ec::invalid_config`, or `ec::journal_failed` if the journal cannot
///          be used.
caf::expected<order_desk_actor> start_order_desk(caf::actor_system& sys,
                                                 order_desk_options options);

/// Makes a desk a child of a `supervisor`. However it ends, also with the
/// client of its account, it is started again, goes on with its journal and
/// tells its watchers, beginning as for `watch_desk`. The address is an
/// `order_desk_actor`.
child_spec make_child(std::string id, order_desk_options options);

} // namespace zenws
