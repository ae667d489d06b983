// SPDX-License-Identifier: BSD-3-Clause

// How a desk trades on paper: by the same logic, but nothing that it decides
// goes to the venue.

#include "zenws/actors/desk/internal/order_desk.hpp"

#include <utility>

namespace zenws {

void order_desk::begin_on_paper() {
  logic_.told(paper_->report_all(logic_.ledger()), now(), actions_);
}

void order_desk::send_on_paper(desk_action::send& x) {
  on_paper_.push_back(std::move(x));
  caf_compat::tell(*this, caf_compat::handle_to(*this),
                   detail::desk_paper_due{});
}

void order_desk::answer_on_paper() {
  if (on_paper_.empty())
    return;
  auto request = std::move(on_paper_.front());
  on_paper_.pop_front();
  auto view = book_of(request.order.instrument);
  auto answer = paper_->answer(request, logic_.ledger(), view.book);
  if (answer)
    logic_.answered(request.token, *answer, now(), actions_);
  else
    logic_.failed(request.token, answer.error(), {}, now(), actions_);
  (void) follow_up();
}

void order_desk::renew_on_paper() {
  auto reports = paper_->report_all(logic_.ledger());
  logic_.told(reports, now(), actions_);
  logic_.told_open_orders(reports, now(), actions_);
}

} // namespace zenws
