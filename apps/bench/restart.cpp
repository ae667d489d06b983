// SPDX-License-Identifier: BSD-3-Clause

#include "cases.hpp"
#include "client_fleet.hpp"
#include "comparison.hpp"
#include "environment.hpp"
#include "meter.hpp"
#include "raw_beast.hpp"

#include <malloc.h>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <random>
#include <thread>
#include <utility>

namespace zenws::bench {

namespace {

using clock = std::chrono::steady_clock;

constexpr size_t max_clients = 10'000;

constexpr size_t max_tls_clients = 1'000;

constexpr size_t gone_clients = 1'000;

constexpr std::chrono::seconds outage{5};

constexpr size_t flapping_clients = 100;

// Times at which children went down and came back.
class restart_log {
public:
  void put(const supervision_event& event) {
    auto now = clock::now();
    std::lock_guard guard{mtx_};
    if (event.kind == supervision_event_kind::restarting) {
      down_[event.child] = now;
    } else if (event.kind == supervision_event_kind::restarted) {
      respawns_.push_back(microseconds_of(now - down_.at(event.child)));
      changed_.notify_all();
    }
  }

  void wait_for(size_t count) {
    std::unique_lock guard{mtx_};
    if (!changed_.wait_for(guard, client_fleet::patience,
                           [&] { return respawns_.size() >= count; }))
      throw std::runtime_error{"children are not restarted"};
  }

