// SPDX-License-Identifier: BSD-3-Clause

#include "idle_probe.hpp"

#include "client_fleet.hpp"
#include "raw_beast.hpp"

#include "support/program.hpp"

#include <malloc.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace zenws::bench {

namespace {

// Collects which clients have received something.
class census : public subscriber_actor::base {
public:
  using super = subscriber_actor::base;

  using result_ptr = std::shared_ptr<std::promise<void>>;

  census(caf::actor_config& cfg, size_t expected,
         std::shared_ptr<std::atomic<size_t>> seen, result_ptr complete)
    : super(cfg),
      expected_(expected),
      seen_(std::move(seen)),
      complete_(std::move(complete)) {
    // nop
  }

  behavior_type make_behavior() override {
    return {
      [this](const message_batch& batch) {
        auto added = clients_.insert(batch.client_id()).second;
        if (added && seen_->fetch_add(1) + 1 == expected_)
          complete_->set_value();
      },
      [](const client_event&) {
        // nop
      },
    };
  }

private:
  size_t expected_;
  std::shared_ptr<std::atomic<size_t>> seen_;
  result_ptr complete_;
  std::set<uint64_t> clients_;
};

// Broadcasts, and returns the number of clients that have received it.
size_t broadcast(client_fleet& all, const server_address& where) {
  auto seen = std::make_shared<std::atomic<size_t>>(0);
  auto complete = std::make_shared<std::promise<void>>();
  auto listener = all.spawn<census>(all.clients().size(), seen, complete);
  subscription_options options;
  options.content = subscription_content::messages;
  for (auto& x : all.clients())
    all.tell(x, subscribe{listener, options});
  send_command(where, R"({"broadcast":"to all of you"})");
  complete->get_future().wait_for(client_fleet::patience);
  caf::anon_send_exit(listener, caf::exit_reason::user_shutdown);
  return *seen;
}

} // namespace

size_t resident_bytes() {
  malloc_trim(0);
  std::ifstream in{"/proc/self/statm"};
  size_t total = 0;
  size_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

std::vector<std::string> probe_arguments(const server_address& where,
                                         const std::vector<size_t>& clients) {
  std::vector<std::string> result{"--probe-idle", to_string(where.below),
                                  std::to_string(where.port), where.ca_file};
  for (auto n : clients)
    result.push_back(std::to_string(n));
  return result;
}

double idle_bytes(const server_address& where, size_t clients) {
  test_support::program probe{test_support::this_program(),
                              probe_arguments(where, {clients})};
  std::istringstream line{probe.read_line().value_or("")};
  size_t count = 0;
  double result = 0;
  if (!(line >> count >> result) || count != clients
      || probe.wait(client_fleet::patience) != EXIT_SUCCESS)
    throw std::runtime_error{"the idle clients failed"};
  return result;
}

int probe_idle(int argc, char** argv) {
  if (argc < 4)
    return EXIT_FAILURE;
  std::vector<std::string> args{argv, argv + argc};
  server_address where{args[0] == "tls" ? transport::tls : transport::plain,
                       static_cast<uint16_t>(std::stoul(args[1])), args[2]};
  client_fleet all{where};
  // The first client allocates all shared memory.
  all.grow_to(1);
  all.disown();
  auto before = resident_bytes();
  for (size_t i = 3; i < args.size(); ++i) {
    auto count = std::stoul(args[i]);
    all.grow_to(count);
    auto now = resident_bytes();
    std::cout << count << ' ' << (now > before ? (now - before) / count : 0)
              << std::endl;
  }
  std::cout << "broadcast " << broadcast(all, where) << std::endl;
  // Ten thousand closing handshakes are not measured.
  _exit(EXIT_SUCCESS);
}

} // namespace zenws::bench
