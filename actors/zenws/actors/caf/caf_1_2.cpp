// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/caf/caf_compat.hpp"

#if ZENWS_CAF_1_2

#  include <caf/detail/actor_system_access.hpp>
#  include <caf/detail/actor_system_impl.hpp>
#  include <caf/term.hpp>

#  include <memory>
#  include <optional>
#  include <span>
#  include <string_view>
#  include <utility>

namespace zenws::caf_compat {

namespace {

// The parts of a system in virtual time: those of a real one, but for the
// clock, the scheduler, and how actors start.
class virtual_parts final : public caf::detail::actor_system_impl {
public:
  explicit virtual_parts(caf::actor_system_config& cfg) : real_system_(cfg) {
    // nop
  }

  void start(caf::actor_system& owner) override {
    scheduler_.emplace(&owner);
  }

  void stop() override {
    if (await_actors_before_shutdown())
      await_running_actors_count_equal(0, caf::infinite);
    static_cast<caf::scheduler&>(*scheduler_).stop();
  }

  caf::actor_clock& clock() noexcept override {
    return clock_;
  }

  caf::scheduler& scheduler() override {
    return *scheduler_;
  }

  bool is_deterministic() const noexcept override {
    return true;
  }

  void launch(caf::local_actor* self, caf::scheduler* unit,
              caf::spawn_options options) override {
    parts().launch(self, unit, options);
  }

  caf::telemetry::actor_metrics
  make_actor_metrics(std::string_view name) override {
    return parts().make_actor_metrics(name);
  }

  void thread_started(caf::thread_owner owner) override {
    parts().thread_started(owner);
  }

  void thread_terminates() override {
    parts().thread_terminates();
  }

  size_t inc_running_actors_count(caf::actor_id who) override {
    return parts().inc_running_actors_count(who);
  }

  size_t dec_running_actors_count(caf::actor_id who) override {
    return parts().dec_running_actors_count(who);
  }

  void await_running_actors_count_equal(size_t expected,
                                        caf::timespan timeout) override {
    parts().await_running_actors_count_equal(expected, timeout);
  }

  caf::detail::global_meta_objects_guard_type
  meta_objects_guard() const noexcept override {
    return parts().meta_objects_guard();
  }

  caf::actor_system_config& config() override {
    return parts().config();
  }

  const caf::actor_system_config& config() const override {
    return std::as_const(parts()).config();
  }

  size_t detached_actors() const noexcept override {
    return parts().detached_actors();
  }

  bool await_actors_before_shutdown() const override {
    return parts().await_actors_before_shutdown();
  }

  void await_actors_before_shutdown(bool new_value) override {
    parts().await_actors_before_shutdown(new_value);
  }

  caf::telemetry::metric_registry& metrics() noexcept override {
    return parts().metrics();
  }

  const caf::telemetry::metric_registry& metrics() const noexcept override {
    return std::as_const(parts()).metrics();
  }

  const caf::node_id& node() const override {
    return parts().node();
  }

  caf::logger& logger() override {
    return parts().logger();
  }

  caf::actor_registry& registry() override {
    return parts().registry();
  }

  std::span<std::unique_ptr<caf::actor_system_module>> modules() override {
    return parts().modules();
  }

  caf::actor_id next_actor_id() override {
    return parts().next_actor_id();
  }

  caf::actor_id latest_actor_id() const override {
    return parts().latest_actor_id();
  }

  size_t running_actors_count() const override {
    return parts().running_actors_count();
  }

  caf::detail::private_thread* acquire_private_thread() override {
    return parts().acquire_private_thread();
  }

  void release_private_thread(caf::detail::private_thread* x) override {
    parts().release_private_thread(x);
  }

  caf::detail::mailbox_factory* mailbox_factory() override {
    return parts().mailbox_factory();
  }

  void redirect_text_output(std::unique_ptr<caf::console_printer> x) override {
    parts().redirect_text_output(std::move(x));
  }

  void do_print(caf::term color, const char* text, size_t size) override {
    parts().do_print(color, text, size);
  }

  void set_node(caf::node_id id) override {
    parts().set_node(std::move(id));
  }

  void message_rejected(caf::abstract_actor* x) override {
    parts().message_rejected(x);
  }

  void max_throughput_reached(caf::abstract_actor* x) override {
    parts().max_throughput_reached(x);
  }

private:
  caf::detail::actor_system_impl& parts() const {
    return *caf::detail::actor_system_access{real_system_}.impl();
  }

  mutable caf::actor_system real_system_;
  virtual_clock clock_;
  std::optional<virtual_scheduler> scheduler_;
};

} // namespace

virtual_system::virtual_system(caf::actor_system_config& cfg)
  : caf::actor_system(std::make_unique<virtual_parts>(cfg)) {
  // nop
}

} // namespace zenws::caf_compat

#endif // ZENWS_CAF_1_2
