// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"

#include <utility>

namespace zenws {

/// An actor that survives the kill of an actor that it is linked to. As in OTP,
/// where `kill` becomes `killed`, it receives an exit message like any other.
template <class Base>
class surviving_actor : public caf_compat::ending_actor<Base> {
public:
  using super = caf_compat::ending_actor<Base>;

  using super::super;

  using super::enqueue;

  caf_compat::enqueued enqueue(caf::mailbox_element_ptr element,
                               caf_compat::execution_unit* unit) override {
    if (auto source = linked_actor_killed(*element))
      element = caf_compat::make_element(
        element->sender, element->mid,
        caf::exit_msg{source, make_error(error{ec::client_crashed, "killed"})});
    return super::enqueue(std::move(element), unit);
  }

private:
  // Returns the actor whose link has sent a kill, or nothing. It has ended,
  // unlike one that asks for a kill.
  static caf::actor_addr
  linked_actor_killed(const caf::mailbox_element& element) {
    if (!caf_compat::holds_any_of<caf::exit_msg>(element))
      return {};
    auto& content = const_cast<caf::mailbox_element&>(element).content();
    auto& exit = content.template get_as<caf::exit_msg>(0);
    if (exit.reason != caf::exit_reason::kill)
      return {};
    auto source = caf::actor_cast<caf::actor>(exit.source);
    auto has_ended = !source
                     || source->getf(caf::abstract_actor::is_terminated_flag);
    return has_ended ? exit.source : caf::actor_addr{};
  }
};

} // namespace zenws
