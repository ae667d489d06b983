// SPDX-License-Identifier: BSD-3-Clause

#include "cases.hpp"
#include "client_fleet.hpp"
#include "idle_probe.hpp"
#include "raw_beast.hpp"
#include "trend.hpp"

#include "support/let_go.hpp"
#include "support/program.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace zenws::bench {

namespace {

using clock = std::chrono::steady_clock;

using namespace std::chrono_literals;

using test_support::let_go;

constexpr std::chrono::seconds simulator_patience{10};

// Time for all clients to be back after the last fault.
constexpr std::chrono::minutes recovery_patience{2};

constexpr std::chrono::milliseconds between_actions{20};

constexpr std::chrono::seconds between_readings{5};

// Growth over two thirds of a soak that does not matter: noise of allocators.
constexpr double max_growth = 0.03;

// Temporary subscribers at a time.
constexpr size_t max_guests = 200;

// Resources of the process at one moment.
struct reading {
  double seconds = 0; // since the start
  double resident_mib = 0;
  double heap_mib = 0; // in use
  double open_files = 0;
  double actors = 0;
};

using readings = std::vector<reading>;

// Messages that each lasting subscriber has received.
using counters = std::vector<std::atomic<uint64_t>>;

// Follows a channel of one client for the whole time, and has it begun anew
// when it is silent.
class regular : public subscriber_actor::base {
public:
  regular(caf::actor_config& cfg, std::shared_ptr<counters> counts,
          size_t index)
    : subscriber_actor::base(cfg), counts_(std::move(counts)), index_(index) {
    // nop
  }

  behavior_type make_behavior() override {
    return {
      [this](const message_batch& batch) {
        (*counts_)[index_] += batch.size();
      },
      [this](const client_event& event) {
        if (event.kind == event_kind::channel_silent)
          caf_compat::anon_send(caf::actor_cast<client_actor>(current_sender()),
                                renew_channels{{event.detail}});
      },
    };
  }

private:
  std::shared_ptr<counters> counts_;
  size_t index_;
};

// Holds what it gets for a while, as one that stalls does.
caf::behavior guest(caf::event_based_actor*) {
  auto held = std::make_shared<std::vector<message_batch>>();
  return {
    [held](const message_batch& batch) { held->push_back(batch); },
    [](const client_event&) {},
    [held](let_go) { held->clear(); },
  };
}

// A venue that all of a third of the clients talk to.
struct dialect_kind {
  const char* dialect;
  const char* path;
  channel_spec channel;
};

// A channel whose silence is noticed.
channel_spec followed(const char* name) {
  return {.name = name, .silent_after = 10s};
}

const std::vector<dialect_kind>& dialect_kinds() {
  static const std::vector<dialect_kind> result{
    {"deribit", "/ws/api/v2", followed("ticker.BTC-PERPETUAL.100ms")},
    {"binance", "/stream", followed("btcusdt@bookTicker")},
    {"okx", "/ws/v5/public", followed("tickers:BTC-USDT")},
  };
  return result;
}

const dialect_kind& kind_of(size_t client) {
  return dialect_kinds()[client % dialect_kinds().size()];
}

struct fault {
  const char* begin;
  const char* end; // may be null
  std::chrono::seconds length;
};

// What is noticed by a deadline lasts until then.
constexpr fault faults[] = {
  {R"("fault":"drop","how":"reset")", nullptr, 3s},
  {R"("fault":"drop","how":"fin")", nullptr, 3s},
  {R"("fault":"close","code":1001)", nullptr, 3s},
  {R"("fault":"stall")", R"("fault":"resume")", 20s},
  {R"("fault":"mute_pings")", R"("fault":"unmute_pings")", 20s},
  {R"("fault":"refuse","status":503)", R"("fault":"accept")", 5s},
  {R"("fault":"flap","when":"upgrade")", R"("fault":"accept")", 5s},
  {R"("fault":"gap","changes":2)", nullptr, 3s},
  {R"("fault":"maintenance","for_ms":1000)", R"("fault":"recover")", 5s},
  {R"("fault":"silence")", R"("fault":"recover")", 20s},
  {R"("fault":"revoke")", nullptr, 5s},
  {R"("fault":"malformed","how":"truncated")", nullptr, 3s},
};

class simulator {
public:
  simulator()
    : process_(test_support::program_folder() / "exchange-sim",
               {"--port", "0", "--tick", "1000", "--no-rate-limits"}) {
    auto url = process_.read_after("listening on ", simulator_patience);
    if (!url)
      throw std::runtime_error{"the exchange simulator does not listen"};
    address_.port
      = static_cast<uint16_t>(std::stoul(url->substr(url->rfind(':') + 1)));
  }

