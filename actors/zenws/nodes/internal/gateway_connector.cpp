// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/internal/gateway_connector.hpp"

#include "zenws/internal/random_seed.hpp"
#include "zenws/nodes/internal/forward_request.hpp"
#include "zenws/nodes/internal/remote_client.hpp"
#include "zenws/nodes/internal/remote_desk.hpp"

#include <set>
#include <utility>

namespace zenws {

// -- constructors, destructors, and assignment operators ----------------------

gateway_connector::gateway_connector(caf::actor_config& cfg,
                                     gateway_options options, runtime& host,
                                     caf::io::middleman_actor transport)
  : super(cfg),
    options_(std::move(options)),
    host_(host),
    transport_(std::move(transport)),
    backoff_([this] {
      auto unlimited = options_.backoff;
      unlimited.max_attempts = backoff_config::unlimited;
      return unlimited;
    }()),
    random_(static_cast<uint32_t>(internal::random_seed())) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* gateway_connector::name() const {
  return "zenws.gateway_connector";
}

gateway_connector::behavior_type gateway_connector::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_down(*this, [this](const caf::actor_addr& source,
                                    const caf::error&) {
    if (session_ && source == session_->relay.address())
      return lost(error{ec::gateway_lost,
                        options_.host + ':' + std::to_string(options_.port)});
    std::erase_if(clients_,
                  [&](auto& x) { return x.second.address() == source; });
    std::erase_if(desks_,
                  [&](auto& x) { return x.second.address() == source; });
  });
  backoff_.first_attempt();
  connect();
  return {
    [this](start_client& request) { return start(request.spec); },
    [this](stop_client& request) { return forward<void>(request); },
    [this](restart_client& request) {
      return forward<client_actor>(
        request, [this, name = request.name](const client_actor&) {
          return client_for({.name = name}, false);
        });
    },
    [this](list_clients request) {
      return forward<client_list>(request, [this](client_list all) {
        for (auto& x : all.clients)
          x.address = client_for({.name = x.name}, false);
        return all;
      });
    },
    [this](count_clients request) { return forward<client_counts>(request); },
    [this](get_limits request) { return forward<limit_levels>(request); },
    [this](get_tree request) { return forward<tree_node>(request); },
    [this](const get_client& request) { return find(request.name); },
    [this](const get_desk& request) { return find_desk(request.name); },
    [this](const client_event& event) {
      host_.events()->publish(event, context());
    },
    [this](const supervision_event& event) {
      host_.events()->publish(event, context());
    },
    [this](const detail::connector_due& due) {
      if (due.session != attempt_)
        return;
      if (due.action == detail::connector_due::task::connect)
        connect();
      else
        send_heartbeat();
    },
    [this](const detail::await_session&) -> caf::result<void> {
      if (session_)
        return caf::unit;
      waiting_.push_back(make_response_promise());
      return caf::delegated<void>{};
    },
  };
}

void gateway_connector::before_end() {
  for (auto& [name, address] : clients_)
    caf::anon_send_exit(address, caf::exit_reason::user_shutdown);
  clients_.clear();
  for (auto& [name, address] : desks_)
    caf::anon_send_exit(address, caf::exit_reason::user_shutdown);
  desks_.clear();
  session_ = std::nullopt;
  gateway_ = nullptr;
  // Holders of our address must not keep the thread of the transport, for which
  // the actor system waits.
  transport_ = nullptr;
  promises_.fail_all(make_error(ec::disconnected));
  for (auto& promise : std::exchange(waiting_, {}))
    caf_compat::answer(promise, make_error(ec::runtime_stopped));
}

// -- the session --------------------------------------------------------------

void gateway_connector::connect() {
  ++attempt_;
  request(transport_, caf::infinite, caf_compat::connect, options_.host,
          options_.port)
    .then(
      [this, attempt = attempt_](const caf::node_id&,
                                 const caf::strong_actor_ptr& actor,
                                 const std::set<std::string>&) {
        if (attempt == attempt_)
          join(actor);
      },
      [this, attempt = attempt_](const caf::error& reason) {
        if (attempt == attempt_)
          failed(reason);
      });
}

void gateway_connector::join(const caf::strong_actor_ptr& actor) {
  if (!actor)
    return failed(make_error(error{ec::connect_failed, "no gateway there"}));
  if (actor->node() == system().node())
    return failed(make_error(error{ec::invalid_config,
                                   "the gateway is in this very actor system: "
                                   "use its clients as they are"}));
  gateway_ = caf::actor_cast<gateway_actor>(actor);
  request(gateway_, std::chrono::seconds{5},
          join_gateway{node_protocol, options_.node,
                       caf_compat::handle_to(*this), options_.events})
    .then(
      [this, attempt = attempt_](gateway_session& session) {
        if (attempt == attempt_)
          joined(session);
      },
      [this, attempt = attempt_](const caf::error& reason) {
        if (attempt == attempt_)
          failed(reason);
      });
}

