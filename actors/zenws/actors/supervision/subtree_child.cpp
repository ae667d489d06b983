#include "zenws/actors/supervision/subtree_child.hpp"

#include "zenws/actors/caf/stable_address.hpp"

#include <memory>
#include <utility>

namespace zenws {

namespace {

// What both kinds of supervisors below have in common.
class subtree_companion : public child_hooks {
public:
  ~subtree_companion() override {
    if (address_)
      stable_address::close(address_, make_error(ec::client_stopped));
  }

  caf::expected<stable_address_handle>
  address(caf::actor_system& sys) override {
    if (!address_)
      address_ = stable_address::make<caf::actor>(sys);
    return stable_address::handle_to(address_);
  }

  child_death ended(const caf::error& reason) override {
    return {classify_exit(reason)};
  }

  void observe(const supervision_event&, caf::execution_unit*) override {
    // nop
  }

  void retire(const caf::error& reason, caf::execution_unit* unit) override {
    retire_children(reason, unit);
    if (address_)
      stable_address::retire(address_, reason);
  }

  tree_node describe(child_state) override {
    return {};
  }

private:
  virtual void
  retire_children(const caf::error& reason, caf::execution_unit* unit)
    = 0;

  caf::actor address_{};
};

class client_supervisor_companion : public subtree_companion {
public:
  const std::shared_ptr<client_table>& clients() const noexcept {
    return clients_;
  }

private:
  void retire_children(const caf::error& reason,
                       caf::execution_unit*) override {
    for (auto& client : std::exchange(*clients_, {}))
      client->close(reason);
  }

  std::shared_ptr<client_table> clients_ = std::make_shared<client_table>();
};

class supervisor_companion : public subtree_companion {
public:
  explicit supervisor_companion(supervisor_config what)
    : config(std::move(what)) {
    // nop
  }

  supervisor_config config;

private:
  void retire_children(const caf::error& reason,
                       caf::execution_unit* unit) override {
    for (auto& child : config.children)
      if (child.hooks)
        child.hooks->retire(reason, unit);
  }
};

child_spec subtree(std::string id, std::shared_ptr<child_hooks> companion,
                   child_factory start) {
  child_spec result;
  result.id = std::move(id);
  result.kind = child_kind::supervisor;
  result.policy.shutdown = std::nullopt;
  result.hooks = std::move(companion);
  result.start = std::move(start);
  return result;
}

} // namespace

child_spec client_supervisor_child(client_runtime& host,
                                   client_supervisor_config cfg) {
  auto companion = std::make_shared<client_supervisor_companion>();
  auto id = cfg.name;
  return subtree(id, companion,
                 [&host, cfg = std::move(cfg), clients = companion->clients()](
                   caf::actor_system& sys) -> caf::expected<caf::actor> {
                   return caf::actor_cast<caf::actor>(
                     sys.spawn<client_supervisor, caf::lazy_init>(cfg, host,
                                                                  clients));
                 });
}

child_spec supervisor_child(supervisor_config cfg) {
  auto companion = std::make_shared<supervisor_companion>(std::move(cfg));
  return subtree(
    companion->config.name, companion,
    [companion](caf::actor_system& sys) -> caf::expected<caf::actor> {
      if (auto problems = validate(companion->config); !problems.empty())
        return make_error(as_error(problems));
      return caf::actor_cast<caf::actor>(
        sys.spawn<supervisor, caf::lazy_init>(companion->config));
    });
}

} // namespace zenws
