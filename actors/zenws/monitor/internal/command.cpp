// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/command.hpp"

#include "zenws/internal/enum_names.hpp"

#include <boost/describe/enum.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace zenws::monitoring {

namespace {

error error_of(const caf::error& reason) {
  if (caf_compat::is_ours(reason))
    return {caf_compat::code_of(reason), caf_compat::detail_of(reason)};
  return {ec::outcome_unknown, caf_compat::to_text(reason)};
}

} // namespace

BOOST_DESCRIBE_ENUM(verb, restart, stop, start, renew, halt, resume)

std::string_view to_string(verb value) noexcept {
  return zenws::internal::enum_name(value);
}

std::string describe(const command& x) {
  std::string result{to_string(x.action)};
  result += ' ' + x.target;
  if (!x.channel.empty())
    result += ", channel " + x.channel;
  if (!x.reason.empty())
    result += ": " + x.reason;
  return printable(result);
}

// -- constructors, destructors, and assignment operators ----------------------

command_runner::command_runner(caf::actor_config& cfg, runtime& host,
                               command order, desk_map desks,
                               command_handler report)
  : ending_actor(cfg),
    host_(host),
    order_(std::move(order)),
    desks_(std::move(desks)),
    report_(std::move(report)) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* command_runner::name() const {
  return "zenws.monitor_command";
}

caf::behavior command_runner::make_behavior() {
  run();
  return {}; // ends with the last response
}

void command_runner::before_end() {
  finish({ec::runtime_stopped});
  desks_.clear();
  unvisited_.clear();
}

void command_runner::run() {
  if (is_for_desks(order_.action))
    return run_at_desk();
  if (order_.action == verb::renew)
    return renew();
  auto roots = host_.root_supervisors();
  unvisited_.assign(roots.begin(), roots.end());
  visit_next();
}

// -- desks --------------------------------------------------------------------

void command_runner::run_at_desk() {
  auto i = desks_.find(order_.target);
  if (i == desks_.end())
    return finish({ec::not_found, "there is no desk " + order_.target});
  if (order_.action == verb::resume)
    return finish_by(i->second, resume_trading{});
  auto reason = order_.reason.empty() ? "monitor" : order_.reason;
  finish_by(i->second, halt_trading{reason});
}

// -- channels -----------------------------------------------------------------

void command_runner::renew() {
  auto client = host_.find_client(order_.target);
  if (!client)
    return finish({ec::not_found, "there is no client " + order_.target});
  request(*client, patience, get_status{})
    .then(
      [this, to = *client](const client_status& status) {
        std::vector<std::string> channels;
        for (auto& x : status.channel_states)
          if (order_.channel.empty() || x.name == order_.channel)
            channels.push_back(x.name);
        renew(to, std::move(channels));
      },
      failing());
}

void command_runner::renew(const client_actor& client,
                           std::vector<std::string> channels) {
  if (!channels.empty())
    return finish_by(client, renew_channels{std::move(channels)});
  finish(
    {ec::not_found, order_.channel.empty()
                      ? order_.target + " has no channels"
                      : order_.target + " has no channel " + order_.channel});
}

// -- clients ------------------------------------------------------------------

void command_runner::visit_next() {
  if (unvisited_.empty())
    return finish({ec::not_found, "there is no client " + order_.target});
  auto next = std::move(unvisited_.front());
  unvisited_.pop_front();
  if (caf_compat::has_interface<client_supervisor_actor>(next))
    visit(caf::actor_cast<client_supervisor_actor>(next));
  else if (caf_compat::has_interface<supervisor_actor>(next))
    visit(caf::actor_cast<supervisor_actor>(next));
  else
    visit_next();
}

void command_runner::visit(const client_supervisor_actor& supervisor) {
  request(supervisor, patience, list_clients{})
    .then(
      [this, supervisor](const client_list& list) {
        auto i = std::ranges::find(list.clients, order_.target,
                                   &client_info::name);
        if (i == list.clients.end())
          visit_next();
        else if (order_.action == verb::start
                 && i->child == child_state::running)
          finish({ec::already_exists, order_.target + " runs"});
        else
          run_at(supervisor);
      },
      [this](const caf::error&) { visit_next(); });
}

void command_runner::visit(const supervisor_actor& supervisor) {
  request(supervisor, patience, which_children{})
    .then(
      [this, supervisor](const child_list& list) {
        auto found = false;
        for (auto& x : list.children) {
          found |= x.kind == child_kind::client && x.id == order_.target;
          if (x.kind == child_kind::supervisor && x.address)
            unvisited_.push_back(x.address);
        }
        if (found)
          run_at(supervisor);
        else
          visit_next();
      },
      [this](const caf::error&) { visit_next(); });
}

void command_runner::run_at(const client_supervisor_actor& supervisor) {
  if (order_.action == verb::stop)
    finish_by(supervisor, stop_client{order_.target});
  else
    finish_by(supervisor, restart_client{order_.target});
}

void command_runner::run_at(const supervisor_actor& supervisor) {
  if (order_.action == verb::start)
    return finish_by(supervisor, restart_child{order_.target});
  if (order_.action == verb::stop)
    return finish_by(supervisor, terminate_child{order_.target});
  auto start = [this, supervisor] {
    finish_by(supervisor, restart_child{order_.target});
  };
  request(supervisor, patience, terminate_child{order_.target})
    .then(start, failing());
}

// -- results ------------------------------------------------------------------

template <class Handle, class Request>
void command_runner::finish_by(const Handle& to, Request order) {
  auto sent = request(to, patience, std::move(order));
  if constexpr (std::is_same_v<Request, restart_client>)
    std::move(sent).then([this](const client_actor&) { finish({}); },
                         failing());
  else if constexpr (std::is_same_v<Request, restart_child>)
    std::move(sent).then([this](const caf::actor&) { finish({}); }, failing());
  else
    std::move(sent).then([this] { finish({}); }, failing());
}

void command_runner::finish(const error& failure) {
  if (auto report = std::exchange(report_, nullptr))
    report(failure);
}

std::function<void(const caf::error&)> command_runner::failing() {
  return [this](const caf::error& reason) { finish(error_of(reason)); };
}

} // namespace zenws::monitoring
