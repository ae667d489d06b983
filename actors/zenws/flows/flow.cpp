// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/flows/flow.hpp"

#include "zenws/actors/messages/errors.hpp"

#include <caf/async/producer_adapter.hpp>

#include <type_traits>
#include <utility>

namespace zenws {

namespace {

/// The subscriber behind a flow: hands what it gets to a consumer, and ends
/// with it.
template <class Batch, class Request>
class flow_source : public ending_actor<caf::event_based_actor> {
public:
  using super = ending_actor<caf::event_based_actor>;

  flow_source(caf::actor_config& cfg, client_actor client, Request request,
              caf::async::producer_resource<Batch> to)
    : super(cfg),
      client_(std::move(client)),
      request_(std::move(request)),
      resource_(std::move(to)) {
    // nop
  }

  const char* name() const override {
    return "zenws.flow";
  }

  caf::behavior make_behavior() override {
    open();
    caf_compat::monitor(*this, client_);
    subscribe();
    return {
      [this](const Batch& batch) {
        if (to_)
          to_.push(batch);
      },
      [this](const client_event& event) { take(event); },
      [this](const caf::down_msg& message) { end(message.reason); },
    };
  }

protected:
  // Of an end from outside, the consumer has not heard yet.
  void before_end() override {
    to_.abort(this->fail_state());
    if (client_)
      caf_compat::demonitor(*this, client_.address());
    client_ = nullptr;
  }

private:
  void open() {
    auto nothing = caf::make_action([] {});
    auto cancel = caf::make_action([this] { end({}); });
    if (auto to = caf::async::make_producer_adapter(
          std::move(resource_), caf_compat::context_of(*this), nothing, cancel))
      to_ = std::move(*to);
  }

  void subscribe() {
    // Not kept: it holds this actor.
    auto request = request_;
    request.subscriber = caf::actor_cast<decltype(request.subscriber)>(
      caf::strong_actor_ptr{this->ctrl()});
    auto failed = [this](const caf::error& reason) {
      // The next incarnation of the client goes on asking.
      if (code_of(reason) == ec::disconnected)
        subscribe();
      else
        end(reason);
    };
    auto pending
      = this->mail(std::move(request)).request(client_, caf::infinite);
    if constexpr (std::is_same_v<Request, zenws::subscribe>)
      std::move(pending).then([] {}, failed);
    else if constexpr (std::is_same_v<Request, subscribe_channels>)
      std::move(pending).then([this](channel_report& x) { check(x); }, failed);
    else
      std::move(pending).then([this](market_report& x) { check(x); }, failed);
  }

  template <class Report>
  void check(const Report& report) {
    if (!report.all_granted())
      for (auto& x : report.outcomes)
        if (x.reason)
          return end(make_error(x.reason));
  }

  void take(const client_event& event) {
    switch (event.kind) {
      case event_kind::messages_dropped:
        // Otherwise the venue has lost them, or nobody knows whose they were.
        if (event.dropped_messages > 0)
          end(make_error(ec::subscriber_overflow));
        break;
      case event_kind::subscriber_removed:
      case event_kind::channel_revoked:
      case event_kind::ended:
        end(make_error(event.reason));
        break;
      default:
        break;
    }
  }

  void end(const caf::error& reason) {
    if (caf_compat::is_orderly_exit(reason))
      to_.close();
    else
      to_.abort(reason);
    this->quit();
  }

  client_actor client_;
  Request request_; // without a subscriber
  caf::async::producer_resource<Batch> resource_;
  caf::async::producer_adapter<Batch> to_;
};

template <class Batch, class Request>
caf::async::consumer_resource<Batch>
make_flow(caf::actor_system& sys, const client_actor& client, Request request) {
  auto [result, to] = caf::async::make_spsc_buffer_resource<Batch>();
  request.subscriber = nullptr;
  request.options.content = subscription_content::messages_and_events;
  sys.spawn<flow_source<Batch, Request>>(client, std::move(request),
                                         std::move(to));
  return result;
}

} // namespace

caf::async::consumer_resource<message_batch>
as_resource(caf::actor_system& sys, const client_actor& client,
            const subscription_options& options) {
  return make_flow<message_batch>(sys, client, subscribe{{}, options});
}

caf::async::consumer_resource<message_batch>
as_resource(caf::actor_system& sys, const client_actor& client,
            std::vector<channel_spec> channels,
            const subscription_options& options) {
  return make_flow<message_batch>(
    sys, client, subscribe_channels{std::move(channels), {}, options});
}

caf::async::consumer_resource<market_batch>
as_resource(caf::actor_system& sys, const client_actor& client,
            subscribe_market request) {
  return make_flow<market_batch>(sys, client, std::move(request));
}

} // namespace zenws