  std::vector<double> take() {
    std::lock_guard guard{mtx_};
    return std::exchange(respawns_, {});
  }

private:
  std::mutex mtx_;
  std::condition_variable changed_;
  std::map<std::string, clock::time_point> down_;
  std::vector<double> respawns_; // in microseconds
};

// Restarts come at once.
client_supervisor_config without_backoff() {
  client_supervisor_config result;
  result.limit.max_restarts = 1'000'000;
  result.restart_backoff = {.min = std::chrono::milliseconds{1},
                            .max = std::chrono::milliseconds{1},
                            .factor = 1,
                            .jitter = 0,
                            .stable_after = std::chrono::milliseconds{0}};
  return result;
}

// A share of all numbers below `count`, by chance but always the same.
std::vector<size_t> victims_of(size_t count) {
  std::vector<size_t> result(count);
  std::iota(result.begin(), result.end(), size_t{0});
  std::shuffle(result.begin(), result.end(), std::minstd_rand{4711});
  result.resize(std::max<size_t>(count / 10, 1));
  return result;
}

// Throws unless exactly the victims have been restarted, and once each.
void check(client_fleet& all, size_t victims) {
  auto list = all.ask<client_list>(all.supervisor(), list_clients{});
  size_t restarted = 0;
  for (auto& x : list.clients) {
    if (x.state != client_state::ready || x.epoch != x.restarts + 1
        || x.restarts > 1)
      throw std::runtime_error{x.name + " is not as it should be"};
    restarted += x.restarts;
  }
  if (restarted != victims)
    throw std::runtime_error{"others than the victims were restarted"};
}

// Kills a tenth of all clients at once.
void measure_kills(const server_address& where, size_t count,
                   const std::string& label, report& out) {
  client_fleet all{where, without_backoff()};
  all.grow_to(count);
  auto log = std::make_shared<restart_log>();
  auto watcher = all.loops().system().spawn(
    [log](caf::event_based_actor*) -> caf::behavior {
      return {
        [log](const supervision_event& event) { log->put(event); },
        [](const client_event&) {},
      };
    });
  all.loops().watch(watcher);
  auto victims = victims_of(count);
  auto begin = clock::now();
  for (auto i : victims)
    caf::anon_send_exit(all.clients()[i], caf::exit_reason::kill);
  log->wait_for(victims.size());
  for (auto i : victims)
    all.ask<uint64_t>(all.clients()[i], await_ready{});
  auto end = clock::now();
  check(all, victims.size());
  auto respawns = log->take();
  auto add = [&](const char* metric, double value, const char* unit) {
    out.add({"restart", label, metric, value, unit});
  };
  add("killed", static_cast<double>(victims.size()), "clients");
  add("respawn-p50", quantile(respawns, 0.5), "us");
  add("respawn-p99", quantile(respawns, 0.99), "us");
  add("all-ready", milliseconds_of(end - begin), "ms");
  begin = clock::now();
  auto tree = all.ask<tree_node>(all.supervisor(), get_tree{});
  add("tree", milliseconds_of(clock::now() - begin), "ms");
  begin = clock::now();
  all.ask<client_counts>(all.supervisor(), count_clients{});
  add("count", milliseconds_of(clock::now() - begin), "ms");
  if (tree.children.size() != count)
    throw std::runtime_error{"the tree is not complete"};
}

// The server is gone for a while, with the default backoff of clients.
void measure_outage(const server_address& where, size_t count,
                    const std::string& label, report& out) {
  client_fleet all{where};
  all.grow_to(count);
  send_command(where, R"({"fault":"gone","for_ms":)"
                        + std::to_string(outage / std::chrono::milliseconds{1})
                        + "}");
  auto back = clock::now() + outage;
  std::this_thread::sleep_until(back);
  auto is_back = [](const client_info& x) {
    return x.state == client_state::ready && x.epoch == 2;
  };
  for (;;) {
    auto list = all.ask<client_list>(all.supervisor(), list_clients{});
    if (std::all_of(list.clients.begin(), list.clients.end(), is_back))
      break;
    if (clock::now() - back > client_fleet::patience)
      throw std::runtime_error{"clients do not return"};
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  out.add(
    {"restart", label, "all-back", milliseconds_of(clock::now() - back), "ms"});
  size_t restarts = 0;
  for (auto& x : all.ask<client_list>(all.supervisor(), list_clients{}).clients)
    restarts += x.restarts;
  out.add(
    {"restart", label, "restarts", static_cast<double>(restarts), "clients"});
}

// The server closes each connection.
void measure_flapping(const server_address& where, const std::string& label,
                      report& out) {
  client_fleet all{where};
  all.grow_to(flapping_clients);
  send_command(where, R"({"fault":"flap"})");
  send_command(where, R"({"fault":"drop","path":"/broadcast"})");
  // Until backoff has grown.
  std::this_thread::sleep_for(std::chrono::seconds{10});
  meter usage;
  usage.start();
  std::this_thread::sleep_for(std::chrono::seconds{5});
  usage.stop();
  out.add({"restart", label, "cpu", usage.cpu_share() * 100, "%"});
  send_command(where, R"({"fault":"accept"})");
}

size_t heap_bytes() {
  return mallinfo2().uordblks;
}

// Children without cost, to measure the supervisor itself.
void measure_supervisor(size_t count, report& out) {
  actor_host host{"sharing"};
  auto idle = [](caf::event_based_actor*) -> caf::behavior {
    return {[](int x) { return x; }};
  };
  auto& sys = host.loops().system();
  std::vector<caf::actor> free;
  auto before = heap_bytes();
  for (size_t i = 0; i < count; ++i)
    free.push_back(sys.spawn(idle));
  auto alone = heap_bytes() - before;
  free = {};
  supervisor_config cfg;
  cfg.policy.order = shutdown_order::concurrent;
  for (size_t i = 0; i < count; ++i) {
    child_spec spec{.id = "worker-" + std::to_string(i)};
    spec.start = [idle](caf::actor_system& of) -> caf::expected<caf::actor> {
      return of.spawn(idle);
    };
    cfg.children.push_back(std::move(spec));
  }
  before = heap_bytes();
  auto uut = host.loops().start_supervisor(std::move(cfg));
  if (!uut)
    throw std::runtime_error{caf_compat::to_text(uut.error())};
  auto supervised = heap_bytes() - before;
  auto label = "workers/" + std::to_string(count);
  auto per_child = [&](size_t bytes) {
    return static_cast<double>(bytes) / static_cast<double>(count) / 1024;
  };
  out.add({"restart", label, "memory",
           per_child(supervised > alone ? supervised - alone : 0),
           "KiB/child"});
  caf::scoped_actor self{sys};
  auto begin = clock::now();
  self->request(*uut, client_fleet::patience, get_tree{})
    .receive([](const tree_node&) {}, [](const caf::error&) {});
  out.add(
    {"restart", label, "tree", milliseconds_of(clock::now() - begin), "ms"});
  begin = clock::now();
  self->request(*uut, client_fleet::patience, count_children{})
    .receive([](const child_counts&) {}, [](const caf::error&) {});
  out.add(
    {"restart", label, "count", milliseconds_of(clock::now() - begin), "ms"});
}

} // namespace

void run_restart(const options& opts, const server_process& server,
                 report& out) {
  auto& where = server.address();
  auto transport = to_string(where.below);
  auto most = where.below == transport::tls ? max_tls_clients : max_clients;
  auto count = std::min(
    {opts.clients.back(), most, raise_file_limit() - reserved_files});
  std::fprintf(stderr, "restart %s: %zu clients\n", transport.c_str(), count);
  measure_kills(where, count, transport + '/' + std::to_string(count), out);
  count = std::min(count, gone_clients);
  std::fprintf(stderr, "restart %s: the server is gone for %lld s\n",
               transport.c_str(), static_cast<long long>(outage.count()));
  measure_outage(where, count,
                 transport + '/' + std::to_string(count) + "/gone", out);
  auto label = transport + '/' + std::to_string(flapping_clients) + "/flapping";
  std::fprintf(stderr, "restart %s: a server that hangs up, for 15 s\n",
               transport.c_str());
  measure_flapping(where, label, out);
  if (where.below == transport::plain)
    measure_supervisor(max_clients, out);
}

} // namespace zenws::bench
