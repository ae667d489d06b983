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

// -- sending without a behavior -----------------------------------------------

void run_aside(caf::actor_system& sys, std::function<void()> f) {
  sys.spawn([](caf::event_based_actor*,
               const std::function<void()>& action) { action(); },
            std::move(f));
}

// -- errors -------------------------------------------------------------------

std::string detail_of(const caf::message& context) {
  // CAF must not be asked for an element of an empty message.
  return !context.empty() && context.match_element<std::string>(0)
           ? context.get_as<std::string>(0)
           : std::string{};
}

std::string detail_of(const caf::error& reason) {
  return reason ? detail_of(reason.context()) : std::string{};
}

std::string to_text(ec code, const std::string& detail) {
  std::string result = "zenws.";
  result += to_string(code);
  if (!detail.empty())
    result += ": " + detail;
  return result;
}

std::string to_text(const caf::error& reason) {
  return is_ours(reason) ? to_text(code_of(reason), detail_of(reason))
                         : caf::to_string(reason);
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

bool put(caf::scheduled_actor& self, caf::mailbox_element_ptr element,
         execution_unit* unit) {
  switch (self.mailbox().push_back(std::move(element))) {
    case caf::intrusive::inbox_result::queue_closed:
      return false;
    case caf::intrusive::inbox_result::unblocked_reader:
      caf::intrusive_ptr_add_ref(self.ctrl());
      if (unit != nullptr)
        unit->exec_later(&self);
      else
        hand_to_scheduler(self.home_system(), &self);
      return true;
    default:
      return true;
  }
}

bool is_orderly_exit(const caf::error& reason) {
  return !reason || reason == caf::exit_reason::normal
         || reason == caf::exit_reason::user_shutdown;
}

// -- names --------------------------------------------------------------------

std::string describe_actor(const caf::abstract_actor& actor) {
  auto* local = dynamic_cast<const caf::monitorable_actor*>(&actor);
  auto id = "actor " + std::to_string(actor.id());
  return local != nullptr ? std::string{local->name()} + " (" + id + ')' : id;
}

// -- virtual time -----------------------------------------------------------------

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

namespace zenws {

caf::error make_error(ec code) {
  return caf_compat::error_of(code);
}

caf::error make_error(const error& reason) {
  if (!reason)
    return {};
  return caf_compat::error_of(reason.code, reason.detail);
}

} // namespace zenws
