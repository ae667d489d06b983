// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/order_protocol.hpp"

#include <cstdint>
#include <unordered_map>

namespace zenws {

/// The part of Binance that an instrument trades in.
enum class binance_product : uint8_t { spot, usd_futures };

/// Orders and accounts of Binance, spot and USD-M futures
/// (github.com/binance/binance-spot-api-docs, "Public WebSocket API" and "User
/// Data Streams"; developers.binance.com, "USDⓈ-M Futures": "WebSocket API" and
/// "User Data Streams").
///
/// Requests carry the time and no signature: the dialect signs them if the key
/// is no one for `session.logon`. Amounts are in the base currency, also those
/// of market orders.
///
/// The venue refuses an id that an open order has, but takes it again once that
/// order is over ("Place new order"). So an order must not be sent again before
/// the venue was asked for it.
class binance_orders : public order_protocol {
public:
  // -- properties -------------------------------------------------------------

  order_lookup lookup() const noexcept override;

  /// The spot market has balances only.
  bool tells_position(
    const market::instrument_name& instrument) const noexcept override;

  /// None: USD-M has its countdown over REST only (`countdownCancelAll`), spot
  /// has none.
  departure_rule departure() const noexcept override;

  /// An instrument belongs to spot, or to USD-M if it is a future or perpetual
  /// that is not inverse. Requests about any other one, or about one that was
  /// never learned, are refused with `ec::not_supported`.
  ///
  /// Both products have instruments of the same name: one protocol knows one of
  /// them, that of its connection.
  void learn(const market::instrument_state& terms) override;

  // -- channels ---------------------------------------------------------------

  /// `binance_dialect::account_channel`, at the connection of requests; spot
  /// only. Events of USD-M come at an address that contains a listen key.
  std::vector<channel_spec> channels(
    const std::vector<market::instrument_name>& instruments) const override;

  // -- messages ---------------------------------------------------------------

  /// Decodes `executionReport`, `outboundAccountPosition`, `ORDER_TRADE_UPDATE`
  /// and `ACCOUNT_UPDATE`, in any of the venue's envelopes.
  ///
  /// `TRADE_LITE` tells a fill of futures earlier, but without its fee, and
  /// none of liquidations. `ORDER_TRADE_UPDATE` tells each of them as well,
  /// with the same id: only it is used, so that the first news of a fill is
  /// complete.
  ///
  /// Positions of hedge mode are left out: LONG and SHORT are two positions in
  /// one instrument.
  error decode(const envelope& message, trading::account_updates& out) override;

  // -- requests ---------------------------------------------------------------

  /// `order.place`. USD-M has no stops here: they are algo orders, which
  /// `order.status` does not find. In hedge mode, `positionSide` has to be
  /// among `order_request::venue_members`.
  result<order_call> place(const trading::order_request& order,
                           const trading::client_order_id& id,
                           const request_time& at) const override;

  /// `order.amend.keepPriority` of spot reduces the amount. `order.modify` of
  /// USD-M wants both amount and price.
  result<order_call> amend(const trading::amend_request& change,
                           const request_time& at) const override;

  result<order_call> cancel(const trading::order_key& order,
                            const request_time& at) const override;

  /// `openOrders.cancelAll`, of one instrument of spot.
  result<order_call> cancel_all(const market::instrument_name& instrument,
                                const request_time& at) const override;

  // -- questions --------------------------------------------------------------

  /// `order.status`. Names the order by the venue's id if that is known: a
  /// cancellation gives the order another client id ("Cancel order").
  result<order_call> ask_order(const trading::order_key& order,
                               const request_time& at) const override;

  /// `openOrders.status`; spot only.
  result<order_call> ask_open_orders(const market::instrument_name& instrument,
                                     const request_time& at) const override;

  /// `myTrades`, as many as 1,000; spot only. The answer names orders by the
  /// venue's ids alone.
  result<order_call> ask_fills(const market::instrument_name& instrument,
                               market::venue_time since,
                               const request_time& at) const override;

  /// `v2/account.position`; USD-M only.
  result<order_call> ask_position(const market::instrument_name& instrument,
                                  const request_time& at) const override;

  error read_answer(const order_call& request, std::string_view result,
                    trading::account_updates& out) const override;

  /// -2013, and -2011 and -2038 if their text says so: these two stand for
  /// anything that the matching engine refuses.
  bool is_absence(const rpc_error& refusal) const noexcept override;

private:
  result<binance_product>
  product_of(const market::instrument_name& instrument) const;

  // Returns an error unless an instrument belongs to a product.
  // @param reason why the other one is refused.
  error expect(binance_product product,
               const market::instrument_name& instrument,
               std::string_view reason) const;

  std::unordered_map<market::instrument_name, binance_product> products_;
};

} // namespace zenws
