// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Actors of CAF before 1.0: how they run, end and hear of others. Only
/// caf_compat.hpp includes it.

#include <caf/all.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/default_attachable.hpp>
#include <caf/io/basp/message_type.hpp>
#include <caf/io/fwd.hpp>
#include <caf/monitorable_actor.hpp>

#include <cstdint>
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

/// What an actor runs on, and `enqueue` is told.
using execution_unit = caf::execution_unit;

/// Base of an execution unit of our own: calls `exec_later(job*)` from any
/// thread, with a reference to the job.
using own_unit = caf::execution_unit;

using job = caf::resumable;

/// Checks whether `x` runs where it was enqueued, like a broker.
inline bool is_bound_to_loop(const job& x) {
  return x.subtype() == job::io_actor;
}

void hand_to_scheduler(caf::actor_system& sys, job* x);

enum class job_state : uint8_t { idle, wants_more };

/// Runs `x` once and drops the reference that came with it unless it wants to
/// run again.
job_state run_job(execution_unit& unit, job* x, size_t max_messages);

/// Limits what an actor does in one run where CAF does not leave that to those
/// who run it (1.2): the messages that any actor of the system takes.
inline void limit_runs(caf::actor_system_config&, size_t) {
  // nop
}

// -- messages ----------------------------------------------------------

/// Returns an element of a mailbox.
template <class T>
caf::mailbox_element_ptr
make_element(caf::strong_actor_ptr from, caf::message_id id, T&& value) {
  return caf::make_mailbox_element(std::move(from), id, {},
                                   std::forward<T>(value));
}

/// Sends a message in nobody's name.
template <class Handle, class T>
void anon_send(const Handle& to, T&& value) {
  caf::anon_send(to, std::forward<T>(value));
}

/// Has another actor answer the current message of `self`.
template <class Self, class Handle, class T>
auto delegate(Self& self, const Handle& to, T&& value) {
  return self.delegate(to, std::forward<T>(value));
}

/// Sends an actor a message of its own after some time.
template <class Self, class Duration, class T>
void tell_later(Self& self, Duration time, T&& value) {
  caf::delayed_anon_send(caf::actor_cast<caf::actor>(self.address()), time,
                         std::forward<T>(value));
}

// -- bases of actors ------------------------------------------------------------

/// Returns what an actor is made of that nobody spawns.
inline caf::actor_config plain_config() {
  return caf::actor_config{};
}

/// Base of an actor without a mailbox.
class bare_actor : public caf::monitorable_actor {
public:
  using caf::monitorable_actor::monitorable_actor;

  /// Called by CAF 0.18, which counts the messages in mailboxes.
  void setup_metrics() {
    // nop
  }

  void on_destroy() override;

protected:
  /// Tells links and monitors of an end, from which `revive` leads back. Later
  /// ones are told at once. Does nothing if there is nobody to tell any more.
  void suspend(const caf::error& reason);

  /// Takes links and monitors again.
  void revive();
};

/// Base of an actor that does something at its end before its links and
/// monitors hear of it.
template <class Base>
class ending_actor : public Base {
public:
  using super = Base;

  using super::super;

  void on_exit() final {
    before_end();
  }

  bool cleanup(caf::error&& reason, execution_unit* unit) override {
    if (!std::exchange(has_ended_, true))
      end_with(reason);
    return super::cleanup(std::move(reason), unit);
  }

protected:
  /// Called when the actor has no behavior any more, or was killed.
  virtual void before_end() {
    // nop
  }

  /// Called after that, with what links and monitors will hear, which it may
  /// change.
  virtual void end_with(caf::error&) {
    // nop
  }

private:
  bool has_ended_ = false;
};

/// An actor that runs on one execution unit only.
/// @tparam Base a class-based (or CAF's own) event-based actor.
/// @tparam Home an execution unit with `add_resident(strong_actor_ptr)` and
///              `remove_resident(actor_id)`.
template <class Base, class Home>
class bound_actor : public Base {
public:
  using super = Base;

  /// @throws std::logic_error if the actor is not spawned by `spawn_on`.
  template <class... Ts>
  explicit bound_actor(caf::actor_config& cfg, Ts&&... xs)
    : super(cfg, std::forward<Ts>(xs)...),
      home_(dynamic_cast<Home*>(cfg.host)) {
    if (home_ == nullptr)
      throw std::logic_error{"this actor runs on an I/O loop only: see "
                             "runtime::spawn_on_loop"};
  }

  Home& home() const noexcept {
    return *home_;
  }

  using super::enqueue;

  enqueued enqueue(caf::mailbox_element_ptr element,
                   caf::execution_unit*) override {
    return super::enqueue(std::move(element), home_);
  }

  caf::resumable::subtype_t subtype() const override {
    return caf::resumable::io_actor;
  }

