// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/runtime.hpp"

#include "zenws/actors/caf/internal/loop_balancer.hpp"
#include "zenws/actors/client/internal/client.hpp"
#include "zenws/actors/client/internal/limit_registry.hpp"
#include "zenws/actors/client/internal/merged_client.hpp"
#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/actors/pool/internal/pool.hpp"
#include "zenws/actors/recording/internal/recorder.hpp"

#include <algorithm>
#include <mutex>

namespace zenws {

// -- configuration --------------------------------------------------------------

void load_types(caf::actor_system_config& cfg) {
  caf_compat::add_messages<caf::id_block::zenws>(cfg);
  caf_compat::add_messages<caf::id_block::zenws_desk>(cfg);
  caf_compat::add_errors(cfg);
  caf_compat::limit_runs(cfg, io_loop::max_messages_per_run);
}

system_config::system_config() {
  load_types(*this);
  // Workers that wait for work are woken at once, and cost nothing meanwhile.
  caf_compat::set_scheduler_policy(*this, "sharing");
  opt_group{custom_options_, "zenws"}
    .add<size_t>("io-threads",
                 "number of I/O loops, each with a thread (default: 1)")
    .add<caf::timespan>("busy-poll",
                        "how long an idle I/O loop keeps its core busy before "
                        "it sleeps (default: 0s)")
    .add<caf::timespan>("end-notice",
                        "how long the end of a runtime may take before it "
                        "names the actors that it waits for (default: 5s)");
}

// -- ownership --------------------------------------------------------------------

// Actors that must end before the loops do. Keeps those alive that nothing else
// refers to: CAF would end them at a moment of its own.
class runtime::owned_actors {
public:
  void add(caf::actor added) {
    std::lock_guard guard{mtx_};
    actors_.push_back(std::move(added));
  }

  void remove(const caf::actor_addr& address) {
    caf::actor gone; // lives longer than the lock
    std::lock_guard guard{mtx_};
    auto i = std::find_if(actors_.begin(), actors_.end(),
                          [&](auto& x) { return x.address() == address; });
    if (i == actors_.end())
      return;
    gone = std::move(*i);
    actors_.erase(i);
  }

