#include "zenws/actors/stable_address.hpp"

#include <utility>

namespace zenws {

stable_address::stable_address(caf::actor_config& cfg)
  : caf::monitorable_actor(cfg) {
  // nop
}

stable_address::~stable_address() {
  // nop
}

client_actor stable_address::make(caf::actor_system& sys) {
  caf::actor_config cfg;
  return caf::make_actor<stable_address, client_actor>(sys.next_actor_id(),
                                                       sys.node(), &sys, cfg);
}

stable_address& stable_address::impl(const client_actor& address) {
  return static_cast<stable_address&>(
    *caf::actor_cast<caf::abstract_actor*>(address));
}

// -- incarnations -------------------------------------------------------------

void stable_address::bind(const client_actor& address,
                          const client_actor& incarnation) {
  auto& self = impl(address);
  auto target = caf::actor_cast<caf::strong_actor_ptr>(incarnation);
  // Under the lock: what waits must come before what is sent meanwhile.
  std::lock_guard guard{self.target_mtx_};
  for (auto& what : std::exchange(self.waiting_, {}))
    target->enqueue(std::move(what), nullptr);
  self.target_ = std::move(target);
}

void stable_address::unbind(const client_actor& address) {
  auto& self = impl(address);
  caf::strong_actor_ptr last;
  std::lock_guard guard{self.target_mtx_};
  last.swap(self.target_);
}

void stable_address::close(const client_actor& address, caf::error reason) {
  auto& self = impl(address);
  caf::strong_actor_ptr last;
  std::vector<caf::mailbox_element_ptr> waiting;
  {
    std::lock_guard guard{self.target_mtx_};
    self.is_closed_ = true;
    self.closed_ = reason ? reason : make_error(ec::client_stopped);
    last.swap(self.target_);
    waiting.swap(self.waiting_);
  }
  for (auto& what : waiting)
    self.refuse(std::move(what), nullptr, self.closed_);
  self.cleanup(std::move(reason), nullptr);
}

// -- implementation of abstract_actor -----------------------------------------

void stable_address::enqueue(caf::mailbox_element_ptr what,
                             caf::execution_unit* unit) {
  caf::strong_actor_ptr target;
  auto reason = make_error(ec::not_connected);
  {
    std::lock_guard guard{target_mtx_};
    target = target_;
    if (target == nullptr) {
      if (is_closed_) {
        reason = closed_;
      } else if (may_wait(*what)) {
        waiting_.push_back(std::move(what));
        return;
      }
    }
  }
  if (target != nullptr)
    target->enqueue(std::move(what), unit);
  else
    refuse(std::move(what), unit, reason);
}

const char* stable_address::name() const {
  return "zenws.client_address";
}

std::set<std::string> stable_address::message_types() const {
  return seam::message_types<client_actor>(home_system());
}

void stable_address::on_destroy() {
  if (!getf(is_cleaned_up_flag))
    cleanup(caf::exit_reason::unreachable, nullptr);
  caf::monitorable_actor::on_destroy();
}

bool stable_address::may_wait(const caf::mailbox_element& what) const {
  return waiting_.size() < max_waiting
         && seam::holds_any_of<subscribe, unsubscribe, subscribe_channels,
                               unsubscribe_channels, await_ready, get_status,
                               get_heartbeat_health, get_state_metrics,
                               close_client>(what);
}

void stable_address::refuse(caf::mailbox_element_ptr what,
                            caf::execution_unit* unit,
                            const caf::error& reason) {
  if (what->sender && what->mid.is_request())
    what->sender->enqueue(ctrl(), what->mid.response_id(),
                          caf::make_message(reason), unit);
}

} // namespace zenws
