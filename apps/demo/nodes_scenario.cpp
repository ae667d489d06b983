// SPDX-License-Identifier: BSD-3-Clause

#include "nodes_scenario.hpp"

#include "engine_file.hpp"
#include "venue_control.hpp"

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

#include "zenws/nodes/all.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <vector>

namespace zenws::demo {

namespace {

using namespace std::chrono_literals;
using test_support::program;

// Longest silence of a node.
constexpr std::chrono::milliseconds silence_limit = 1s;

constexpr std::chrono::milliseconds node_patience = 20s;

// One of the two gateways.
class gateway_process {
public:
  gateway_process(std::string name, const std::filesystem::path& folder,
                  const exchange_process& venue)
    : name_(std::move(name)), file_(folder / (name_ + ".toml")) {
    std::ofstream out{file_};
    out << "[gateway]\nname = \"" << name_ << "\"\nheartbeat = \"200ms\"\n"
        << "silence_limit = \"" << silence_limit.count() << "ms\"\n"
        << "[clients.venue]\nurl = \"" << venue.url() << "/ws/api/v2\"\n"
        << "dialect = \"deribit\"\n"
        << "tls = { ca_file = \"" << venue.ca_file() << "\" }\n"
        << "credentials_from_environment = \"ZENWS_DEMO\"\n"
        << "heartbeat = { kind = \"venue\", interval = \"10s\" }\n";
    out.close();
    start();
  }

  // Starts it, at the same port as before.
  void start() {
    running_.emplace(test_support::program_folder() / "zenws-gateway",
                     std::vector<std::string>{"--config", file_.string(),
                                              "--port", std::to_string(port_),
                                              "--quiet"});
    auto port = running_->read_after("listening at 127.0.0.1:", node_patience);
    if (!port)
      throw std::runtime_error{name_ + " did not start to listen"};
    port_ = static_cast<uint16_t>(std::stoul(*port));
    std::cout << name_ << " is process " << running_->pid() << " at port "
              << port_ << '.' << std::endl;
  }

  void kill() {
    running_->signal(SIGKILL);
    running_->wait(node_patience);
    running_.reset();
  }

  void signal(int number) {
    running_->signal(number);
  }

  const std::string& name() const noexcept {
    return name_;
  }

  uint16_t port() const noexcept {
    return port_;
  }

private:
  std::string name_;
  std::filesystem::path file_;
  std::optional<program> running_;
  uint16_t port_ = 0;
};

// This process as another node, which only watches.
void print_tree(const gateway_process& of) {
  caf::actor_system_config cfg;
  load_nodes(cfg, {.heartbeat = 200ms, .silence_limit = silence_limit});
  caf::actor_system sys{cfg};
  runtime rt{sys};
  auto connection = connect_gateway(rt,
                                    {.port = of.port(), .node = "observer"});
  if (!connection) {
    std::cout << of.name() << ": " << caf_compat::to_text(connection.error())
              << std::endl;
    return;
  }
  caf::scoped_actor self{sys};
  self->request((*connection)->gateway(), node_patience, get_tree{})
    .receive([](const tree_node& x) { std::cout << to_text(x) << std::flush; },
             [](const caf::error& reason) {
               std::cout << caf_compat::to_text(reason) << std::endl;
             });
}

// An engine with a desk of its own, at the account that all of them share.
class node_engine {
public:
  node_engine(std::string name, const std::filesystem::path& folder,
              const std::vector<uint16_t>& gateways)
    : journal_{folder / (name + ".db"), name},
      running_(name, write_file(folder, gateways)) {
    std::cout << "Engine " << name << " is process " << running_.pid() << '.'
              << std::endl;
  }

  engine_process& process() noexcept {
    return running_;
  }

