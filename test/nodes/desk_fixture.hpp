// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/desk_inbox.hpp"
#include "support/node_world.hpp"
#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include "zenws/actors/desk/order_desk.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace zenws::test_support {

/// Returns options of nodes that are lost by the ends of their connections, not
/// by silence on a busy machine.
inline node_options patient() {
  return {.heartbeat = 50ms, .silence_limit = patience};
}

inline const std::string btc = "BTC-PERPETUAL";

inline market::decimal number(std::string_view text) {
  return market::decimal::parse(text).value();
}

/// Returns an order that rests in the book.
inline trading::order_request resting_order() {
  return {.instrument = market::instrument_name::make(btc).value(),
          .side = trading::order_side::buy,
          .amount = number("10"),
          .price = number("1")};
}

/// Returns the specification of a client that is logged in.
inline client_spec account_at(const sim::server& server) {
  auto result = deribit_at(server, "account");
  result.config.venue.login = login_mode::required;
  result.credentials = demo_account;
  return result;
}

/// Returns the options of a desk that leaves its orders in an outage.
inline order_desk_options desk_of(const client_actor& account,
                                  std::string owner, std::string journal) {
  order_desk_options result;
  result.account = account;
  result.market = account;
  result.desk.guard = std::chrono::seconds{0};
  result.desk.ledger.owner = std::move(owner);
  result.desk.instruments = {{btc, {}}};
  result.journal_path = std::move(journal);
  return result;
}

/// Watches a desk from now on.
inline std::pair<caf::actor, desk_inbox_ptr>
watch(world& from, const order_desk_actor& desk) {
  auto in = std::make_shared<desk_inbox>();
  auto watcher = from.sys.spawn<desk_collector>(in);
  CAF_REQUIRE_EQUAL(from.tell(desk, watch_desk{watcher}), caf::none);
  return {caf::actor_cast<caf::actor>(watcher), in};
}

/// Places an order once the desk trades and has a book.
inline trading::order_key
place(world& from, const order_desk_actor& desk,
      const trading::order_request& order = resting_order()) {
  std::optional<trading::order_key> result;
  CAF_REQUIRE(eventually([&] {
    auto key = from.ask<trading::order_key>(desk, place_order{order});
    if (key)
      result = *key;
    return result.has_value();
  }));
  return *result;
}

inline std::vector<trading::order> open_orders(world& from,
                                               const order_desk_actor& desk) {
  auto result = from.ask<order_list>(desk, get_orders{});
  if (!result)
    CAF_FAIL(caf_compat::to_text(result.error()));
  return result->orders;
}

/// A gateway whose desk can be given later.
struct desk_gateway : node_world {
  explicit desk_gateway(const sim::server& venue) : node_world(patient()) {
    auto started = ask<client_actor>(supervisor,
                                     start_client{account_at(venue)});
    CAF_REQUIRE(started);
    account = *started;
    CAF_REQUIRE(ask<uint64_t>(account, await_ready{}));
  }

  ~desk_gateway() {
    gateway = nullptr;
    if (desk)
      self->send_exit(desk, caf::exit_reason::kill);
  }

  /// Starts a desk without a supervisor.
  order_desk_actor start_desk(order_desk_options options) {
    auto result = start_order_desk(sys, std::move(options));
    if (!result)
      CAF_FAIL(caf_compat::to_text(result.error()));
    return *result;
  }

  /// Listens.
  void open(uint16_t port, order_desk_actor offered = {}) {
    gateway_config cfg{.port = port};
    cfg.silence_limit = patient().silence_limit;
    desk = std::move(offered);
    if (desk)
      cfg.desks.emplace("mm", desk);
    auto started = gateway_server::start(rt, supervisor, cfg);
    if (!started)
      CAF_FAIL(caf_compat::to_text(started.error()));
    gateway = std::move(*started);
  }

  client_supervisor_actor supervisor = rt.supervise();
  client_actor account;
  order_desk_actor desk;
  std::unique_ptr<gateway_server> gateway;
};

/// A node that uses the desk or the account of a gateway.
struct desk_user : subscriber_world {
  explicit desk_user(const desk_gateway& from)
    : subscriber_world(from.gateway->port(), {}, patient()) {
    // nop
  }
};

} // namespace zenws::test_support
