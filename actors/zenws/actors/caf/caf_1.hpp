// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Actors of CAF since 1.0: how they run, end and hear of others. Only
/// caf_compat.hpp includes it.

#include <caf/action.hpp>
#include <caf/actor_clock.hpp>
#include <caf/all.hpp>
#include <caf/anon_mail.hpp>
#include <caf/async/execution_context.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/io/basp/message_type.hpp>
#include <caf/io/fwd.hpp>
#include <caf/scheduler.hpp>

// CAF 1.2 changed how jobs are scheduled and counted. Before its release it
// calls itself 1.1.
#if __has_include(<caf/adopt_ref.hpp>)
#  define ZENWS_CAF_1_2 1
#else
#  define ZENWS_CAF_1_2 0
#endif

#if !ZENWS_CAF_1_2
#  include <caf/default_attachable.hpp>
#endif

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace zenws::caf_compat {

// -- execution units --------------------------------------------------------------

using execution_unit = caf::scheduler;

using job = caf::resumable;

class own_unit : public execution_unit {
public:
  explicit own_unit(caf::actor_system* sys) : system_(sys) {
    // nop
  }

  caf::actor_system& system() const noexcept {
    return *system_;
  }

  virtual void exec_later(job* x) = 0;

#if ZENWS_CAF_1_2
  void schedule(caf::resumable_ptr x, uint64_t) final {
    exec_later(x.release());
  }

  void delay(caf::resumable_ptr x, uint64_t) final {
    exec_later(x.release());
  }

  // Passes on what is bound to no unit: CAF may hand it over.
  bool is_system_scheduler() const noexcept final {
    return true;
  }
#else
  void schedule(job* x) final {
    exec_later(x);
  }

  void delay(job* x) final {
    exec_later(x);
  }
#endif

private:
  void start() final {
    // nop
  }

  void stop() override {
    // nop
  }

  caf::actor_system* system_;
};

inline bool is_bound_to_loop(const job& x) {
#if ZENWS_CAF_1_2
  return x.pinned_scheduler() != nullptr;
#else
  return x.subtype() == job::io_actor;
#endif
}

void hand_to_scheduler(caf::actor_system& sys, job* x);

enum class job_state : uint8_t { idle, wants_more };

job_state run_job(execution_unit& unit, job* x, size_t max_messages);

inline void limit_runs([[maybe_unused]] caf::actor_system_config& cfg,
                       [[maybe_unused]] size_t max_messages) {
#if ZENWS_CAF_1_2
  cfg.set("caf.scheduler.max-throughput", max_messages);
#endif
}

void wake(caf::scheduled_actor& self, execution_unit* unit);

// -- messages -------------------------------------------------------------------

template <class T>
caf::mailbox_element_ptr
make_element(caf::strong_actor_ptr from, caf::message_id id, T&& value) {
  return caf::make_mailbox_element(std::move(from), id, std::forward<T>(value));
}

template <class Handle, class T>
void anon_send(const Handle& to, T&& value) {
  caf::anon_mail(std::forward<T>(value)).send(to);
}

template <class Self, class Handle, class T>
auto delegate(Self& self, const Handle& to, T&& value) {
  return self.mail(std::forward<T>(value)).delegate(to);
}

template <class Self, class Duration, class T>
void tell_later(Self& self, Duration time, T&& value) {
  // By the clock of the system: a delay of CAF's is one of the machine's.
  caf::anon_mail(std::forward<T>(value))
    .schedule(self.home_system().clock().now() + time)
    .send(caf::actor_cast<caf::actor>(self.address()));
}

// -- bases of actors ------------------------------------------------------------

inline caf::actor_config plain_config() {
#if ZENWS_CAF_1_2
  return caf::actor_config{caf::no_spawn_options};
#else
  return caf::actor_config{};
#endif
}

class bare_actor : public caf::abstract_actor {
public:
  using caf::abstract_actor::abstract_actor;

  void setup_metrics() {
    // nop
  }

protected:
  void suspend(const caf::error& reason);

  void revive();

private:
#if ZENWS_CAF_1_2
  bool try_force_close_mailbox() final {
    return true;
  }
#else
  void force_close_mailbox() final {
    // nop
  }
#endif
};

// CAF calls `on_exit` when links and monitors have been told. Before it tells
// them, it runs the actions of the actor once more.
template <class Base>
class ending_actor : public Base {
public:
  using super = Base;

  using super::super;

  void run_actions() override {
    super::run_actions();
    if (has_ended_ || this->alive())
      return;
    // `quit` runs actions as well, perhaps in the middle of a handler.
    if (this->getf(caf::abstract_actor::is_shutting_down_flag)
        && !std::exchange(has_quit_, true))
      return;
    has_ended_ = true;
    before_end();
    end_with(this->fail_state_);
  }

protected:
  virtual void before_end() {
    // nop
  }

  virtual void end_with(caf::error&) {
    // nop
  }

private:
  bool has_quit_ = false;
  bool has_ended_ = false;
};

template <class Base, class Home>
class bound_actor : public Base {
public:
  using super = Base;

  template <class... Ts>
  explicit bound_actor(caf::actor_config& cfg, Ts&&... xs)
    : super(cfg, std::forward<Ts>(xs)...),
      home_(dynamic_cast<Home*>(cfg.sched)) {
    if (home_ == nullptr)
      throw std::logic_error{"this actor runs on an I/O loop only: see "
                             "runtime::spawn_on_loop"};
  }

  Home& home() const noexcept {
    return *home_;
  }

#if ZENWS_CAF_1_2
  execution_unit* pinned_scheduler() const noexcept override {
    return home_;
  }

  void launch(caf::detail::private_thread* thread,
              execution_unit* unit) override {
    join_home();
    super::launch(thread, unit);
  }
#else
  using super::enqueue;

  bool enqueue(caf::mailbox_element_ptr element, execution_unit*) override {
    return super::enqueue(std::move(element), home_);
  }

  job::subtype_t subtype() const noexcept override {
    return job::io_actor;
  }

  void launch(execution_unit* unit, bool lazy, bool hide) override {
    join_home();
    super::launch(unit, lazy, hide);
  }
#endif

  /// Must be called before the actor runs, if CAF does not launch it.
  void join_home() {
    home_->add_resident(caf::strong_actor_ptr{this->ctrl()});
  }

  void on_cleanup(const caf::error& reason) override {
    super::on_cleanup(reason);
    home_->remove_resident(this->id());
  }

private:
  Home* home_;
};

// -- spawning -------------------------------------------------------------------

template <class Impl, caf::spawn_options Options = caf::no_spawn_options,
          class... Ts>
auto spawn_on(caf::actor_system& sys, execution_unit& unit, Ts&&... xs) {
#if ZENWS_CAF_1_2
  caf::actor_config cfg{Options, &unit};
  auto result = sys.spawn_class<Impl>(cfg, std::forward<Ts>(xs)...);
  if constexpr (caf::has_lazy_init_flag(Options))
    caf::actor_cast<Impl*>(result)->join_home();
  return result;
#else
  caf::actor_config cfg{&unit};
  return sys.spawn_class<Impl, Options>(cfg, std::forward<Ts>(xs)...);
#endif
}

template <template <class> class Bound, class F, class... Ts>
auto spawn_function_on(caf::actor_system& sys, execution_unit& unit, F fun,
                       Ts&&... xs) {
  using base = caf::infer_impl_from_fun_t<F>;
  caf::detail::init_fun_factory<base, F> factory;
#if ZENWS_CAF_1_2
  caf::actor_config cfg{caf::no_spawn_options, &unit};
#else
  caf::actor_config cfg{&unit};
#endif
  cfg.init_fun = factory(std::move(fun), std::forward<Ts>(xs)...);
#if ZENWS_CAF_1_2
  return sys.spawn_class<Bound<base>>(cfg);
#else
  return sys.spawn_class<Bound<base>, caf::no_spawn_options>(cfg);
#endif
}

template <class Self>
auto& state_of(Self& self) {
  return self.state();
}

// -- flows ------------------------------------------------------------------------

/// Returns an actor as that which runs what a flow asks of it.
inline caf::async::execution_context_ptr
context_of(caf::scheduled_actor& self) {
#if ZENWS_CAF_1_2
  return {&self, caf::add_ref};
#else
  return caf::async::execution_context_ptr{&self};
#endif
}

// -- monitors, exits, errors ------------------------------------------------------

// Monitors that call a function are told of in the same way, but cannot be
// found again by the actor that they watch.
struct monitoring : caf::local_actor {
  static void begin(caf::local_actor& self, caf::abstract_actor* other) {
    (self.*(&monitoring::do_monitor))(other, caf::message_priority::normal);
  }

  static void end(caf::local_actor& self, const caf::strong_actor_ptr& other) {
    (self.*(&monitoring::do_demonitor))(other);
  }
};

template <class Handle>
void monitor(caf::local_actor& self, const Handle& other) {
  monitoring::begin(self, caf::actor_cast<caf::abstract_actor*>(other));
}

template <class Handle>
void demonitor(caf::local_actor& self, const Handle& other) {
  monitoring::end(self, caf::actor_cast<caf::strong_actor_ptr>(other));
}

template <class Handle>
std::optional<size_t>
end_monitors([[maybe_unused]] const Handle& watched,
             [[maybe_unused]] const caf::actor_addr& observer) {
#if ZENWS_CAF_1_2
  return std::nullopt;
#else
  caf::default_attachable::observe_token token{
    observer, caf::default_attachable::monitor};
  return caf::actor_cast<caf::abstract_actor*>(watched)->detach(token);
#endif
}

/// Adds a handler to the behavior of an actor, which is set later.
template <class F>
void add_handler(caf::scheduled_actor& self, F f) {
  self.delay(caf::make_action([&self, f] {
    auto& behaviors = self.bhvr_stack();
    if (behaviors.empty())
      return;
    auto& first = behaviors.back();
    first.assign(
      first.as_behavior_impl()->or_else(caf::behavior{f}.as_behavior_impl()));
  }));
}

template <class F>
void on_down(caf::scheduled_actor& self, F f) {
  add_handler(self, [f](const caf::down_msg& x) { f(x.source, x.reason); });
}

template <class F>
void on_exit_message(caf::scheduled_actor& self, F f) {
  add_handler(self, [f](const caf::exit_msg& x) { f(x.source, x.reason); });
}

template <class F>
void on_stray_error(caf::scheduled_actor& self, F f) {
  add_handler(self, [f](const caf::error& x) { f(x); });
}

// -- nodes ----------------------------------------------------------------------

inline void use_certificates(caf::actor_system_config& cfg, std::string cert,
                             std::string key, std::string ca) {
  cfg.set("caf.openssl.certificate", std::move(cert));
  cfg.set("caf.openssl.key", std::move(key));
  cfg.set("caf.openssl.cafile", std::move(ca));
}

inline caf::binary_serializer serializer_to(execution_unit&,
                                            caf::byte_buffer& to) {
  return caf::binary_serializer{to};
}

/// @pre no handle to an actor is read.
inline caf::binary_deserializer
deserializer_from(execution_unit&, const caf::byte_buffer& from) {
  return caf::binary_deserializer{from};
}

/// CAF answers what it cannot read, and needs a sender for it: so this reads
/// the message first. Must run in the thread of the broker.
bool survives(caf::io::basp_broker& broker, caf::io::basp::message_type kind,
              std::string_view payload);

// -- interfaces -----------------------------------------------------------------

template <class Handle>
std::set<std::string> message_types(caf::actor_system& sys) {
  return sys.message_types<Handle>();
}

// -- virtual time -----------------------------------------------------------------

/// A clock that stands still until it is moved.
class virtual_clock final : public caf::actor_clock {
public:
  using caf::actor_clock::schedule;

  time_point now() const noexcept override;

  caf::disposable schedule(time_point at, caf::action action) override;

  bool has_timer();

  /// @returns `false` if there is none.
  bool pass_to_next_timer();

  /// @returns the number of timers on the way.
  size_t advance(duration_type span);

private:
  time_point now_{std::chrono::hours{1}};
  std::multimap<time_point, caf::action> timers_;
};

/// Runs actors in the thread that asks for it, one message after the other.
/// Takes the place of CAF's `test_coordinator`, with the same functions.
class virtual_scheduler final : public own_unit {
public:
  using own_unit::own_unit;

  std::deque<job*> jobs;

  bool has_job() const noexcept {
    return !jobs.empty();
  }

  /// Runs all jobs, and those that they make ready.
  /// @returns the number of runs.
  size_t run();

  bool trigger_timeout();

  size_t advance_time(caf::timespan span);

  void exec_later(job* x) override;

private:
  void stop() override;
};

/// An actor system in virtual time.
class virtual_system : public caf::actor_system {
public:
  explicit virtual_system(caf::actor_system_config& cfg);
};

} // namespace zenws::caf_compat
