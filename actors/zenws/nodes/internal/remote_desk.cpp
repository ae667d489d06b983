// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/internal/remote_desk.hpp"

#include "zenws/nodes/internal/forward_request.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

constexpr std::chrono::seconds open_desk_within{10};

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

remote_desk::remote_desk(caf::actor_config& cfg, std::string name)
  : super(cfg), desk_name_(std::move(name)) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* remote_desk::name() const {
  return "zenws.remote_desk";
}

remote_desk::behavior_type remote_desk::make_behavior() {
  caf_compat::log_unhandled(*this, &desk_name_);
  caf_compat::on_down(*this, [this](const caf::actor_addr& source,
                                    const caf::error&) {
    if (stream_ && source == stream_.address())
      lost(error{ec::gateway_lost, "the connection broke"});
    else
      std::erase_if(watchers_, [&](auto& x) { return x.address() == source; });
  });
  return {
    [this](place_order& x) { return forward<trading::order_key>(x); },
    [this](amend_order& x) { return forward<void>(x); },
    [this](cancel_order& x) { return forward<void>(x); },
    [this](cancel_orders& x) { return forward<void>(x); },
    [this](halt_trading& x) { return forward<void>(x); },
    [this](resume_trading& x) { return forward<void>(x); },
    [this](reconcile_orders& x) { return forward<void>(x); },
    [this](const watch_desk& x) { return watch(x); },
    [this](get_orders& x) { return forward<order_list>(x); },
    [this](get_positions& x) { return forward<position_list>(x); },
    [this](get_desk_report& x) { return forward<desk_report>(x); },
    [this](find_orders& x) { return forward<order_list>(x); },
    [this](const trading::order_event& x) { receive(x); },
    [this](const trading::fill& x) { receive(x); },
    [this](const trading::position& x) { receive(x); },
    [this](const trading::balance& x) { receive(x); },
    [this](const desk_state_changed& x) { receive(x); },
    [this](const desk_request_failed& x) { receive(x); },
    [this](const desk_told& x) { handle(x); },
    [this](const stream_ended& x) {
      if (stream_ && current_sender() == stream_)
        lost(x.reason);
    },
    [this](const detail::gateway_up& x) {
      lost(error{ec::gateway_lost, "another session"});
      relay_ = x.relay;
      open();
    },
    [this](const detail::gateway_down& x) {
      relay_ = nullptr;
      lost(x.reason);
    },
    [this](const detail::stream_retry& x) {
      if (x.attempt == attempt_ && relay_)
        open();
    },
    [this](const detail::await_stream&) -> caf::result<void> {
      if (stream_)
        return caf::unit;
      waiting_for_stream_.push_back(make_response_promise());
      return caf::delegated<void>{};
    },
  };
}

void remote_desk::before_end() {
  relay_ = nullptr;
  if (auto stream = std::exchange(stream_, {}))
    caf::anon_send_exit(stream, caf::exit_reason::user_shutdown);
  desk_ = nullptr;
  watchers_.clear();
  promises_.fail_all(make_error(ec::disconnected));
  for (auto& promise : std::exchange(waiting_for_stream_, {}))
    caf_compat::answer(promise, make_error(ec::not_connected));
}

// -- the stream ---------------------------------------------------------------

void remote_desk::open() {
  open_desk request{desk_name_, caf_compat::handle_to(*this), {}, last_};
  for (auto& [id, order] : open_)
    request.open.push_back(id);
  auto attempt = ++attempt_;
  this->request(relay_, open_desk_within, std::move(request))
    .then(
      [this, attempt](opened_desk& stream) {
        if (attempt == attempt_)
          opened(stream);
      },
      [this, attempt](const caf::error& reason) {
        if (attempt == attempt_)
          refused(reason);
      });
}

void remote_desk::opened(opened_desk& stream) {
  stream_ = std::move(stream.stream);
  desk_ = std::move(stream.desk);
  caf_compat::monitor(*this, stream_);
  for (auto& promise : std::exchange(waiting_for_stream_, {}))
    caf_compat::answer(promise);
  // Nothing comes before.
  owed_ = 0;
  caf_compat::tell(*this, stream_, grant_desk_credit{window});
}

void remote_desk::refused(const caf::error& reason) {
  if (waiting_for_stream_.empty())
    return retry_later();
  // The sender of the request handles it.
  auto answer
    = caf_compat::is_ours(reason)
        ? reason
        : make_error(error{ec::not_connected, caf_compat::to_text(reason)});
  for (auto& promise : std::exchange(waiting_for_stream_, {}))
    caf_compat::answer(promise, answer);
  quit(answer);
}

void remote_desk::lost(const error& reason) {
  ++attempt_;
  if (auto stream = std::exchange(stream_, {}))
    caf_compat::demonitor(*this, stream);
  else
    return;
  desk_ = nullptr;
  promises_.abandon_all(*this, make_error(ec::disconnected));
  for (auto& [id, order] : open_)
    order.is_stale = true;
  for (auto& [instrument, state] : states_) {
    state.state = trading::desk_state::disconnected;
    state.reason = reason;
    tell_watchers(state);
  }
  retry_later();
}

void remote_desk::retry_later() {
  caf_compat::tell_later(*this, retry_period, detail::stream_retry{attempt_});
}

// -- requests -----------------------------------------------------------------

template <class Result, class Request>
caf::result<Result> remote_desk::forward(Request& request) {
  if (!desk_)
    return make_error(error{ec::not_connected, "the gateway is gone for now"});
  return forward_request<Result>(*this, promises_, desk_, std::move(request));
}

caf::result<void> remote_desk::watch(const watch_desk& request) {
  auto& watcher = request.watcher;
  if (!watcher)
    return make_error(error{ec::invalid_config, "there is no watcher"});
  if (std::ranges::find(watchers_, watcher) == watchers_.end()) {
    caf_compat::monitor(*this, watcher);
    watchers_.push_back(watcher);
  }
  for (auto& [instrument, state] : states_)
    caf_compat::tell(*this, watcher, state);
  for (auto& [id, order] : open_)
    caf_compat::tell(*this, watcher, order.last_event);
  return caf::unit;
}

// -- news ---------------------------------------------------------------------

template <class T>
void remote_desk::receive(const T& x) {
  if (!stream_ || current_sender() != stream_)
    return;
  note(x);
  tell_watchers(x);
  acknowledge();
}

void remote_desk::note(const trading::order_event& x) {
  auto& id = x.content.key.id;
  last_ = std::max(last_, id);
  if (is_final(x.content.state))
    open_.erase(id);
  else
    open_.insert_or_assign(id, open_order{x});
}

void remote_desk::note(const desk_state_changed& x) {
  states_.insert_or_assign(x.instrument, x);
}

void remote_desk::handle(const desk_told&) {
  if (!stream_ || current_sender() != stream_)
    return;
  std::erase_if(open_, [this](auto& x) {
    auto& [id, order] = x;
    if (!order.is_stale)
      return false;
    auto event = order.last_event;
    event.kind = trading::order_event_kind::unknown;
    event.content.state = trading::order_state::unknown;
    event.content.reason = "the desk does not know it any more";
    tell_watchers(event);
    return true;
  });
  acknowledge();
}

template <class T>
void remote_desk::tell_watchers(const T& x) {
  for (auto& watcher : watchers_)
    caf_compat::tell(*this, watcher, x);
}

void remote_desk::acknowledge() {
  if (++owed_ >= window / 4)
    caf_compat::tell(*this, stream_,
                     grant_desk_credit{std::exchange(owed_, 0)});
}

} // namespace zenws
