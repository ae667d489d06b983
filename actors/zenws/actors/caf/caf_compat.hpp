// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Everything that depends on the version of CAF, and nothing else: what
/// differs is in one header for each generation of CAF, under the same names.

#include "zenws/actors/caf/system_log.hpp"
#include "zenws/error.hpp"

#include <caf/all.hpp>

#if CAF_MAJOR_VERSION == 0 && CAF_MINOR_VERSION == 17
#  include "zenws/actors/caf/caf_0_17.hpp"
#elif (CAF_MAJOR_VERSION == 0 && CAF_MINOR_VERSION == 18)                      \
  || (CAF_MAJOR_VERSION == 1 && CAF_MINOR_VERSION >= 1)
#  include "zenws/actors/caf/caf_0_18.hpp"
#else
#  error "zenws needs CAF 0.17.6 (Debian: libcaf-dev), 0.18.7, 1.1, or 1.2"
#endif

#if CAF_MAJOR_VERSION == 0
#  include "zenws/actors/caf/caf_0.hpp"
#else
#  include "zenws/actors/caf/caf_1.hpp"
#endif

#include <algorithm>
#include <chrono>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace zenws::caf_compat {

// -- inspection -----------------------------------------------------------------

/// Returns a field for an inspector, or the result of `describe` if people are
/// to read it.
template <class Inspector, class T, class F>
decltype(auto) for_people(Inspector&, T& field, F describe) {
  if constexpr (is_for_people<Inspector>)
    return describe(field);
  else
    return (field);
}

// -- configuration ----------------------------------------------------------------

/// Has CAF show errors of zenws as `to_text` does, where it can be taught.
void add_errors(caf::actor_system_config& cfg);

/// Tells CAF of the messages of its middleman.
void add_io_messages();

/// Returns the full name of one of CAF's own options, such as
/// "scheduler.max-threads".
inline std::string option_name(std::string_view name) {
  return std::string{option_prefix}.append(name);
}

/// Sets one of CAF's own options.
template <class T>
void set_option(caf::actor_system_config& cfg, std::string_view name, T value) {
  cfg.set(option_name(name), std::move(value));
}

/// Chooses CAF's scheduler: "sharing" or "stealing".
void set_scheduler_policy(caf::actor_system_config& cfg,
                          const std::string& policy);

/// Returns the version of CAF that zenws was compiled for.
inline std::string caf_version() {
  return std::to_string(CAF_MAJOR_VERSION) + '.'
         + std::to_string(CAF_MINOR_VERSION) + '.'
         + std::to_string(CAF_PATCH_VERSION);
}

// -- starting later -------------------------------------------------------------

/// Schedules an actor that was spawned with `caf::lazy_init` and has not run
/// yet. Does nothing to actors of any other kind.
///
/// A supervisor monitors an incarnation and binds the address to it first:
/// otherwise it may run, tell others and even end before its address leads to
/// it.
template <class Handle>
void start(const Handle& handle) {
  auto* self = dynamic_cast<caf::scheduled_actor*>(
    caf::actor_cast<caf::abstract_actor*>(handle));
  if (self == nullptr || self->getf(caf::abstract_actor::is_initialized_flag)
      || !self->mailbox().try_unblock())
    return;
  wake(*self, is_bound_to_loop(*self) ? self->context() : nullptr);
}

// -- sending without a behavior ---------------------------------------------------

/// Puts one message into the mailbox of `to`.
template <class T>
void deliver(const caf::strong_actor_ptr& to, caf::strong_actor_ptr from,
             T&& value, execution_unit* unit) {
  to->enqueue(make_element(std::move(from), caf::make_message_id(),
                           std::forward<T>(value)),
              unit);
}

/// Sends one message whose receiver need not be typed. Does not report whether
/// it was handled.
template <class Self, class Handle, class T>
void tell(Self& self, const Handle& to, T&& value) {
  deliver(caf::actor_cast<caf::strong_actor_ptr>(to),
          caf::strong_actor_ptr{self.ctrl()}, std::forward<T>(value),
          self.context());
}

/// Returns a handle to an actor, typed or not, that takes any message.
template <class Self>
caf::actor handle_to(Self& self) {
  return caf::actor_cast<caf::actor>(caf::strong_actor_ptr{self.ctrl()});
}

/// Sends an actor a message of its own.
template <class Self, class T>
void tell_self(Self& self, T&& value) {
  tell(self, handle_to(self), std::forward<T>(value));
}

/// Runs `f` once on CAF's scheduler. For functions that may block.
void run_aside(caf::actor_system& sys, std::function<void()> f);

/// Answers a request. Drops answers to plain messages: CAF would send them to
/// the sender of a plain message.
/// @returns `false` if the message was no request.
template <class... Ts>
bool answer(caf::response_promise& promise, Ts&&... xs) {
  if (promise.async()) {
    drop(promise);
    return false;
  }
  if constexpr (sizeof...(Ts) == 0)
    promise.deliver(caf::unit);
  else
    promise.deliver(std::forward<Ts>(xs)...);
  return true;
}

/// Checks whether a mailbox element holds one value of one of the types `Ts`.
template <class... Ts>
bool holds_any_of(const caf::mailbox_element& element) {
  auto& content = const_cast<caf::mailbox_element&>(element).content();
  return (content.template match_elements<Ts>() || ...);
}

/// Returns whether an actor says that it takes all messages of a typed one. An
/// actor without an interface does not.
template <class Handle>
bool has_interface(const caf::actor& x) {
  auto* actor = caf::actor_cast<caf::abstract_actor*>(x);
  auto wanted = message_types<Handle>(actor->home_system());
  auto offered = actor->message_types();
  return std::includes(offered.begin(), offered.end(), wanted.begin(),
                       wanted.end());
}

