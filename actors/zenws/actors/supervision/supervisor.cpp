// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/supervision/supervisor.hpp"

#include "zenws/actors/supervision/internal/supervisor_driver.hpp"

#include <iterator>
#include <map>
#include <memory>
#include <utility>

namespace zenws {

namespace {

// Time in which a supervisor below must answer `get_tree`.
constexpr std::chrono::seconds tree_timeout{1};

// Counts down to the answer of a `get_tree`.
struct tree_collection {
  tree_node root;
  size_t pending = 1; // the collection itself
  caf::typed_response_promise<tree_node> promise;

  void done() {
    if (--pending == 0)
      promise.deliver(std::move(root));
  }
};

child_list list_of(detail::supervisor_driver& driver) {
  child_list result;
  for (auto& [number, x] : driver.children()) {
    auto in_window = driver.restarts_in_window(number);
    result.children.push_back(
      {.id = x.spec.id,
       .kind = x.spec.kind,
       .state = *driver.logic().state_of(number),
       .restarts = driver.logic().restarts_of(number),
       .restarts_in_window = static_cast<uint32_t>(in_window),
       .address = x.address});
  }
  return result;
}

child_counts counts_of(const detail::supervisor_driver& driver) {
  child_counts result;
  result.specs = driver.children().size();
  for (auto& [number, x] : driver.children()) {
    if (x.incarnation)
      ++result.active;
    if (x.spec.kind == child_kind::supervisor)
      ++result.supervisors;
    else
      ++result.workers;
  }
  return result;
}

} // namespace

// -- configuration ------------------------------------------------------------

std::vector<config_problem> validate(const supervisor_config& cfg) {
  auto result = validate(cfg.policy);
  std::map<std::string, size_t> ids;
  for (size_t i = 0; i < cfg.children.size(); ++i) {
    auto path = "children[" + std::to_string(i) + "].";
    for (auto& x : validate(cfg.children[i], path))
      result.push_back(std::move(x));
    if (!ids.emplace(cfg.children[i].id, i).second)
      result.push_back({path + "id", "is another child's, too"});
  }
  return result;
}

// -- constructors, destructors, and assignment operators ----------------------

supervisor::supervisor(caf::actor_config& cfg, supervisor_config options)
  : super(cfg),
    strategy_(to_string(options.policy.strategy)),
    first_children_(std::exchange(options.children, {})),
    driver_(
      std::make_unique<detail::supervisor_driver>(*this, std::move(options))) {
  // nop
}

supervisor::~supervisor() {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* supervisor::name() const {
  return "zenws.supervisor";
}

supervisor::behavior_type supervisor::make_behavior() {
  driver_->start_all(std::exchange(first_children_, {}));
  return {
    [this](start_child& request) -> caf::result<caf::actor> {
      auto result = driver_->start(std::move(request.spec));
      if (!result)
        return result.error();
      return *result;
    },
    [this](const terminate_child& request) -> caf::result<void> {
      driver_->terminate(request.id, driver_->answer_to_request());
      return caf::delegated<void>{};
    },
    [this](const restart_child& request) -> caf::result<caf::actor> {
      auto result = driver_->restart(request.id);
      if (!result)
        return result.error();
      return *result;
    },
    [this](const delete_child& request) -> caf::result<void> {
      if (auto problem = driver_->remove(request.id))
        return problem;
      return caf::unit;
    },
    [this](const which_children&) { return list_of(*driver_); },
    [this](const count_children&) { return counts_of(*driver_); },
    [this](const get_tree&) { return tree(); },
    [this](const detail::supervision_due&) { driver_->expired(); },
  };
}

void supervisor::before_end() {
  first_children_.clear();
  driver_.reset();
}

caf::result<tree_node> supervisor::tree() {
  auto all = std::make_shared<tree_collection>();
  all->promise = make_response_promise<tree_node>();
  all->root = driver_->tree({{"strategy", strategy_}});
  size_t index = 0;
  for (auto& [number, x] : driver_->children()) {
    auto at = index++;
    if (x.spec.kind != child_kind::supervisor || !x.incarnation)
      continue;
    ++all->pending;
    request(x.incarnation, tree_timeout, get_tree{})
      .then(
        [all, at](tree_node& below) {
          auto& to = all->root.children[at];
          std::move(below.details.begin(), below.details.end(),
                    std::back_inserter(to.details));
          to.children = std::move(below.children);
          all->done();
        },
        [all, at](const caf::error&) {
          all->root.children[at].state = "does not answer";
          all->done();
        });
  }
  auto promise = all->promise;
  all->done();
  return promise;
}

// -- starting -----------------------------------------------------------------

caf::expected<supervisor_actor> supervise(caf::actor_system& sys,
                                          supervisor_config cfg) {
  if (auto problems = validate(cfg); !problems.empty())
    return make_error(as_error(problems));
  return sys.spawn<supervisor>(std::move(cfg));
}

} // namespace zenws
