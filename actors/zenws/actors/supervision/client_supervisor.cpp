// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/supervision/client_supervisor.hpp"

#include "zenws/actors/client/internal/limit_registry.hpp"
#include "zenws/actors/supervision/internal/client_child.hpp"
#include "zenws/actors/supervision/internal/supervisor_driver.hpp"

#include <utility>

namespace zenws {

namespace {

supervision_policy policy_of(const client_supervisor_config& cfg) {
  supervision_policy result;
  result.limit = cfg.limit;
  result.scope = cfg.scope;
  result.restart_backoff = cfg.restart_backoff;
  result.order = shutdown_order::concurrent;
  result.max_children = cfg.max_children;
  return result;
}

supervisor_config driver_config(const client_supervisor_config& cfg,
                                client_runtime& host) {
  supervisor_config result;
  result.name = cfg.name;
  result.policy = policy_of(cfg);
  result.events = host.events();
  result.registry = host.supervisors();
  result.alarming_restarts = cfg.alarming_restarts;
  return result;
}

const detail::client_child&
client_of(const detail::supervisor_driver::child& child) {
  return static_cast<const detail::client_child&>(*child.spec.hooks);
}

} // namespace

// -- configuration ------------------------------------------------------------

std::vector<config_problem> validate(const client_supervisor_config& cfg) {
  auto result = validate(policy_of(cfg));
  if (cfg.shutdown_timeout.count() < 0)
    result.push_back({"shutdown_timeout", "must not be negative"});
  for (auto& problem : validate(cfg.limits, "limits."))
    result.push_back(std::move(problem));
  return result;
}

// -- constructors, destructors, and assignment operators ----------------------

client_supervisor::client_supervisor(caf::actor_config& cfg,
                                     client_supervisor_config options,
                                     client_runtime& host,
                                     std::shared_ptr<client_table> clients)
  : super(cfg),
    options_(std::move(options)),
    host_(host),
    clients_(clients ? std::move(clients) : std::make_shared<client_table>()) {
  auto forget = [this](const child_spec& stopped) {
    std::erase_if(*clients_, [&](auto& x) { return x.hooks == stopped.hooks; });
  };
  driver_ = std::make_unique<detail::supervisor_driver>(
    *this, driver_config(options_, host_), forget);
}

client_supervisor::~client_supervisor() {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* client_supervisor::name() const {
  return "zenws.client_supervisor";
}

client_supervisor::behavior_type client_supervisor::make_behavior() {
  driver_->start_all(*clients_);
  return {
    [this](start_client& request) { return start(request.spec); },
    [this](const stop_client& request) -> caf::result<void> {
      driver_->terminate(request.name, driver_->answer_to_request());
      return caf::delegated<void>{};
    },
    [this](const restart_client& request) -> caf::result<client_actor> {
      auto i = driver_->find(request.name);
      if (i == driver_->children().end())
        return make_error(error{ec::not_found, request.name});
      auto reply = [promise = make_response_promise(),
                    address = client_of(i->second).address()](
                     const caf::error& problem) mutable {
        if (problem)
          caf_compat::answer(promise, problem);
        else
          caf_compat::answer(promise, address);
      };
      driver_->end_and_restart(request.name, reply);
      return caf::delegated<client_actor>{};
    },
    [this](const list_clients&) { return list(); },
    [this](const count_clients&) { return count(); },
    [this](const get_limits&) { return levels(); },
    [this](const get_tree&) {
      return driver_->tree(
        {{"clients", std::to_string(driver_->children().size())},
         {"limit", to_string(options_.limit)}});
    },
    [this](const detail::supervision_due&) { driver_->expired(); },
  };
}

void client_supervisor::before_end() {
  driver_.reset();
  // Ends actors without another owner.
  clients_.reset();
}

// -- requests -----------------------------------------------------------------

caf::result<client_actor> client_supervisor::start(client_spec& spec) {
  auto& logic = driver_->logic();
  if (logic.shutting_down())
    return make_error(ec::runtime_stopped);
  complete(spec.limits, options_.limits);
  if (spec.account.empty())
    spec.account = options_.account;
  if (auto problems = validate(spec); !problems.empty())
    return make_error(as_error(problems));
  if (auto old = driver_->find(spec.name);
      old != driver_->children().end()
      && logic.state_of(old->first) == child_state::gave_up)
    static_cast<void>(driver_->remove(spec.name));
  auto child = detail::make_client_child(host_, std::move(spec), options_.name,
                                         options_.observer);
  child.policy.shutdown = options_.shutdown_timeout;
  auto address = driver_->start(child);
  if (!address)
    return address.error();
  clients_->push_back(std::move(child));
  return caf::actor_cast<client_actor>(*address);
}

client_list client_supervisor::list() {
  client_list result;
  for (auto& [number, child] : driver_->children()) {
    auto& client = client_of(child);
    auto& stats = client.stats();
    auto in_window = driver_->restarts_in_window(number);
    result.clients.push_back(
      {.id = client.id(),
       .name = client.name(),
       .url = client.url(),
       .child = *driver_->logic().state_of(number),
       .state = stats.state,
       .epoch = stats.epoch,
       .up = stats.up(),
       .messages = stats.messages,
       .restarts = driver_->logic().restarts_of(number),
       .restarts_in_window = static_cast<uint32_t>(in_window),
       .address = client.address()});
  }
  return result;
}

client_counts client_supervisor::count() const {
  client_counts result;
  result.clients = driver_->children().size();
  for (auto& [number, child] : driver_->children()) {
    auto state = *driver_->logic().state_of(number);
    if (state == child_state::restarting)
      ++result.restarting;
    else if (state == child_state::gave_up)
      ++result.gave_up;
    else if (client_of(child).stats().state == client_state::ready)
      ++result.ready;
  }
  return result;
}

limit_levels client_supervisor::levels() const {
  std::vector<shared_rate_limiter> limiters;
  for (auto& [number, child] : driver_->children())
    for (auto& limiter : client_of(child).shared_limits())
      limiters.push_back(limiter);
  return levels_of(limiters);
}

} // namespace zenws
