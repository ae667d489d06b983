// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/instrument_name.hpp"
#include "zenws/market/instrument_state.hpp"
#include "zenws/venue/order_protocol.hpp"

#include <chrono>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zenws {

/// Orders and accounts of Deribit, version 2 (docs.deribit.com, "Trading" and
/// "Subscriptions, User"). The client's id is the label of an order; the venue
/// does not mind if a label is used twice.
class deribit_orders : public order_protocol {
public:
  // -- properties -------------------------------------------------------------

  /// `query`, by label.
  order_lookup lookup() const noexcept override;

  /// `cancel_on_disconnect`: for the orders of one connection, and not if it
  /// ends after `private/logout`.
  departure_rule departure() const noexcept override;

  /// Keeps the settlement currency, without which the venue does not find
  /// orders by label.
  void learn(const market::instrument_state& terms) override;

  // -- channels ---------------------------------------------------------------

  /// `user.changes.X.raw` for orders, fills and positions, and
  /// `user.portfolio.any` for balances. None begins with what there is already,
  /// so ask for it.
  std::vector<channel_spec> channels(
    const std::vector<market::instrument_name>& instruments) const override;

  // -- messages ---------------------------------------------------------------

  /// Decodes messages of these channels, and of `user.orders` and
  /// `user.trades`. Positions and balances have no time.
  error decode(const envelope& message, trading::account_updates& out) override;

  // -- requests ---------------------------------------------------------------

  /// `private/buy` or `private/sell`, valid for the lifetime of the request.
  /// Stops watch the last price unless `venue_members` name another `trigger`.
  /// @returns also `ec::not_supported` for orders without a limit that have a
  ///          time in force.
  result<order_call> place(const trading::order_request& order,
                           const trading::client_order_id& id,
                           const request_time& at) const override;

  /// `private/edit_by_label`, or `private/edit` without a client id. The venue
  /// wants the amount, changed or not, and to be told of a new price again that
  /// the order is post-only.
  result<order_call> amend(const trading::amend_request& change,
                           const request_time& at) const override;

  /// `private/cancel_by_label`, or `private/cancel` without a client id. The
  /// former is answered without a refusal if there is no such order.
  result<order_call> cancel(const trading::order_key& order,
                            const request_time& at) const override;

  /// `private/cancel_all_by_instrument` or `private/cancel_all`.
  result<order_call> cancel_all(const market::instrument_name& instrument,
                                const request_time& at) const override;

  /// `private/enable_cancel_on_disconnect` for this connection, or
  /// `private/disable_cancel_on_disconnect` if the time is 0. Other times are
  /// all the same.
  result<order_call> guard(std::chrono::seconds time,
                           const request_time& at) const override;

  // -- questions --------------------------------------------------------------

  /// `private/get_order_state_by_label`, or `private/get_order_state` if the
  /// client's id is unknown, or the currency that the former wants. The venue
  /// tells orders that are over for 30 minutes, so later an answer about none
  /// does not mean that there never was one.
  /// @returns `ec::not_supported` if neither can be asked.
  result<order_call> ask_order(const trading::order_key& order,
                               const request_time& at) const override;

  /// `private/get_open_orders_by_instrument`.
  result<order_call> ask_open_orders(const market::instrument_name& instrument,
                                     const request_time& at) const override;

  /// `private/get_user_trades_by_instrument`: 1,000 at once.
  /// @returns `ec::not_supported` if the moment is more than 24 hours ago: the
  ///          venue tells later fills only.
  result<order_call> ask_fills(const market::instrument_name& instrument,
                               market::venue_time since,
                               const request_time& at) const override;

  /// `private/get_position`.
  result<order_call> ask_position(const market::instrument_name& instrument,
                                  const request_time& at) const override;

  /// @returns also `ec::invalid_data` if the venue tells that it did not cancel
  ///          a part of the orders.
  error read_answer(const order_call& request, std::string_view result,
                    trading::account_updates& out) const override;

  bool is_absence(const rpc_error& refusal) const noexcept override;

private:
  // Empty if it is not known.
  market::asset_name currency_of(const market::instrument_name& name) const;

  std::unordered_map<market::instrument_name, market::asset_name> currencies_;
};

} // namespace zenws
