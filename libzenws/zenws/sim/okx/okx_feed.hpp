// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/market/channel_list.hpp"
#include "zenws/sim/market/market_feed.hpp"
#include "zenws/sim/okx/okx_arg.hpp"
#include "zenws/sim/orders/order.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

/// The market in OKX's words: prices, books and instruments.
class okx_feed final : public market_reporter {
public:
  okx_feed(market_feed& feed, const okx_config& cfg);

  /// Returns the market's own name of an instrument, nothing if there is none.
  std::optional<std::string> market_name(const std::string& inst_id) const;

  /// Adds a subscriber; all channels but `trades` begin with the current state.
  /// @pre there is such a channel
  void subscribe(const okx_arg& arg, connection& subscriber);

  void unsubscribe(const okx_arg& arg, connection& subscriber);

  // -- implementation of market_reporter --------------------------------------

  bool busy() const override;

  void report(const instrument& item, const market_update& update,
              book_news news) override;

  void stop() override;

private:
  template <class Fun>
  void publish(const okx_arg& arg, Fun write);
  std::optional<std::string> first_message(const okx_arg& arg);
  std::string instrument_list(const okx_arg& arg);
  int64_t checksum_of(const instrument& item) const;
  void report_swap(const instrument& item, const std::string& inst_id);

  market_feed& feed_;
  book_checksum checksums_;
  channel_list channels_;
  // The market's names by those of OKX.
  std::map<std::string, std::string> instruments_;
};

/// Returns the message about an order for a channel `orders`, if it is of
/// interest there.
/// @param uid of the account, in its private messages
std::optional<std::string> okx_order(const okx_arg& arg, std::string_view uid,
                                     const order& entry);

/// A broken message of a channel.
std::string malformed_push(const okx_arg& arg, breakage mode);

} // namespace zenws::sim
