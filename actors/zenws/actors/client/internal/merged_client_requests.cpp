// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/client/internal/merged_client.hpp"
#include "zenws/actors/market/internal/market_source.hpp"
#include "zenws/session/send_outcome.hpp"

#include <algorithm>
#include <memory>
#include <utility>

// Requests to a merged client.

namespace zenws {

// -- requests -----------------------------------------------------------------

template <class Result, class Request>
caf::result<Result> merged_client::forward(Request& request) {
  try_source<Result>(0, std::move(request), make_response_promise(),
                     make_error(ec::not_connected));
  return caf::delegated<Result>{};
}

template <class Result, class Request>
void merged_client::try_source(size_t index, Request content,
                               caf::response_promise promise,
                               caf::error reason) {
  while (index < sources_.size() && !sources_[index].is_up)
    ++index;
  if (index == sources_.size()) {
    caf_compat::answer(promise, std::move(reason));
    return;
  }
  auto pending = request(sources_[index].client, caf::infinite, content);
  auto fail = [=, this](caf::error& failure) mutable {
    if (outcome_of(caf_compat::code_of(failure)) == send_outcome::not_sent)
      try_source<Result>(index + 1, std::move(content), promise,
                         std::move(failure));
    else
      caf_compat::answer(promise, std::move(failure));
  };
  if constexpr (std::is_void_v<Result>)
    std::move(pending).then([=]() mutable { caf_compat::answer(promise); },
                            std::move(fail));
  else
    std::move(pending).then(
      [=](Result& x) mutable { caf_compat::answer(promise, std::move(x)); },
      std::move(fail));
}

template caf::result<void> merged_client::forward(send_text&);
template caf::result<void> merged_client::forward(send_binary&);
template caf::result<rpc_result> merged_client::forward(call&);
template caf::result<client_status> merged_client::forward(get_status&);
template caf::result<heartbeat_health>
merged_client::forward(get_heartbeat_health&);
template caf::result<state_metrics> merged_client::forward(get_state_metrics&);

caf::result<void> merged_client::remove_subscriber(const unsubscribe& request) {
  if (!drop_subscriber(request.subscriber.address()))
    return make_error(ec::not_found);
  return caf::unit;
}

caf::result<channel_report>
merged_client::add_channels(const subscribe_channels& request) {
  auto number = front_.subscriber_of(request);
  if (!number)
    return std::move(number.error());
  for (auto& x : request.channels) {
    // A subscriber that comes later needs a snapshot as well; one that has the
    // channel does not.
    auto known = channels_.subscribers_of(x.name);
    if (!known.empty() && std::ranges::find(known, *number) == known.end())
      renew({x.name});
    channels_.add(*number, x);
  }
  // The first source to answer answers; the others follow in their time.
  struct open_request {
    caf::response_promise promise;
    size_t missing;
    bool answered = false;
  };
  auto open = std::make_shared<open_request>(
    open_request{make_response_promise(), sources_.size()});
  for (auto& x : sources_)
    this
      ->request(x.client, caf::infinite,
                subscribe_channels{request.channels,
                                   caf_compat::handle_to(*this),
                                   options_.options})
      .then(
        [=](channel_report& report) {
          --open->missing;
          if (!std::exchange(open->answered, true))
            caf_compat::answer(open->promise, std::move(report));
        },
        [=](caf::error& reason) {
          if (--open->missing == 0 && !std::exchange(open->answered, true))
            caf_compat::answer(open->promise, std::move(reason));
        });
  return caf::delegated<channel_report>{};
}

caf::result<void>
merged_client::remove_channels(const unsubscribe_channels& request) {
  auto number = front_.subscribers.number_of(request.subscriber.address());
  if (number == 0)
    return make_error(ec::not_found);
  give_back(channels_.remove(number, request.channels));
  return caf::unit;
}

const market_source_actor& merged_client::market() {
  if (!market_ || caf_compat::has_ended(market_))
    market_ = caf_compat::spawn_on<loop_actor<market_source>>(
      system(), home(),
      market_source_options{
        .client = caf::actor_cast<client_actor>(caf::strong_actor_ptr{ctrl()}),
        .api = options_.market_api,
        .dialect = [name = options_.dialect] { return make_dialect(name); },
        .feed = options_.feed,
        .name = front_.position.name,
        .position = front_.position,
      });
  return market_;
}

// -- subscribers ----------------------------------------------------------------

bool merged_client::drop_subscriber(const caf::actor_addr& subscriber) {
  auto number = front_.remove(subscriber);
  if (number == 0)
    return false;
  give_back(channels_.remove_all(number));
  return true;
}

void merged_client::give_back(const std::vector<std::string>& channels) {
  if (channels.empty())
    return;
  for (auto& x : channels)
    merger_.forget(x);
  for (auto& x : sources_)
    request(x.client, caf::infinite,
            unsubscribe_channels{channels, caf_compat::handle_to(*this)})
      .then([] {}, [](const caf::error&) {});
}

} // namespace zenws
