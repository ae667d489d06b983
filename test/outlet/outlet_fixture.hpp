// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "outlet_client.hpp"
#include "support/world.hpp"
#include "zenws/outlet/outlet.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace zenws::test_support {

inline const std::string reader_token = "a-token-that-reads";
inline const std::string caller_token = "a-token-that-calls";
inline const std::string trader_token = "a-token-that-trades";

/// A runtime with supervised clients of an exchange, and an outlet.
struct outlet_fixture : world {
  std::unique_ptr<sim::server> server = start_server();
  client_supervisor_actor supervisor = rt.supervise();
  std::unique_ptr<outlet> uut;

  void start(outlet_options options = {}) {
    auto started = start_outlet(rt, std::move(options));
    if (!started)
      throw std::runtime_error{caf_compat::to_text(started.error())};
    uut = std::move(*started);
  }

  void start_with_tokens(outlet_options options = {}) {
    options.tokens = {{"reader", reader_token, {.read = true}},
                      {"caller", caller_token, {.read = true, .call = true}},
                      {"trader", trader_token, {.read = true, .trade = true}}};
    start(std::move(options));
  }

  client_actor start_client(const std::string& name, const std::string& path,
                            const std::string& dialect = "raw") {
    client_spec spec{.name = name, .config = quick(server->url(path))};
    spec.config.venue.dialect = dialect;
    auto result = ask<client_actor>(supervisor,
                                    zenws::start_client{std::move(spec)});
    if (!result || !ask<uint64_t>(*result, await_ready{}))
      throw std::runtime_error{"a client does not start"};
    return *result;
  }

  /// Connects and upgrades.
  std::unique_ptr<outlet_client> connect(const std::string& token = {}) {
    auto result = std::make_unique<outlet_client>(uut->port());
    auto status = result->upgrade(token.empty() ? "" : "Bearer " + token);
    if (status != 101)
      throw std::runtime_error{"upgrade: " + std::to_string(status)};
    return result;
  }
};

/// Returns whether a message is data or a loss, rather than an event of a
/// client.
inline bool is_no_event(const outlet_reply& x) {
  return !x.has("event");
}

} // namespace zenws::test_support
