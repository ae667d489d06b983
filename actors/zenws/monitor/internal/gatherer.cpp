// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/gatherer.hpp"

#include <utility>

namespace zenws::monitoring {

// -- constructors, destructors, and assignment operators ----------------------

gatherer::gatherer(caf::actor_config& cfg, runtime& host,
                   const monitor_options& options, event_ring_ptr events)
  : ending_actor(cfg),
    host_(host),
    trees_(options.trees),
    desks_(options.desks),
    events_(std::move(events)) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* gatherer::name() const {
  return "zenws.monitor";
}

caf::behavior gatherer::make_behavior() {
  caf_compat::log_unhandled(*this);
  host_.watch(this);
  return {
    [this](const client_event& event) { events_->add(event); },
    [this](const supervision_event& event) { events_->add(event); },
    [this](const gather_snapshot& order) { gather(order.to); },
    [this](const gather_detail& order) { ask_client(order); },
    [](const check_scheduler& order) { order.to->content = true; },
  };
}

void gatherer::before_end() {
  trees_.clear();
  desks_ = nullptr;
}

// -- snapshots ----------------------------------------------------------------

void gatherer::gather(const collection_ptr<snapshot>& to) {
  auto& content = to->content;
  content.time = std::chrono::steady_clock::now();
  content.wall_time = std::chrono::system_clock::now();
  content.clients = host_.clients().list();
  content.limits = host_.limits().limits;
  for (auto& root : trees_.empty() ? host_.root_supervisors() : trees_)
    ask_tree(root, to);
  if (desks_)
    for (auto& [name, desk] : desks_())
      ask_desk(name, desk, to);
}

void gatherer::ask_tree(const caf::actor& root,
                        const collection_ptr<snapshot>& to) {
  auto index = to->content.trees.size();
  to->content.trees.push_back({.name = caf_compat::describe_actor(root),
                               .kind = child_kind::supervisor,
                               .state = "does not answer"});
  request(root, patience, get_tree{})
    .then([=](tree_node& tree) { to->content.trees[index] = std::move(tree); },
          [=](const caf::error&) {
            // The node stays as it is.
          });
}

void gatherer::ask_desk(const std::string& name, const order_desk_actor& desk,
                        const collection_ptr<snapshot>& to) {
  auto index = to->content.desks.size();
  to->content.desks.push_back({.name = name});
  auto ignore = [to](const caf::error&) {
    // It has ended, or is busy.
  };
  request(desk, patience, get_desk_report{})
    .then(
      [=](desk_report& x) { to->content.desks[index].report = std::move(x); },
      ignore);
  request(desk, patience, get_orders{})
    .then(
      [=](order_list& x) {
        to->content.desks[index].orders = std::move(x.orders);
      },
      ignore);
  request(desk, patience, get_positions{})
    .then(
      [=](position_list& x) {
        to->content.desks[index].positions = std::move(x.positions);
      },
      ignore);
}

// -- details ------------------------------------------------------------------

void gatherer::ask_client(const gather_detail& order) {
  auto client = host_.find_client(order.client);
  if (!client)
    return;
  auto ignore = [to = order.to](const caf::error&) {
    // It is down.
  };
  request(*client, patience, get_status{})
    .then(
      [to = order.to](client_status& x) { to->content.status = std::move(x); },
      ignore);
  request(*client, patience, get_state_metrics{})
    .then(
      [to = order.to](state_metrics& x) { to->content.metrics = std::move(x); },
      ignore);
  request(*client, patience, get_books{})
    .then([to = order.to](book_report& x) { to->content.books = std::move(x); },
          ignore);
}

} // namespace zenws::monitoring
