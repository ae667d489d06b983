// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/runtime.hpp"
#include "zenws/monitor/internal/access_rules.hpp"
#include "zenws/monitor/internal/command.hpp"
#include "zenws/monitor/internal/event_ring.hpp"
#include "zenws/monitor/internal/health_check.hpp"
#include "zenws/monitor/internal/http_session.hpp"
#include "zenws/monitor/internal/live_state.hpp"
#include "zenws/monitor/internal/parameters.hpp"
#include "zenws/monitor/internal/update_streams.hpp"
#include "zenws/monitor/monitor_options.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>

namespace zenws::monitoring {

/// Answers the requests of a monitor. Lives on the thread of an `io_context`.
class site {
public:
  // -- constructors, destructors, and assignment operators ------------------

  /// @param host must live longer.
  /// @param port the one that the server listens at.
  site(std::shared_ptr<boost::asio::io_context> context, runtime& host,
       const monitor_options& options, uint16_t port, caf::actor source,
       event_ring_ptr events);

  // -- requests ---------------------------------------------------------------

  /// Answers a request, now or later.
  void handle(const http_session_ptr& session);

  /// Ends all that waits.
  void close();

private:
  struct route;

  static const route* find_route(std::string_view path);

  // Returns the answer to a request that is not allowed.
  std::optional<http_response> refusal_of(const route& to,
                                          const http_request& request) const;

  // -- routes -----------------------------------------------------------------

  using params = const parameters&;

  void show_page(const http_session_ptr& session, std::string_view path);

  void show_metrics(const http_session_ptr& session, params);

  void show_health(const http_session_ptr& session, params);

  void show_readiness(const http_session_ptr& session, params);

  void show_state(const http_session_ptr& session, params);

  void show_tree(const http_session_ptr& session, params);

  void show_clients(const http_session_ptr& session, params values);

  void show_client(const http_session_ptr& session, params values);

  void show_events(const http_session_ptr& session, params values);

  void stream_updates(const http_session_ptr& session, params values);

  void act(const http_session_ptr& session, params);

  void log_in(const http_session_ptr& session, params);

  // -- parts of routes --------------------------------------------------------

  std::string unready_clients() const;

  bool may_act(const http_request& request) const;

  // Writes down what an operator does.
  void record(severity level, const std::string& text);

  std::shared_ptr<boost::asio::io_context> context_;
  runtime& host_;
  monitor_options options_;
  program_info program_;
  access_rules access_;
  event_ring_ptr events_;
  std::shared_ptr<live_state> state_;
  std::shared_ptr<health_check> health_;
  update_streams streams_;
};

} // namespace zenws::monitoring
