// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/desk/desk_action.hpp"
#include "zenws/desk/desk_config.hpp"
#include "zenws/trading/order_ledger.hpp"
#include "zenws/trading/risk_gate.hpp"
#include "zenws/venue/order_protocol.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::internal {

class traded_instrument;

} // namespace zenws::internal

namespace zenws::trading {

/// The time of an event, by the clock for waiting and by that of the venue.
struct desk_time {
  std::chrono::steady_clock::time_point now{};
  std::chrono::sys_time<std::chrono::milliseconds> wall{};
};

/// The book that an order is decided by.
struct book_view {
  const market::order_book* book = nullptr;

  /// When it was told last.
  std::chrono::steady_clock::time_point time{};
};

/// The decisions of an order desk: it carries requests to one account at one
/// venue, and knows at any time how each of them stands. After each connection,
/// and at the start, it asks the venue how things stand before it trades:
/// open orders, fills that were missed, the position, and each order of unknown
/// outcome.
///
/// Pure: it returns actions, and is told of their outcomes. Not thread-safe.
class desk_logic {
public:
  // -- member types -----------------------------------------------------------

  using time_point = std::chrono::steady_clock::time_point;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param ledger of an earlier process, or a new one.
  /// @param venue must live longer.
  /// @pre `validate(cfg).empty()`
  desk_logic(desk_config cfg, order_ledger ledger, order_protocol& venue);

  ~desk_logic();

  // -- properties -------------------------------------------------------------

  const order_ledger& ledger() const noexcept {
    return ledger_;
  }

  /// @returns `disconnected` for an instrument that is not traded at all.
  desk_state state_of(std::string_view instrument) const noexcept;

  /// Returns the position of the account: as the venue told it, with the fills
  /// since. Nothing before it was told. For venues that do not tell positions,
  /// that of our orders.
  std::optional<market::decimal> position_of(std::string_view instrument) const;

  /// Returns the refusals of an instrument so far, by `risk_cause`.
  /// @pre the instrument is configured
  const risk_gate& gate_of(std::string_view instrument) const;

  // -- connection -------------------------------------------------------------

  /// The process has begun anew: orders of the one before that waited for an
  /// answer are unknown, and all that are open are asked for.
  void begin_anew(desk_time at, desk_actions& out);

  /// The account's channels are there, after a login.
  void connected(desk_time at, desk_actions& out);

  /// What was on its way may be lost. If the channels are, call `lost_messages`
  /// as well.
  void disconnected(desk_time at, desk_actions& out);

  /// The venue tells the terms of an instrument: they replace those of the
  /// configuration.
  void learn(const market::instrument_state& terms);

  // -- requests ---------------------------------------------------------------

  /// Places an order.
  /// @returns `ec::risk_refused`, `ec::not_connected`, `ec::not_found` for an
  ///          instrument that is not configured, or the errors of
  ///          `order_protocol::place`: nothing was sent.
  result<order_key> place(const order_request& order, const book_view& view,
                          desk_time at, desk_actions& out);

  /// Changes an order of ours. The outcome is told.
  /// @returns as `place`; `ec::not_found` if there is no such order.
  error amend(const client_order_id& id, const amend_request& change,
              const book_view& view, desk_time at, desk_actions& out);

  /// Cancels an order of ours. The outcome is told. Cancellations pass the risk
  /// gate always.
  error cancel(const client_order_id& id, desk_time at, desk_actions& out);

  /// Cancels the orders of an instrument, or all if it is empty; one by one if
  /// the venue cannot, and then only ours.
  error cancel_all(std::string_view instrument, desk_time at,
                   desk_actions& out);

  /// Throws the kill switch: cancels all orders, those that are found open
  /// later as well, and places none until `reset`.
  void halt(const std::string& reason, desk_time at, desk_actions& out);

  void reset() noexcept;

  bool is_halted() const noexcept {
    return is_halted_;
  }

  /// Asks the venue how things stand once more.
  void reconcile(desk_time at, desk_actions& out);

  // -- messages and answers ---------------------------------------------------

  /// Takes a message of the account's channels.
  /// @param begins set if it begins its channel (`dialect::begins_channel`).
  /// @returns as `order_protocol::decode`; the venue is asked how things stand
  ///          then.
  error received(const envelope& message, bool begins, desk_time at,
                 desk_actions& out);

  /// Takes news of the account that came in another way than by its channels.
  void told(const account_updates& updates, desk_time at, desk_actions& out);

  /// Same for all open orders, once `renew_channels` was carried out.
  void told_open_orders(const account_updates& updates, desk_time at,
                        desk_actions& out);

