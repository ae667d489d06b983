// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/caf/caf_compat.hpp"

#include <caf/actor_proxy.hpp>
#include <caf/actor_registry.hpp>
#include <caf/detail/actor_system_access.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/proxy_registry.hpp>
#if ZENWS_CAF_1_2
#  include <caf/detail/default_actor_handle_codec.hpp>
#endif

#include <algorithm>
#include <memory>

namespace zenws::caf_compat {

// -- execution units ----------------------------------------------------------

namespace {

// Schedules a job with the reference that comes with it.
void schedule(execution_unit& unit, job* x) {
#if ZENWS_CAF_1_2
  unit.schedule(caf::resumable_ptr{x, caf::adopt_ref}, job::default_event_id);
#else
  unit.schedule(x);
#endif
}

} // namespace

void hand_to_scheduler(caf::actor_system& sys, job* x) {
  schedule(sys.scheduler(), x);
}

job_state run_job(execution_unit& unit, job* x,
                  [[maybe_unused]] size_t max_messages) {
#if ZENWS_CAF_1_2
  // A job that wants more has scheduled itself again.
  x->resume(&unit, job::default_event_id);
  x->deref();
#else
  if (x->resume(&unit, max_messages) == job::resume_later)
    return job_state::wants_more;
  x->deref_resumable();
#endif
  return job_state::idle;
}

void wake(caf::scheduled_actor& self, execution_unit* unit) {
#if ZENWS_CAF_1_2
  self.ref();
  if (auto* home = self.pinned_scheduler())
    unit = home;
#else
  self.ref_resumable();
#endif
  schedule(unit != nullptr ? *unit : self.home_system().scheduler(), &self);
}

// -- bases of actors ----------------------------------------------------------

void bare_actor::suspend(const caf::error& reason) {
#if ZENWS_CAF_1_2
  decltype(attachables_) watchers;
  auto& all = attachables_;
#else
  caf::attachable_ptr watchers;
  auto& all = attachables_head_;
#endif
  exclusive_critical_section([&] {
    if (getf(is_terminated_flag))
      return;
    setf(is_terminated_flag);
    fail_state_ = reason;
    watchers.swap(all);
  });
#if ZENWS_CAF_1_2
  watchers.for_each([&](caf::attachable& x) { //
    x.actor_exited(this, reason, nullptr);
  });
#else
  for (auto* i = watchers.get(); i != nullptr; i = i->next.get())
    i->actor_exited(reason, nullptr);
#endif
}

void bare_actor::revive() {
  exclusive_critical_section([this] { unsetf(is_terminated_flag); });
}

// -- ending -------------------------------------------------------------------

unread_messages close_mailbox(caf::scheduled_actor& self) {
  unread_messages result;
  auto& mailbox = self.mailbox();
  while (auto element = mailbox.pop_front())
    result.push_back(std::move(element));
  // CAF itself refuses what comes between the two.
  mailbox.close(caf::error{});
  return result;
}

// -- nodes --------------------------------------------------------------------

namespace {

// Lets handles to actors of other nodes be read in this thread.
class reading_handles {
public:
  explicit reading_handles(caf::proxy_registry& proxies)
    : before_(caf::proxy_registry::current()) {
    caf::proxy_registry::current(&proxies);
  }

  ~reading_handles() {
    caf::proxy_registry::current(before_);
  }

private:
  caf::proxy_registry* before_;
};

} // namespace

bool survives(caf::io::basp_broker& broker, caf::io::basp::message_type kind,
              std::string_view payload) {
  reading_handles scope{broker.proxies()};
#if ZENWS_CAF_1_2
  caf::detail::default_actor_handle_codec codec{broker.system()};
  caf::binary_deserializer source{payload.data(), payload.size(), &codec};
#else
  caf::binary_deserializer source{broker.system(), payload.data(),
                                  payload.size()};
#endif
  caf::node_id from;
  caf::node_id to;
  if (kind == caf::io::basp::message_type::routed_message
      && (!source.apply(from) || !source.apply(to)))
    return true; // dropped by CAF
  caf::message content;
  return source.apply(content);
}

// -- names --------------------------------------------------------------------

std::string describe_actor(const caf::abstract_actor& actor) {
  auto is_remote = dynamic_cast<const caf::actor_proxy*>(&actor) != nullptr;
  auto id = "actor " + std::to_string(actor.id());
  return is_remote ? id : std::string{actor.name()} + " (" + id + ')';
}

size_t running_actors(caf::actor_system& sys) {
#if ZENWS_CAF_1_2
  return sys.running_actors_count();
#else
  return sys.registry().running();
#endif
}

// -- virtual time -------------------------------------------------------------

namespace {

virtual_clock& clock_of(caf::actor_system& sys) {
  return dynamic_cast<virtual_clock&>(sys.clock());
}

} // namespace

caf::actor_clock::time_point virtual_clock::now() const noexcept {
  return now_;
}

caf::disposable virtual_clock::schedule(time_point at, caf::action action) {
  timers_.emplace(at, action);
  return std::move(action).as_disposable();
}

bool virtual_clock::has_timer() {
  while (!timers_.empty() && timers_.begin()->second.disposed())
    timers_.erase(timers_.begin());
  return !timers_.empty();
}

bool virtual_clock::pass_to_next_timer() {
  if (!has_timer())
    return false;
  auto next = timers_.extract(timers_.begin());
  now_ = std::max(now_, next.key());
  next.mapped().run();
  return true;
}

size_t virtual_clock::advance(duration_type span) {
  auto until = now_ + span;
  size_t result = 0;
  while (has_timer() && timers_.begin()->first <= until) {
    pass_to_next_timer();
    ++result;
  }
  now_ = until;
  return result;
}

size_t virtual_scheduler::run() {
  size_t result = 0;
  do {
    for (; has_job(); ++result) {
      auto* next = jobs.front();
      jobs.pop_front();
      if (run_job(*this, next, 1) == job_state::wants_more)
        jobs.push_front(next);
    }
    // What is to happen after no time happens at once.
  } while (clock_of(system()).advance({}) > 0);
  return result;
}

bool virtual_scheduler::trigger_timeout() {
  return clock_of(system()).pass_to_next_timer();
}

size_t virtual_scheduler::advance_time(caf::timespan span) {
  return clock_of(system()).advance(span);
}

void virtual_scheduler::exec_later(job* x) {
  jobs.push_back(x);
}

void virtual_scheduler::stop() {
  while (run() > 0)
    while (trigger_timeout())
      ; // nop
}

#if !ZENWS_CAF_1_2
virtual_system::virtual_system(caf::actor_system_config& cfg)
  : caf::actor_system(
    cfg,
    [](caf::actor_system& self, caf::actor_system_config&, void*) {
      caf::detail::actor_system_access parts{self};
      parts.clock(std::make_unique<virtual_clock>());
      parts.scheduler(std::make_unique<virtual_scheduler>(&self));
    },
    nullptr) {
  // nop
}
#endif

namespace {

virtual_scheduler& virtual_scheduler_of(caf::actor_system& sys) {
  return dynamic_cast<virtual_scheduler&>(sys.scheduler());
}

} // namespace

bool has_virtual_time(caf::actor_system& sys) {
  return dynamic_cast<virtual_scheduler*>(&sys.scheduler()) != nullptr;
}

void run_all(caf::actor_system& sys) {
  virtual_scheduler_of(sys).run();
}

bool pass_to_next_timer(caf::actor_system& sys) {
  return virtual_scheduler_of(sys).trigger_timeout();
}

} // namespace zenws::caf_compat
