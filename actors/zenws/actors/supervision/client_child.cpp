#include "zenws/actors/supervision/client_child.hpp"

#include "zenws/actors/supervision/supervised_client.hpp"

#include <memory>
#include <utility>

namespace zenws {

namespace {

class client_companion : public child_hooks {
public:
  client_companion(client_runtime& host, client_spec spec)
    : client(host, std::move(spec)) {
    // nop
  }

  caf::expected<stable_address_handle> address(caf::actor_system&) override {
    if (auto problem = client.open({}))
      return problem;
    return stable_address::handle_to(client.address());
  }

  child_death ended(const caf::error& reason) override {
    return client.ended(reason);
  }

  void observe(const supervision_event& what,
               caf::execution_unit* unit) override {
    switch (what.kind) {
      case supervision_event_kind::restarting:
        restarts_ = what.restarts;
        client.tell_restarting(what.restarts, what.retry_in, unit);
        break;
      case supervision_event_kind::restarted:
        restarts_ = what.restarts;
        break;
      case supervision_event_kind::gave_up:
        client.give_up(what.restarts, unit);
        break;
      default:
        break;
    }
  }

  void retire(const caf::error& reason, caf::execution_unit* unit) override {
    client.retire(reason, unit);
  }

  tree_node describe(child_state state) override {
    return node_of(client, state);
  }

  // Tells subscribers while the record is ours: before the incarnation starts.
  caf::expected<client_actor> make_incarnation() {
    if (!client.is_running() && std::exchange(has_run_, true))
      client.tell_restarted(restarts_ + 1, nullptr);
    return client.make_incarnation();
  }

  supervised_client client;

private:
  bool has_run_ = false;
  uint64_t restarts_ = 0;
};

} // namespace

child_spec client_child(client_runtime& host, client_spec spec) {
  auto companion = std::make_shared<client_companion>(host, std::move(spec));
  child_spec result;
  result.id = companion->client.name();
  result.kind = child_kind::client;
  result.policy.restart = restart_type::transient;
  result.hooks = companion;
  result.start = [companion](caf::actor_system&) -> caf::expected<caf::actor> {
    auto incarnation = companion->make_incarnation();
    if (!incarnation)
      return incarnation.error();
    return caf::actor_cast<caf::actor>(*incarnation);
  };
  return result;
}

} // namespace zenws
