#include "zenws/actors/client/merged_client.hpp"
#include "zenws/session/send_outcome.hpp"

#include <memory>
#include <utility>

/// What a merged client does for those who ask it.
namespace zenws {

// -- requests -----------------------------------------------------------------

template <class Result, class Request>
caf::result<Result> merged_client::forward(Request& what) {
  try_source<Result>(0, std::move(what), make_response_promise(),
                     make_error(ec::not_connected));
  return caf::delegated<Result>{};
}

template <class Result, class Request>
void merged_client::try_source(size_t index, Request what,
                               caf::response_promise promise, caf::error why) {
  while (index < sources_.size() && !sources_[index].is_up)
    ++index;
  if (index == sources_.size()) {
    caf_compat::answer(promise, std::move(why));
    return;
  }
  auto pending = request(sources_[index].client, caf::infinite, what);
  auto fail = [=, this](caf::error& failure) mutable {
    if (outcome_of(caf_compat::code_of(failure)) == send_outcome::not_sent)
      try_source<Result>(index + 1, std::move(what), promise,
                         std::move(failure));
    else
      caf_compat::answer(promise, std::move(failure));
  };
  if constexpr (std::is_void_v<Result>)
    pending.then([=]() mutable { caf_compat::answer(promise); },
                 std::move(fail));
  else
    pending.then(
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

caf::result<channel_report>
merged_client::add_channels(subscribe_channels& what) {
  if (auto problems = validate(subscribe{what.subscriber, what.options});
      !problems.empty())
    return make_error(as_error(problems));
  auto& all = record_.subscribers;
  auto number = all.number_of(what.subscriber.address());
  if (number == 0) {
    monitor(what.subscriber);
    number = all.add(what.subscriber, what.options,
                     subscriber_set::interest::channels);
    if (what.options.content != subscription_content::messages)
      caf_compat::tell(*this, what.subscriber,
                       event(event_kind::state_changed));
  }
  for (auto& x : what.channels) {
    // Who comes later wants a snapshot as well.
    if (!channels_.subscribers_of(x.name).empty())
      renew({x.name});
    channels_.add(number, x);
  }
  // The first source to answer answers; the others follow in their time.
  struct open_ask {
    caf::response_promise promise;
    size_t missing;
    bool answered = false;
  };
  auto ask = std::make_shared<open_ask>(
    open_ask{make_response_promise(), sources_.size()});
  for (auto& x : sources_)
    request(x.client, caf::infinite,
            subscribe_channels{what.channels, caf_compat::handle_to(*this),
                               options_.options})
      .then(
        [=](channel_report& report) {
          --ask->missing;
          if (!std::exchange(ask->answered, true))
            caf_compat::answer(ask->promise, std::move(report));
        },
        [=](caf::error& why) {
          if (--ask->missing == 0 && !std::exchange(ask->answered, true))
            caf_compat::answer(ask->promise, std::move(why));
        });
  return caf::delegated<channel_report>{};
}

caf::result<void>
merged_client::remove_channels(const unsubscribe_channels& what) {
  auto number = record_.subscribers.number_of(what.subscriber.address());
  if (number == 0)
    return make_error(ec::not_found);
  std::vector<std::string> unwanted;
  for (auto& x : what.channels)
    if (channels_.remove(number, x))
      unwanted.push_back(x);
  give_back(unwanted);
  return caf::unit;
}

// -- subscribers ----------------------------------------------------------------

void merged_client::drop_subscriber(const caf::actor_addr& who) {
  auto number = record_.subscribers.number_of(who);
  if (number == 0)
    return;
  record_.subscribers.remove(who);
  give_back(channels_.remove_all(number));
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
