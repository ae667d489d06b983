// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/binance/binance_feed.hpp"
#include "zenws/sim/bybit/bybit_feed.hpp"
#include "zenws/sim/bybit/bybit_request_ids.hpp"
#include "zenws/sim/coinbase/coinbase_feed.hpp"
#include "zenws/sim/config/call_faults.hpp"
#include "zenws/sim/control_command.hpp"
#include "zenws/sim/deribit/deribit_feed.hpp"
#include "zenws/sim/hyperliquid/hyperliquid_feed.hpp"
#include "zenws/sim/hyperliquid/hyperliquid_hosts.hpp"
#include "zenws/sim/kraken/kraken_feed.hpp"
#include "zenws/sim/kraken/kraken_guards.hpp"
#include "zenws/sim/kraken/kraken_tokens.hpp"
#include "zenws/sim/market/market_feed.hpp"
#include "zenws/sim/net/admission.hpp"
#include "zenws/sim/net/capture.hpp"
#include "zenws/sim/net/connection.hpp"
#include "zenws/sim/net/flood.hpp"
#include "zenws/sim/net/journal.hpp"
#include "zenws/sim/net/listener.hpp"
#include "zenws/sim/okx/okx_feed.hpp"
#include "zenws/sim/orders/order_feed.hpp"
#include "zenws/sim/orders/order_market.hpp"
#include "zenws/sim/orders/order_store.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace zenws::sim {

/// State of the loop's thread: the port, the connections, the faults, the
/// market.
class venue final : public connection_owner {
public:
  venue(boost::asio::io_context& ctx, const server_config& cfg, journal& log);

  ~venue();

  // -- setup before `open` ----------------------------------------------------

  /// Speaks TLS instead of plain TCP.
  void use(boost::asio::ssl::context tls) {
    tls_.emplace(std::move(tls));
  }

  /// Replays a recorded session.
  void use(capture recording) {
    recording_.emplace(std::move(recording));
  }

  // -- properties -------------------------------------------------------------

  boost::asio::io_context::executor_type executor() noexcept override {
    return ctx_.get_executor();
  }

  const server_config& config() const noexcept override {
    return cfg_;
  }

  journal& log() noexcept override {
    return log_;
  }

  market_feed& feed() noexcept {
    return feed_;
  }

  deribit_feed& deribit() noexcept {
    return deribit_;
  }

  binance_feed& binance() noexcept {
    return binance_;
  }

  coinbase_feed& coinbase() noexcept {
    return coinbase_;
  }

  bybit_feed& bybit() noexcept {
    return bybit_;
  }

  bybit_request_ids& bybit_requests() noexcept {
    return bybit_requests_;
  }

  hyperliquid_feed& hyperliquid() noexcept {
    return hyperliquid_;
  }

  hyperliquid_hosts& hyperliquid_clients() noexcept {
    return hyperliquid_clients_;
  }

  kraken_feed& kraken() noexcept {
    return kraken_;
  }

  kraken_tokens& kraken_account_tokens() noexcept {
    return kraken_tokens_;
  }

  kraken_guards& kraken_account_guards() noexcept {
    return kraken_guards_;
  }

  okx_feed& okx() noexcept {
    return okx_;
  }

  order_store& orders() noexcept {
    return orders_;
  }

  order_feed& order_events() noexcept {
    return order_events_;
  }

  order_market& order_course() noexcept {
    return order_course_;
  }

  // -- faults of calls and channels -------------------------------------------

  /// Returns the verdict of a fault on a request, nothing if it is served.
  std::optional<call_verdict> judge_call(const connection& client,
                                         std::string_view request);

  /// Returns whether an acknowledgement waits for a notification.
  bool notifies_first(const connection& client);

  /// Returns whether a new subscription of a client stays silent.
  bool silences(const connection& client, std::string_view channel) const;

  /// Returns the interval of the pings of Binance's server.
  std::chrono::milliseconds ping_interval() const noexcept {
    return ping_interval_;
  }

  /// Closes new connections of the host of a client that sent too many frames.
  void penalize(const connection& client);

  /// Returns whether connections of the client's host are closed for that.
  bool penalizes(const connection& client) const;

  /// The recorded session, or null.
  const capture* recording() const noexcept {
    return recording_ ? &*recording_ : nullptr;
  }

  uint16_t port() const noexcept {
    return listener_.port();
  }

  /// Returns the buffer for such a flood; floods of one kind share it.
  const flood_buffer& buffer_for(const flood_options& options);

  // -- called by the server ---------------------------------------------------

  /// Starts to listen. Returns the problem, if any.
  std::optional<std::string> open();

  /// Closes the port and drops all connections.
  void close();

  /// Applies a fault to one path, or to all if `path` is empty.
  std::optional<std::string> apply(const fault& cause, const std::string& path);

  /// Sends a frame to open connections of one path, or of all.
  void send_to(const std::string& path, const std::string& frame);

  // -- called by connections --------------------------------------------------

  std::variant<route, http_refusal>
  judge(const upgrade_request& request) override;

  std::unique_ptr<endpoint> make_endpoint(connection& client) override;

  std::string execute(std::string_view command) override;

  void opened(connection& client) override;

  void closed(connection& client) override;

  void record(const connection& client, const message& received) override;

  void remove(connection& client) override;

private:
  void accepted(loop_socket socket);
  std::vector<std::shared_ptr<connection>>
  affected(const std::string& path) const;
  void go(const fault_gone& cause);
  void maintain(const fault_maintenance& cause, const std::string& path);
  std::optional<std::string> come_back();

  boost::asio::io_context& ctx_;
  const server_config& cfg_;
  journal& log_;
  std::optional<boost::asio::ssl::context> tls_;
  std::optional<capture> recording_;
  market_feed feed_;
  deribit_feed deribit_{feed_};
  binance_feed binance_{feed_};
  coinbase_feed coinbase_{feed_, cfg_.coinbase};
  bybit_feed bybit_{feed_};
  bybit_request_ids bybit_requests_;
  hyperliquid_feed hyperliquid_{feed_, cfg_.hyperliquid};
  hyperliquid_hosts hyperliquid_clients_{cfg_.hyperliquid};
  kraken_feed kraken_{feed_};
  okx_feed okx_{feed_, cfg_.okx};
  order_store orders_;
  order_feed order_events_;
  order_market order_course_{feed_, orders_, order_events_};
  kraken_tokens kraken_tokens_{cfg_.accounts, cfg_.kraken};
  kraken_guards kraken_guards_{ctx_.get_executor(), cfg_.kraken, orders_,
                               order_events_};
  listener listener_;
  loop_timer absence_;
  admission admission_;
  call_faults calls_;
  std::chrono::milliseconds ping_interval_;
  // Until when connections of a host are closed.
  std::map<std::string, std::chrono::steady_clock::time_point> penalties_;
  uint64_t last_id_ = 0;
  std::unordered_map<uint64_t, std::shared_ptr<connection>> connections_;
  std::map<std::pair<opcode, size_t>, flood_buffer> buffers_;
};

} // namespace zenws::sim
