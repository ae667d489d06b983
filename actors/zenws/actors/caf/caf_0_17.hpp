// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Messages of CAF 0.17.6, as Debian and Ubuntu have it. Only caf_compat.hpp
/// includes it.

#include "zenws/actors/caf/named_field.hpp"
#include "zenws/error.hpp"

#include <caf/all.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace zenws::caf_compat {

// -- interfaces -----------------------------------------------------------------

/// A typed actor's clause: answers a request `In` with `Out`, or with nothing.
template <class In, class Out = void>
using answers = typename caf::replies_to<In>::template with<Out>;

/// A typed actor's clause: takes the message `In` without answering.
template <class In>
using takes = caf::reacts_to<In>;

// -- inspection -----------------------------------------------------------------

/// Shows the fields of a type called `name` to an inspector.
/// @param fields the name of each field and, behind it, the field.
template <class Inspector, class... Ts>
auto inspect_as(Inspector& f, const char* name, Ts&&... fields) {
  return with_fields(
    [&](auto... xs) { return f(caf::meta::type_name(name), xs.value...); },
    fields...);
}

/// Like `inspect_as`; `after_load` runs when all fields have been read and
/// returns an error if they make no sense.
template <class Inspector, class F, class... Ts>
auto inspect_and_load(Inspector& f, const char* name, F after_load,
                      Ts&&... fields) {
  return with_fields(
    [&](auto... xs) {
      return f(caf::meta::type_name(name), xs.value...,
               caf::meta::load_callback(after_load));
    },
    fields...);
}

/// Checks whether an inspector only writes text for people (logs).
template <class Inspector>
constexpr bool is_for_people
  = std::is_same_v<Inspector, caf::detail::stringification_inspector>;

/// Checks whether an inspector writes for other nodes.
template <class Inspector>
constexpr bool is_saving = Inspector::reads_state && !is_for_people<Inspector>;

/// Reads or writes one value, for types whose fields are not fixed.
template <class Inspector, class T>
caf::error apply(Inspector& f, T& x) {
  return f(x);
}

/// Writes bytes without their number.
template <class Inspector>
caf::error save_bytes(Inspector& f, std::string_view text) {
  return f.apply_raw(text.size(), const_cast<char*>(text.data()));
}

/// Reads bytes that `save_bytes` wrote.
template <class Inspector>
caf::error load_bytes(Inspector& f, char* to, size_t size) {
  return f.apply_raw(size, to);
}

/// Returns what `inspect` returns after these functions.
template <class Inspector>
typename Inspector::result_type inspected(Inspector&, caf::error failure) {
  return failure;
}

// -- messages ---------------------------------------------------------------------

/// The elements of a message that no handler has taken.
using message_content = caf::message_view;

/// What a default handler returns.
using default_result = caf::result<caf::message>;

/// Moves the message out of an element of a mailbox.
inline caf::message take_content(caf::mailbox_element& x) {
  return x.move_content_to_message();
}

/// What `enqueue` of an actor returns.
using enqueued = void;

/// Returns what `enqueue` returns. `taken` tells whether the mailbox is open.
inline void as_enqueued([[maybe_unused]] bool taken) {
  // nop
}

/// Drops a promise that answers nothing.
inline void drop(caf::response_promise&) {
  // nop
}

/// The name of an actor of CAF's own, such as "BASP".
template <size_t N>
caf::atom_value actor_name(const char (&name)[N]) {
  return caf::atom(name);
}

// What the middleman and its brokers take.
constexpr auto publish = caf::publish_atom::value;
constexpr auto unpublish = caf::unpublish_atom::value;
constexpr auto connect = caf::connect_atom::value;

/// Returns the message that makes CAF's middleman beat, and look for silence.
inline caf::message beat_message(caf::actor_clock::time_point now,
                                 caf::timespan interval,
                                 caf::timespan timeout) {
  return caf::make_message(caf::tick_atom::value, now, interval, timeout);
}

/// Bytes on their way from or to another node.
using byte_buffer = std::vector<char>;

// -- errors -----------------------------------------------------------------------

inline caf::atom_value error_category() {
  return caf::atom("zenws");
}

/// Returns an error whose context are these values.
template <class... Ts>
caf::error error_of(ec code, Ts&&... context) {
  return caf::error{static_cast<uint8_t>(code), error_category(),
                    caf::make_message(std::forward<Ts>(context)...)};
}

// -- configuration ----------------------------------------------------------------

/// What the names of CAF's own options begin with.
constexpr std::string_view option_prefix = "";

/// Returns the value of an option from text, nothing if its type is another.
inline std::optional<caf::config_value>
parse_option(const caf::config_option& option, const std::string& text) {
  auto value = option.parse(text);
  return value ? std::optional{std::move(*value)} : std::nullopt;
}

/// Tells CAF of the messages of a block of IDs.
template <class Block>
void add_messages(caf::actor_system_config& cfg) {
  cfg.add_message_types<Block>();
}

} // namespace zenws::caf_compat

/// Declares a message that stays in its process. The number tells it from all
/// others in versions of CAF that need one.
#define ZENWS_LOCAL_MESSAGE(number, name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(name)

/// Declares (`extern template class`) or defines (`template class`) all that
/// CAF makes of a message of this type.
#define ZENWS_MESSAGE_TEMPLATES(declare, type)                                 \
  declare caf::detail::type_erased_value_impl<type>;                           \
  declare caf::detail::tuple_vals_impl<caf::detail::message_data, type>;       \
  declare caf::detail::tuple_vals_impl<caf::type_erased_tuple, type>;          \
  declare caf::detail::tuple_vals<type>;
