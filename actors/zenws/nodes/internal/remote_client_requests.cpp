// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/bounded_wait.hpp"
#include "zenws/nodes/internal/forward_request.hpp"
#include "zenws/nodes/internal/remote_client.hpp"

#include <algorithm>
#include <utility>

// Requests to a remote client.

namespace zenws {

namespace {

deferred_sends::item as_item(send_text& content) {
  return {.kind = message_kind::text, .payload = std::move(content.payload)};
}

deferred_sends::item as_item(send_binary& content) {
  return {.kind = message_kind::binary, .payload = std::move(content.payload)};
}

deferred_sends::item as_item(call& content) {
  return {.is_call = true,
          .payload = std::move(content.method),
          .params = std::move(content.params),
          .answer_within = content.answer_within};
}

template <class Request>
constexpr bool may_be_held = requires(Request content) {
  as_item(content);
};

} // namespace

// -- requests -----------------------------------------------------------------

template <class Result, class Request>
caf::result<Result> remote_client::forward(Request& content) {
  if (is_open())
    return forward_request<Result>(*this, promises_, remote_,
                                   std::move(content));
  if constexpr (may_be_held<Request>)
    if (content.policy.may_wait())
      return hold<Result>(content);
  return make_error(error{ec::not_connected, "the gateway is gone for now"});
}

template <class Result, class Request>
caf::result<Result> remote_client::hold(Request& content) {
  auto wait = bounded_wait(content.policy.wait);
  auto item = as_item(content);
  item.token = promises_.add(make_response_promise());
  item.deadline = clock::now() + wait;
  if (auto token = item.token; held_.push(std::move(item)))
    caf_compat::tell_later(*this, wait, detail::outbox_due{});
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
template caf::result<void> remote_client::forward(renew_market&);
template caf::result<rpc_result> remote_client::forward(call&);
template caf::result<book_report> remote_client::forward(get_books&);
template caf::result<client_status> remote_client::forward(get_status&);
template caf::result<heartbeat_health>
remote_client::forward(get_heartbeat_health&);
template caf::result<state_metrics> remote_client::forward(get_state_metrics&);

caf::result<void> remote_client::add_subscriber(const subscribe& request) {
  if (validate(request).empty()
      && request.options.content != subscription_content::events
      && std::exchange(interest_, stream_interest::everything)
           != stream_interest::everything
      && is_open())
    caf_compat::tell(*this, relay_, widen_stream{stream_});
  return front_.add_subscriber(request);
}

caf::result<void> remote_client::remove_subscriber(const unsubscribe& request) {
  if (!drop_subscriber(request.subscriber.address()))
    return make_error(ec::not_found);
  return caf::unit;
}

caf::result<channel_report>
remote_client::add_channels(subscribe_channels& request) {
  auto number = front_.subscriber_of(request);
  if (!number)
    return std::move(number.error());
  if (request.channels.empty())
    return channel_report{};
  // Before the answer: messages may come ahead of it.
  for (auto& channel : request.channels)
    channels_.add(*number, channel);
  auto id = ++last_request_;
  channel_requests_[id] = {*number, std::move(request.channels),
                           make_response_promise()};
  if (is_open())
    request_channels(id);
  return caf::delegated<channel_report>{};
}

void remote_client::request_channels(uint64_t id) {
  request(relay_, forget_requests_after,
          add_stream_channels{stream_, channel_requests_.at(id).channels})
    .then([this, id](channel_report& report) { answer_channels(id, report); },
          [this, id, attempt = attempt_](caf::error& reason) {
            // Whatever was under way is asked for again by the next session.
            auto i = channel_requests_.find(id);
            if (attempt != attempt_ || i == channel_requests_.end()
                || !caf_compat::is_ours(reason))
              return;
            auto open = std::move(i->second);
            channel_requests_.erase(i);
            for (auto& channel : open.channels)
              channels_.remove(open.subscriber, {&channel.name, 1});
            caf_compat::answer(open.promise, std::move(reason));
          });
}

void remote_client::answer_channels(uint64_t id, channel_report& report) {
  auto i = channel_requests_.find(id);
  if (i == channel_requests_.end())
    return;
  auto open = std::move(i->second);
  channel_requests_.erase(i);
  for (auto& outcome : report.outcomes)
    if (outcome.kind != outcome_kind::granted)
      channels_.remove(open.subscriber, {&outcome.channel, 1});
  caf_compat::answer(open.promise, std::move(report));
}

caf::result<void>
remote_client::remove_channels(const unsubscribe_channels& request) {
  auto number = front_.subscribers.number_of(request.subscriber.address());
  if (number == 0)
    return make_error(ec::not_found);
  give_back(channels_.remove(number, request.channels));
  return caf::unit;
}

// -- market data --------------------------------------------------------------

caf::result<market_report>
remote_client::add_market(subscribe_market& request) {
  if (auto problems = validate(request); !problems.empty())
    return make_error(as_error(problems));
  auto number = front_.number_of(
    caf::actor_cast<caf::actor>(request.subscriber), request.options);
  auto id = ++last_request_;
  auto& open = market_requests_[id];
  open.subscriber = number;
  // Before the answer: data may come ahead of it.
  for (auto& wish : wishes_of(request))
    if (market_.add(number, wish))
      open.news.emplace_back(wish.kind, wish.instrument);
  open.content = {0, std::move(request.instruments), request.kinds,
                  request.depth, request.pace};
  open.promise = make_response_promise();
  if (is_open())
    request_market(id);
  return caf::delegated<market_report>{};
}

void remote_client::request_market(uint64_t id) {
  auto& content = market_requests_.at(id).content;
  content.stream = stream_;
  request(relay_, forget_requests_after, content)
    .then([this, id](market_report& report) { answer_market(id, report); },
          [this, id, attempt = attempt_](caf::error& reason) {
            // Whatever was under way is asked for again by the next session.
            auto i = market_requests_.find(id);
            if (attempt != attempt_ || i == market_requests_.end()
                || !caf_compat::is_ours(reason))
              return;
            auto open = std::move(i->second);
            market_requests_.erase(i);
            give_back(market_.remove(open.subscriber, open.news));
            caf_compat::answer(open.promise, std::move(reason));
          });
}

void remote_client::answer_market(uint64_t id, market_report& report) {
  auto i = market_requests_.find(id);
  if (i == market_requests_.end())
    return;
  auto open = std::move(i->second);
  market_requests_.erase(i);
  std::vector<remote_market::interest> refused;
  for (auto& x : report.outcomes) {
    remote_market::interest about{x.kind, x.instrument};
    auto depth = x.kind == market::data_kind::book ? open.content.depth : 0u;
    if (x.outcome == outcome_kind::granted)
      market_.granted({x.kind, x.instrument, depth, open.content.pace});
    else if (std::ranges::find(open.news, about) != open.news.end())
      refused.push_back(std::move(about));
  }
  give_back(market_.remove(open.subscriber, refused));
  caf_compat::answer(open.promise, std::move(report));
}

caf::result<void>
remote_client::remove_market(const unsubscribe_market& request) {
  auto subscriber = caf::actor_cast<caf::actor>(request.subscriber);
  auto number = front_.subscribers.number_of(subscriber.address());
  if (number == 0)
    return make_error(ec::not_found);
  std::vector<remote_market::interest> given_up;
  for (auto& wish : wishes_of(request))
    given_up.emplace_back(wish.kind, wish.instrument);
  give_back(market_.remove(number, given_up));
  return caf::unit;
}

// -- subscribers ----------------------------------------------------------------

bool remote_client::drop_subscriber(const caf::actor_addr& subscriber) {
  auto number = front_.remove(subscriber);
  if (number == 0)
    return false;
  give_back_all(number);
  acknowledge();
  return true;
}

void remote_client::give_back_all(uint64_t subscriber) {
  give_back(channels_.remove_all(subscriber));
  give_back(market_.remove_all(subscriber));
}

void remote_client::give_back(const std::vector<std::string>& channels) {
  if (is_open() && !channels.empty())
    caf_compat::tell(*this, relay_, remove_stream_channels{stream_, channels});
}

void remote_client::give_back(
  const std::vector<remote_market::interest>& unwanted) {
  if (!is_open())
    return;
  for (auto kind : market::data_kinds::all) {
    remove_stream_market request{stream_, {}, {kind}};
    for (auto& x : unwanted)
      if (x.first == kind)
        request.instruments.push_back(x.second);
    if (!request.instruments.empty())
      caf_compat::tell(*this, relay_, std::move(request));
  }
}

void remote_client::revoke(const client_event& event) {
  for (auto number : channels_.drop(event.detail))
    if (auto subscriber = front_.subscribers.find(number))
      front_.deliver(subscriber, event);
}

} // namespace zenws
