// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/internal/desk_relay.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

// Returns the event that an order has ended by.
trading::order_event_kind end_of(trading::order_state state) noexcept {
  switch (state) {
    case trading::order_state::filled:
      return trading::order_event_kind::filled;
    case trading::order_state::canceled:
      return trading::order_event_kind::canceled;
    case trading::order_state::expired:
      return trading::order_event_kind::expired;
    default:
      return trading::order_event_kind::rejected;
  }
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

desk_relay::desk_relay(caf::actor_config& cfg, order_desk_actor desk,
                       open_desk request)
  : super(cfg), desk_(std::move(desk)), request_(std::move(request)) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* desk_relay::name() const {
  return "zenws.desk_relay";
}

desk_relay::behavior_type desk_relay::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_down(*this, [this](const caf::actor_addr& source,
                                    const caf::error& reason) {
    if (source == desk_.address())
      end(error{ec::child_down, caf_compat::to_text(reason)});
    else
      quit();
  });
  caf_compat::monitor(*this, desk_);
  caf_compat::monitor(*this, request_.receiver);
  begin();
  return {
    [this](trading::order_event& x) { pass_on(std::move(x)); },
    [this](trading::fill& x) { pass_on(std::move(x)); },
    [this](trading::position& x) { pass_on(std::move(x)); },
    [this](trading::balance& x) { pass_on(std::move(x)); },
    [this](desk_state_changed& x) { pass_on(std::move(x)); },
    [this](desk_request_failed& x) { pass_on(std::move(x)); },
    [this](const grant_desk_credit& x) {
      credit_ += std::min(x.news, max_credit - credit_);
      flush();
    },
  };
}

void desk_relay::before_end() {
  if (desk_)
    caf_compat::demonitor(*this, desk_.address());
  desk_ = nullptr;
  request_ = {};
  waiting_.clear();
}

// -- news ---------------------------------------------------------------------

void desk_relay::begin() {
  auto self = caf::actor_cast<desk_watcher>(caf_compat::handle_to(*this));
  request(desk_, caf::infinite, watch_desk{self})
    .then([this] { ask_orders(); },
          [this](const caf::error& reason) {
            end(error{ec::child_down, caf_compat::to_text(reason)});
          });
}

void desk_relay::ask_orders() {
  request(desk_, caf::infinite,
          find_orders{std::exchange(request_.open, {}), request_.last})
    .then(
      [this](const order_list& found) {
        tell_ends(found);
        pass_on(desk_told{});
        has_begun_ = true;
      },
      [this](const caf::error& reason) {
        end(error{ec::child_down, caf_compat::to_text(reason)});
      });
}

void desk_relay::tell_ends(const order_list& found) {
  for (auto& order : found.orders)
    if (is_final(order.state))
      pass_on(
        trading::order_event{.kind = end_of(order.state), .content = order});
}

void desk_relay::pass_on(news x) {
  waiting_.push_back(std::move(x));
  flush();
  if (has_begun_ && waiting_.size() > max_waiting)
    end(error{ec::subscriber_overflow, "too many news of orders wait"});
}

void desk_relay::flush() {
  for (; credit_ > 0 && !waiting_.empty(); --credit_) {
    std::visit(
      [this](auto& x) {
        caf_compat::tell(*this, request_.receiver, std::move(x));
      },
      waiting_.front());
    waiting_.pop_front();
  }
}

void desk_relay::end(const error& reason) {
  caf_compat::tell(*this, request_.receiver, stream_ended{reason});
  quit();
}

} // namespace zenws
