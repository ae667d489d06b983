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

class io_loop;

/// Who fills the orders of a desk.
enum class desk_mode : uint8_t {
  /// The venue.
  live,
  /// A venue on paper in the desk, by the books and trades of the real one,
  /// which gets no requests (`trading::paper_venue`).
  paper,
};

/// Returns the name of the enumerator.
std::string_view to_string(desk_mode value) noexcept;

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
  desk_mode mode = desk_mode::live;

  /// Carries the requests, logged in. Not used on paper.
  client_actor account{};

  /// Brings the channels of the account, where the venue has them at another
  /// address (Bybit); else the same.
  client_actor channels{};

  /// Brings the books, trades and terms of the instruments, of the same venue.
  /// Needs no login.
  client_actor market{};

  /// How often the venue sends books, the same as for other subscribers of
  /// `market`.
  market_pace pace = market_pace::usual;

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
/// as they are; another desk with the same journal goes on. On paper, it ends
/// with the client of its market, and the orders end with it.
/// @returns `ec::invalid_config`, or `ec::journal_failed` if the journal cannot
///          be used, for example because it is one of the other mode.
caf::expected<order_desk_actor> start_order_desk(caf::actor_system& sys,
                                                 order_desk_options options);

/// Starts a desk on an I/O loop, best on that of its client: an order that an
/// actor places there is on its way without a change of threads. Everything on
/// the loop waits while the desk writes its journal; in the mode `sync`, for
/// the disk.
/// @returns as above
caf::expected<order_desk_actor> start_order_desk(caf::actor_system& sys,
                                                 io_loop& loop,
                                                 order_desk_options options);

/// Makes a desk a child of a `supervisor`. However it ends, also with the
/// client of its account, it is started again, goes on with its journal and
/// tells its watchers, beginning as for `watch_desk`. The address is an
/// `order_desk_actor`; the news come from it.
child_spec make_child(std::string id, order_desk_options options);

} // namespace zenws
