#include "zenws/actors/stable_address.hpp"

#include <utility>

namespace zenws {

stable_address::stable_address(caf::actor_config& cfg, const role& of)
  : caf::monitorable_actor(cfg), role_(of) {
  // nop
}

stable_address::~stable_address() {
  // nop
}

// -- incarnations -------------------------------------------------------------

void stable_address::bind_to(caf::strong_actor_ptr incarnation) {
  // Under the lock: what waits must come before what is sent meanwhile.
  std::lock_guard guard{target_mtx_};
  for (auto& what : std::exchange(waiting_, {}))
    incarnation->enqueue(std::move(what), nullptr);
  target_ = std::move(incarnation);
}

void stable_address::unbind() {
  caf::strong_actor_ptr last;
  std::lock_guard guard{target_mtx_};
  last.swap(target_);
}

void stable_address::close(caf::error reason) {
  caf::strong_actor_ptr last;
  std::vector<caf::mailbox_element_ptr> waiting;
  {
    std::lock_guard guard{target_mtx_};
    if (std::exchange(is_closed_, true))
      return;
    closed_ = reason ? reason : make_error(ec::client_stopped);
    last.swap(target_);
    waiting.swap(waiting_);
  }
  for (auto& what : waiting)
    refuse(std::move(what), nullptr, closed_);
  cleanup(std::move(reason), nullptr);
}

bool stable_address::is_closed() const {
  std::lock_guard guard{target_mtx_};
  return is_closed_;
}

// -- implementation of abstract_actor -----------------------------------------

void stable_address::enqueue(caf::mailbox_element_ptr what,
                             caf::execution_unit* unit) {
  caf::strong_actor_ptr target;
  auto reason = make_error(role_.while_down);
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
  return role_.name;
}

std::set<std::string> stable_address::message_types() const {
  return role_.interface != nullptr ? role_.interface(home_system())
                                    : std::set<std::string>{};
}

void stable_address::on_destroy() {
  if (!getf(is_cleaned_up_flag))
    cleanup(caf::exit_reason::unreachable, nullptr);
  caf::monitorable_actor::on_destroy();
}

bool stable_address::may_wait(const caf::mailbox_element& what) const {
  return role_.may_wait != nullptr && waiting_.size() < max_waiting
         && role_.may_wait(what);
}

void stable_address::refuse(caf::mailbox_element_ptr what,
                            caf::execution_unit* unit,
                            const caf::error& reason) {
  if (what->sender && what->mid.is_request())
    what->sender->enqueue(ctrl(), what->mid.response_id(),
                          caf::make_message(reason), unit);
}

} // namespace zenws
