// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/internal/node_relay.hpp"

#include "zenws/nodes/internal/desk_relay.hpp"

#include <utility>

namespace zenws {

// -- constructors, destructors, and assignment operators ----------------------

node_relay::node_relay(caf::actor_config& cfg, runtime& host,
                       relay_options options,
                       std::shared_ptr<relay_stats> stats)
  : super(cfg),
    host_(host),
    options_(std::move(options)),
    stats_(std::move(stats)),
    last_heartbeat_(clock::now()) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* node_relay::name() const {
  return "zenws.node_relay";
}

node_relay::behavior_type node_relay::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_down(*this, [this](const caf::actor_addr& source,
                                    const caf::error&) { on_down(source); });
  caf_compat::on_exit_message(*this, [this](const caf::actor_addr&,
                                            const caf::error& reason) {
    for (auto& [number, entry] : streams_)
      end(entry, error{ec::gateway_lost, "the gateway goes away"});
    quit(reason);
  });
  caf_compat::monitor(*this, options_.connector);
  caf_compat::tell_later(*this, options_.silence_limit / 2,
                         detail::relay_tick{});
  return {
    [this](const open_stream& request) { return open(request); },
    [this](start_stream& request) { return start(request); },
    [this](const widen_stream& request) {
      auto* found = find(request.stream);
      if (found == nullptr || found->interest == stream_interest::everything)
        return;
      found->interest = stream_interest::everything;
      join(*found);
    },
    [this](add_stream_channels& request) { return add_channels(request); },
    [this](const remove_stream_channels& request) { remove_channels(request); },
    [this](add_stream_market& request) { return add_market(request); },
    [this](const remove_stream_market& request) { remove_market(request); },
    [this](const close_stream& request) { close(request.stream); },
    [this](const grant_credit& request) { grant(request); },
    [this](const node_heartbeat&) -> caf::result<void> {
      last_heartbeat_ = clock::now();
      return caf::unit;
    },
    [this](open_desk& request) { return open(request); },
    [this](const message_batch& batch) { handle(batch); },
    [this](const market_batch& batch) { handle(batch); },
    [this](const client_event& event) { handle(event); },
    [this](const supervision_event& event) { tell_watchers(event); },
    [this](const detail::relay_tick&) { watch_node(); },
  };
}

void node_relay::before_end() {
  if (options_.events)
    host_.unwatch(caf_compat::handle_to(*this));
  for (auto& [name, relay] : std::exchange(desk_relays_, {}))
    caf::anon_send_exit(relay, caf::exit_reason::user_shutdown);
  streams_.clear();
  options_ = {};
  stats_->streams.set(0);
  stats_->waiting_bytes.set(0);
  stats_->in_flight_bytes.set(0);
}

// -- requests -----------------------------------------------------------------

template <class Request>
caf::error node_relay::check(const Request& request) const {
  auto refused = [](const char* problem) {
    return make_error(error{ec::invalid_config, problem});
  };
  auto& options = request.options;
  if (!request.receiver)
    return refused("receiver: is missing");
  if (request.interest > stream_interest::everything)
    return refused("interest: is none that there is");
  if (options.policy == overflow_policy::backpressure
      && !options_.allow_backpressure)
    return refused("options.policy: this gateway does not let nodes slow a "
                   "venue down (allow_backpressure)");
  if (options.policy != overflow_policy::backpressure
      && options.policy != overflow_policy::drop_newest)
    return refused("options.policy: a stream to a node drops the newest or "
                   "has the venue wait");
  auto fits = [most = options_.max_stream_bytes](size_t bytes) {
    return bytes > 0 && bytes <= most;
  };
  if (!fits(options.window_bytes) || !fits(options.budget_bytes))
    return refused("options.window_bytes, options.budget_bytes: must be "
                   "positive, and not above what the gateway allows "
                   "(max_stream_bytes)");
  return {};
}

caf::result<opened_stream> node_relay::open(const open_stream& request) {
  if (auto problem = check(request))
    return problem;
  auto known = host_.clients().find(request.client);
  if (!known)
    return make_error(error{ec::not_found, request.client});
  auto& fresh = add_stream(request.client, request.receiver, request.interest,
                           request.options);
  join(fresh);
  return opened(fresh);
}

