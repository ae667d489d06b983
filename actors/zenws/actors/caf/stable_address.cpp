// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/caf/stable_address.hpp"

#include <stdexcept>
#include <utility>

namespace zenws {

stable_address::stable_address(caf::actor_config& cfg, const role& of)
  : caf_compat::bare_actor(cfg), role_(of) {
  // nop
}

stable_address::~stable_address() {
  // nop
}

void stable_address::require_address(const caf::abstract_actor* actor) {
  if (dynamic_cast<const stable_address*>(actor) == nullptr)
    throw std::invalid_argument{"the actor is no stable_address"};
}

// -- incarnations -------------------------------------------------------------

void stable_address::bind_to(caf::strong_actor_ptr incarnation) {
  std::lock_guard guard{target_mtx_};
  if (is_closed_)
    return;
  gone_ = {};
  revive();
  // Messages that wait come before those that are sent meanwhile.
  for (auto& element : std::exchange(waiting_, {}))
    incarnation->enqueue(std::move(element), nullptr);
  target_ = std::move(incarnation);
}

void stable_address::unbind() {
  caf::strong_actor_ptr last; // released outside of the lock
  std::lock_guard guard{target_mtx_};
  last.swap(target_);
}

void stable_address::take_back_from(
  const caf::actor_control_block* incarnation,
  const std::function<caf_compat::unread_messages()>& unread) {
  caf::strong_actor_ptr last; // released outside of the lock
  std::vector<refused_message> refused;
  {
    std::lock_guard guard{target_mtx_};
    if (target_.get() == incarnation)
      last.swap(target_);
    for (auto& element : unread())
      if (auto returned = accept(std::move(element), nullptr))
        refused.push_back(std::move(*returned));
  }
  for (auto& [element, reason] : refused)
    refuse(*element, nullptr, reason);
}

void stable_address::retire(const caf::error& reason) {
  refuse_all(reason);
  suspend(reason);
}

void stable_address::close(caf::error reason) {
  {
    std::lock_guard guard{target_mtx_};
    if (std::exchange(is_closed_, true))
      return;
  }
  refuse_all(reason);
  cleanup(std::move(reason), nullptr);
}

void stable_address::refuse_all(const caf::error& reason) {
  caf::strong_actor_ptr last;
  caf_compat::unread_messages waiting;
  caf::error answer;
  {
    std::lock_guard guard{target_mtx_};
    if (!gone_)
      gone_ = make_error(error{
        role_.gone_error, caf_compat::is_orderly_exit(reason)
                            ? "it has ended"
                            : "it has ended: " + caf_compat::to_text(reason)});
    answer = gone_;
    last.swap(target_);
    waiting.swap(waiting_);
  }
  for (auto& element : waiting)
    refuse(*element, nullptr, answer);
}

// -- implementation of abstract_actor -----------------------------------------

caf_compat::enqueued stable_address::enqueue(caf::mailbox_element_ptr element,
                                             caf_compat::execution_unit* unit) {
  std::optional<refused_message> refused;
  {
    std::lock_guard guard{target_mtx_};
    refused = accept(std::move(element), unit);
  }
  if (refused)
    refuse(*refused->element, unit, refused->reason);
  return caf_compat::as_enqueued(!refused);
}

std::optional<stable_address::refused_message>
stable_address::accept(caf::mailbox_element_ptr element,
                       caf_compat::execution_unit* unit) {
  if (target_ != nullptr)
    target_->enqueue(std::move(element), unit);
  else if (gone_)
    return refused_message{std::move(element), gone_};
  else if (may_wait(*element))
    waiting_.push_back(std::move(element));
  else
    return refused_message{std::move(element), make_error(role_.down_error)};
  return std::nullopt;
}

const char* stable_address::name() const {
  return role_.name;
}

std::set<std::string> stable_address::message_types() const {
  return role_.interface != nullptr ? role_.interface(home_system())
                                    : std::set<std::string>{};
}

bool stable_address::may_wait(const caf::mailbox_element& element) const {
  return role_.may_wait != nullptr && waiting_.size() < max_waiting
         && role_.may_wait(element);
}

void stable_address::refuse(const caf::mailbox_element& element,
                            caf_compat::execution_unit* unit,
                            const caf::error& reason) {
  if (element.sender && element.mid.is_request())
    element.sender->enqueue(
      caf_compat::make_element(ctrl(), element.mid.response_id(), reason),
      unit);
}

} // namespace zenws