  /// A request was answered.
  /// @param json as `rpc_result::json`.
  void answered(uint64_t token, std::string_view json, desk_time at,
                desk_actions& out);

  /// Same with an answer that is read already.
  void answered(uint64_t token, const account_updates& updates, desk_time at,
                desk_actions& out);

  /// A request failed.
  /// @param refusal the venue's error, if it answered by one.
  void failed(uint64_t token, const error& reason,
              const std::optional<rpc_error>& refusal, desk_time at,
              desk_actions& out);

  /// Messages of the account's channels were lost, or will be until
  /// `connected`.
  void lost_messages(desk_time at, desk_actions& out);

  // -- time -------------------------------------------------------------------

  std::optional<time_point> wake_at() const;

  void expired(desk_time at, desk_actions& out);

private:
  using instrument = internal::traded_instrument;

  struct pending {
    desk_request purpose = desk_request::place;
    order_call content{};
    order_key order{};

    /// Number of the last order when it was sent.
    uint64_t last_number = 0;

    /// Position of our orders when it was sent.
    std::optional<market::decimal> position{};
  };

  using instruments
    = std::map<std::string, std::unique_ptr<instrument>, std::less<>>;

  instrument* find(std::string_view name) const noexcept;

  request_time request_at(desk_time at) const noexcept;

  time_point arrival_of(desk_time at) const noexcept;

  // Appends a request, and returns its token.
  // @param change for `amend`.
  uint64_t send(desk_request purpose, order_call content,
                const order_key& order, desk_actions& out,
                const amend_request& change = {});

  // @returns nothing for a request that was answered before.
  std::optional<pending> take_pending(uint64_t token);

  void take_answer_of(uint64_t token, const pending& request,
                      const account_updates& updates, desk_time at,
                      desk_actions& out);

  // Takes our fills for the position if the venue tells none.
  void know_untold_position(instrument& about);

  // Asks for the next thing to know about an instrument, unless all is known.
  void advance(instrument& about, desk_time at, desk_actions& out);

  bool try_question(desk_request question, instrument& about, desk_time at,
                    desk_actions& out);

  void begin_reconciling(instrument& about, desk_time at, desk_actions& out);

  void set_state(instrument& about, desk_state state, const error& reason,
                 desk_actions& out);

  // Has the channels begin anew, where they tell all that is open.
  void renew_channels(desk_actions& out);

  void ask_orders(desk_time at, desk_actions& out);

  // Doubts the open orders that the venue cannot be asked for together.
  void doubt_orders(desk_time at);

  // Some message of the channels is missing.
  void ask_again(desk_time at, desk_actions& out);

  void guard(desk_time at, desk_actions& out);

  void sweep(desk_time at, desk_actions& out);

  void take_order_news(const account_update& update, desk_time at,
                       order_ledger::news& out);

  void take_position(const position& news, desk_time at, desk_actions& out);

  // Returns when the position that was told is certain.
  time_point certain_at(const instrument& about) const;

  void settle_positions(desk_time at);

  void take_answer(const pending& request, const account_updates& updates,
                   desk_time at, desk_actions& out);

  void question_answered(instrument& about, const pending& request,
                         const account_updates& updates, desk_time at,
                         desk_actions& out);

  // What the venue says of an order by refusing a request about it.
  enum class refusal_meaning : uint8_t { other, over, absent };

  void take_failure(uint64_t token, const pending& request, const error& reason,
                    refusal_meaning meaning, desk_time at, desk_actions& out);

  // Returns whether to ask for an order after a refusal.
  bool may_be_over(refusal_meaning meaning) const noexcept;

  // Returns whether the venue does not have an order that is not open there.
  bool is_gone(const client_order_id& id) const noexcept;

  void tell(order_ledger::news& news, desk_actions& out);

  desk_config cfg_;
  order_ledger ledger_;
  order_protocol& venue_;
  instruments instruments_;
  std::map<uint64_t, pending> pending_;
  uint64_t last_token_ = 0;
  bool is_connected_ = false;
  bool is_halted_ = false;
  std::optional<time_point> next_guard_;

  // When orders that are open though all are to be canceled are canceled once
  // more.
  time_point next_sweep_{};

  // Number of the last order when the channels began anew.
  std::optional<uint64_t> renewed_after_;

  // Since when fills may have been missed.
  market::venue_time quiet_since_{};

  // Number of the last order when messages of the channels were lost last: of
  // later ones, the channels have told all.
  uint64_t missed_until_ = 0;
};

} // namespace zenws::trading
