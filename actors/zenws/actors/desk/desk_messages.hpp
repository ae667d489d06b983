// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Requests to order desks, and what they tell.

#include "zenws/actors/caf/caf_compat.hpp"
#include "zenws/actors/desk/trading_inspect.hpp"
#include "zenws/actors/messages/inspect.hpp"
#include "zenws/desk/desk_action.hpp"
#include "zenws/trading/order_event.hpp"
#include "zenws/trading/order_request.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace zenws {

/// An instrument is traded from now on, or not any more.
struct desk_state_changed {
  std::string instrument;
  trading::desk_state state = trading::desk_state::disconnected;
  error reason{};
};

/// The venue, or the way to it, has refused to change an order, or to protect
/// orders against our absence. The state of the order is told on its own.
struct desk_request_failed {
  trading::desk_request purpose = trading::desk_request::cancel;
  trading::order_key order{};
  error reason{};
};

/// An actor that may watch a desk. A dynamically typed actor may as well, by
/// `caf::actor_cast<desk_watcher>`.
using desk_watcher = caf::typed_actor<
  caf_compat::takes<trading::order_event>, caf_compat::takes<trading::fill>,
  caf_compat::takes<trading::position>, caf_compat::takes<trading::balance>,
  caf_compat::takes<desk_state_changed>,
  caf_compat::takes<desk_request_failed>>;

/// Places an order. Answered with its key once it is in the journal and on its
/// way; or with an error, which means that nothing was sent:
/// `ec::risk_refused`, `ec::not_connected`, `ec::not_found` (the desk does not
/// trade the instrument), `ec::not_supported`, `ec::invalid_config`,
/// `ec::journal_failed`. What becomes of the order, watchers are told.
struct place_order {
  trading::order_request order{};
};

/// Changes the amount or the price of an order; of what is empty, nothing.
/// Answered once it is on its way, or with the errors of `place_order`.
struct amend_order {
  trading::amend_request change{};
};

/// Answered once it is on its way; `ec::not_found` if no such order is open.
struct cancel_order {
  trading::client_order_id id{};
};

/// Cancels the orders of an instrument, or all if it is empty.
struct cancel_orders {
  std::string instrument;
};

/// Throws the kill switch: cancels all orders, and refuses others until
/// `resume_trading`. Answered once the cancellations are on their way.
struct halt_trading {
  std::string reason;
};

/// Resets the kill switch.
struct resume_trading {};

/// Asks the venue how things stand, as at the start.
struct reconcile_orders {};

/// Has an actor told all that happens, beginning with the states of the
/// instruments and the open orders. Until it ends; a supervised desk that is
/// started again begins anew.
struct watch_desk {
  desk_watcher watcher;
};

/// Answered with an `order_list` of the open orders, of one instrument or all.
struct get_orders {
  std::string instrument;
};

struct order_list {
  std::vector<trading::order> orders;
};

/// Answered with an `order_list`: these orders and those placed later, open or
/// over, as far as they are remembered (`ledger_config::max_settled`). For
/// those that were not told what happened meanwhile.
struct find_orders {
  std::vector<trading::client_order_id> ids{};

  /// The last order before those that were placed later; empty for none of
  /// them.
  trading::client_order_id after{};
};

/// Answered with a `position_list`: what is known of the positions of the
/// account.
struct get_positions {};

struct position_list {
  std::vector<trading::position> positions;
};

/// Answered with a `desk_report`.
struct get_desk_report {};

/// What a desk has done since it was started, and how it stands now.
struct desk_report {
  /// Orders that were sent or about to be, and those of them that certainly did
  /// not leave.
  uint64_t placed = 0;
  uint64_t kept_back = 0;

  /// Fills of our orders.
  uint64_t fills = 0;

  /// Orders that were of unknown outcome for a while, and that still are.
  uint64_t ever_unknown = 0;
  uint64_t unknown = 0;

  /// Orders that are not over.
  uint64_t open = 0;

  /// Instruments, and those of them that are traded now.
  uint64_t instruments = 0;
  uint64_t traded = 0;

  /// Orders with our name that the journal did not have.
  uint64_t adopted = 0;

  /// Orders that were taken for over, and were not.
  uint64_t contradicted = 0;

  /// What the gate has refused, of all instruments, by `trading::risk_cause`.
  std::vector<uint64_t> refusals{};

  /// The kill switch was thrown.
  bool is_halted = false;
};

/// Carries orders to one account at one venue, see `desk_config`.
using order_desk_actor = caf::typed_actor<
  caf_compat::answers<place_order, trading::order_key>,
  caf_compat::answers<amend_order>, caf_compat::answers<cancel_order>,
  caf_compat::answers<cancel_orders>, caf_compat::answers<halt_trading>,
  caf_compat::answers<resume_trading>, caf_compat::answers<reconcile_orders>,
  caf_compat::answers<watch_desk>, caf_compat::answers<get_orders, order_list>,
  caf_compat::answers<get_positions, position_list>,
  caf_compat::answers<get_desk_report, desk_report>,
  caf_compat::answers<find_orders, order_list>>;

