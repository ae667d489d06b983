// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "desk_inbox.hpp"
#include "temporary_folder.hpp"
#include "unit_test.hpp"
#include "venue_world.hpp"

#include "zenws/actors/desk/order_desk.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::test_support {

inline market::decimal number(std::string_view text) {
  return market::decimal::parse(text).value();
}

/// A world with the desks of one account at a simulated venue. A fixture fills
/// `options` with its clients and its dialect.
struct desk_world : venue_world {
  /// A desk and what it tells.
  struct watched_desk {
    order_desk_actor uut;
    desk_inbox_ptr in;
  };

  std::unique_ptr<sim::server> server = start_server();
  temporary_folder folder;
  order_desk_options options;

  /// As the venue writes it.
  std::string instrument;

  /// Of an order.
  std::string amount = "10";

  /// A price at which nothing is bought.
  std::string low_price = "1";

  /// The request that places an order, for faults.
  std::string place_method;

  /// Path of the connection that carries requests.
  std::string private_path;

  /// Fills the rest of `options`, for `instrument`.
  void trade(std::string dialect) {
    options.dialect = std::move(dialect);
    options.desk.ledger.owner = "desk";
    options.desk.instruments = {{instrument, {.position = number("100000")}}};
    options.journal_path = folder.file("orders.db");
  }

  watched_desk start_desk() {
    auto uut = start_order_desk(sys, options);
    if (!uut)
      CAF_FAIL(caf_compat::to_text(uut.error()));
    auto in = std::make_shared<desk_inbox>();
    CAF_REQUIRE_EQUAL(tell(*uut, watch_desk{sys.spawn<desk_collector>(in)}),
                      caf::none);
    return {*uut, in};
  }

  void kill(const order_desk_actor& uut) {
    self->send_exit(uut, caf::exit_reason::kill);
    CAF_REQUIRE(eventually([&] { return caf_compat::has_ended(uut); }));
  }

  /// Places an order once the desk trades and has a book.
  trading::order_key place(const order_desk_actor& uut,
                           const trading::order_request& order) {
    std::optional<trading::order_key> result;
    CAF_REQUIRE(eventually([&] {
      auto key = ask<trading::order_key>(uut, place_order{order});
      if (key)
        result = *key;
      return result.has_value();
    }));
    return *result;
  }

  /// Places an order that rests, and waits until the venue has it.
  trading::order_key rest(const watched_desk& desk,
                          const trading::order_request& order) {
    auto key = place(desk.uut, order);
    CAF_REQUIRE(desk.in->wait_for(key.id, trading::order_event_kind::accepted));
    return key;
  }

  trading::order_key rest(const watched_desk& desk) {
    return rest(desk, resting());
  }

  /// Cancels an order and waits for its end.
  void cancel(const watched_desk& desk, const trading::client_order_id& id) {
    CAF_CHECK_EQUAL(tell(desk.uut, cancel_order{id}), caf::none);
    CAF_CHECK(desk.in->wait_for(id, trading::order_event_kind::canceled));
  }

  trading::order_request resting() const {
    auto result = at_market();
    result.type = trading::order_type::limit;
    result.price = number(low_price);
    return result;
  }

  trading::order_request at_market() const {
    return {.instrument = market::instrument_name::make(instrument).value(),
            .type = trading::order_type::market,
            .amount = number(amount)};
  }

  std::vector<trading::order> open_orders(const order_desk_actor& uut) {
    auto open = ask<order_list>(uut, get_orders{});
    CAF_REQUIRE(open);
    return open->orders;
  }

  bool waits_for_position(const order_desk_actor& uut,
                          std::string_view expected) {
    return eventually([&] {
      auto held = ask<position_list>(uut, get_positions{});
      return held && held->positions.size() == 1
             && held->positions[0].amount == number(expected);
    });
  }

  /// Turns a knob of the simulator, which are those of all venues.
  void turn(const std::string& knob, const std::string& params) {
    if (!knobs_) {
      client_spec spec{.name = "knobs", .config = quick(server->url())};
      spec.config.venue.dialect = "deribit";
      knobs_ = connect_watched(std::move(spec)).first;
    }
    call request{.method = "sim/" + knob, .policy = queue_until(patience)};
    request.params = params;
    CAF_REQUIRE(ask<rpc_result>(knobs_, request));
  }

  /// Fills an open order whole.
  void fill(const trading::order_key& order) {
    turn("fill_order", R"({"label":")" + std::string{order.id.view()} + "\"}");
  }

  /// Fills a part of an open order.
  void fill(const trading::order_key& order, std::string_view part) {
    turn("fill_order", R"({"label":")" + std::string{order.id.view()}
                         + R"(","amount":)" + std::string{part} + '}');
  }

private:
  client_actor knobs_;
};

} // namespace zenws::test_support
