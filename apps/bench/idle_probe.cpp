#include "idle_probe.hpp"

#include "flood.hpp"
#include "raw_beast.hpp"

#include <caf/scoped_actor.hpp>

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>
#include <set>
#include <stdexcept>
#include <utility>

namespace zenws::bench {

namespace {

constexpr std::chrono::seconds patience{60};

/// Clients that connect at the same time: less than a listener's backlog.
constexpr size_t wave = 100;

size_t resident_bytes() {
  malloc_trim(0);
  std::ifstream in{"/proc/self/statm"};
  size_t total = 0;
  size_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

/// Collects which clients have received something.
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

/// The clients of the probe and the actor that talks to them.
class crowd {
public:
  explicit crowd(const server_address& where)
    : where_(where),
      host_("sharing"),
      supervisor_(host_.loops().supervise()),
      self_(host_.loops().system()) {
    // The first client brings what all of them share.
    grow_to(1);
    clients_.clear();
    before_ = resident_bytes();
  }

  /// Starts clients until there are `count` of them, all ready.
  void grow_to(size_t count) {
    while (clients_.size() < count) {
      auto begin = clients_.size();
      auto end = std::min(count, begin + wave);
      while (clients_.size() < end)
        clients_.push_back(start());
      for (auto i = begin; i < end; ++i)
        ask(clients_[i], await_ready{}, [](uint64_t) {});
    }
  }

  /// How much memory one client has added.
  size_t bytes_per_client() const {
    auto now = resident_bytes();
    return now > before_ ? (now - before_) / clients_.size() : 0;
  }

  /// Broadcasts, and returns how many of the clients have received it.
  size_t broadcast() {
    auto seen = std::make_shared<std::atomic<size_t>>(0);
    auto complete = std::make_shared<std::promise<void>>();
    auto listener = host_.spawn<census>(placement::scheduled, clients_.size(),
                                        seen, complete);
    subscription_options options;
    options.content = subscription_content::messages;
    for (auto& x : clients_)
      ask(x, subscribe{listener, options}, [] {});
    send_command(where_, R"({"broadcast":"to all of you"})");
    complete->get_future().wait_for(patience);
    self_->send_exit(listener, caf::exit_reason::user_shutdown);
    return *seen;
  }

private:
  client_actor start() {
    client_actor result;
    client_spec spec;
    spec.config = config_for(where_, "/broadcast");
    ask(supervisor_, start_client{std::move(spec)},
        [&](client_actor& x) { result = std::move(x); });
    return result;
  }

  template <class Handle, class Request, class F>
  void ask(const Handle& whom, Request what, F on_answer) {
    self_->request(whom, patience, std::move(what))
      .receive(on_answer, [](const caf::error& why) {
        throw std::runtime_error{seam::to_text(why)};
      });
  }

  server_address where_;
  actor_host host_;
  client_supervisor_actor supervisor_;
  caf::scoped_actor self_;
  std::vector<client_actor> clients_;
  size_t before_ = 0;
};

} // namespace

std::vector<std::string> probe_arguments(const server_address& where,
                                         const std::vector<size_t>& clients) {
  std::vector<std::string> result{"--probe-idle", to_string(where.below),
                                  std::to_string(where.port), where.ca_file};
  for (auto n : clients)
    result.push_back(std::to_string(n));
  return result;
}

int probe_idle(int argc, char** argv) {
  if (argc < 4)
    return EXIT_FAILURE;
  std::vector<std::string> args{argv, argv + argc};
  server_address where{args[0] == "tls" ? transport::tls : transport::plain,
                       static_cast<uint16_t>(std::stoul(args[1])), args[2]};
  crowd clients{where};
  for (size_t i = 3; i < args.size(); ++i) {
    clients.grow_to(std::stoul(args[i]));
    std::cout << args[i] << ' ' << clients.bytes_per_client() << std::endl;
  }
  std::cout << "broadcast " << clients.broadcast() << std::endl;
  // Ten thousand closing handshakes are not what is measured.
  _exit(EXIT_SUCCESS);
}

} // namespace zenws::bench
