// SPDX-License-Identifier: BSD-3-Clause

#include "cases.hpp"
#include "comparison.hpp"
#include "meter.hpp"
#include "order_load.hpp"

#include "support/temporary_folder.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace zenws::bench {

namespace {

// Orders between two looks at the clock.
constexpr size_t orders_at_once = 100;

constexpr size_t warm_up_orders = 2'000;

sample measure_ledger(double seconds) {
  ledger_load load;
  uint64_t orders = 0;
  meter spent;
  spent.start();
  do {
    for (size_t i = 0; i < orders_at_once; ++i)
      load.trade();
    orders += orders_at_once;
    spent.stop();
  } while (spent.seconds() < seconds);
  load.check();
  auto events = orders * ledger_load::events_per_order;
  return {
    {"events", "1/s", static_cast<double>(events) / spent.seconds()},
    {"cpu", "ns/event",
     spent.seconds() * spent.cpu_share() * 1e9 / static_cast<double>(events)},
    {"allocations", "1/event", spent.allocations_per(events)},
  };
}

void append(sample& to, const std::string& name,
            std::vector<double> durations) {
  for (auto& x : percentiles(std::move(durations)))
    to.push_back({name + ' ' + x.metric, x.unit, x.value});
}

sample measure_desk(double seconds, trading::journal_mode mode) {
  using clock = std::chrono::steady_clock;
  test_support::temporary_folder folder;
  desk_load load{mode, folder.file("orders.db")};
  for (size_t i = 0; i < warm_up_orders; ++i) {
    load.place();
    load.fill();
  }
  std::vector<double> places;
  std::vector<double> answers;
  meter spent;
  spent.start();
  do {
    for (size_t i = 0; i < orders_at_once; ++i) {
      auto begin = clock::now();
      load.place();
      auto placed = clock::now();
      load.fill();
      places.push_back(microseconds_of(placed - begin));
      answers.push_back(microseconds_of(clock::now() - placed));
    }
    spent.stop();
  } while (spent.seconds() < seconds);
  load.check();
  auto count = places.size();
  auto cpu = spent.seconds() * spent.cpu_share();
  sample result;
  append(result, "place", std::move(places));
  append(result, "answer", std::move(answers));
  result.push_back({"cpu", "us/order", cpu * 1e6 / static_cast<double>(count)});
  result.push_back({"allocations", "1/order", spent.allocations_per(count)});
  return result;
}

} // namespace

void run_orders(const options& opts, report& out) {
  comparison ledger;
  ledger.bench = "orders";
  ledger.label = "ledger";
  ledger.variants = {{"life", [&] { return measure_ledger(opts.seconds); }}};
  run(ledger, opts, out);
  comparison desk;
  desk.bench = "orders";
  desk.label = "desk";
  desk.baseline = "journal-off";
  for (auto mode : {trading::journal_mode::off, trading::journal_mode::async,
                    trading::journal_mode::sync})
    desk.variants.push_back(
      {"journal-" + std::string{to_string(mode)},
       [&opts, mode] { return measure_desk(opts.seconds, mode); }});
  run(desk, opts, out);
}

} // namespace zenws::bench
