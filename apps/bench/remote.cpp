// SPDX-License-Identifier: BSD-3-Clause

#include "actor_host.hpp"
#include "cases.hpp"
#include "comparison.hpp"
#include "flood.hpp"
#include "flood_sink.hpp"
#include "gateway_process.hpp"
#include "ping_pong.hpp"
#include "raw_bytes.hpp"
#include "relay_process.hpp"

#include "zenws/nodes/all.hpp"

#include <memory>
#include <stdexcept>

namespace zenws::bench {

namespace {

constexpr std::chrono::seconds gateway_patience{300};

constexpr auto client_name = "remote";

// A node that subscribes to clients of a gateway.
class remote_host {
public:
  remote_host(const gateway_process& gateway, const std::string& policy,
              const std::string& name = "node")
    : host_(policy, [](auto& cfg) { load_nodes(cfg); }) {
    gateway_options options;
    options.port = gateway.port();
    options.node = name;
    options.stream.policy = overflow_policy::backpressure;
    auto link = connect_gateway(host_.loops(), options);
    if (!link)
      throw std::runtime_error{caf_compat::to_text(link.error())};
    link_ = std::move(*link);
  }

  actor_host& local() noexcept {
    return host_;
  }

  // Starts a client at the gateway.
  void start(const client_config& cfg, const std::vector<caf::actor>& to) {
    client_spec spec{.name = client_name, .config = cfg};
    for (auto& x : to)
      spec.subscribers.push_back({x});
    ask(start_client{std::move(spec)}, [](client_actor&) {});
  }

  // Subscribes to the client that another node has started.
  void follow(const caf::actor& subscriber) {
    client_actor client;
    ask(get_client{client_name}, [&](client_actor& x) { client = x; });
    ask_actor(client, subscribe{subscriber}, [] {});
  }

  void stop() {
    ask(stop_client{client_name}, [] {});
  }

private:
  template <class Request, class F>
  void ask(Request request, F f) {
    ask_actor(link_->gateway(), std::move(request), f);
  }

  template <class Handle, class Request, class F>
  void ask_actor(const Handle& to, Request request, F f) {
    caf::scoped_actor self{host_.loops().system()};
    self->request(to, gateway_patience, std::move(request))
      .receive(f, [](const caf::error& reason) {
        throw std::runtime_error{"gateway: " + caf_compat::to_text(reason)};
      });
  }

