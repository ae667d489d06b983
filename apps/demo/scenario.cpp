// SPDX-License-Identifier: BSD-3-Clause

#include "scenario.hpp"

#include "engine_file.hpp"

#include "support/temporary_folder.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string_view>

namespace zenws::demo {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds recovery_patience = 20s;

// Of an engine that is to be killed.
constexpr milliseconds longest_life = 2s;

// Between two faults of a demo without an end.
constexpr milliseconds dashboard_step = 4s;

constexpr const char* owner = "demo";

void say(std::string_view text) {
  std::cout << ">>> " << text << std::endl;
}

// Writes the file of an engine at two venues.
void write_two_venues(const std::string& file, const exchange_process& first,
                      const exchange_process& second,
                      const test_support::temporary_folder& folder,
                      const std::optional<monitor_page>& page = {}) {
  set_demo_account();
  demo_market market;
  engine_file out{file};
  out.add_venue("alpha", first, market.path, market.pace);
  out.add_desk("alpha", owner, folder.file("alpha.db"), market.instruments);
  out.add_venue("beta", second, market.path, market.pace);
  out.add_desk("beta", owner, folder.file("beta.db"), market.instruments);
  out.add_maker("maker", "alpha", market.instruments[0]);
  out.add_spread("spread", "alpha", "beta", market.instruments[1]);
  if (page)
    out.add_monitor(*page);
}

// The steps of a demo.
class stage {
public:
  stage(std::vector<std::string> arguments, milliseconds step)
    : engine_("", std::move(arguments)), step_(step) {
    std::cout << "The engine is process " << engine_.pid() << '.' << std::endl;
  }

  demo_summary& summary() noexcept {
    return summary_;
  }

  void expect_trading(std::string_view after) {
    // A recording need not have a book for each instrument.
    auto is_fine = summary_.on_paper ? engine_.await_data(recovery_patience)
                                     : engine_.await_trading(recovery_patience);
    summary_.unhealed_faults += !is_fine;
    say((is_fine ? "All goes on " : "Not all goes on ") + std::string{after}
        + '.');
  }

  // Returns `false` if the engine has ended.
  bool pass() {
    return engine_.show_for(step_);
  }

  void cut(venue_control& venue) {
    say("A venue falls silent, then the TCP connection is reset.");
    venue.command(R"({"fault":"stall"})");
    engine_.show_for(300ms);
    venue.command(R"({"fault":"drop"})");
    expect_trading("after that");
  }

  void stall(venue_control& venue) {
    say("A venue falls silent but keeps the connection open.");
    venue.command(R"({"fault":"stall"})");
    engine_.show_for(step_);
    venue.command(R"({"fault":"resume"})");
    expect_trading("after that");
  }

  void refuse(venue_control& venue) {
    say("A venue refuses connections until the client gives up, and its "
        "supervisor starts another one.");
    venue.command(R"({"fault":"refuse","status":503,"times":4})");
    venue.command(R"({"fault":"drop","path":"/ws/api/v2"})");
    expect_trading("after that");
  }

  void leave_out_changes(venue_control& venue) {
    say("A venue leaves out changes of the order books.");
    venue.command(R"({"fault":"gap"})");
    expect_trading("after that");
  }

  // Waits until there is something to lose.
  void await_open_orders(venue_control& venue) {
    for (auto end = std::chrono::steady_clock::now() + recovery_patience;
         venue.accounts().open_orders() == 0
         && std::chrono::steady_clock::now() < end;)
      engine_.show_for(100ms);
  }

  // At random moments, also while it starts.
  void kill_engine(size_t times, size_t open_orders) {
    std::minstd_rand random; // the same moments in each run
    for (size_t i = 0; i < times; ++i) {
      if (i > 0)
        engine_.show_for(milliseconds{random() % longest_life.count()});
      engine_.kill();
      ++summary_.engine_kills;
      engine_.start();
    }
    say("The engine was killed with " + std::to_string(open_orders)
        + " orders open.");
    std::cout << "The next one is process " << engine_.pid() << '.'
              << std::endl;
    expect_trading("by the next one");
  }

