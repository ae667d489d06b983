// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/order_protocol.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace zenws::internal {

enum class bybit_category : uint8_t;

} // namespace zenws::internal

namespace zenws {

/// Orders and accounts of Bybit, API version 5, of a unified account
/// (bybit-exchange.github.io/docs/v5/websocket/trade/guideline and
/// docs/v5/websocket/private).
///
/// Requests and messages take different connections: orders go to
/// /v5/trade, the channels are those of /v5/private.
///
/// An answer tells that the venue has taken a request, not what became of it:
/// the channel of orders does, rejections included. There are no questions over
/// WebSocket: an order is looked up by canceling it, and the channels tell the
/// rest. If the venue refuses that, the order is not open. It never arrived if
/// the channels were there all the time and did not tell of it; else nobody
/// knows whether it was filled, canceled or never placed: what happened while
/// there was no connection has to be asked for over REST.
///
/// Positions are those of one-way mode. An account in hedge mode has two in an
/// instrument: the venue refuses our orders there (`positionIdx`), and the
/// positions of instruments that are traded here cannot be read.
class bybit_orders : public order_protocol {
public:
  // -- properties -------------------------------------------------------------

  order_lookup lookup() const noexcept override;

  /// Nothing that we could switch on: "disconnect cancel all" is set over REST,
  /// for institutional clients that have asked for it. With it, subscribe to
  /// "dcp.future", "dcp.spot" or "dcp.option" on the private connection.
  departure_rule departure() const noexcept override;

  /// Some names are those of several products, such as "BTCUSDT" of a spot pair
  /// and of a perpetual. Once several were learned, requests about the name are
  /// refused: each product needs a protocol of its own. Messages about other
  /// products than the one learned add nothing.
  void learn(const market::instrument_state& terms) override;

  // -- channels ---------------------------------------------------------------

  /// Those of all instruments; without a snapshot of what there is already.
  std::vector<channel_spec> channels(
    const std::vector<market::instrument_name>& instruments) const override;

  // -- messages ---------------------------------------------------------------

  /// Reads "order", "execution", "position" and "wallet". The channel
  /// "execution.fast" tells the same fills without fees and, for makers,
  /// without the client's id: it adds nothing, so that no fill counts twice.
  error decode(const envelope& message, trading::account_updates& out) override;

  // -- requests ---------------------------------------------------------------

  /// Stops are for futures only: one on spot could not be canceled by its id
  /// alone, as the venue wants to be told that it is one. The price that
  /// triggers them, "triggerBy", may be among the `venue_members`.
  result<order_call> place(const trading::order_request& order,
                           const trading::client_order_id& id,
                           const request_time& at) const override;

  result<order_call> amend(const trading::amend_request& change,
                           const request_time& at) const override;

  result<order_call> cancel(const trading::order_key& order,
                            const request_time& at) const override;

  /// @returns `ec::not_supported`: that is a request of REST.
  result<order_call> cancel_all(const market::instrument_name& instrument,
                                const request_time& at) const override;

  // -- questions --------------------------------------------------------------

  /// Reads the answer to `place`, which has the venue's id. Those to `amend`
  /// and `cancel` tell nothing about the order.
  error read_answer(const order_call& request, std::string_view result,
                    trading::account_updates& out) const override;

  /// Always `false`: "order not exists or too late to cancel" is one refusal.
  bool is_absence(const rpc_error& refusal) const noexcept override;

  /// "Order does not exist", which the venue says of orders that are over as
  /// well.
  bool is_over(const rpc_error& refusal) const noexcept override;

private:
  using category = internal::bybit_category;

  struct known_terms {
    category product;
    market::asset_name settlement;

    // The name is that of several products.
    bool is_ambiguous = false;
  };

  const known_terms* find(const market::instrument_name& instrument) const;

  // Returns whether news of a product are about an instrument as learned.
  bool is_about(const market::instrument_name& instrument,
                std::optional<category> told) const;

  result<category> product_of(const market::instrument_name& instrument) const;

  error decode_orders(const envelope& message,
                      trading::account_updates& out) const;

  error decode_fills(const envelope& message,
                     trading::account_updates& out) const;

  error decode_positions(const envelope& message,
                         trading::account_updates& out) const;

  std::unordered_map<market::instrument_name, known_terms> known_;
};

} // namespace zenws
