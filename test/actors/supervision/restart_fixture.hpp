// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/all.hpp"
#include "zenws/testing/fake_clients.hpp"

#include "support/actor_test.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace zenws::test_support {

using namespace std::chrono_literals;

struct restart_config : caf::actor_system_config {
  restart_config() {
    load_types(*this);
  }
};

/// A supervisor of fake clients whose events are logged. The test controls time
/// and threads.
struct restart_fixture : test_coordinator_fixture<restart_config> {
  using strings = std::vector<std::string>;

  ~restart_fixture() {
    caf::anon_send_exit(uut, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(watcher, caf::exit_reason::user_shutdown);
    run();
  }

  void run() {
    sched.run();
  }

  void supervise(client_supervisor_config options = {}) {
    watcher = sys.spawn(
      [this](caf::event_based_actor*, int) -> caf::behavior {
        return {
          [this](const client_event& event) {
            log.push_back(event.client + ' '
                          + std::string{event.kind == event_kind::state_changed
                                          ? to_string(event.state)
                                          : to_string(event.kind)});
            last = event;
          },
          [this](const message_batch& batch) {
            for (auto x : batch)
              log.push_back(std::string{x.payload});
          },
        };
      },
      0);
    uut = sys.spawn<client_supervisor>(std::move(options), fakes);
    run();
  }

  client_actor start(const std::string& name) {
    client_spec spec{.name = name,
                     .config = {.url = "ws://example.org"},
                     .subscribers = {{watcher}}};
    auto pending = self->request(uut, caf::infinite, start_client{spec});
    run();
    client_actor result;
    std::move(pending).receive([&](client_actor& x) { result = x; },
                               [](caf::error& x) {
                                 CAF_FAIL(caf_compat::to_text(x));
                               });
    return result;
  }

  void make_ready(const std::string& name) {
    fakes.enter(name, client_state::ready);
    run();
  }

  void fail(const std::string& name, ec reason) {
    fakes.fail(name, {reason, "on purpose"});
    run();
  }

  caf::expected<client_actor> restart(const std::string& name) {
    auto pending = self->request(uut, caf::infinite, restart_client{name});
    run();
    caf::expected<client_actor> result{caf::sec::runtime_error};
    std::move(pending).receive([&](client_actor& x) { result = x; },
                               [&](caf::error& x) { result = x; });
    return result;
  }

  /// Returns the answer to a message to a client.
  caf::error send_to(const client_actor& whom) {
    auto pending = self->request(whom, caf::infinite, send_text{"x"});
    run();
    caf::error result;
    std::move(pending).receive([] {},
                               [&](caf::error& x) { result = std::move(x); });
    return result;
  }

  /// Loses its venue again and again, for `span`.
  void be_away(const std::string& name, std::chrono::seconds span) {
    for (auto left = span; left > 0s; left -= 1s) {
      if (fakes.is_running(name))
        fail(name, ec::retries_exhausted);
      pass(1s);
    }
  }

  void pass(std::chrono::milliseconds span) {
    sched.advance_time(span);
    run();
  }

  client_info info(const std::string& name) {
    auto pending = self->request(uut, caf::infinite, list_clients{});
    run();
    client_info result;
    std::move(pending).receive(
      [&](client_list& all) {
        for (auto& x : all.clients)
          if (x.name == name)
            result = x;
      },
      [](caf::error& x) { CAF_FAIL(caf_compat::to_text(x)); });
    return result;
  }

  size_t logged(const std::string& line) const {
    return static_cast<size_t>(std::count(log.begin(), log.end(), line));
  }

  testing::fake_clients fakes{sys};
  client_supervisor_actor uut;
  caf::actor watcher;
  strings log;
  client_event last;
};

} // namespace zenws::test_support