  void halt(const std::vector<venue_control*>& venues) {
    say("The kill switch is thrown.");
    engine_.signal(SIGUSR1);
    engine_.show_for(step_);
    for (auto* x : venues)
      summary_.open_after_halt += x->accounts().open_orders();
    say("There are " + std::to_string(summary_.open_after_halt)
        + " orders open. The kill switch is reset.");
    engine_.signal(SIGUSR2);
    expect_trading("after that");
  }

  void finish() {
    auto code = engine_.finish(recovery_patience);
    summary_.complete = code == EXIT_SUCCESS;
    if (!summary_.complete)
      say("The engine did not end as it should.");
    summary_.market = engine_.figures();
  }

  void compare(const std::string& venue, const venue_accounts& accounts,
               const engine_journal& journal) {
    auto& orders = summary_.orders;
    orders += audit(accounts, {journal});
    orders.wrong_positions += count_wrong_positions(engine_.last_words(), venue,
                                                    accounts);
  }

private:
  engine_process engine_;
  milliseconds step_;
  demo_summary summary_;
};

} // namespace

demo_summary run_scenario(const exchange_process& first,
                          const exchange_process& second,
                          std::chrono::seconds length, size_t kills) {
  test_support::temporary_folder folder;
  auto file = folder.file("engine.toml");
  write_two_venues(file, first, second, folder);
  venue_control alpha{first};
  venue_control beta{second};
  alpha.follow_market();
  beta.follow_market();
  stage all{{"--config", file, "--live"}, length / 8};
  all.expect_trading("after the start");
  all.pass();
  all.cut(alpha);
  all.pass();
  all.await_open_orders(alpha);
  all.kill_engine(kills, alpha.accounts().open_orders());
  all.stall(beta);
  all.refuse(alpha);
  all.pass();
  all.leave_out_changes(alpha);
  all.halt({&alpha, &beta});
  all.pass();
  all.finish();
  all.compare("alpha", alpha.accounts(), {folder.file("alpha.db"), owner});
  all.compare("beta", beta.accounts(), {folder.file("beta.db"), owner});
  return all.summary();
}

bool run_dashboard(const exchange_process& first,
                   const exchange_process& second, const monitor_page& page,
                   const std::function<bool()>& is_over) {
  test_support::temporary_folder folder;
  auto file = folder.file("engine.toml");
  write_two_venues(file, first, second, folder, page);
  venue_control alpha{first};
  venue_control beta{second};
  alpha.follow_market();
  beta.follow_market();
  stage all{{"--config", file, "--live"}, dashboard_step};
  std::cout << "The page is at http://127.0.0.1:" << page.port
            << "/, its token is " << page.token << std::endl;
  const std::array<std::function<void()>, 4> faults{
    [&] { all.cut(alpha); },
    [&] { all.stall(beta); },
    [&] { all.refuse(alpha); },
    [&] { all.leave_out_changes(alpha); },
  };
  for (size_t i = 0; all.pass(); ++i) {
    if (is_over()) {
      all.finish();
      return true;
    }
    faults[i % faults.size()]();
  }
  return false;
}

demo_summary run_paper_scenario(const exchange_process& venue,
                                const demo_market& market,
                                std::chrono::seconds length) {
  set_demo_account();
  test_support::temporary_folder folder;
  auto file = folder.file("engine.toml");
  {
    engine_file out{file};
    out.add_venue("replay", venue, market.path, market.pace);
    out.add_desk("replay", owner, folder.file("orders.db"), market.instruments);
    for (auto& instrument : market.instruments)
      out.add_maker(instrument, "replay", instrument);
  }
  venue_control control{venue};
  stage all{{"--config", file}, length / 4};
  all.summary().on_paper = true;
  all.expect_trading("after the start");
  all.pass();
  all.cut(control);
  all.pass();
  all.kill_engine(1, 0);
  all.pass();
  all.finish();
  auto& result = all.summary();
  result.orders = audit(control.accounts(), {});
  return result;
}

} // namespace zenws::demo