// -- inspection -------------------------------------------------------------------

template <class Inspector>
auto inspect(Inspector& f, desk_state_changed& x) {
  return caf_compat::inspect_as(f, "zenws::desk_state_changed", "instrument",
                                x.instrument, "state", x.state, "reason",
                                x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, desk_request_failed& x) {
  return caf_compat::inspect_as(f, "zenws::desk_request_failed", "purpose",
                                x.purpose, "order", x.order, "reason",
                                x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, place_order& x) {
  return caf_compat::inspect_as(f, "zenws::place_order", "order", x.order);
}

template <class Inspector>
auto inspect(Inspector& f, amend_order& x) {
  auto amount = detail::text_of(x.change.amount);
  auto price = detail::text_of(x.change.price);
  auto restore = [&]() -> caf::error {
    return detail::malformed_unless(
      detail::read_text(amount, x.change.amount)
      && detail::read_text(price, x.change.price));
  };
  return caf_compat::inspect_and_load(f, "zenws::amend_order", restore, "order",
                                      x.change.order, "side", x.change.side,
                                      "post_only", x.change.post_only, "amount",
                                      amount, "price", price);
}

template <class Inspector>
auto inspect(Inspector& f, cancel_order& x) {
  return caf_compat::inspect_as(f, "zenws::cancel_order", "id", x.id);
}

template <class Inspector>
auto inspect(Inspector& f, cancel_orders& x) {
  return caf_compat::inspect_as(f, "zenws::cancel_orders", "instrument",
                                x.instrument);
}

template <class Inspector>
auto inspect(Inspector& f, halt_trading& x) {
  return caf_compat::inspect_as(f, "zenws::halt_trading", "reason", x.reason);
}

template <class Inspector>
auto inspect(Inspector& f, resume_trading&) {
  return caf_compat::inspect_as(f, "zenws::resume_trading");
}

template <class Inspector>
auto inspect(Inspector& f, reconcile_orders&) {
  return caf_compat::inspect_as(f, "zenws::reconcile_orders");
}

template <class Inspector>
auto inspect(Inspector& f, watch_desk& x) {
  return caf_compat::inspect_as(f, "zenws::watch_desk", "watcher", x.watcher);
}

template <class Inspector>
auto inspect(Inspector& f, get_orders& x) {
  return caf_compat::inspect_as(f, "zenws::get_orders", "instrument",
                                x.instrument);
}

template <class Inspector>
auto inspect(Inspector& f, order_list& x) {
  return caf_compat::inspect_as(f, "zenws::order_list", "orders", x.orders);
}

template <class Inspector>
auto inspect(Inspector& f, find_orders& x) {
  return caf_compat::inspect_as(f, "zenws::find_orders", "ids", x.ids, "after",
                                x.after);
}

template <class Inspector>
auto inspect(Inspector& f, get_positions&) {
  return caf_compat::inspect_as(f, "zenws::get_positions");
}

template <class Inspector>
auto inspect(Inspector& f, position_list& x) {
  return caf_compat::inspect_as(f, "zenws::position_list", "positions",
                                x.positions);
}

template <class Inspector>
auto inspect(Inspector& f, get_desk_report&) {
  return caf_compat::inspect_as(f, "zenws::get_desk_report");
}

template <class Inspector>
auto inspect(Inspector& f, desk_report& x) {
  return caf_compat::inspect_as(
    f, "zenws::desk_report", "placed", x.placed, "kept_back", x.kept_back,
    "fills", x.fills, "ever_unknown", x.ever_unknown, "unknown", x.unknown,
    "open", x.open, "instruments", x.instruments, "traded", x.traded, "adopted",
    x.adopted, "contradicted", x.contradicted, "refusals", x.refusals,
    "is_halted", x.is_halted);
}

} // namespace zenws

// IDs are part of the protocol between nodes: add at the end, never reorder.
CAF_BEGIN_TYPE_ID_BLOCK(zenws_desk, 2700)

  CAF_ADD_TYPE_ID(zenws_desk, (zenws::trading::order_event))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::trading::fill))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::trading::position))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::trading::balance))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::trading::order_key))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::desk_state_changed))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::desk_request_failed))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::desk_watcher))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::place_order))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::amend_order))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::cancel_order))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::cancel_orders))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::halt_trading))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::resume_trading))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::reconcile_orders))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::watch_desk))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::get_orders))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::order_list))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::get_positions))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::position_list))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::order_desk_actor))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::get_desk_report))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::desk_report))
  CAF_ADD_TYPE_ID(zenws_desk, (zenws::find_orders))

CAF_END_TYPE_ID_BLOCK(zenws_desk)
