// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/supervision/make_child.hpp"

#include "zenws/actors/caf/stable_address.hpp"
#include "zenws/actors/supervision/internal/client_child.hpp"

#include <functional>
#include <memory>
#include <utility>

namespace zenws {

namespace {

template <class Handle>
constexpr stable_address::role subtree_role{
  .interface = caf_compat::message_types<Handle>,
};

// Address of a supervisor below another one.
class subtree_hooks : public child_hooks {
public:
  using retire_function
    = std::function<void(const caf::error&, caf_compat::execution_unit*)>;

  subtree_hooks(const stable_address::role& role,
                retire_function retire_children)
    : role_(role), retire_children_(std::move(retire_children)) {
    // nop
  }

  ~subtree_hooks() override {
    if (address_)
      stable_address::close(address_, make_error(ec::client_stopped));
  }

  caf::expected<stable_address_handle>
  address(caf::actor_system& sys) override {
    if (!address_)
      address_ = stable_address::make<caf::actor>(sys, role_);
    return stable_address::handle_to(address_);
  }

  child_death ended(const caf::error& reason) override {
    return {classify_exit(reason)};
  }

  void retire(const caf::error& reason,
              caf_compat::execution_unit* unit) override {
    retire_children_(reason, unit);
    if (address_)
      stable_address::retire(address_, reason);
  }

private:
  stable_address::role role_;
  retire_function retire_children_;
  caf::actor address_{};
};

child_spec make_subtree(std::string id, const stable_address::role& role,
                        subtree_hooks::retire_function retire_children,
                        child_factory start) {
  child_spec result;
  result.id = std::move(id);
  result.kind = child_kind::supervisor;
  result.policy.shutdown = shutdown_time::infinity;
  result.hooks = std::make_shared<subtree_hooks>(role,
                                                 std::move(retire_children));
  result.start = std::move(start);
  return result;
}

} // namespace

child_spec make_child(client_runtime& host, client_spec spec) {
  return detail::make_client_child(host, std::move(spec));
}

child_spec make_child(client_runtime& host, client_supervisor_config cfg) {
  auto clients = std::make_shared<client_table>();
  auto retire = [clients](const caf::error& reason,
                          caf_compat::execution_unit* unit) {
    for (auto& client : std::exchange(*clients, {}))
      client.hooks->retire(reason, unit);
  };
  auto id = cfg.name;
  return make_subtree(
    id, subtree_role<client_supervisor_actor>, retire,
    [&host, cfg = std::move(cfg),
     clients](caf::actor_system& sys) -> caf::expected<caf::actor> {
      return caf::actor_cast<caf::actor>(
        sys.spawn<client_supervisor, caf::lazy_init>(cfg, host, clients));
    });
}

child_spec make_child(supervisor_config cfg) {
  auto retire = [children = cfg.children](const caf::error& reason,
                                          caf_compat::execution_unit* unit) {
    for (auto& child : children)
      if (child.hooks)
        child.hooks->retire(reason, unit);
  };
  auto id = cfg.name;
  return make_subtree(id, subtree_role<supervisor_actor>, retire,
                      [cfg = std::move(cfg)](
                        caf::actor_system& sys) -> caf::expected<caf::actor> {
                        if (auto problems = validate(cfg); !problems.empty())
                          return make_error(as_error(problems));
                        return caf::actor_cast<caf::actor>(
                          sys.spawn<supervisor, caf::lazy_init>(cfg));
                      });
}

} // namespace zenws
