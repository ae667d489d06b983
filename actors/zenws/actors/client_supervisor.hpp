#pragma once

#include "zenws/actors/client_record.hpp"
#include "zenws/actors/messages.hpp"
#include "zenws/actors/supervision_timer.hpp"
#include "zenws/backoff.hpp"
#include "zenws/supervision.hpp"

#include <functional>
#include <map>
#include <memory>
#include <random>
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

using client_supervisor_impl
  = client_supervisor_actor::extend<seam::takes<supervision_due>>;

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
    client_actor incarnation{};
    error reason{};           // why the last incarnation failed
    caf::error exit_reason{}; // what it ended by
    std::vector<caf::response_promise> waiting_for_stop{};
  };

  using child_map = std::map<uint64_t, child>; // by number

  // -- requests -----------------------------------------------------------------

  caf::result<client_actor> start(client_spec& spec);

  caf::result<void> stop(const std::string& name);

  client_list list();

  std::string tree();

  // -- life and death -----------------------------------------------------------

  void start_incarnation(uint64_t number, child& who);

  bool is_exit_of_child(caf::actor_id who);

  void on_child_down(const caf::actor_addr& who, const caf::error& reason);

  void shut_down(const caf::error& reason);

  // -- following the supervision ------------------------------------------------

  void follow(supervision_actions actions);

  void perform(const supervision_action::start& what);
  void perform(const supervision_action::stop& what);
  void perform(const supervision_action::kill& what);
  void perform(const supervision_action::tell& what);
  void perform(const supervision_action::settle& what);
  void perform(const supervision_action::forget& what);
  void perform(const supervision_action::finish& what);

  void give_up(child& who);

  void forget(child& who, const caf::error& reason);

  error limit_passed(const error& last) const;

  // -- telling ------------------------------------------------------------------

  void tell(const child& who, event_kind kind, uint64_t restarts, error reason,
            std::chrono::milliseconds retry_in = {});

  child_map::iterator find(const std::string& name);

  double jitter();

  client_supervisor_config options_;
  client_factory factory_;
  client_preparation prepare_;
  supervision policy_;
  child_map children_;
  std::map<std::string, uint64_t, std::less<>> numbers_by_name_;
  std::unordered_map<caf::actor_id, uint64_t> numbers_by_incarnation_;
  std::set<caf::actor_id> exits_seen_;
  std::set<caf::actor_id> exits_to_come_;
  supervision_actions actions_;
  bool following_ = false;
  detail::supervision_timer timer_;
  caf::error exit_reason_;
  std::minstd_rand random_;
};

} // namespace zenws
