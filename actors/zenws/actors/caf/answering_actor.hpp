// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/caf_compat.hpp"

#include <utility>

namespace zenws {

/// An actor that answers requests itself when it has ended: those that it has
/// not processed, and all that come later.
///
/// CAF answers both by `request_receiver_down`, which also stands for requests
/// that were being processed: senders could not know whether they had an
/// effect.
template <class Base>
class answering_actor : public caf_compat::ending_actor<Base> {
public:
  using super = caf_compat::ending_actor<Base>;

  using super::super;

  using super::enqueue;

  caf_compat::enqueued enqueue(caf::mailbox_element_ptr element,
                               caf_compat::execution_unit* unit) override {
    auto from = element->sender;
    auto mid = element->mid;
    auto taken = caf_compat::put(*this, std::move(element), unit);
    if (!taken)
      refuse(from, mid);
    return caf_compat::as_enqueued(taken);
  }

protected:
  void end_with(caf::error& reason) override {
    if (this->mailbox().closed())
      return;
    // Before the mailbox is closed: later, others may read it.
    gone_ = make_error(error{ec::client_stopped, caf_compat::to_text(reason)});
    leave_unread();
  }

  /// Closes the mailbox and refuses its elements, unless overridden.
  virtual void leave_unread() {
    for (auto& element : caf_compat::close_mailbox(*this))
      refuse(element->sender, element->mid);
  }

private:
  // On no execution unit: ours may be gone by now.
  void refuse(const caf::strong_actor_ptr& from, caf::message_id mid) {
    if (from && mid.is_request())
      from->enqueue(caf_compat::make_element(nullptr, mid.response_id(), gone_),
                    nullptr);
  }

  caf::error gone_;
};

} // namespace zenws
