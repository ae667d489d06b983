// SPDX-License-Identifier: BSD-3-Clause

#include "nodes_scenario.hpp"

#include "support/program.hpp"
#include "support/temporary_folder.hpp"

#include "zenws/json/json_value.hpp"
#include "zenws/nodes/all.hpp"

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
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
                                              "--port", std::to_string(port_)});
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

program start_engine(const gateway_process& a, const gateway_process& b) {
  auto at = [](const gateway_process& x) {
    return "127.0.0.1:" + std::to_string(x.port());
  };
  program result{test_support::program_folder() / "trading-engine",
                 {"--gateway", at(a), "--gateway", at(b), "--orders",
                  "--interval", "raw", "--instrument", "BTC-PERPETUAL",
                  "ETH-PERPETUAL"}};
  std::cout << "An engine is process " << result.pid() << '.' << std::endl;
  return result;
}

// Waits until an engine has reported updates for `lines` seconds.
bool trades_on(program& engine, size_t lines) {
  auto deadline = std::chrono::steady_clock::now() + node_patience;
  while (lines > 0 && std::chrono::steady_clock::now() < deadline) {
    auto line = engine.read_line(node_patience);
    if (!line)
      return false;
    // Lines such as "… | 214 updates/s | …".
    auto end = line->find(" updates/s");
    if (end == std::string::npos)
      continue;
    auto begin = line->rfind(' ', end - 1) + 1;
    if (line->substr(begin, end - begin) != "0")
      --lines;
  }
  return lines == 0;
}

// Returns the value of `name=` in a line, 0 if there is none.
uint64_t value_of(const std::string& line, const std::string& name) {
  auto pos = line.find(' ' + name + '=');
  return pos == std::string::npos
           ? 0
           : std::strtoull(line.c_str() + pos + name.size() + 2, nullptr, 10);
}

// This process as another node, which only watches.
class observer {
public:
  explicit observer(const exchange_process& venue) : venue_(venue) {
    // nop
  }

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
      .receive(
        [](const tree_node& x) { std::cout << to_text(x) << std::flush; },
        [](const caf::error& reason) {
          std::cout << caf_compat::to_text(reason) << std::endl;
        });
  }

  // Requests the number of orders from the venue.
  void count_orders(nodes_summary& to) {
    system_config cfg;
    caf::actor_system sys{cfg};
    runtime rt{sys};
    caf::scoped_actor self{sys};
    client_spec spec;
    spec.config.url = venue_.url() + "/control";
    spec.config.tls.ca_file = venue_.ca_file();
    spec.subscribers = {{caf::actor{self}}};
    auto control = rt.connect(spec);
    if (!control)
      return;
    self->send(*control,
               send_text{R"({"count":"orders"})", send_policy{node_patience}});
    auto waiting = true;
    self->receive_while(waiting)(
      [&](const message_batch& batch) {
        for (auto x : batch) {
          to.orders_at_venue = number_in(x.payload, "orders");
          to.duplicates = number_in(x.payload, "duplicates");
          waiting = false;
        }
      },
      [](const client_event&) {},
      caf::after(node_patience) >> [&] { waiting = false; });
  }

private:
  static uint64_t number_in(std::string_view text, std::string_view name) {
    auto number = find_member(text, name).integer();
    return number ? static_cast<uint64_t>(*number) : 0;
  }

  const exchange_process& venue_;
};

// Ends an engine and adds the figures of its last line.
void finish(program& engine, nodes_summary& to) {
  engine.signal(SIGTERM);
  auto line = engine.read_after("engine:", node_patience);
  if (!line) {
    to.complete = false;
    return;
  }
  std::cout << "engine:" << *line << std::endl;
  to.messages += value_of(*line, "updates");
  to.gaps += value_of(*line, "gaps_undetected") + value_of(*line, "stale");
  to.lost_subscriptions += value_of(*line, "of")
                           - value_of(*line, "subscriptions");
  to.orders_sent += value_of(*line, "sent");
  to.orders_acked += value_of(*line, "acked");
  to.orders_unknown += value_of(*line, "unknown");
}

} // namespace

bool nodes_summary::ok() const noexcept {
  return complete && messages > 0 && gaps == 0 && lost_subscriptions == 0
         && orders_acked > 0 && orders_unknown == 0 && duplicates == 0
         && orders_at_venue == orders_acked;
}

std::string to_string(const nodes_summary& summary) {
  std::ostringstream out;
  out << "demo: messages=" << summary.messages
      << " killed=" << summary.nodes_killed
      << " stalled=" << summary.nodes_stalled << " gaps=" << summary.gaps
      << " lost_subscriptions=" << summary.lost_subscriptions
      << " orders_sent=" << summary.orders_sent
      << " orders_acked=" << summary.orders_acked
      << " orders_unknown=" << summary.orders_unknown
      << " duplicates=" << summary.duplicates
      << " result=" << (summary.ok() ? "ok" : "failed");
  return out.str();
}

nodes_summary run_nodes_scenario(const exchange_process& venue,
                                 std::chrono::seconds length) {
  setenv("ZENWS_DEMO_KEY", "demo", 1);
  setenv("ZENWS_DEMO_SECRET", "demo-secret", 1);
  test_support::temporary_folder folder;
  gateway_process a{"gateway-a", folder.path(), venue};
  gateway_process b{"gateway-b", folder.path(), venue};
  std::vector<program> engines;
  engines.push_back(start_engine(a, b));
  engines.push_back(start_engine(a, b));
  nodes_summary result;
  result.complete = true;
  auto pause = std::max<int64_t>(length.count() / 6, 2);
  auto expect_trading = [&](const std::string& after) {
    for (auto& x : engines) {
      auto fine = trades_on(x, static_cast<size_t>(pause));
      result.complete &= fine;
      std::cout << "Process " << x.pid()
                << (fine ? " trades on " : " does not trade ") << after << '.'
                << std::endl;
    }
  };
  expect_trading("after the start");
  std::cout << a.name() << " is killed." << std::endl;
  a.kill();
  ++result.nodes_killed;
  expect_trading("with one gateway");
  a.start();
  expect_trading("with both again");
  std::cout << b.name() << " is stalled." << std::endl;
  b.signal(SIGSTOP);
  ++result.nodes_stalled;
  expect_trading("while a gateway does not move");
  b.signal(SIGCONT);
  std::cout << "An engine is stalled for longer than nodes may be silent."
            << std::endl;
  engines.front().signal(SIGSTOP);
  ++result.nodes_stalled;
  result.complete &= trades_on(engines.back(), static_cast<size_t>(pause));
  engines.front().signal(SIGCONT);
  expect_trading("after that");
  observer viewer{venue};
  viewer.print_tree(a);
  viewer.print_tree(b);
  for (auto& x : engines)
    finish(x, result);
  viewer.count_orders(result);
  return result;
}

} // namespace zenws::demo
