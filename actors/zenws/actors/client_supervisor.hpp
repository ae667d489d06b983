#pragma once

#include "zenws/actors/client_record.hpp"
#include "zenws/actors/messages.hpp"
#include "zenws/backoff.hpp"
#include "zenws/restart_intensity.hpp"
#include "zenws/supervision_policy.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace zenws {

struct client_supervisor_config {
  /// For people: shown in the tree.
  std::string name = "client-supervisor";

  restart_limit limit{};

  restart_scope scope = restart_scope::per_child;

  /// Delays between a crash and the restart. The first after a stable run is
  /// immediate. `max_attempts` is not used: `limit` decides when to give up.
  backoff_config restart_backoff{
    .min = std::chrono::milliseconds{100},
    .max = std::chrono::seconds{30},
    .factor = 2,
    .jitter = 0.2,
    .stable_after = std::chrono::seconds{10},
    .max_attempts = backoff_config::unlimited,
  };

  size_t max_children = 100'000;

  /// Clients that have not closed by then are killed, counted from
  /// `stop_client` or the end of the supervisor.
  std::chrono::milliseconds shutdown_timeout = std::chrono::seconds{8};

  /// Receives the events of all clients that concern supervision
  /// (`restarting`, `restarted`, `gave_up`). Optional.
  caf::actor observer{};
};

namespace detail {

struct restart_due {
  uint64_t child = 0;
};

struct shutdown_overdue {
  uint64_t child = 0; // 0: all
};

template <class Inspector>
auto inspect(Inspector& f, restart_due& x) {
  return seam::inspect_as(f, "zenws::restart_due", x.child);
}

template <class Inspector>
auto inspect(Inspector& f, shutdown_overdue& x) {
  return seam::inspect_as(f, "zenws::shutdown_overdue", x.child);
}

using client_supervisor_impl
  = client_supervisor_actor::extend<seam::takes<restart_due>,
                                    seam::takes<shutdown_overdue>>;

} // namespace detail

/// Starts clients, is linked to and monitors each, and restarts those that end
/// in error (OTP: transient). What a client was told to do (its spec, its
/// subscribers) survives its incarnations, and so does its address.
///
/// Fatal errors (`class_of`) do not lead to a restart: the client is given up
/// at once.
class client_supervisor : public detail::client_supervisor_impl::base {
public:
  // -- member types -----------------------------------------------------------

  using super = detail::client_supervisor_impl::base;

  /// Starts an incarnation.
  using client_factory = std::function<client_actor(client_record_ptr)>;

  /// Readies a new client for its first incarnation, or tells why it cannot be.
  using client_preparation = std::function<caf::error(client_record&)>;

  // -- constructors, destructors, and assignment operators ------------------

  client_supervisor(caf::actor_config& cfg, client_supervisor_config options,
                    client_factory factory, client_preparation prepare);

  // -- implementation of local_actor ----------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void on_exit() override;

private:
  struct child {
    client_record_ptr record;
    client_actor address;
    client_actor incarnation;
    child_state state = child_state::running;
    uint64_t restarts = 0;
    restart_intensity intensity;
    backoff delays;
    caf::actor_clock::time_point started_at;
    std::vector<caf::response_promise> waiting_for_stop;
  };

  using child_map = std::map<uint64_t, child>;

  // -- requests -----------------------------------------------------------------

  caf::result<client_actor> start(client_spec& spec);

  caf::result<void> stop(const std::string& name);

  client_list list();

  std::string tree();

  // -- life and death -----------------------------------------------------------

  void start_incarnation(child& who);

  bool is_exit_of_child(caf::actor_id who);

  void on_child_down(const caf::actor_addr& who, const caf::error& reason);

  void on_child_failed(child& who, const caf::error& reason);

  void restart(child& who);

  void give_up(child& who, error reason);

  void forget(child_map::iterator who, const caf::error& reason);

  void shut_down(const caf::error& reason);

  void quit_if_empty();

  // -- telling ------------------------------------------------------------------

  void tell(child& who, event_kind kind, error reason,
            std::chrono::milliseconds retry_in = {});

  child_map::iterator find(const std::string& name);

  client_supervisor_config options_;
  client_factory factory_;
  client_preparation prepare_;
  child_map children_;
  std::map<std::string, uint64_t, std::less<>> ids_by_name_;
  std::map<caf::actor_id, uint64_t> ids_by_incarnation_;
  std::set<caf::actor_id> exits_seen_;
  std::set<caf::actor_id> exits_to_come_;
  restart_intensity shared_intensity_;
  std::minstd_rand random_;
  bool shutting_down_ = false;
  caf::error exit_reason_;
};

} // namespace zenws

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::detail::restart_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(zenws::detail::shutdown_overdue)
