// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/flows/flow.hpp"

#include "zenws/actors/messages/errors.hpp"

#include <caf/async/producer_adapter.hpp>

#include <utility>

namespace zenws {

namespace {

/// The subscriber behind a flow: hands what it gets to a consumer, and ends
/// with it.
template <class Batch, class Source, class Request>
class flow_source : public ending_actor<caf::event_based_actor> {
public:
  using super = ending_actor<caf::event_based_actor>;

  using producer = caf::async::producer_adapter<Batch>;

  flow_source(caf::actor_config& cfg, Source client, Request request,
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
    request_.subscriber = caf::actor_cast<decltype(request_.subscriber)>(
      caf::strong_actor_ptr{this->ctrl()});
    send_request();
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
  // Of an actor that is killed, the consumer has not heard yet.
  void before_end() override {
    to_.abort(make_error(ec::client_crashed));
  }

private:
  void open() {
    auto nothing = caf::make_action([] {});
    auto cancel = caf::make_action([this] { end({}); });
    if (auto to = caf::async::make_producer_adapter(
          std::move(resource_), caf_compat::context_of(*this), nothing, cancel))
      to_ = std::move(*to);
  }

  void send_request() {
    auto failed = [this](const caf::error& reason) { end(reason); };
    auto pending = this->mail(request_).request(client_, caf::infinite);
    if constexpr (std::is_same_v<Request, subscribe>)
      std::move(pending).then([] {}, failed);
    else if constexpr (std::is_same_v<Request, subscribe_channels>)
      std::move(pending).then([this](channel_report& x) { check(x); }, failed);
    else
      std::move(pending).then([this](market_report& x) { check(x); }, failed);
  }

  template <class Report>
  void check(const Report& report) {
    for (auto& x : report.outcomes)
      if (x.reason)
        return end(make_error(x.reason));
  }

  void take(const client_event& event) {
    switch (event.kind) {
      case event_kind::messages_dropped:
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

  Source client_;
  Request request_;
  caf::async::producer_resource<Batch> resource_;
  producer to_;
};

template <class Batch, class Source, class Request>
caf::async::consumer_resource<Batch>
make_flow(caf::actor_system& sys, const Source& client, Request request) {
  auto [result, to] = caf::async::make_spsc_buffer_resource<Batch>();
  request.options.content = subscription_content::messages_and_events;
  sys.spawn<flow_source<Batch, Source, Request>>(client, std::move(request),
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