  actor_host host_;
  std::unique_ptr<gateway_connection> link_;
};

// A flood that arrives at a gateway, for subscribers on this node.
sample remote_flood(const gateway_process& gateway, const std::string& policy,
                    const server_address& from, flood_order order,
                    size_t subscribers) {
  remote_host node{gateway, policy};
  auto progress = std::make_shared<flood_progress>(subscribers);
  std::vector<caf::actor> sinks;
  for (size_t i = 0; i < subscribers; ++i)
    sinks.push_back(node.local().spawn<flood_sink>(
      placement::scheduled, progress, order, uint64_t{1}));
  auto before = gateway.cpu_seconds();
  node.start(config_for(from, flood_target(order)), sinks);
  auto spent = progress->wait();
  auto used = gateway.cpu_seconds() - before;
  for (auto& x : sinks)
    caf::anon_send_exit(x, caf::exit_reason::user_shutdown);
  node.stop();
  auto result = spent.per_message(order.count);
  result.push_back({"gateway-cpu", "us/message",
                    used * 1e6 / static_cast<double>(order.count)});
  return result;
}

double value_of(const medians& all, const std::string& name,
                const std::string& metric) {
  for (auto& x : all.at(name))
    if (x.metric == metric)
      return x.value;
  throw std::runtime_error{name + " has no " + metric};
}

void compare_floods(const options& opts, const gateway_process& gateway,
                    const server_address& where, report& out) {
  comparison cases;
  cases.bench = "remote";
  cases.label = to_string(where.below) + '/' + std::to_string(payload_bytes);
  auto remote = [&](const char* name, size_t subscribers) {
    return timed(name, opts.seconds, payload_bytes, [=, &gateway](uint64_t n) {
      return remote_flood(gateway, opts.policy, where, {n, payload_bytes},
                          subscribers);
    });
  };
  relay_process relay{where};
  zenws_flood local{opts.policy, placement::scheduled};
  cases.variants = {
    timed("limit", opts.seconds, payload_bytes,
          [&](uint64_t n) {
            return raw_flood(relay.address(), {n, payload_bytes});
          }),
    timed("local", opts.seconds, payload_bytes,
          [=](uint64_t n) {
            return local(where, {n, payload_bytes});
          }),
    remote("x1", 1),
    remote("x100", 100),
  };
  auto all = run(cases, opts, out);
  if (all.size() < cases.variants.size())
    return;
  auto compare = [&](const char* of, const char* to, const char* metric,
                     const char* name) {
    out.add({cases.bench, cases.label + '/' + of, name,
             value_of(all, of, metric) / value_of(all, to, metric), "1"});
  };
  compare("limit", "local", "messages", "of-local");
  compare("x1", "local", "messages", "of-local");
  compare("x1", "limit", "messages", "of-limit");
  compare("x100", "x1", "gateway-cpu", "gateway-cpu-of-x1");
}

ping_pong_job_ptr job_of(const options& opts) {
  auto result = std::make_shared<ping_pong_job>();
  *result = {.count = opts.round_trips / 4, .size = payload_bytes};
  return result;
}

void compare_round_trips(const options& opts, const server_address& where,
                         report& out) {
  gateway_process gateway{"sharing"};
  comparison cases;
  cases.bench = "remote";
  cases.label = to_string(where.below) + "/rtt";
  auto echo = config_for(where, "/echo");
  cases.variants = {
    {"local",
     [&] {
       actor_host host{"sharing"};
       auto job = job_of(opts);
       auto player = host.spawn<ping_pong>(placement::scheduled, job);
       auto client = host.connect(echo, {player});
       auto result = percentiles(durations_of(*job));
       host.close(client);
       caf::anon_send_exit(player, caf::exit_reason::user_shutdown);
       return result;
     }},
    {"x1",
     [&] {
       remote_host node{gateway, "sharing"};
       auto job = job_of(opts);
       auto player = node.local().spawn<ping_pong>(placement::scheduled, job);
       node.start(echo, {player});
       auto result = percentiles(durations_of(*job));
       node.stop();
       caf::anon_send_exit(player, caf::exit_reason::user_shutdown);
       return result;
     }},
  };
  auto all = run(cases, opts, out);
  if (all.size() == cases.variants.size())
    out.add({cases.bench, cases.label + "/x1", "p50-of-local",
             value_of(all, "x1", "p50") / value_of(all, "local", "p50"), "1"});
}

// Takes messages and does nothing with them.
caf::behavior onlooker(caf::event_based_actor*) {
  return {[](const message_batch&) {}, [](const client_event&) {}};
}

// Round trips of one node whose echoes reach all others as well.
sample share_round_trips(const options& opts, const client_config& echo,
                         size_t nodes) {
  gateway_process gateway{"sharing"};
  remote_host first{gateway, "sharing"};
  first.start(echo, {});
  std::vector<std::unique_ptr<remote_host>> others;
  for (size_t i = 1; i < nodes; ++i) {
    auto name = "node-" + std::to_string(i);
    others.push_back(std::make_unique<remote_host>(gateway, "sharing", name));
    auto& host = others.back()->local();
    others.back()->follow(host.loops().system().spawn(onlooker));
  }
  auto job = job_of(opts);
  auto player = first.local().spawn<ping_pong>(placement::scheduled, job);
  auto cpu = gateway.cpu_seconds();
  first.follow(player);
  auto result = percentiles(durations_of(*job));
  cpu = gateway.cpu_seconds() - cpu;
  first.stop();
  caf::anon_send_exit(player, caf::exit_reason::user_shutdown);
  result.push_back(
    {"gateway-cpu", "us/message", cpu * 1e6 / static_cast<double>(job->count)});
  return result;
}

void measure_nodes(const options& opts, const server_address& where,
                   report& out) {
  comparison cases;
  cases.bench = "remote";
  cases.label = to_string(where.below) + "/nodes";
  auto echo = config_for(where, "/echo");
  for (size_t nodes : {1, 10, 50})
    cases.variants.push_back({std::to_string(nodes), [&opts, echo, nodes] {
                                return share_round_trips(opts, echo, nodes);
                              }});
  run(cases, opts, out);
}

} // namespace

void run_remote(const options& opts, const server_process& server,
                report& out) {
  gateway_process gateway{opts.policy};
  compare_floods(opts, gateway, server.floods(), out);
  compare_round_trips(opts, server.address(), out);
  measure_nodes(opts, server.address(), out);
}

} // namespace zenws::bench
