// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/order_protocol.hpp"

#include <cstddef>
#include <unordered_map>

namespace zenws::internal {

struct kraken_execution;

} // namespace zenws::internal

namespace zenws {

/// Orders and balances of Kraken, spot, WebSocket API version 2
/// (docs.kraken.com/api, "Spot WebSocket v2"), on
/// wss://ws-auth.kraken.com/v2, in messages that were scanned with
/// `layouts::kraken`.
///
/// Requests lack the token of `GetWebSocketsToken`, which is a secret: the
/// dialect adds it to their parameters.
///
/// A client's id is unique among *open* orders only ("Add Order", member
/// `cl_ord_id`): once an order is filled or canceled, its id would be accepted
/// again. What prevents that a request is carried out late is its deadline.
///
/// There are no positions: spot is balances and fills; of positions on margin,
/// only the REST API tells.
class kraken_orders : public order_protocol {
public:
  // -- constants --------------------------------------------------------------

  /// Open orders that are remembered, far more than the venue allows.
  static constexpr size_t max_known_orders = 10'000;

  // -- properties -------------------------------------------------------------

  /// By snapshots: they tell all open orders and the last 50 fills. A
  /// cancellation proves less, as the venue says "Unknown order" of one that
  /// was filled as well as of one that it never had.
  order_lookup lookup() const noexcept override;

  /// Of the account as a whole: orders of other clients are canceled as well.
  departure_rule departure() const noexcept override;

  /// Only the REST API does, and those on margin.
  bool tells_position(
    const market::instrument_name& instrument) const noexcept override;

  // -- channels ---------------------------------------------------------------

  /// "executions" and "balances", of all instruments.
  std::vector<channel_spec> channels(
    const std::vector<market::instrument_name>& instruments) const override;

  // -- messages ---------------------------------------------------------------

  /// Decodes messages of these channels. Later messages about an order lack its
  /// symbol and side, which are remembered from the first one.
  /// @returns `ec::invalid_data` also for news of an order whose first message
  ///          was missed: the channel has to be begun anew.
  error decode(const envelope& message, trading::account_updates& out) override;

  /// The snapshot of "executions" does (`snap_orders`).
  bool tells_open_orders(const envelope& message) const noexcept override;

  // -- requests ---------------------------------------------------------------

  /// A reduce-only order is funded on margin, as positions are.
  result<order_call> place(const trading::order_request& order,
                           const trading::client_order_id& id,
                           const request_time& at) const override;

  /// The order keeps its ids.
  result<order_call> amend(const trading::amend_request& change,
                           const request_time& at) const override;

  result<order_call> cancel(const trading::order_key& order,
                            const request_time& at) const override;

  /// Only for the account as a whole.
  result<order_call> cancel_all(const market::instrument_name& instrument,
                                const request_time& at) const override;

  /// For the account as a whole, too. Once the venue has canceled, the timer is
  /// off until it is set again.
  /// @param time less than a day.
  result<order_call> guard(std::chrono::seconds time,
                           const request_time& at) const override;

  // -- questions --------------------------------------------------------------

  /// Reads the ids of a new order. Answers to other requests tell less than the
  /// channel does, and nothing about sides and fills: they add nothing.
  error read_answer(const order_call& request, std::string_view result,
                    trading::account_updates& out) const override;

  bool is_absence(const rpc_error& refusal) const noexcept override;

private:
  /// What the first message about an order tells, and later ones may not.
  struct known_order {
    market::instrument_name instrument{};
    trading::client_order_id id{};
    trading::order_side side = trading::order_side::buy;
  };

  error decode_executions(const envelope& message,
                          trading::account_updates& out);

  void complete(internal::kraken_execution& x) const;

  void remember(const internal::kraken_execution& x);

  std::unordered_map<trading::venue_order_id, known_order> open_;
};

} // namespace zenws
