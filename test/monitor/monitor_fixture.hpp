// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/http_client.hpp"
#include "support/world.hpp"
#include "zenws/monitor/monitor.hpp"

#include <rapidjson/document.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace zenws::test_support {

inline const std::string right_token = "a-token-for-tests";

/// A runtime with a supervisor, an exchange and a monitor.
struct monitor_fixture : world {
  std::unique_ptr<sim::server> server = start_server();
  client_supervisor_actor supervisor = rt.supervise({.name = "venues"});
  std::unique_ptr<monitor> uut;

  void start(monitor_options options = {}) {
    auto started = start_monitor(rt, std::move(options));
    if (!started)
      throw std::runtime_error{caf_compat::to_text(started.error())};
    uut = std::move(*started);
  }

  void start_with_token(monitor_options options = {}) {
    options.token = right_token;
    start(std::move(options));
  }

  client_spec spec(const std::string& name, const std::string& path = "/echo") {
    return {.name = name, .config = quick(server->url(path))};
  }

  client_actor start_client(const std::string& name,
                            const std::string& path = "/echo") {
    auto result = ask<client_actor>(supervisor,
                                    zenws::start_client{spec(name, path)});
    if (!result || !ask<uint64_t>(*result, await_ready{}))
      throw std::runtime_error{"a client does not start"};
    return *result;
  }

  /// A connection of its own for each request.
  http_client::response get(const std::string& target,
                            const http_headers& headers = {}) {
    return http_client{uut->port()}.get(target, headers);
  }

  std::string text(const std::string& target) {
    return get(target).body();
  }

  rapidjson::Document json(const std::string& target) {
    rapidjson::Document result;
    result.Parse(get(target).body().c_str());
    if (result.HasParseError())
      throw std::runtime_error{"no JSON at " + target};
    return result;
  }

  /// Returns the status of the response.
  unsigned act(const std::string& body) {
    return http_client{uut->port()}
      .post("/actions", body, {{"Authorization", "Bearer " + right_token}})
      .result_int();
  }
};

} // namespace zenws::test_support