  std::vector<caf::actor> all() const {
    std::lock_guard guard{mtx_};
    return actors_;
  }

private:
  mutable std::mutex mtx_;
  std::vector<caf::actor> actors_;
};

template <class Handle>
Handle runtime::own(Handle owned) {
  owned_->add(caf::actor_cast<caf::actor>(owned));
  owned->attach_functor([all = std::weak_ptr{owned_}, addr = owned.address()] {
    if (auto ptr = all.lock())
      ptr->remove(addr);
  });
  return owned;
}

namespace {

size_t configured_loops(const caf::actor_system& sys) {
  return std::clamp<size_t>(
    caf::get_or(sys.config(), "zenws.io-threads", size_t{1}), 1, 1024);
}

std::chrono::nanoseconds configured_busy_poll(const caf::actor_system& sys) {
  return caf::get_or(sys.config(), "zenws.busy-poll", caf::timespan{0});
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

runtime::runtime(caf::actor_system& sys) : runtime(sys, configured_loops(sys)) {
  // nop
}

runtime::runtime(caf::actor_system& sys, size_t num_loops)
  : system_(sys),
    balancer_(std::make_unique<loop_balancer>()),
    limits_(std::make_unique<limit_registry>()),
    recorders_(std::make_unique<recorder_registry>()),
    owned_(std::make_shared<owned_actors>()) {
  for (size_t i = 0; i < num_loops; ++i)
    loops_.push_back(std::make_unique<io_loop>(sys, configured_busy_poll(sys)));
}

runtime::~runtime() {
  end(owned_->all());
  for (auto& loop : loops_)
    loop->end(shutdown_patience);
  recorders_->finish();
  events_->clear();
}

void runtime::end(std::vector<caf::actor> whom) {
  caf::scoped_actor self{system_};
  for (auto& x : whom) {
    self->monitor(x);
    self->send_exit(x, caf::exit_reason::user_shutdown);
  }
  auto ended = [&](const caf::down_msg& down) {
    std::erase_if(whom, [&](auto& x) { return x.address() == down.source; });
  };
  auto notice = caf::get_or(system_.config(), "zenws.end-notice",
                            caf::timespan{std::chrono::seconds{5}});
  auto told = false;
  while (!told && !whom.empty())
    self->receive(
      ended, caf::after(notice) >> [&] { told = true; });
  for (auto& x : whom)
    write_log(system_, {.level = log_level::warning,
                        .component = "zenws.runtime",
                        .text = "the end of a runtime waits for "
                                + caf_compat::describe_actor(x)});
  while (!whom.empty())
    self->receive(ended);
}

// -- clients --------------------------------------------------------------------

caf::expected<client_actor> runtime::connect(client_spec spec) {
  if (auto problems = validate(spec); !problems.empty())
    return make_error(as_error(problems));
  durable_state_ptr state{new durable_state(std::move(spec))};
  state->events = events_;
  if (auto problem = start_recorder(*state))
    return problem;
  auto result = spawn_incarnation(std::move(state));
  caf_compat::start(result);
  return result;
}

// -- supervision ----------------------------------------------------------------

client_supervisor_actor runtime::supervise(client_supervisor_config cfg) {
  return own(system_.spawn<client_supervisor>(std::move(cfg), *this));
}

caf::expected<supervisor_actor>
runtime::start_supervisor(supervisor_config cfg) {
  cfg.events = events_;
  cfg.registry = supervisors_;
  auto result = zenws::supervise(system_, std::move(cfg));
  if (!result)
    return result;
  own(*result);
  caf::scoped_actor self{system_};
  self->monitor(*result);
  auto started = true;
  self->request(*result, caf::infinite, count_children{})
    .receive([](const child_counts&) {},
             [&](const caf::error&) { started = false; });
  if (started)
    return result;
  caf::error problem;
  self->receive([&](const caf::down_msg& x) { problem = x.reason; });
  return problem;
}

std::vector<caf::actor> runtime::root_supervisors() const {
  auto result = owned_->all();
  std::erase_if(result, [](auto& x) {
    return !caf_compat::has_interface<supervisor_actor>(x)
           && !caf_compat::has_interface<client_supervisor_actor>(x);
  });
  return result;
}

child_spec runtime::child(client_spec spec) {
  return make_child(*this, std::move(spec));
}

child_spec runtime::child(client_supervisor_config cfg) {
  return make_child(*this, std::move(cfg));
}

child_spec runtime::child(supervisor_config cfg) {
  cfg.events = events_;
  cfg.registry = supervisors_;
  return make_child(std::move(cfg));
}

// -- pools ----------------------------------------------------------------------

caf::expected<pool_actor> runtime::start_pool(pool_config cfg) {
  if (auto problems = validate(cfg); !problems.empty())
    return make_error(as_error(problems));
  return own(system_.spawn<pool>(std::move(cfg), *clients_, events_));
}

// -- merging --------------------------------------------------------------------

caf::expected<client_actor> runtime::merge(merge_config cfg) {
  if (auto problems = validate(cfg); !problems.empty())
    return make_error(as_error(problems));
  return client_actor{
    spawn_on_loop<merged_client>(choose_loop(), std::move(cfg))};
}

// -- limits ---------------------------------------------------------------------

limit_levels runtime::limits() const {
  return limits_->levels();
}

// -- finding and watching -------------------------------------------------------

caf::expected<client_actor> runtime::find_client(std::string_view name) const {
  if (auto found = clients_->find(name))
    return found->address;
  return make_error(error{ec::not_found, std::string{name}});
}

void runtime::watch(const caf::actor& watcher) {
  events_->watch(watcher);
}

void runtime::unwatch(const caf::actor& watcher) {
  events_->unwatch(watcher.address());
}

// -- implementation of client_runtime ----------------------------------------------

const event_stream_ptr& runtime::events() noexcept {
  return events_;
}

caf::error runtime::adopt(durable_state& client, const client_actor& address,
                          const std::string& supervisor) {
  if (auto problem
      = clients_->add(registration_of(client, address, supervisor)))
    return make_error(problem);
  if (auto problem = start_recorder(client)) {
    clients_->remove(client.spec.name, address);
    return problem;
  }
  client.shared_limits = limits_->limiters_for(client.spec);
  return {};
}

const client_registry_ptr& runtime::shared_registry() noexcept {
  return clients_;
}

const supervisor_registry_ptr& runtime::supervisors() noexcept {
  return supervisors_;
}

client_actor runtime::spawn_incarnation(durable_state_ptr state) {
  auto& index = state->spec.loop;
  if (!index)
    index = static_cast<uint32_t>(choose_loop());
  if (state->shared_limits.empty())
    state->shared_limits = limits_->limiters_for(state->spec);
  state->demands = limits_->demands_for(state->spec);
  auto& home = loop(*index % loops_.size());
  return caf_compat::spawn_on<client, caf::lazy_init>(system_, home,
                                                      std::move(state));
}

size_t runtime::choose_loop() {
  std::vector<loop_balancer::reading> loops;
  loops.reserve(loops_.size());
  for (auto& x : loops_)
    loops.push_back({x->cpu_time(), x->residents()});
  return balancer_->choose(loops, std::chrono::steady_clock::now());
}

caf::error runtime::start_recorder(durable_state& client) {
  auto& spec = client.spec;
  if (!spec.record_to)
    return {};
  auto tape = recorders_->start(system_, *spec.record_to,
                                client.front.position.id, spec.name,
                                client.secrets,
                                {client.stats, &client.stats->recording});
  if (!tape)
    return make_error(tape.error());
  client.tape = std::move(*tape);
  return {};
}

} // namespace zenws