void gateway_connector::joined(gateway_session& session) {
  session_ = std::move(session);
  since_ = clock().now();
  caf_compat::monitor(*this, session_->relay);
  for (auto& [name, address] : clients_)
    caf_compat::tell(*this, address, detail::gateway_up{session_->relay});
  for (auto& [name, address] : desks_)
    caf_compat::tell(*this, address, detail::gateway_up{session_->relay});
  for (auto& promise : std::exchange(waiting_, {}))
    caf_compat::answer(promise);
  write_log(system(), {.level = log_level::info,
                       .component = name(),
                       .text = "found the gateway",
                       .fields = gateway_fields()});
  send_heartbeat();
}

std::vector<log_field> gateway_connector::gateway_fields() const {
  return {{"node", options_.node},
          {"host", options_.host},
          {"port", std::to_string(options_.port)}};
}

void gateway_connector::failed(const caf::error& reason) {
  for (auto& promise : std::exchange(waiting_, {}))
    caf_compat::answer(promise, reason);
  auto jitter = std::uniform_real_distribution<double>{0.0, 1.0}(random_);
  auto delay = backoff_.next(jitter);
  caf_compat::tell_later(
    *this, delay.value_or(options_.backoff.max),
    detail::connector_due{detail::connector_due::task::connect, attempt_});
}

void gateway_connector::lost(const error& reason) {
  if (!session_)
    return;
  caf_compat::demonitor(*this, session_->relay.address());
  session_ = std::nullopt;
  gateway_ = nullptr;
  ++attempt_;
  write_log(system(), {.level = log_level::warning,
                       .component = name(),
                       .text = "lost the gateway: " + to_string(reason),
                       .fields = gateway_fields()});
  promises_.abandon_all(*this, make_error(ec::disconnected));
  for (auto& [name, address] : clients_)
    caf_compat::tell(*this, address, detail::gateway_down{reason});
  for (auto& [name, address] : desks_)
    caf_compat::tell(*this, address, detail::gateway_down{reason});
  backoff_.connected_for(clock().now() - since_);
  failed({});
}

void gateway_connector::send_heartbeat() {
  auto limit = session_->silence_limit;
  request(session_->relay, limit, node_heartbeat{})
    .then([] {},
          [this, attempt = attempt_](const caf::error&) {
            if (attempt == attempt_)
              lost(error{ec::gateway_lost, session_->gateway + " is silent"});
          });
  caf_compat::tell_later(
    *this, limit / 4,
    detail::connector_due{detail::connector_due::task::heartbeat, attempt_});
}

// -- clients ------------------------------------------------------------------

client_actor gateway_connector::client_for(client_spec spec, bool starts) {
  if (auto known = clients_.find(spec.name); known != clients_.end())
    return known->second;
  auto name = spec.name;
  auto proxy = spawn<remote_client>(std::move(spec), starts, options_.stream);
  caf_compat::monitor(*this, proxy);
  if (session_)
    caf_compat::tell(*this, proxy, detail::gateway_up{session_->relay});
  client_actor result{proxy};
  clients_.emplace(std::move(name), result);
  return result;
}

template <class Handle>
caf::result<Handle> gateway_connector::when_open(const Handle& address) {
  auto promise = make_response_promise();
  request(caf::actor_cast<caf::actor>(address), caf::infinite,
          detail::await_stream{})
    .then([=]() mutable { promise.deliver(address); },
          [=](caf::error& reason) mutable {
            promise.deliver(std::move(reason));
          });
  return caf::delegated<Handle>{};
}

caf::result<client_actor> gateway_connector::find(const std::string& name) {
  if (auto known = clients_.find(name); known != clients_.end())
    return when_open(known->second);
  if (!session_)
    return make_error(error{ec::not_connected, "the gateway is gone for now"});
  return when_open(client_for({.name = name}, false));
}

caf::result<client_actor> gateway_connector::start(client_spec& spec) {
  if (!session_)
    return make_error(error{ec::not_connected, "the gateway is gone for now"});
  // The gateway could not even read it, and would not answer.
  if (auto problem = check_portable(spec))
    return make_error(problem);
  if (auto problems = validate(spec); !problems.empty())
    return make_error(as_error(problems));
  if (spec.name.empty())
    spec.name = options_.node + '-' + std::to_string(clients_.size() + 1);
  if (clients_.contains(spec.name))
    return make_error(error{ec::already_exists, spec.name});
  return when_open(client_for(std::move(spec), true));
}

// -- desks --------------------------------------------------------------------

caf::result<order_desk_actor>
gateway_connector::find_desk(const std::string& name) {
  if (auto known = desks_.find(name); known != desks_.end())
    return when_open(known->second);
  if (!session_)
    return make_error(error{ec::not_connected, "the gateway is gone for now"});
  auto proxy = spawn<remote_desk>(name);
  caf_compat::monitor(*this, proxy);
  caf_compat::tell(*this, proxy, detail::gateway_up{session_->relay});
  order_desk_actor result{proxy};
  desks_.emplace(name, result);
  return when_open(result);
}

// -- requests -----------------------------------------------------------------

template <class Result, class Request, class F>
caf::result<Result> gateway_connector::forward(Request& request, F f) {
  if (!session_)
    return make_error(error{ec::not_connected, "the gateway is gone for now"});
  return forward_request<Result>(*this, promises_, gateway_, std::move(request),
                                 std::move(f));
}

} // namespace zenws
