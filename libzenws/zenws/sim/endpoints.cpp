// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/endpoints.hpp"

#include "zenws/sim/binance/binance_api_endpoint.hpp"
#include "zenws/sim/binance/binance_endpoint.hpp"
#include "zenws/sim/bybit/bybit_endpoint.hpp"
#include "zenws/sim/bybit/bybit_trade_endpoint.hpp"
#include "zenws/sim/coinbase/coinbase_endpoint.hpp"
#include "zenws/sim/deribit/rpc_endpoint.hpp"
#include "zenws/sim/hyperliquid/hyperliquid_endpoint.hpp"
#include "zenws/sim/kraken/kraken_endpoint.hpp"
#include "zenws/sim/okx/okx_endpoint.hpp"
#include "zenws/sim/venue.hpp"

#include <algorithm>

namespace zenws::sim {

namespace {

// Echoes messages.
class echo_endpoint final : public endpoint {
public:
  explicit echo_endpoint(connection& client) : client_(client) {
    // nop
  }

  void received(const message& received) override {
    client_.send(received.op, received.payload);
  }

private:
  connection& client_;
};

// Sends frames as fast as the client takes them.
class flood_endpoint final : public endpoint {
public:
  flood_endpoint(connection& client, const flood_options& options,
                 const flood_buffer& buffer)
    : client_(client),
      options_(options),
      buffer_(buffer),
      left_(options.count) {
    // nop
  }

  void opened() override {
    pour();
  }

  void drained() override {
    pour();
  }

private:
  void pour() {
    if (options_.count == 0)
      return client_.send(buffer_.bytes());
    if (left_ == 0) {
      if (options_.end == flood_end::close)
        client_.close(normal_closure, "flood is over");
      return;
    }
    auto frames = std::min(left_, buffer_.frames());
    left_ -= frames;
    client_.send(buffer_.bytes(), frames * buffer_.frame_size());
  }

  connection& client_;
  flood_options options_;
  const flood_buffer& buffer_;
  uint64_t left_;
};

// Silent until someone broadcasts.
class broadcast_endpoint final : public endpoint {};

// Takes commands for the whole server.
class control_endpoint final : public endpoint {
public:
  control_endpoint(venue& owner, connection& client)
    : owner_(owner), client_(client) {
    // nop
  }

  void received(const message& received) override {
    client_.send(opcode::text, execute_command(owner_, received.payload));
  }

private:
  venue& owner_;
  connection& client_;
};

std::optional<std::string> run(venue& owner, const control_command& command) {
  if (auto* cause = std::get_if<fault>(&command.action))
    return owner.apply(*cause, command.path);
  if (auto* broadcast = std::get_if<broadcast_command>(&command.action)) {
    auto path = command.path.empty() ? "/broadcast" : command.path;
    owner.send_to(path, encode_frame(opcode::text, broadcast->text));
  }
  if (auto* ping = std::get_if<ping_command>(&command.action))
    owner.send_to(command.path,
                  encode_frame(opcode::ping, ping->payload.substr(0, 125)));
  return std::nullopt;
}

} // namespace

std::string execute_command(venue& owner, std::string_view text) {
  auto command = parse_control_command(text);
  if (auto* problem = std::get_if<std::string>(&command))
    return control_answer(*problem);
  auto& parsed = std::get<control_command>(command);
  if (std::holds_alternative<count_orders_command>(parsed.action))
    return control_answer(owner.orders());
  if (std::holds_alternative<list_orders_command>(parsed.action))
    return list_of(owner.orders());
  if (auto* x = std::get_if<issue_token_command>(&parsed.action)) {
    auto token = owner.kraken_account_tokens().issue(
      x->account, std::chrono::steady_clock::now());
    return token.empty() ? control_answer("there is no such account")
                         : token_answer(token);
  }
  return control_answer(run(owner, parsed).value_or(""));
}

std::unique_ptr<endpoint> make_endpoint(venue& owner, connection& client) {
  const auto& where = client.where();
  switch (where.kind) {
    case service::echo:
      return std::make_unique<echo_endpoint>(client);
    case service::flood:
      return std::make_unique<flood_endpoint>(client, where.flood,
                                              owner.buffer_for(where.flood));
    case service::broadcast:
      return std::make_unique<broadcast_endpoint>();
    case service::control:
      return std::make_unique<control_endpoint>(owner, client);
    case service::binance:
      return std::make_unique<binance_endpoint>(owner, client);
    case service::binance_api:
      return std::make_unique<binance_api_endpoint>(owner, client);
    case service::coinbase:
      return std::make_unique<coinbase_endpoint>(owner, client);
    case service::bybit:
      return std::make_unique<bybit_endpoint>(owner, client);
    case service::bybit_trade:
      return std::make_unique<bybit_trade_endpoint>(owner, client);
    case service::hyperliquid:
      return std::make_unique<hyperliquid_endpoint>(owner, client);
    case service::kraken:
    case service::kraken_private:
      return std::make_unique<kraken_endpoint>(owner, client);
    case service::okx:
      return std::make_unique<okx_endpoint>(owner, client);
    case service::replay:
      return make_replay_endpoint(owner, client);
    default:
      return make_market_endpoint(owner, client);
  }
}

} // namespace zenws::sim
