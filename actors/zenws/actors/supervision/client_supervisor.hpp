#pragma once

#include "zenws/actors/client/client_runtime.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/actors/supervision/supervised_client.hpp"
#include "zenws/actors/supervision/supervisor_driver.hpp"
#include "zenws/supervision/supervisor_logic.hpp"
#include "zenws/timing/backoff.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace zenws {

struct client_supervisor_config {
  /// For people: shown in the tree.
  std::string name = "client-supervisor";

  restart_limit limit{};

  restart_scope scope = restart_scope::per_child;

  /// Delays between a crash and the restart. The first after a stable run is
  /// immediate. `max_attempts` is not used: `limit` decides when to give up.
  backoff_config restart_backoff = default_restart_backoff;

  size_t max_children = defaults::max_children;

  /// Clients that have not closed by then are killed, counted from
  /// `stop_client` or the end of the supervisor.
  std::chrono::milliseconds shutdown_timeout = std::chrono::seconds{8};

  /// Restarts are logged as warnings; from this many in the window of `limit`
  /// on, as errors.
  size_t alarming_restarts = 3;

  /// Receives the events of all clients that concern supervision
  /// (`restarting`, `restarted`, `gave_up`). Optional.
  caf::actor observer{};
};

/// The clients of a supervisor, in the order of their starts. A supervisor that
/// is started with the table of one before it goes on with its clients: they
/// keep subscribers, channels and addresses.
using client_table = std::vector<std::shared_ptr<supervised_client>>;

namespace detail {

using client_supervisor_impl
  = client_supervisor_actor::extend<caf_compat::takes<supervision_due>>;

} // namespace detail

/// Starts clients, is linked to and monitors each, and restarts those that end
/// in error (OTP: transient). What a client was told to do (its spec, its
/// subscribers) survives its incarnations, and so does its address.
///
/// Fatal errors (`class_of`) do not lead to a restart: the client is given up
/// at once. Outages (`child_end::outage`) do not count against the limit.
class client_supervisor : public detail::client_supervisor_impl::base {
public:
  // -- member types -----------------------------------------------------------

  using super = detail::client_supervisor_impl::base;

  // -- constructors, destructors, and assignment operators ------------------

  /// @param host must live longer than the supervisor.
  /// @param clients where to keep the clients if they are to outlive the
  ///                supervisor; otherwise they end with it.
  client_supervisor(caf::actor_config& cfg, client_supervisor_config options,
                    client_runtime& host,
                    std::shared_ptr<client_table> clients = nullptr);

  // -- implementation of local_actor ----------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void on_exit() override;

private:
  friend class detail::supervisor_driver;

  struct child {
    std::shared_ptr<supervised_client> client;
    client_actor incarnation{};
    caf::error exit_reason{}; // what the last incarnation ended by
    bool has_run = false;
    std::vector<caf::response_promise> waiting_for_stop{};
    std::vector<caf::response_promise> waiting_for_restart{};
  };

  using child_map = std::map<uint64_t, child>; // by number

  // -- requests -----------------------------------------------------------------

  caf::result<client_actor> start(client_spec& spec);

  // Begins to supervise a client.
  void take_in(std::shared_ptr<supervised_client> client);

  caf::result<void> stop(const std::string& name);

  caf::result<client_actor> restart(const std::string& name);

  client_list list();

  client_counts count() const;

  tree_node tree();

  // -- life and death -----------------------------------------------------------

  bool is_exit_of_child(caf::actor_id who);

  void on_child_down(const caf::actor_addr& who, const caf::error& reason);

  void shut_down(const caf::error& reason);

  // -- following the supervision ------------------------------------------------

  void follow(supervisor_actions actions);

  void perform(const supervisor_action::start& what);
  void perform(const supervisor_action::stop& what);
  void perform(const supervisor_action::kill& what);
  void perform(const supervisor_action::notify& what);
  void perform(const supervisor_action::stopped& what);
  void perform(const supervisor_action::forget& what);
  void perform(const supervisor_action::finish& what);

  // Starts a client again that has ended by request.
  void start_again(uint64_t number, child& who);

  void answer_all(child& who);

  // -- telling ------------------------------------------------------------------

  void publish(supervision_event_kind kind, uint64_t number,
               std::chrono::milliseconds retry_in = {});

  void tell_observer(client_event what);

  child_map::iterator find(const std::string& name);

  client_supervisor_config options_;
  client_runtime& host_;
  supervisor_logic policy_;
  std::shared_ptr<client_table> table_;
  child_map children_;
  std::map<std::string, uint64_t, std::less<>> numbers_by_name_;
  std::unordered_map<caf::actor_id, uint64_t> numbers_by_incarnation_;
  // Incarnations of a supervisor before us that have not ended yet.
  std::unordered_map<caf::actor_id, uint64_t> predecessors_;
  std::set<caf::actor_id> exits_seen_;
  std::set<caf::actor_id> exits_to_come_;
  detail::supervisor_driver runner_;
  caf::error exit_reason_;
};

} // namespace zenws
