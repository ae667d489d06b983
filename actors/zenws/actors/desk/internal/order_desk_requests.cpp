// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/desk/internal/order_desk.hpp"

// Requests that change something.

namespace zenws {

namespace {

caf::result<void> to_result(const error& problem) {
  if (problem)
    return make_error(problem);
  return caf::unit;
}

} // namespace

caf::result<trading::order_key> order_desk::place(const place_order& request) {
  auto view = book_of(request.order.instrument);
  auto key = logic_.place(request.order, view, now(), actions_);
  auto problem = follow_up();
  if (!key)
    return make_error(key.error());
  if (problem)
    return make_error(problem);
  return *key;
}

trading::book_view
order_desk::book_of(const market::instrument_name& instrument) const {
  auto i = books_.find(instrument.view());
  if (i == books_.end())
    return {};
  return {&i->second.content, i->second.time};
}

caf::result<void> order_desk::amend(const amend_order& request) {
  auto& change = request.change;
  auto* order = logic_.ledger().find(change.order.id);
  auto view = order != nullptr ? book_of(order->key.instrument)
                               : trading::book_view{};
  auto problem = logic_.amend(change.order.id, change, view, now(), actions_);
  auto failure = follow_up();
  return to_result(problem ? problem : failure);
}

caf::result<void> order_desk::cancel(const cancel_order& request) {
  auto problem = logic_.cancel(request.id, now(), actions_);
  auto failure = follow_up();
  return to_result(problem ? problem : failure);
}

caf::result<void> order_desk::cancel_all(const cancel_orders& request) {
  auto problem = logic_.cancel_all(request.instrument, now(), actions_);
  auto failure = follow_up();
  return to_result(problem ? problem : failure);
}

caf::result<void> order_desk::halt(const halt_trading& request) {
  logic_.halt(request.reason, now(), actions_);
  auto failure = follow_up();
  auto problem = remember_halt(request.reason);
  return to_result(problem ? problem : failure);
}

caf::result<void> order_desk::resume() {
  logic_.reset();
  return to_result(remember_halt(std::nullopt));
}

error order_desk::remember_halt(std::optional<std::string> reason) {
  memory_->halt = std::move(reason);
  return journal_ ? journal_->write_halt(memory_->halt) : error{};
}

caf::result<void> order_desk::reconcile() {
  logic_.reconcile(now(), actions_);
  return to_result(follow_up());
}

} // namespace zenws
