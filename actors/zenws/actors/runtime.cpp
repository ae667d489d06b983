#include "zenws/actors/runtime.hpp"

#include "zenws/actors/client.hpp"

#include <algorithm>

namespace zenws {

// -- configuration --------------------------------------------------------------

void load_types(caf::actor_system_config& cfg) {
  cfg.add_message_types<caf::id_block::zenws>();
  cfg.add_error_category(seam::error_category(), seam::render_error);
}

system_config::system_config() {
  load_types(*this);
  opt_group{custom_options_, "zenws"}.add<size_t>(
    "io-threads", "number of I/O loops, each with a thread (default: 1)");
}

namespace {

size_t configured_loops(const caf::actor_system& sys) {
  return std::clamp<size_t>(
    caf::get_or(sys.config(), "zenws.io-threads", size_t{1}), 1, 1024);
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

runtime::runtime(caf::actor_system& sys) : runtime(sys, configured_loops(sys)) {
  // nop
}

runtime::runtime(caf::actor_system& sys, size_t num_loops) : system_(sys) {
  for (size_t i = 0; i < num_loops; ++i)
    loops_.push_back(std::make_unique<io_loop>(sys));
}

runtime::~runtime() {
  std::vector<caf::actor> supervisors;
  {
    std::lock_guard guard{mtx_};
    for (auto& weak : supervisors_)
      if (auto ptr = weak.lock())
        supervisors.push_back(caf::actor_cast<caf::actor>(ptr));
  }
  caf::scoped_actor self{system_};
  for (auto& supervisor : supervisors)
    self->send_exit(supervisor, caf::exit_reason::user_shutdown);
  self->wait_for(supervisors);
  supervisors.clear();
  for (auto& loop : loops_)
    loop->stop(shutdown_patience);
  recorders_.finish();
}

// -- clients --------------------------------------------------------------------

caf::expected<client_actor> runtime::connect(client_spec spec) {
  if (auto problems = validate(spec); !problems.empty())
    return make_error(as_error(problems));
  auto record = std::make_shared<client_record>(std::move(spec));
  if (auto problem = start_recorder(*record))
    return problem;
  return spawn_incarnation(std::move(record));
}

client_supervisor_actor runtime::supervise(client_supervisor_config cfg) {
  auto spawn = [this](client_record_ptr record) {
    return spawn_incarnation(std::move(record));
  };
  auto prepare = [this](client_record& record) {
    return start_recorder(record);
  };
  auto result = system_.spawn<client_supervisor>(std::move(cfg), spawn,
                                                 prepare);
  std::lock_guard guard{mtx_};
  std::erase_if(supervisors_, [](auto& weak) { return !weak.lock(); });
  supervisors_.push_back(caf::actor_cast<caf::weak_actor_ptr>(result));
  return result;
}

caf::error runtime::start_recorder(client_record& record) {
  auto& spec = record.spec;
  if (!spec.record_to)
    return {};
  auto tape = recorders_.start(system_, *spec.record_to, record.id, spec.name);
  if (!tape)
    return make_error(tape.error());
  record.tape = std::move(*tape);
  return {};
}

client_actor runtime::spawn_incarnation(client_record_ptr record) {
  auto& index = record->spec.loop;
  if (!index)
    index = static_cast<uint32_t>(next_loop_.fetch_add(1) % loops_.size());
  if (record->shared_limits.empty())
    record->shared_limits = limits_.limiters_for(record->spec);
  auto& home = loop(*index % loops_.size());
  return seam::spawn_on<client>(system_, home, std::move(record));
}

} // namespace zenws
