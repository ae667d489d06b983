// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/caf/caf_compat.hpp"

#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/scheduler/test_coordinator.hpp>

namespace zenws::caf_compat {

namespace {

// Moves the elements of a mailbox, whose queues are nested.
struct collector {
  unread_messages& to;

  caf::intrusive::task_result operator()(caf::mailbox_element& x) const {
    to.push_back(caf::make_mailbox_element(
      std::move(x.sender), x.mid, std::move(x.stages), take_content(x)));
    return caf::intrusive::task_result::resume;
  }

  template <class Key, class Queue, class... Ts>
  caf::intrusive::task_result operator()(const Key&, Queue&, Ts&... xs) const {
    return (*this)(xs...);
  }
};

} // namespace

// -- execution units ----------------------------------------------------------

void hand_to_scheduler(caf::actor_system& sys, job* x) {
  sys.scheduler().enqueue(x);
}

job_state run_job(execution_unit& unit, job* x, size_t max_messages) {
  if (x->resume(&unit, max_messages) == job::resume_later)
    return job_state::wants_more;
  caf::intrusive_ptr_release(x);
  return job_state::idle;
}

void wake(caf::scheduled_actor& self, execution_unit* unit) {
  caf::intrusive_ptr_add_ref(self.ctrl());
  if (unit != nullptr)
    unit->exec_later(&self);
  else
    hand_to_scheduler(self.home_system(), &self);
}

// -- bases of actors ----------------------------------------------------------

void bare_actor::on_destroy() {
  if (!getf(is_cleaned_up_flag))
    cleanup(caf::exit_reason::unreachable, nullptr);
  caf::monitorable_actor::on_destroy();
}

void bare_actor::suspend(const caf::error& reason) {
  caf::attachable_ptr watchers;
  exclusive_critical_section([&] {
    if (getf(is_terminated_flag))
      return;
    setf(is_terminated_flag);
    fail_state_ = reason;
    watchers.swap(attachables_head_);
  });
  for (auto* i = watchers.get(); i != nullptr; i = i->next.get())
    i->actor_exited(reason, nullptr);
}

void bare_actor::revive() {
  exclusive_critical_section([this] { unsetf(is_terminated_flag); });
}

// -- ending -------------------------------------------------------------------

unread_messages close_mailbox(caf::scheduled_actor& self) {
  unread_messages result;
  self.mailbox().close();
  self.get_normal_queue().flush_cache();
  self.get_urgent_queue().flush_cache();
  collector f{result};
  while (self.mailbox().queue().new_round(1000, f).consumed_items > 0)
    ; // nop
  return result;
}

// -- names --------------------------------------------------------------------

std::string describe_actor(const caf::abstract_actor& actor) {
  auto* local = dynamic_cast<const caf::monitorable_actor*>(&actor);
  auto id = "actor " + std::to_string(actor.id());
  return local != nullptr ? std::string{local->name()} + " (" + id + ')' : id;
}

size_t running_actors(caf::actor_system& sys) {
  return sys.registry().running();
}

// -- virtual time -------------------------------------------------------------

namespace {

caf::scheduler::test_coordinator& virtual_scheduler(caf::actor_system& sys) {
  return dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
}

} // namespace

bool has_virtual_time(caf::actor_system& sys) {
  return dynamic_cast<caf::scheduler::test_coordinator*>(&sys.scheduler())
         != nullptr;
}

void run_all(caf::actor_system& sys) {
  virtual_scheduler(sys).run();
}

bool pass_to_next_timer(caf::actor_system& sys) {
  auto& scheduler = virtual_scheduler(sys);
  if (!scheduler.has_pending_timeout())
    return false;
  return scheduler.trigger_timeout();
}

} // namespace zenws::caf_compat
