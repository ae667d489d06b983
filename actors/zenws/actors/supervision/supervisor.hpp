#pragma once

#include "zenws/actors/delivery/event_stream.hpp"
#include "zenws/actors/messages/supervision_messages.hpp"
#include "zenws/actors/supervision/supervisor_driver.hpp"
#include "zenws/supervision/supervisor_logic.hpp"

#include <caf/all.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace zenws {

struct supervisor_config {
  /// Shown in the tree and in events.
  std::string name = "supervisor";

  supervision_policy policy{};

  /// Children to begin with, started in this order. If one of them cannot be
  /// started, the supervisor ends those before it and itself.
  std::vector<child_spec> children{};

  /// Receives a `supervision_event` for all that happens. Optional.
  caf::actor observer{};

  /// Where to tell the same; `runtime::start_supervisor` sets it.
  event_stream_ptr events{};

  /// Restarts are logged as warnings; from this many in the window of the
  /// limit on, as errors.
  size_t alarming_restarts = 3;
};

/// Returns **every** problem, none if the configuration is valid.
std::vector<config_problem> validate(const supervisor_config& cfg);

namespace detail {

using supervisor_impl
  = supervisor_actor::extend<caf_compat::takes<supervision_due>>;

} // namespace detail

/// Starts actors, watches them and starts them again, by the rules of OTP's
/// supervisors. Children of any kind will do, further supervisors among them.
///
/// Children end with their supervisor, whatever it ends by. It does not end
/// with them: it is no actor that they could reach by a link.
///
/// Ends with `ec::restart_limit` if more restarts were due than the policy
/// allows; a supervisor above it takes that for a failure and starts the whole
/// subtree again. An exit message asks it to end.
class supervisor : public detail::supervisor_impl::base {
public:
  // -- member types -----------------------------------------------------------

  using super = detail::supervisor_impl::base;

  // -- constructors, destructors, and assignment operators --------------------

  /// @pre `validate(options).empty()`
  supervisor(caf::actor_config& cfg, supervisor_config options);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void on_exit() override;

private:
  friend class detail::supervisor_driver;

  struct child {
    child_spec spec;
    caf::actor address;
    caf::actor incarnation{};
    caf::error reason{}; // why the last incarnation ended
    std::vector<caf::response_promise> waiting_for_end{};
  };

  // -- requests ---------------------------------------------------------------

  void start_all();

  caf::expected<caf::actor> start(child_spec spec);

  caf::expected<caf::actor> make_address(const child_spec& spec);

  caf::result<void> terminate(const std::string& id);

  caf::result<caf::actor> restart(const std::string& id);

  caf::result<void> remove(const std::string& id);

  child_list list();

  child_counts count() const;

  caf::result<tree_node> tree();

  // -- life and death ---------------------------------------------------------

  void on_child_down(const caf::actor_addr& who, const caf::error& reason);

  child_end judge(const child& who, const caf::error& reason) const;

  // Tells those who hold the address that no incarnation is to come.
  void retire(child& who);

  void shut_down(const caf::error& reason);

  // -- following the supervision ----------------------------------------------

  void follow(supervisor_actions actions);

  void perform(const supervisor_action::start& what);
  void perform(const supervisor_action::stop& what);
  void perform(const supervisor_action::kill& what);
  void perform(const supervisor_action::notify& what);
  void perform(const supervisor_action::stopped& what);
  void perform(const supervisor_action::forget& what);
  void perform(const supervisor_action::finish& what);

  void tell(supervision_event_kind kind, uint64_t number,
            std::chrono::milliseconds retry_in = {});

  uint64_t number_of(const std::string& id) const;

  supervisor_config options_;
  supervisor_logic policy_;
  std::map<uint64_t, child> children_; // by number, in the order of starts
  std::unordered_map<std::string, uint64_t> numbers_;
  std::unordered_map<caf::actor_id, uint64_t> numbers_by_incarnation_;
  detail::supervisor_driver runner_;
  caf::error start_problem_; // of the last child that could not be started
  caf::error exit_reason_;
};

/// Starts a supervisor, and its children before anything else happens to it.
/// @returns `ec::invalid_config` naming every problem.
caf::expected<supervisor_actor> supervise(caf::actor_system& sys,
                                          supervisor_config cfg);

} // namespace zenws
