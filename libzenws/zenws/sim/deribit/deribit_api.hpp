// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/config/server_config.hpp"
#include "zenws/sim/deribit/credit_pool.hpp"
#include "zenws/sim/deribit/deribit_call.hpp"
#include "zenws/sim/deribit/deribit_knobs.hpp"
#include "zenws/sim/deribit/deribit_login.hpp"
#include "zenws/sim/deribit/deribit_order_queries.hpp"
#include "zenws/sim/deribit/deribit_orders.hpp"
#include "zenws/sim/market/market.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// The venue as a session sees it.
struct api_surroundings {
  /// Returns whether a public channel can be subscribed to.
  std::function<bool(std::string_view)> knows_channel;
  /// Returns the price at which a market order would trade, nothing if there
  /// is no such instrument.
  std::function<std::optional<double>(std::string_view, order_direction)> touch;
  wall_clock_fun now;
  /// Returns the instruments of the market.
  std::function<std::vector<instrument_terms>()> instruments = [] {
    return std::vector<instrument_terms>{};
  };
  raw_access raw_channels = raw_access::after_login;

  /// Writes the trades of an instrument from a number on, the oldest first.
  /// @returns how many there are.
  std::function<size_t(json_writer& out, std::string_view instrument,
                       uint64_t first, size_t limit)>
    write_trades = [](json_writer&, std::string_view, uint64_t, size_t) {
      return size_t{0};
    };

  /// Returns the best prices. Without one, `touch` is all there is.
  quote_fun quote = {};
};

/// One session of the JSON-RPC interface, in Deribit's manner.
///
/// Pure: text in, text out. The owner sends, and keeps the timers.
class deribit_api {
public:
  /// @param connection tells sessions apart in `orders`
  deribit_api(const server_config& cfg, order_store& orders,
              uint64_t connection, api_surroundings around);

  /// Answers one request or any other message of the client.
  api_outcome handle(std::string_view text);

  /// Returns the answer to a request that fails by a fault.
  std::string failure(std::string_view text, const call_error& error) const;

  /// Takes away the channels that `pattern` covers and returns them.
  std::vector<std::string> revoke(std::string_view pattern);

  /// Returns the channels that `pattern` covers.
  std::vector<std::string> covered(std::string_view pattern) const;

  /// The connection ended. Returns the orders that are canceled for it.
  std::vector<order_change> disconnected();

  /// The account that channels of the session belong to.
  const std::string& account() const noexcept {
    return login_.last_account();
  }

private:
  enum class cost : uint8_t { request, subscription, matching };

  struct method;

  struct allowance {
    explicit allowance(const deribit_limits& limits)
      : requests(limits.requests),
        subscriptions(limits.subscriptions),
        matching(limits.matching) {
      // nop
    }

    credit_pool requests;
    credit_pool subscriptions;
    credit_pool matching;
  };

  static const method* find_method(std::string_view name);
  bool affords(cost kind, std::chrono::microseconds now);
  void dispatch(deribit_call& call);
  void subscribe(deribit_call& call);
  void subscribe_private(deribit_call& call);
  void grant(deribit_call& call, bool with_user);
  bool allows_raw(const deribit_call& call) const noexcept;
  void unsubscribe(deribit_call& call);
  void unsubscribe_all(deribit_call& call);
  void set_heartbeat(deribit_call& call);
  void disable_heartbeat(deribit_call& call);
  void authenticate(deribit_call& call);
  void log_out(deribit_call& call);
  void get_last_trades(deribit_call& call);

  void get_time(deribit_call& call);
  void get_instrument(deribit_call& call);
  void get_instruments(deribit_call& call);
  void get_position(deribit_call& call);
  void get_positions(deribit_call& call);
  void hello(deribit_call& call);
  void test(deribit_call& call);
  template <auto Method>
  void trade(deribit_call& call);
  template <auto Method>
  void ask(deribit_call& call);
  template <auto Method>
  void turn(deribit_call& call);

  api_surroundings around_;
  quote_fun quote_;
  deribit_login login_;
  deribit_orders orders_;
  deribit_order_queries queries_;
  deribit_knobs knobs_;
  order_store& store_;
  size_t max_request_bytes_;
  std::optional<allowance> allowance_;
  std::set<std::string, std::less<>> channels_;
};

/// The notification that a heartbeat is due; `type` is `heartbeat` or
/// `test_request`.
std::string heartbeat_notification(std::string_view type);

/// A broken notification of a channel.
std::string malformed_notification(std::string_view channel, breakage mode);

} // namespace zenws::sim