  const server_address& address() const noexcept {
    return address_;
  }

  /// Begins or ends a fault of one venue: that of the control would be in the
  /// way of its end.
  void command(const char* path, const char* members) const {
    send_command(address_,
                 std::string{R"({"path":")"} + path + R"(",)" + members + '}');
  }

private:
  test_support::program process_;
  server_address address_;
};

double open_files() {
  auto files = std::filesystem::directory_iterator{"/proc/self/fd"};
  return static_cast<double>(std::distance(begin(files), end(files)));
}

// Clients of three venues, and all that happens to them.
class soak_run {
public:
  explicit soak_run(size_t clients)
    : counts_(std::make_shared<counters>(clients)) {
    for (size_t i = 0; i < clients; ++i)
      start_client_of(i);
  }

  void run(std::chrono::seconds length) {
    if (await_all() > 0)
      throw std::runtime_error{"not all clients receive anything at first"};
    began_ = clock::now();
    auto next_fault = began_;
    auto next_reading = began_;
    for (auto end = began_ + length; clock::now() < end;) {
      act();
      if (clock::now() >= next_fault)
        next_fault = clock::now() + change_fault();
      if (clock::now() >= next_reading) {
        read();
        next_reading = clock::now() + between_readings;
      }
      std::this_thread::sleep_for(between_actions);
    }
    end_fault();
    while (!guests_.empty())
      dismiss_guest();
  }

  // Waits until each lasting subscriber has one more message.
  // @returns how many have not.
  size_t await_all() {
    std::vector<uint64_t> before(counts_->begin(), counts_->end());
    auto deadline = clock::now() + recovery_patience;
    std::map<std::string, size_t> missing; // by dialect
    do {
      std::this_thread::sleep_for(std::chrono::seconds{1});
      missing.clear();
      for (size_t i = 0; i < before.size(); ++i)
        if ((*counts_)[i] == before[i])
          ++missing[kind_of(i).dialect];
    } while (!missing.empty() && clock::now() < deadline);
    size_t result = 0;
    for (auto& [dialect, count] : missing) {
      std::fprintf(stderr, "soak: nothing for %zu clients of %s\n", count,
                   dialect.c_str());
      result += count;
    }
    return result;
  }

  const readings& history() const noexcept {
    return history_;
  }

  size_t kills() const noexcept {
    return kills_;
  }

  size_t faults_made() const noexcept {
    return faults_made_;
  }

private:
  void start_client_of(size_t index) {
    auto& kind = kind_of(index);
    client_spec spec{.name = "client-" + std::to_string(index)};
    spec.config = config_for(venue_.address(), kind.path);
    spec.config.venue.dialect = kind.dialect;
    spec.config.heartbeat.interval = 5s;
    spec.config.backoff.max = 5s;
    spec.limits.rates.emplace(); // the machine is the limit
    clients_.push_back(fleet_.ask<client_actor>(fleet_.supervisor(),
                                                start_client{std::move(spec)}));
    auto subscriber = fleet_.spawn<regular>(counts_, index);
    caf_compat::anon_send(clients_.back(),
                          subscribe_channels{{kind.channel}, subscriber});
  }

  size_t random_below(size_t n) {
    return std::uniform_int_distribution<size_t>{0, n - 1}(random_);
  }

  // -- subscribers and clients --------------------------------------------------

  void act() {
    switch (random_below(8)) {
      case 0:
        kill_client();
        break;
      case 1:
        if (!guests_.empty())
          caf_compat::anon_send(guests_[random_below(guests_.size())],
                                let_go{});
        break;
      case 2:
      case 3:
        if (!guests_.empty())
          dismiss_guest();
        break;
      default:
        invite_guest();
    }
  }

  void kill_client() {
    caf::anon_send_exit(clients_[random_below(clients_.size())],
                        caf::exit_reason::kill);
    ++kills_;
  }

