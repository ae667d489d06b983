// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"
#include "support/world.hpp"
#include "zenws/sinks/sink.hpp"

#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace zenws::test_support {

/// Names a message in a store.
struct stored_key {
  std::string client;
  uint64_t run = 0;
  uint64_t epoch = 0;
  uint64_t sequence = 0;

  auto operator<=>(const stored_key&) const = default;
};

/// A runtime with supervised clients of an exchange, and sinks.
struct sink_fixture : world {
  std::unique_ptr<sim::server> server = start_server();
  client_supervisor_actor clients = rt.supervise();
  temporary_folder folder;
  supervisor_actor sinks;
  std::shared_ptr<sink_stats> stats;

  client_actor start_client(const std::string& name,
                            const std::string& path = "/broadcast",
                            const std::string& dialect = "raw") {
    client_spec spec{.name = name, .config = quick(server->url(path))};
    spec.config.venue.dialect = dialect;
    auto result = ask<client_actor>(clients,
                                    zenws::start_client{std::move(spec)});
    if (!result || !ask<uint64_t>(*result, await_ready{}))
      throw std::runtime_error{"a client does not start"};
    return *result;
  }

  /// Returns options with the delays of a test, for all messages of "venue".
  sink_options quick_sink() {
    sink_options result;
    result.clients = {"venue"};
    result.everything = true;
    result.flush_interval = 10ms;
    result.write_within = 1s;
    result.retry = {.min = 10ms, .max = 100ms};
    result.store.path = folder.file("store.db");
    return result;
  }

  void start_sink(sink_options options) {
    stats = options.stats;
    supervisor_config cfg{.name = "sinks"};
    cfg.policy.restart_backoff = {.min = 1ms, .max = 10ms};
    cfg.policy.limit = {.max_restarts = 100};
    cfg.children.push_back(make_child(rt, "archive", std::move(options)));
    auto started = rt.start_supervisor(std::move(cfg));
    if (!started)
      throw std::runtime_error{caf_compat::to_text(started.error())};
    sinks = *started;
  }

  /// Returns whether the sink has written `n` records.
  bool has_written(uint64_t n) {
    return eventually([&] {
      ask<client_counts>(clients, count_clients{});
      return stats->written.get() >= n;
    });
  }

  /// Waits until the client of a sink has it as a subscriber.
  void await_subscribers(const client_actor& client, size_t n) {
    auto there = eventually([&] {
      auto status = ask<client_status>(client, get_status{});
      return status && status->subscribers >= n;
    });
    CAF_REQUIRE(there);
  }

  void broadcast(size_t from, size_t to) {
    for (auto i = from; i < to; ++i)
      server->broadcast("message " + std::to_string(i));
  }
};

/// A store that a test kills and stalls.
struct store_process {
  virtual ~store_process() = default;

  virtual store_options options() = 0;

  virtual void kill() = 0;

  virtual void start() = 0;

  virtual void stall() = 0;

  virtual void resume() = 0;

  /// Returns the keys of the messages in the store, each as often as it is.
  virtual std::vector<stored_key> keys() = 0;
};

/// Checks that nothing is lost or doubled while a store is killed and stalled,
/// and that other subscribers do not notice.
inline void survive_outages(sink_fixture& f, store_process& store) {
  constexpr size_t messages = 100; // of each phase
  auto client = f.start_client("venue");
  auto [other, in] = f.collect(client);
  auto options = f.quick_sink();
  options.store = store.options();
  options.batch_records = 7;
  f.start_sink(options);
  f.await_subscribers(client, 2);
  size_t sent = 0;
  auto send = [&, in = in] {
    f.broadcast(sent, sent + messages);
    sent += messages;
    CAF_REQUIRE(in->wait_for_messages(sent));
  };
  send();
  CAF_REQUIRE(f.has_written(1));
  CAF_MESSAGE("kill");
  store.kill();
  send();
  auto failures = f.stats->failures.get();
  CAF_REQUIRE(eventually([&] {
    f.ask<client_status>(client, get_status{});
    return f.stats->failures.get() > failures;
  }));
  store.start();
  CAF_REQUIRE(f.has_written(sent));
  CAF_MESSAGE("stall");
  store.stall();
  send();
  failures = f.stats->failures.get();
  CAF_REQUIRE(eventually([&] {
    f.ask<client_status>(client, get_status{});
    return f.stats->failures.get() > failures;
  }));
  store.resume();
  CAF_REQUIRE(f.has_written(sent));
  auto keys = store.keys();
  CAF_CHECK_EQUAL(keys.size(), sent);
  CAF_CHECK_EQUAL(std::set(keys.begin(), keys.end()).size(), sent);
  CAF_CHECK_EQUAL(f.stats->lost.get(), 0u);
  CAF_CHECK_EQUAL(f.stats->pending.get(), 0u);
}

} // namespace zenws::test_support
