// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/trading/account_update.hpp"
#include "zenws/trading/order_event.hpp"
#include "zenws/trading/order_request.hpp"
#include "zenws/venue/order_protocol.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace zenws::trading {

/// Whether a desk trades an instrument.
enum class desk_state : uint8_t {
  /// There is no connection, or no login.
  disconnected,
  /// The venue is asked how things stand.
  reconciling,
  trading,
};

/// Returns the name of the enumerator.
std::string_view to_string(desk_state value) noexcept;

/// What a request of a desk is for.
enum class desk_request : uint8_t {
  place,
  amend,
  cancel,
  cancel_all,
  guard,
  ask_order,
  ask_open_orders,
  ask_fills,
  ask_position,
};

/// Returns the name of the enumerator.
std::string_view to_string(desk_request value) noexcept;

} // namespace zenws::trading

/// Actions that a `desk_logic` returns.
namespace zenws::desk_action {

/// Send a request, and report its outcome by the token: after all that was told
/// before it is in the journal.
struct send {
  uint64_t token = 0;
  trading::desk_request purpose = trading::desk_request::place;
  order_call content{};

  /// What it is about: an order, or an instrument.
  trading::order_key order{};

  /// For `amend`.
  trading::amend_request change{};
};

/// Have the channels of the account begin anew.
struct renew_channels {};

/// Tell those who watch, and the journal.
struct tell {
  trading::ledger_news news{};
};

struct tell_position {
  trading::position news{};
};

struct tell_balance {
  trading::balance news{};
};

/// Tell those who watch: an instrument is traded from now on, or not any more.
struct tell_state {
  market::instrument_name instrument{};
  trading::desk_state state = trading::desk_state::disconnected;

  /// Why it is not traded, as far as there is more to say.
  error reason{};
};

/// Tell those who watch: the venue, or the way to it, has refused to change an
/// order, or to protect all of them.
struct tell_failure {
  trading::desk_request purpose = trading::desk_request::cancel;
  trading::order_key order{};
  error reason{};
};

} // namespace zenws::desk_action

namespace zenws::trading {

using desk_actions
  = std::vector<std::variant<desk_action::send, desk_action::renew_channels,
                             desk_action::tell, desk_action::tell_position,
                             desk_action::tell_balance, desk_action::tell_state,
                             desk_action::tell_failure>>;

} // namespace zenws::trading