  void invite_guest() {
    auto index = random_below(clients_.size());
    auto& kind = kind_of(index);
    static constexpr overflow_policy policies[]
      = {overflow_policy::backpressure, overflow_policy::drop_newest,
         overflow_policy::disconnect_subscriber};
    subscription_options options{.policy = policies[random_below(3)],
                                 .budget_bytes = 1'000};
    guests_.push_back(fleet_.spawn_function(guest));
    caf_compat::anon_send(clients_[index], subscribe_channels{{kind.channel},
                                                              guests_.back(),
                                                              options});
    if (guests_.size() > max_guests)
      dismiss_guest();
  }

  void dismiss_guest() {
    caf::anon_send_exit(guests_.front(), caf::exit_reason::user_shutdown);
    guests_.pop_front();
  }

  // -- faults -------------------------------------------------------------------

  // @returns how long the next one lasts.
  std::chrono::seconds change_fault() {
    end_fault();
    venue_of_fault_
      = dialect_kinds()[random_below(dialect_kinds().size())].path;
    auto& next = faults[random_below(std::size(faults))];
    venue_.command(venue_of_fault_, next.begin);
    end_of_fault_ = next.end;
    ++faults_made_;
    return next.length;
  }

  void end_fault() {
    if (auto* end = std::exchange(end_of_fault_, nullptr))
      venue_.command(venue_of_fault_, end);
  }

  // -- readings -----------------------------------------------------------------

  void read() {
    std::chrono::duration<double> since = clock::now() - began_;
    auto actors = caf_compat::running_actors(fleet_.loops().system());
    history_.push_back({since.count(),
                        static_cast<double>(resident_bytes()) / 0x100000,
                        static_cast<double>(mallinfo2().uordblks) / 0x100000,
                        open_files(), static_cast<double>(actors)});
    auto& now = history_.back();
    std::fprintf(stderr,
                 "soak: %.0f s, %.1f MiB, of which the heap %.1f, %.0f files, "
                 "%.0f actors\n",
                 now.seconds, now.resident_mib, now.heap_mib, now.open_files,
                 now.actors);
  }

  simulator venue_;
  client_fleet fleet_{venue_.address(), {.limit = {.max_restarts = 1'000'000}}};
  std::shared_ptr<counters> counts_;
  std::vector<client_actor> clients_;
  std::deque<caf::actor> guests_;
  std::mt19937 random_{1};
  const char* venue_of_fault_ = nullptr;
  const char* end_of_fault_ = nullptr;
  size_t kills_ = 0;
  size_t faults_made_ = 0;
  clock::time_point began_;
  readings history_;
};

void report_series(const readings& history, report& out) {
  for (auto& x : history) {
    auto label = std::to_string(static_cast<int>(x.seconds)) + " s";
    out.add({"soak", label, "resident", x.resident_mib, "MiB"});
    out.add({"soak", label, "heap", x.heap_mib, "MiB"});
    out.add({"soak", label, "files", x.open_files, "1"});
    out.add({"soak", label, "actors", x.actors, "1"});
  }
}

// Reports the trend of the last two thirds.
// @returns whether there is certainly none.
bool report_trend(const readings& history, const std::string& name,
                  double reading::*value, report& out) {
  std::vector<double> x;
  std::vector<double> y;
  for (auto i = history.size() / 3; i < history.size(); ++i) {
    x.push_back(history[i].seconds);
    y.push_back(history[i].*value);
  }
  auto result = trend_of(x, y);
  out.add({"soak", "trend", name, result.change, "1"});
  out.add({"soak", "trend", name + "-noise", result.uncertainty, "1"});
  return result.change + result.uncertainty <= max_growth * result.mean;
}

} // namespace

void run_soak(const options& opts, report& out) {
  soak_run run{opts.soak_clients};
  run.run(std::chrono::minutes{opts.minutes});
  auto lost = run.await_all();
  auto& history = run.history();
  report_series(history, out);
  auto is_flat = report_trend(history, "resident-mib", &reading::resident_mib,
                              out);
  is_flat &= report_trend(history, "heap-mib", &reading::heap_mib, out);
  is_flat &= report_trend(history, "files", &reading::open_files, out);
  is_flat &= report_trend(history, "actors", &reading::actors, out);
  auto add = [&](const char* name, size_t count) {
    out.add({"soak", "all", name, static_cast<double>(count), "1"});
  };
  add("kills", run.kills());
  add("faults", run.faults_made());
  add("lost-subscriptions", lost);
  if (lost > 0 || !is_flat)
    throw std::runtime_error{"the soak has failed: see the figures"};
}

} // namespace zenws::bench
