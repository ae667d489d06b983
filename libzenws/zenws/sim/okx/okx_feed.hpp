// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/market/channel_list.hpp"
#include "zenws/sim/market/market_feed.hpp"
#include "zenws/sim/okx/okx_arg.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::sim {

/// `instIdCode` of the first instrument.
inline constexpr uint64_t okx_first_code = 1'000'000'000;

/// The market in OKX's words: prices, books and instruments.
class okx_feed final : public market_reporter {
public:
  okx_feed(market_feed& feed, const okx_config& cfg);

  /// Returns the market's own name of an instrument, nothing if there is none.
  std::optional<std::string> market_name(const std::string& inst_id) const;

  /// Returns the number of an instrument.
  /// @pre there is such an instrument
  uint64_t code_of(const std::string& inst_id) const;

  /// Returns the name of the instrument with that number, nothing if there is
  /// none.
  std::optional<std::string> name_of(uint64_t code) const;

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

} // namespace zenws::sim
