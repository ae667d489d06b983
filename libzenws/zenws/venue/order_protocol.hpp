// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/fwd.hpp"
#include "zenws/json/envelope.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/market/instrument_state.hpp"
#include "zenws/subscription/subscription.hpp"
#include "zenws/trading/account_update.hpp"
#include "zenws/trading/order_request.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// A request of a venue about orders: a call.
struct order_call {
  std::string method{};

  /// JSON, as `call::params`.
  std::string params{};
};

/// When a request is made, by the venue's clock as well as it is known, and how
/// long it may take to be carried out: one that was held up on its way must not
/// be executed late. Venues that can be told so are told.
struct request_time {
  std::chrono::sys_time<std::chrono::milliseconds> now{};
  std::chrono::milliseconds lifetime{2'000};
};

/// What a venue offers over WebSocket for finding out about an order that was
/// neither answered nor reported.
enum class order_lookup : uint8_t {
  /// It is asked by the client's id (`ask_order`).
  query,
  /// It is canceled by the client's id: the answer tells whether the venue has
  /// it, or had it; or only that it is not open (`is_over`). Then it never
  /// arrived if the channels would have told.
  cancel,
  /// The channels of `channels`, begun anew, tell all open orders and the
  /// latest fills.
  snapshot,
};

/// Returns the name of the enumerator.
std::string_view to_string(order_lookup value) noexcept;

/// What a venue does with the orders of a client that is gone.
enum class departure_rule : uint8_t {
  /// Nothing.
  none,
  /// It cancels them when the connection ends, once told to (`guard`).
  cancel_on_disconnect,
  /// It cancels them after some time without a word (`guard`, repeated).
  cancel_after,
};

/// Returns the name of the enumerator.
std::string_view to_string(departure_rule value) noexcept;

/// Orders and accounts of one venue: its requests, and the format of its
/// private messages. The counterpart of `dialect` and `market_protocol`.
///
/// Requests name orders by the client's id, so that news of an order can be
/// told apart from those of others, even if its answer was lost. A request must
/// not be repeated: most venues take an id again once its order is over.
///
/// Pure: no socket, no clock. Not thread-safe; a dialect owns one.
class order_protocol {
public:
  // -- constructors, destructors, and assignment operators --------------------

  order_protocol() = default;

  order_protocol(const order_protocol&) = delete;

  order_protocol& operator=(const order_protocol&) = delete;

  virtual ~order_protocol();

  // -- properties -------------------------------------------------------------

  virtual order_lookup lookup() const noexcept = 0;

  virtual departure_rule departure() const noexcept = 0;

  /// Returns whether the venue tells the position in an instrument: what others
  /// at the account do is in it. Otherwise there are only our own fills.
  /// @returns `true` by default.
  virtual bool
  tells_position(const market::instrument_name& instrument) const noexcept;

  /// Tells the terms of an instrument that is to be traded. Called before any
  /// request about it, and again when they change.
  virtual void learn(const market::instrument_state& terms);

  // -- channels ---------------------------------------------------------------

  /// Returns the channels that bring orders, fills, positions and balances. All
  /// need a login.
  virtual std::vector<channel_spec>
  channels(const std::vector<market::instrument_name>& instruments) const = 0;

  // -- messages ---------------------------------------------------------------

  /// Adds what a message that `dialect::read` has called data tells about the
  /// account. Adds nothing if it is about something else.
  /// @returns `ec::invalid_data` if a member that is needed is missing, has
  ///          another type or does not fit its type, `ec::invalid_json` if the
  ///          data is malformed; ignore what was added in that case.
  virtual error decode(const envelope& message, trading::account_updates& out)
    = 0;

  /// Returns whether a message that begins its channel tells all open orders,
  /// for `order_lookup::snapshot`.
  virtual bool tells_open_orders(const envelope& message) const noexcept;

  // -- requests ---------------------------------------------------------------

  /// Returns a request for a new order.
  /// @returns `ec::not_supported` if the venue has no such order, `ec::
  ///          invalid_config` if a value is missing or contradicts another.
  virtual result<order_call> place(const trading::order_request& order,
                                   const trading::client_order_id& id,
                                   const request_time& at) const = 0;

  /// @returns `ec::not_supported` if the venue changes no orders.
  virtual result<order_call> amend(const trading::amend_request& change,
                                   const request_time& at) const = 0;

  virtual result<order_call> cancel(const trading::order_key& order,
                                    const request_time& at) const = 0;

  /// Returns a request that cancels all orders of an instrument, or of the
  /// account if the name is empty.
  /// @returns `ec::not_supported` if they have to be canceled one by one.
  virtual result<order_call>
  cancel_all(const market::instrument_name& instrument,
             const request_time& at) const = 0;

  /// Returns a request that protects orders against our absence, see
  /// `departure`.
  /// @param time without a word until the venue cancels, for `cancel_after`; 0
  ///             switches it off.
  virtual result<order_call> guard(std::chrono::seconds time,
                                   const request_time& at) const;

  // -- questions --------------------------------------------------------------

  /// Returns a question for an order that may not exist.
  virtual result<order_call> ask_order(const trading::order_key& order,
                                       const request_time& at) const;

  /// Returns a question for the open orders of an instrument.
  virtual result<order_call>
  ask_open_orders(const market::instrument_name& instrument,
                  const request_time& at) const;

  /// Returns a question for the fills of an instrument since a moment, the
  /// oldest first if there are more than the venue tells at once.
  virtual result<order_call>
  ask_fills(const market::instrument_name& instrument, market::venue_time since,
            const request_time& at) const;

  /// Returns a question for the position in an instrument.
  virtual result<order_call>
  ask_position(const market::instrument_name& instrument,
               const request_time& at) const;

  /// Reads the answer to a request or question made by this protocol that is
  /// `answered`, like `decode`. An answer about no order adds nothing.
  /// @param request as it was sent.
  /// @param result as `rpc_result::json`.
  virtual error read_answer(const order_call& request, std::string_view result,
                            trading::account_updates& out) const = 0;

  /// Returns whether a refusal of `ask_order`, `cancel` or `amend` proves that
  /// the venue does not have such an order and never had it. One that may be
  /// over is no absence.
  virtual bool is_absence(const rpc_error& refusal) const noexcept = 0;

  /// Returns whether a refusal of `cancel` or `amend` proves that no such order
  /// is open: it is over, or there never was one.
  /// @returns `is_absence` by default.
  virtual bool is_over(const rpc_error& refusal) const noexcept;
};

} // namespace zenws