  void launch(caf::execution_unit* unit, bool lazy, bool hide) override {
    home_->add_resident(caf::strong_actor_ptr{this->ctrl()});
    super::launch(unit, lazy, hide);
  }

  bool cleanup(caf::error&& reason, caf::execution_unit* unit) override {
    auto result = super::cleanup(std::move(reason), unit);
    home_->remove_resident(this->id());
    return result;
  }

private:
  Home* home_;
};

// -- spawning -------------------------------------------------------------------

/// Spawns a class-based actor on an execution unit.
template <class Impl, caf::spawn_options Options = caf::no_spawn_options,
          class... Ts>
auto spawn_on(caf::actor_system& sys, execution_unit& unit, Ts&&... xs) {
  caf::actor_config cfg{&unit};
  return sys.spawn_impl<Impl, Options>(cfg, std::forward<Ts>(xs)...);
}

/// Spawns a function-based actor on an execution unit.
template <template <class> class Bound, class F, class... Ts>
auto spawn_function_on(caf::actor_system& sys, execution_unit& unit, F fun,
                       Ts&&... xs) {
  using base = caf::infer_impl_from_fun_t<F>;
  if constexpr (sizeof...(Ts) == 0 && std::is_invocable_v<F&, base*>) {
    // CAF dereferences a null pointer to the arguments if there are none.
    auto with_argument = [fun = std::move(fun)](base* self,
                                                const caf::unit_t&) {
      return fun(self);
    };
    return spawn_function_on<Bound>(sys, unit, std::move(with_argument),
                                    caf::unit);
  } else {
    caf::actor_config cfg{&unit};
    caf::detail::init_fun_factory<base, F> factory;
    cfg.init_fun = factory(std::move(fun), std::forward<Ts>(xs)...);
    return sys.spawn_impl<Bound<base>, caf::no_spawn_options>(cfg);
  }
}

/// Has an actor run whose mailbox was empty.
/// @param unit runs it, CAF's scheduler if null.
void wake(caf::scheduled_actor& self, execution_unit* unit);

/// Returns the state of a stateful actor.
template <class Self>
auto& state_of(Self& self) {
  return self.state;
}

// -- monitors, exits, errors ------------------------------------------------------

/// Has `self` called by `on_down` when `other` terminates.
template <class Self, class Handle>
void monitor(Self& self, const Handle& other) {
  self.monitor(other);
}

template <class Self, class Handle>
void demonitor(Self& self, const Handle& other) {
  self.demonitor(other);
}

/// Ends the monitors that `observer` has of `watched`, for tests.
/// @returns their number; nothing with CAF 1.2, which does not tell.
template <class Handle>
std::optional<size_t>
end_monitors(const Handle& watched, const caf::actor_addr& observer) {
  caf::default_attachable::observe_token token{
    observer, caf::default_attachable::monitor};
  return caf::actor_cast<caf::abstract_actor*>(watched)->detach(token);
}

/// Calls `f(source, reason)` when a monitored actor terminates.
template <class Self, class F>
void on_down(Self& self, F f) {
  self.set_down_handler([f](caf::down_msg& x) { f(x.source, x.reason); });
}

/// Traps exits: calls `f(from, reason)` instead. A kill is never trapped.
template <class Self, class F>
void on_exit_message(Self& self, F f) {
  self.set_exit_handler([f](caf::exit_msg& x) { f(x.source, x.reason); });
}

/// Calls `f(reason)` for errors that answer no request.
template <class Self, class F>
void on_stray_error(Self& self, F f) {
  self.set_error_handler([f](caf::error& x) { f(x); });
}

// -- nodes ----------------------------------------------------------------------

/// Sets the files from which CAF's TLS reads.
inline void use_certificates(caf::actor_system_config& cfg, std::string cert,
                             std::string key, std::string ca) {
  cfg.openssl_certificate = std::move(cert);
  cfg.openssl_key = std::move(key);
  cfg.openssl_cafile = std::move(ca);
}

/// Returns an inspector that appends to a buffer.
template <class Buffer>
caf::binary_serializer serializer_to(execution_unit& unit, Buffer& to) {
  return {&unit, to};
}

/// Returns an inspector that reads a buffer.
template <class Buffer>
caf::binary_deserializer
deserializer_from(execution_unit& unit, const Buffer& from) {
  return {&unit, from};
}

/// Returns whether CAF survives a message of another node that has no sender:
/// CAF before 1.0 drops those that it cannot read.
inline bool survives(caf::io::basp_broker&, caf::io::basp::message_type,
                     std::string_view) {
  return true;
}

// -- interfaces -----------------------------------------------------------------

/// Returns the interface of a typed actor for CAF's middleman.
template <class Handle>
std::set<std::string> message_types(caf::actor_system& sys) {
  return sys.message_types(caf::detail::type_list<Handle>{});
}

} // namespace zenws::caf_compat
