// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"
#include "zenws/json/envelope.hpp"
#include "zenws/market/instrument_state.hpp"
#include "zenws/trading/account_update.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace zenws::internal {

/// Follows the snapshots of a channel of OKX, which may have several pages
/// ("Positions channel", "Account channel": eventType, curPage, lastPage).
class okx_pages {
public:
  /// Takes the next message of the channel.
  void take(const json_value& message);

  /// Returns whether the last message was no part of a snapshot.
  bool is_update() const noexcept {
    return is_update_;
  }

  /// Returns whether the last message completed a snapshot, all of whose pages
  /// have come.
  bool is_complete() const noexcept {
    return is_complete_;
  }

  /// Number of the last snapshot that has begun.
  uint64_t snapshot() const noexcept {
    return snapshot_;
  }

private:
  uint64_t snapshot_ = 0;
  uint64_t next_page_ = 0; // 0 until a snapshot begins
  bool is_update_ = false;
  bool is_complete_ = false;
};

/// A part of a position as a message tells it.
struct okx_position {
  market::instrument_name instrument{};
  std::string id{};

  /// Negative if short.
  market::decimal amount{};

  std::optional<market::decimal> average_price{};
  market::venue_time time{};

  /// Unlike a position of spot margin.
  bool is_contract = false;
};

/// What an account has at OKX, as far as its channels have told.
///
/// They bring what is not zero only: what a complete snapshot lacks is zero. So
/// a position that was closed while there was no connection ends with the next
/// snapshot.
class okx_holdings {
public:
  /// Has the position in an instrument told even if there is none.
  void watch(const market::instrument_name& instrument);

  /// Reads a message of the channel `positions`.
  error read_positions(const envelope& message, trading::account_updates& out);

  /// Reads a message of the channel `account`.
  error read_balances(const envelope& message, trading::account_updates& out);

private:
  /// A part of a position: accounts in long/short mode have two in an
  /// instrument, and cross and isolated ones are apart.
  struct part {
    std::string id{};
    market::decimal amount{};
    std::optional<market::decimal> average_price{};

    /// Number of the snapshot that was the last one when it was told.
    uint64_t snapshot = 0;
  };

  struct holding {
    std::vector<part> parts{};
    market::venue_time time{};
    bool is_watched = false;
    bool is_news = false;
  };

  struct currency {
    market::asset_name name{};
    uint64_t snapshot = 0;
  };

  void apply(const okx_position& x);

  error tell_news(const std::vector<okx_position>& rows,
                  trading::account_updates& out);

  error tell_all(trading::account_updates& out);

  static error tell(const market::instrument_name& instrument, const holding& x,
                    trading::account_updates& out);

  void tell_missing_balances(trading::account_updates& out);

  okx_pages position_pages_;
  std::map<market::instrument_name, holding> positions_;

  okx_pages balance_pages_;
  std::vector<currency> currencies_;
};

} // namespace zenws::internal
