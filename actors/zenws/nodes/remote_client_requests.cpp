#include "zenws/bounded_wait.hpp"
#include "zenws/nodes/forward_request.hpp"
#include "zenws/nodes/remote_client.hpp"

#include <algorithm>
#include <utility>

/// What a remote client does for those who ask it.
namespace zenws {

namespace {

deferred_sends::item as_item(send_text& what) {
  return {.kind = message_kind::text, .payload = std::move(what.payload)};
}

deferred_sends::item as_item(send_binary& what) {
  return {.kind = message_kind::binary, .payload = std::move(what.payload)};
}

deferred_sends::item as_item(call& what) {
  return {.is_call = true,
          .payload = std::move(what.method),
          .params = std::move(what.params),
          .answer_within = what.answer_within};
}

template <class Request>
constexpr bool may_be_held = requires(Request what) {
  as_item(what);
};

} // namespace

// -- requests -----------------------------------------------------------------

template <class Result, class Request>
caf::result<Result> remote_client::forward(Request& what) {
  if (is_open())
    return forward_request<Result>(*this, promises_, remote_, std::move(what));
  if constexpr (may_be_held<Request>)
    if (what.policy.may_wait())
      return hold<Result>(what);
  return make_error(error{ec::not_connected, "the gateway is gone for now"});
}

template <class Result, class Request>
caf::result<Result> remote_client::hold(Request& what) {
  auto wait = bounded_wait(what.policy.wait);
  auto item = as_item(what);
  item.token = promises_.add(make_response_promise());
  item.deadline = clock::now() + wait;
  if (auto token = item.token; held_.push(std::move(item)))
    delayed_send(this, wait, detail::outbox_due{});
  else
    promises_.answer(token, make_error(ec::outbound_full));
  return caf::delegated<Result>{};
}

void remote_client::send_held() {
  using std::chrono::ceil;
  using std::chrono::milliseconds;
  expire_held();
  while (!held_.empty()) {
    auto next = held_.pop();
    auto left = ceil<milliseconds>(next.deadline - clock::now());
    auto policy = queue_until(std::max(left, milliseconds{1}));
    if (next.is_call)
      forward_as<rpc_result>(next.token, *this, promises_, remote_,
                             call{std::move(next.payload),
                                  std::move(next.params), next.answer_within,
                                  policy});
    else if (next.kind == message_kind::text)
      forward_as<void>(next.token, *this, promises_, remote_,
                       send_text{std::move(next.payload), policy});
    else
      forward_as<void>(next.token, *this, promises_, remote_,
                       send_binary{std::move(next.payload), policy});
  }
}

void remote_client::expire_held() {
  for (auto token : held_.expire(clock::now()))
    promises_.answer(token, make_error(ec::send_expired));
}

template caf::result<void> remote_client::forward(send_text&);
template caf::result<void> remote_client::forward(send_binary&);
template caf::result<void> remote_client::forward(close_client&);
template caf::result<void> remote_client::forward(renew_channels&);
template caf::result<rpc_result> remote_client::forward(call&);
template caf::result<client_status> remote_client::forward(get_status&);
template caf::result<heartbeat_health>
remote_client::forward(get_heartbeat_health&);
template caf::result<state_metrics> remote_client::forward(get_state_metrics&);

caf::result<uint64_t> remote_client::wait_until_ready() {
  if (is_open() && state_ == client_state::ready)
    return record_.epoch;
  waiting_for_ready_.push_back(make_response_promise());
  return caf::delegated<uint64_t>{};
}

caf::result<void> remote_client::add_subscriber(subscribe& what) {
  if (auto problems = validate(what); !problems.empty())
    return make_error(as_error(problems));
  admit(what.subscriber, what.options, subscriber_set::interest::all_messages);
  if (what.options.content != subscription_content::events
      && std::exchange(interest_, stream_interest::everything)
           != stream_interest::everything
      && is_open())
    caf_compat::tell(*this, relay_, widen_stream{stream_});
  return caf::unit;
}

caf::result<void> remote_client::remove_subscriber(const unsubscribe& what) {
  if (!drop_subscriber(what.subscriber.address()))
    return make_error(ec::not_found);
  demonitor(what.subscriber);
  return caf::unit;
}

caf::result<channel_report>
remote_client::add_channels(subscribe_channels& what) {
  if (auto problems = validate(subscribe{what.subscriber, what.options});
      !problems.empty())
    return make_error(as_error(problems));
  auto number = record_.subscribers.number_of(what.subscriber.address());
  if (number == 0)
    number = admit(what.subscriber, what.options,
                   subscriber_set::interest::channels);
  if (what.channels.empty())
    return channel_report{};
  // Before the answer: messages may come ahead of it.
  for (auto& channel : what.channels)
    channels_.add(number, channel);
  auto token = asking_.add(make_response_promise());
  asks_[token] = {number, std::move(what.channels)};
  if (is_open())
    ask(token);
  return caf::delegated<channel_report>{};
}

void remote_client::ask(uint64_t token) {
  request(relay_, forget_requests_after,
          add_stream_channels{stream_, asks_.at(token).channels})
    .then([this, token](channel_report& report) { settle(token, report); },
          [this, token, attempt = attempt_](caf::error& why) {
            // Whatever was under way is asked for again by the next session.
            auto i = asks_.find(token);
            if (attempt != attempt_ || i == asks_.end()
                || !caf_compat::is_ours(why))
              return;
            for (auto& channel : i->second.channels)
              channels_.remove(i->second.subscriber, channel.name);
            asks_.erase(i);
            asking_.answer(token, std::move(why));
          });
}

void remote_client::settle(uint64_t token, channel_report& what) {
  auto i = asks_.find(token);
  if (i == asks_.end())
    return;
  for (auto& outcome : what.outcomes)
    if (outcome.kind != outcome_kind::granted)
      channels_.remove(i->second.subscriber, outcome.channel);
  asks_.erase(i);
  asking_.answer(token, std::move(what));
}

caf::result<void>
remote_client::remove_channels(const unsubscribe_channels& what) {
  auto number = record_.subscribers.number_of(what.subscriber.address());
  if (number == 0)
    return make_error(ec::not_found);
  std::vector<std::string> unwanted;
  for (auto& channel : what.channels)
    if (channels_.remove(number, channel))
      unwanted.push_back(channel);
  give_back(unwanted);
  return caf::unit;
}

// -- subscribers ----------------------------------------------------------------

uint64_t remote_client::admit(const caf::actor& who,
                              const subscription_options& options,
                              subscriber_set::interest what) {
  monitor(who);
  auto number = record_.subscribers.add(who, options, what);
  if (options.content != subscription_content::messages)
    caf_compat::deliver(caf::actor_cast<caf::strong_actor_ptr>(who),
                        origin().sender, event(event_kind::state_changed),
                        context());
  return number;
}

bool remote_client::drop_subscriber(const caf::actor_addr& who) {
  auto& all = record_.subscribers;
  auto number = all.number_of(who);
  if (number == 0)
    return false;
  all.remove(who);
  give_back(channels_.remove_all(number));
  acknowledge();
  return true;
}

void remote_client::give_back(const std::vector<std::string>& channels) {
  if (is_open() && !channels.empty())
    caf_compat::tell(*this, relay_, remove_stream_channels{stream_, channels});
}

void remote_client::revoke(const client_event& what) {
  for (auto number : channels_.drop(what.detail))
    if (auto who = record_.subscribers.find(number))
      caf_compat::deliver(caf::actor_cast<caf::strong_actor_ptr>(who),
                          origin().sender, client_event{what}, context());
}

} // namespace zenws
