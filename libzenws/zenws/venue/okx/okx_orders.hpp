// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/instrument_state.hpp"
#include "zenws/venue/order_protocol.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

namespace zenws::internal {

class json_writer;
class okx_holdings;

} // namespace zenws::internal

namespace zenws {

/// Orders and accounts of OKX, API version 5 (okx.com/docs-v5, "WebSocket"), on
/// a connection to /ws/v5/private, in messages that were scanned with
/// `layouts::okx`.
///
/// Parameters are the array of arguments or, for requests with a time limit, an
/// object with the members of the request: `args` and `expTime`.
///
/// A client's id is accepted once among the orders that are open ("WS / Place
/// order", clOrdId): a request that is repeated after the order was filled
/// places another one. Only its time limit prevents that.
class okx_orders : public order_protocol {
public:
  // -- constructors, destructors, and assignment operators --------------------

  okx_orders();

  ~okx_orders() override;

  // -- properties -------------------------------------------------------------

  /// The venue is asked about orders by REST only. The answer to a cancellation
  /// may leave the fate of the order open, see `is_absence`.
  order_lookup lookup() const noexcept override {
    return order_lookup::cancel;
  }

  /// "Cancel All After" is offered by REST only.
  departure_rule departure() const noexcept override {
    return departure_rule::none;
  }

  /// Requests name an instrument by `instrument_state::code` (`instIdCode`).
  /// Without it they have the name, which the venue refuses since 2026 (50014).
  /// Demo trading has other numbers.
  void learn(const market::instrument_state& terms) override;

  // -- channels ---------------------------------------------------------------

  /// `orders` and `positions` of all types of instruments, and `account`. Fills
  /// come by `orders`; `fills` is for the fee tier VIP4, and repeats them in
  /// another division.
  ///
  /// `orders` begins with nothing: what happened while there was no connection
  /// is not told. The others begin with all that there is, and repeat it.
  std::vector<channel_spec> channels(
    const std::vector<market::instrument_name>& instruments) const override;

  // -- messages ---------------------------------------------------------------

  /// Decodes messages of these channels.
  ///
  /// A position is the sum of all that the account has in an instrument: long
  /// and short, cross and isolated. It is 0 if a snapshot is complete and has
  /// nothing of an instrument that was learned or had a position before. Those
  /// of spot margin are left out: they are balances and debts of two
  /// currencies.
  ///
  /// Balances are cash, without the profits of open positions.
  error decode(const envelope& message, trading::account_updates& out) override;

  // -- requests ---------------------------------------------------------------

  /// Limit orders, and market orders of all but options. Stops are algo orders,
  /// which the venue takes by REST only.
  ///
  /// A market order of a contract that is `immediate_or_cancel` becomes an
  /// `optimal_limit_ioc`; else its rest stays in the book at the limit of the
  /// price band.
  ///
  /// Defaults that `venue_members` may replace: `tdMode`, which is "cash" for
  /// pairs and "cross" for contracts, and for market orders of pairs
  /// `banAmend`, which is true: they are refused rather than made smaller.
  /// Accounts in long/short mode need `posSide`.
  /// @returns also `ec::invalid_config` if the terms of the instrument were not
  ///          learned.
  result<order_call> place(const trading::order_request& order,
                           const trading::client_order_id& id,
                           const request_time& at) const override;

  result<order_call> amend(const trading::amend_request& change,
                           const request_time& at) const override;

  result<order_call> cancel(const trading::order_key& order,
                            const request_time& at) const override;

  /// @returns `ec::not_supported`: `mass-cancel` is for options of market
  ///          makers only.
  result<order_call> cancel_all(const market::instrument_name& instrument,
                                const request_time& at) const override;

  // -- answers ----------------------------------------------------------------

  /// Reads the id that the venue gave to a new order. Answers to other requests
  /// say only that the venue has received them: what became of it comes by
  /// `orders`.
  error read_answer(const order_call& request, std::string_view result,
                    trading::account_updates& out) const override;

  /// Returns whether the venue says that there is no such order.
  ///
  /// That is not said by 51400, the usual answer to the cancellation of an
  /// order that is not open: it "has been filled, canceled or does not exist".
  /// Nor is it by 51503. An order whose request was not answered may have been
  /// filled, and an absent one would count as if nothing had been.
  bool is_absence(const rpc_error& refusal) const noexcept override;

  /// Returns whether the venue says that the order is not open, by 51400, 51503
  /// or as above.
  ///
  /// With the other two promises of the venue that settles an order whose
  /// request was not answered: it "will not be processed" after its expTime
  /// ("Transaction Timeouts"), and `orders` tells "when there are new orders or
  /// order updates" ("WS / Order channel"). If the channel was there all the
  /// time and has told nothing, there never was such an order. If it was not,
  /// nothing that OKX offers over WebSocket tells what became of the order.
  bool is_over(const rpc_error& refusal) const noexcept override;

private:
  /// The terms of an instrument that matter here.
  struct listing {
    market::instrument_kind kind = market::instrument_kind::other;
    uint64_t code = 0;
  };

  const listing* find_listing(const market::instrument_name& instrument) const;

  /// Returns the name of an instrument as in a request, empty if it is unknown.
  market::instrument_name instrument_in(std::string_view argument) const;

  void name_instrument(internal::json_writer& out,
                       const market::instrument_name& instrument) const;

  error name_order(internal::json_writer& out,
                   const trading::order_key& order) const;

  std::unordered_map<market::instrument_name, listing> listings_;

  std::unique_ptr<internal::okx_holdings> holdings_;
};

} // namespace zenws
