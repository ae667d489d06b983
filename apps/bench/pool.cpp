// SPDX-License-Identifier: BSD-3-Clause

#include "cases.hpp"
#include "client_fleet.hpp"
#include "comparison.hpp"
#include "raw_beast.hpp"

#include "zenws/pool/member_health.hpp"
#include "zenws/pool/member_ranking.hpp"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

namespace zenws::bench {

namespace {

using clock = std::chrono::steady_clock;

constexpr size_t num_members = 4;

constexpr auto tag = "member";

double ns_per_choice(size_t members, size_t choices) {
  member_ranking ranking;
  std::vector<member_health> health(members);
  for (size_t i = 0; i < members; ++i)
    ranking.put(i, member_health::best);
  auto begin = clock::now();
  for (size_t i = 0; i < choices; ++i) {
    // As a request does: it is pending, and over.
    auto now = clock::now();
    auto id = *ranking.take();
    auto& chosen = health[id];
    chosen.sent(now);
    ranking.put(id, chosen.score(now));
    chosen.answered(std::chrono::microseconds{80}, now);
    ranking.put(id, chosen.score(now));
  }
  std::chrono::duration<double, std::nano> took = clock::now() - begin;
  return took.count() / static_cast<double>(choices);
}

// Some clients, a pool of them, and a caller.
class office {
public:
  explicit office(const server_address& where)
    : host_("sharing"),
      supervisor_(host_.loops().supervise()),
      self_(host_.loops().system()) {
    for (size_t i = 0; i < num_members; ++i) {
      client_spec spec{.tag = tag, .config = config_for(where, "/ws/api/v2")};
      spec.config.venue.dialect = "json_rpc";
      members_.push_back(
        ask<client_actor>(supervisor_, start_client{std::move(spec)}));
      ask<uint64_t>(members_.back(), await_ready{});
    }
    auto started = host_.loops().start_pool({.tag = tag});
    if (!started)
      throw std::runtime_error{caf_compat::to_text(started.error())};
    pool_ = *started;
  }

  sample call_directly(size_t count) {
    return time(count, [this](call command) {
      ask<rpc_result>(members_.front(), std::move(command));
    });
  }

  sample call_through_pool(size_t count) {
    return time(count, [this](call command) {
      ask<rpc_result>(pool_, call_balanced{std::move(command)});
    });
  }

private:
  template <class T, class Handle, class Request>
  T ask(const Handle& receiver, Request request) {
    T result{};
    self_->request(receiver, client_fleet::patience, std::move(request))
      .receive([&](T& x) { result = std::move(x); },
               [](const caf::error& reason) {
                 throw std::runtime_error{caf_compat::to_text(reason)};
               });
    return result;
  }

  template <class F>
  sample time(size_t count, F once) {
    std::vector<double> durations;
    for (size_t i = 0; i < count; ++i) {
      auto begin = clock::now();
      once(call{.method = "public/test"});
      std::chrono::duration<double, std::micro> took = clock::now() - begin;
      durations.push_back(took.count());
    }
    return percentiles(std::move(durations));
  }

  actor_host host_;
  client_supervisor_actor supervisor_;
  caf::scoped_actor self_;
  std::vector<client_actor> members_;
  pool_actor pool_;
};

} // namespace

void run_pool(const options& opts, const server_process& server, report& out) {
  auto& where = server.address();
  auto calls = opts.round_trips / 10;
  comparison cases;
  cases.bench = "pool";
  cases.label = to_string(where.below) + "/call";
  cases.variants = {
    {"direct", [&] { return office{where}.call_directly(calls); }},
    {"pool", [&] { return office{where}.call_through_pool(calls); }},
  };
  run(cases, opts, out);
  if (where.below != transport::plain)
    return;
  for (size_t members : {size_t{10}, size_t{1'000}})
    out.add({"pool", "choice/" + std::to_string(members), "time",
             ns_per_choice(members, 1'000'000), "ns"});
}

} // namespace zenws::bench
