// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/internal/pending_responses.hpp"
#include "zenws/nodes/gateway_connection.hpp"
#include "zenws/timing/backoff.hpp"

#include <caf/io/middleman_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace zenws {

namespace detail {

/// Reminds a connector of a task.
struct connector_due {
  enum class task : uint8_t { connect, heartbeat };

  task action = task::connect;
  uint64_t session = 0;
};

template <class Inspector>
auto inspect(Inspector& f, connector_due& x) {
  return caf_compat::inspect_as(f, "zenws::connector_due", "action", x.action,
                                "session", x.session);
}

/// Request, answered once there is a session.
struct await_session {};

template <class Inspector>
auto inspect(Inspector& f, await_session&) {
  return caf_compat::inspect_as(f, "zenws::await_session");
}

using gateway_connector_impl = remote_gateway_actor::extend<
  caf_compat::takes<client_event>, caf_compat::takes<supervision_event>,
  caf_compat::takes<connector_due>, caf_compat::answers<await_session>>;

} // namespace detail

/// Connects to a gateway, again whenever it is lost, and keeps the clients and
/// desks that are in use here.
class gateway_connector
  : public ending_actor<detail::gateway_connector_impl::base> {
public:
  // -- member types -----------------------------------------------------------

  using super = ending_actor<detail::gateway_connector_impl::base>;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param host must live longer than the connector.
  gateway_connector(caf::actor_config& cfg, gateway_options options,
                    runtime& host, caf::io::middleman_actor transport);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  // -- the session --------------------------------------------------------------

  void connect();

  void join(const caf::strong_actor_ptr& actor);

  void joined(gateway_session& session);

  void failed(const caf::error& reason);

  void lost(const error& reason);

  // Describes the gateway for the log.
  std::vector<log_field> gateway_fields() const;

  void send_heartbeat();

  // -- clients ------------------------------------------------------------------

  client_actor client_for(client_spec spec, bool starts);

  caf::result<client_actor> find(const std::string& name);

  caf::result<client_actor> start(client_spec& spec);

  // Answers with a client, or a desk, once the gateway has it.
  template <class Handle>
  caf::result<Handle> when_open(const Handle& address);

  // -- desks --------------------------------------------------------------------

  caf::result<order_desk_actor> find_desk(const std::string& name);

  // -- requests -----------------------------------------------------------------

  // Passes a request to the gateway, and answers with `f(answer)`.
  template <class Result, class Request, class F = std::identity>
  caf::result<Result> forward(Request& request, F f = {});

  gateway_options options_;
  runtime& host_;
  caf::io::middleman_actor transport_;
  std::optional<gateway_session> session_;
  gateway_actor gateway_;
  uint64_t attempt_ = 0;
  backoff backoff_;
  std::minstd_rand random_;
  std::chrono::steady_clock::time_point since_;
  std::map<std::string, client_actor> clients_;
  std::map<std::string, order_desk_actor> desks_;
  pending_responses promises_;
  std::vector<caf::response_promise> waiting_;
};

} // namespace zenws

ZENWS_LOCAL_MESSAGE(2900, zenws::detail::connector_due)
ZENWS_LOCAL_MESSAGE(2901, zenws::detail::await_session)