// -- requests ---------------------------------------------------------------------

// What CAF does with answers is for its own actors.
struct open_requests : caf::scheduled_actor {
  static auto& of(caf::scheduled_actor& self) {
    return self.*(&open_requests::multiplexed_responses_);
  }
};

/// Returns the request that `self` has given a handler last.
inline caf::message_id last_request(caf::scheduled_actor& self) {
  return std::prev(open_requests::of(self).end())->first;
}

/// Has `self` take `reason` for the answer to a request, after the message at
/// hand. An answer that comes later is dropped.
inline void fail_request(caf::scheduled_actor& self, caf::message_id id,
                         caf::error reason) {
  self.enqueue(make_element(nullptr, id, std::move(reason)), nullptr);
}

// -- errors -----------------------------------------------------------------------

/// Checks whether an error is one of zenws. CAF must not be asked for the
/// category, code or context of an error that is none.
inline bool is_ours(const caf::error& reason) {
  return reason && reason.category() == error_category();
}

inline ec code_of(const caf::error& reason) {
  return is_ours(reason) ? static_cast<ec>(reason.code()) : ec::none;
}

/// Returns the detail that `make_error` put into the context of an error, or
/// nothing.
std::string detail_of(const caf::message& context);

std::string detail_of(const caf::error& reason);

/// Returns an error with a value beside its detail.
template <class T>
caf::error error_with(ec code, const std::string& detail, const T& more) {
  return error_of(code, detail, more);
}

/// Returns the value that `error_with` put into an error, or nothing.
template <class T>
std::optional<T> value_of(const caf::error& reason) {
  if (!is_ours(reason)
      || !reason.context().template match_elements<std::string, T>())
    return std::nullopt;
  return reason.context().template get_as<T>(1);
}

/// Returns an error of zenws as text: "zenws.connect_failed: detail".
std::string to_text(ec code, const std::string& detail);

/// Returns any error as text.
std::string to_text(const caf::error& reason);

// -- ending ---------------------------------------------------------------------

/// Elements of a mailbox that were not processed.
using unread_messages = std::vector<caf::mailbox_element_ptr>;

/// Closes the mailbox of an actor and returns its elements.
unread_messages close_mailbox(caf::scheduled_actor& self);

/// Puts an element into the mailbox of an actor, and has it run if it rests.
/// @param unit runs it, CAF's scheduler if null.
/// @returns `false` if the mailbox is closed.
bool put(caf::scheduled_actor& self, caf::mailbox_element_ptr element,
         execution_unit* unit);

// -- stray errors and messages ----------------------------------------------------

/// Logs errors that answer no request of an actor. CAF ends the actor
/// otherwise, and sends such errors for a message that its receiver does not
/// handle.
/// @param client name of the client that the actor is, which lives as long as
///               the actor takes messages; optional.
template <class Self>
void log_stray_errors(Self& self, const std::string* client = nullptr) {
  on_stray_error(self, [&self, client](const caf::error& reason) {
    write_log(self.system(), {.level = log_level::warning,
                              .component = self.name(),
                              .client = client ? *client : std::string{},
                              .text = "unhandled error: " + to_text(reason)});
  });
}

/// Returns the types of the elements of a message, which may hold secrets.
std::string types_of(caf::actor_system& sys, const message_content& content);

/// Logs messages that an actor does not handle, and stray errors, which CAF
/// prints otherwise. Requests are answered by `caf::sec::unexpected_message`.
/// @param client as for `log_stray_errors`.
template <class Self>
void log_unhandled(Self& self, const std::string* client = nullptr) {
  log_stray_errors(self, client);
  self.set_default_handler(
    [client](caf::scheduled_actor* receiver,
             message_content& message) -> default_result {
      auto& sys = receiver->system();
      write_log(sys, {.level = log_level::warning,
                      .component = receiver->name(),
                      .client = client ? *client : std::string{},
                      .text = "unhandled message: " + types_of(sys, message)});
      return caf::make_error(caf::sec::unexpected_message);
    });
}

// -- names ------------------------------------------------------------------------

/// Returns whether an actor of this process has ended.
template <class Handle>
bool has_ended(const Handle& handle) {
  auto* actor = caf::actor_cast<caf::abstract_actor*>(handle);
  return actor->getf(caf::abstract_actor::is_terminated_flag);
}

/// Returns the name and ID of an actor for people; only the ID of one of
/// another node.
std::string describe_actor(const caf::abstract_actor& actor);

template <class Handle>
std::string describe_actor(const Handle& handle) {
  return describe_actor(*caf::actor_cast<caf::abstract_actor*>(handle));
}

/// Returns the number of actors of this process that run.
size_t running_actors(caf::actor_system& sys);

// -- reasons of ends --------------------------------------------------------------

/// Checks whether an exit reason asks for no restart (OTP: normal, shutdown).
bool is_orderly_exit(const caf::error& reason);

// -- virtual time -----------------------------------------------------------------

/// Returns whether an actor system runs on CAF's deterministic test scheduler.
bool has_virtual_time(caf::actor_system& sys);

/// Runs all actors until nothing is left to do.
/// @pre `has_virtual_time(sys)`
void run_all(caf::actor_system& sys);

/// Moves the clock to the next timer.
/// @pre `has_virtual_time(sys)`
/// @returns `false` if there is none.
bool pass_to_next_timer(caf::actor_system& sys);

} // namespace zenws::caf_compat

namespace zenws {

using caf_compat::ending_actor;

/// Makes `ec` usable wherever CAF takes an error.
caf::error make_error(ec code);

/// Returns an error with code and detail; the other members of `error` travel
/// in events.
caf::error make_error(const error& reason);

} // namespace zenws