  const engine_journal& journal() const noexcept {
    return journal_;
  }

private:
  // Returns the arguments. What is behind a gateway may be production.
  std::vector<std::string>
  write_file(const std::filesystem::path& folder,
             const std::vector<uint16_t>& gateways) const {
    auto path = folder / (journal_.owner + ".toml");
    engine_file out{path.string()};
    out.add_venue("venue", gateways);
    out.add_desk("venue", journal_.owner, journal_.file.string(),
                 {instruments.begin(), instruments.end()});
    for (auto instrument : instruments)
      out.add_maker(instrument, "venue", instrument);
    return {"--config", path.string(), "--live", "--live"};
  }

  static constexpr std::array instruments{"BTC-PERPETUAL", "ETH-PERPETUAL"};

  engine_journal journal_;
  engine_process running_;
};

// The steps of the demo.
class nodes_stage {
public:
  nodes_stage(const exchange_process& venue, std::chrono::milliseconds step)
    : control_(venue),
      step_(step),
      a_("gateway-a", folder_.path(), venue),
      b_("gateway-b", folder_.path(), venue) {
    control_.follow_market();
    engines_.emplace_back("one", folder_.path(), ports());
    engines_.emplace_back("two", folder_.path(), ports());
    expect_trading("after the start");
  }

  void kill_gateway() {
    say(a_.name() + " is killed.");
    a_.kill();
    ++summary_.nodes_killed;
    expect_trading("with one gateway");
    a_.start();
    expect_trading("with both again");
  }

  void stall_gateway() {
    say(b_.name() + " is stalled.");
    b_.signal(SIGSTOP);
    ++summary_.nodes_stalled;
    expect_trading("while a gateway does not move");
    b_.signal(SIGCONT);
  }

  void stall_engine() {
    say("An engine is stalled for longer than nodes may be silent.");
    engines_.front().process().signal(SIGSTOP);
    ++summary_.nodes_stalled;
    engines_.back().process().show_for(2 * silence_limit);
    engines_.front().process().signal(SIGCONT);
    expect_trading("after that");
  }

  void kill_engine() {
    engines_.back().process().kill();
    ++summary_.engine_kills;
    say("An engine was killed; the venue has "
        + std::to_string(control_.accounts().open_orders())
        + " open orders of both.");
    engines_.back().process().start();
    expect_trading("by both again");
  }

  void halt() {
    say("The kill switches are thrown.");
    for (auto& x : engines_)
      x.process().signal(SIGUSR1);
    pass();
    summary_.open_after_halt = control_.accounts().open_orders();
    for (auto& x : engines_)
      x.process().signal(SIGUSR2);
    expect_trading("after they were reset");
  }

  void pass() {
    for (auto& x : engines_)
      x.process().show_for(step_);
  }

  demo_summary finish() {
    print_tree(a_);
    print_tree(b_);
    summary_.complete = true;
    std::vector<engine_journal> journals;
    for (auto& x : engines_) {
      summary_.complete &= x.process().finish(node_patience) == EXIT_SUCCESS;
      summary_.market += x.process().figures();
      journals.push_back(x.journal());
    }
    summary_.orders = audit(control_.accounts(), journals);
    return summary_;
  }

private:
  std::vector<uint16_t> ports() const {
    return {a_.port(), b_.port()};
  }

  void expect_trading(const std::string& after) {
    for (auto& x : engines_) {
      auto fine = x.process().await_trading(node_patience);
      summary_.unhealed_faults += !fine;
      say("Engine " + x.journal().owner
          + (fine ? " trades " : " does not trade all ") + after + '.');
    }
  }

  static void say(const std::string& text) {
    std::cout << ">>> " << text << std::endl;
  }

  test_support::temporary_folder folder_;
  venue_control control_;
  std::chrono::milliseconds step_;
  gateway_process a_;
  gateway_process b_;
  std::deque<node_engine> engines_;
  demo_summary summary_;
};

} // namespace

demo_summary run_nodes_scenario(const exchange_process& venue,
                                std::chrono::seconds length) {
  set_demo_account();
  nodes_stage all{venue, length / 12};
  all.pass();
  all.kill_gateway();
  all.stall_gateway();
  all.stall_engine();
  all.kill_engine();
  all.halt();
  all.pass();
  return all.finish();
}

} // namespace zenws::demo