caf::result<opened_stream> node_relay::start(start_stream& message) {
  if (auto problem = check(message))
    return problem;
  auto& spec = message.spec;
  if (spec.name.empty())
    spec.name = options_.node + '-' + std::to_string(last_number_ + 1);
  auto& fresh = add_stream(spec.name, message.receiver, message.interest,
                           message.options);
  if (message.interest == stream_interest::everything)
    spec.subscribers = {{caf_compat::handle_to(*this), terms_of(fresh)}};
  auto promise = make_response_promise();
  request(options_.supervisor, caf::infinite, start_client{std::move(spec)})
    .then(
      [=, this, number = fresh.number](const client_actor&) mutable {
        auto* found = find(number);
        if (found == nullptr)
          return promise.deliver(make_error(ec::not_found));
        auto result = opened(*found);
        promise.deliver(result);
        if (!result)
          return close(number);
        if (found->interest != stream_interest::everything)
          join(*found);
        flush(*found);
      },
      [=, this, number = fresh.number](caf::error& reason) mutable {
        close(number);
        promise.deliver(std::move(reason));
      });
  return caf::delegated<opened_stream>{};
}

caf::result<channel_report>
node_relay::add_channels(add_stream_channels& request) {
  auto* found = find(request.stream);
  if (found == nullptr)
    return make_error(ec::not_found);
  return caf_compat::delegate(*this, found->source,
                              subscribe_channels{std::move(request.channels),
                                                 caf_compat::handle_to(*this),
                                                 terms_of(*found)});
}

void node_relay::remove_channels(const remove_stream_channels& message) {
  if (auto* found = find(message.stream))
    request(found->source, caf::infinite,
            unsubscribe_channels{message.channels,
                                 caf_compat::handle_to(*this)})
      .then([] {}, [](const caf::error&) {});
}

caf::result<market_report> node_relay::add_market(add_stream_market& request) {
  auto* found = find(request.stream);
  if (found == nullptr || !found->source)
    return make_error(ec::not_found);
  auto terms = terms_of(*found);
  // Events come from the client itself.
  terms.content = subscription_content::messages;
  subscribe_market wanted{std::move(request.instruments),
                          request.kinds,
                          as_market_subscriber(),
                          request.depth,
                          request.pace,
                          terms};
  for (auto& wish : wishes_of(wanted))
    found->market.emplace(wish.kind, wish.instrument);
  return caf_compat::delegate(*this, found->source, std::move(wanted));
}

void node_relay::remove_market(const remove_stream_market& message) {
  auto* found = find(message.stream);
  if (found == nullptr || !found->source)
    return;
  unsubscribe_market unwanted{message.instruments, message.kinds,
                              as_market_subscriber()};
  for (auto& wish : wishes_of(unwanted))
    found->market.erase({wish.kind, wish.instrument});
  request(found->source, caf::infinite, std::move(unwanted))
    .then([] {}, [](const caf::error&) {});
}

void node_relay::close(uint64_t number) {
  if (auto* found = find(number)) {
    leave(*found);
    count_waiting(*found, 0);
    count_in_flight(*found, 0);
    numbers_by_client_.erase(found->client_id);
    streams_.erase(number);
    stats_->streams.set(streams_.size());
  }
}

void node_relay::grant(const grant_credit& request) {
  auto* to = find(request.stream);
  if (to == nullptr)
    return;
  count_in_flight(*to, to->in_flight
                         - std::min<size_t>(to->in_flight, request.bytes));
  flush(*to);
}

caf::result<opened_desk> node_relay::open(open_desk& request) {
  auto desk = options_.desks.find(request.desk);
  if (desk == options_.desks.end())
    return make_error(error{ec::not_found, request.desk});
  if (!request.receiver)
    return make_error(error{ec::invalid_config, "receiver: is missing"});
  auto& relay = desk_relays_[request.desk];
  // A node that was tired of waiting asks again.
  if (relay)
    anon_send_exit(relay, caf::exit_reason::user_shutdown);
  relay = caf::actor_cast<caf::actor>(
    system().spawn<desk_relay>(desk->second, std::move(request)));
  return opened_desk{relay, desk->second};
}

// -- the node -------------------------------------------------------------------

void node_relay::watch_node() {
  auto silent = clock::now() - last_heartbeat_;
  if (silent > options_.silence_limit)
    return quit(make_error(error{ec::node_lost, options_.node + " is silent"}));
  caf_compat::tell_later(*this, options_.silence_limit / 4,
                         detail::relay_tick{});
}

void node_relay::on_down(const caf::actor_addr& source) {
  if (source == options_.connector.address())
    return quit(make_error(error{ec::node_lost, options_.node}));
  for (auto& [number, entry] : streams_)
    if (entry.receiver.address() == source)
      return close(number);
}

} // namespace zenws
