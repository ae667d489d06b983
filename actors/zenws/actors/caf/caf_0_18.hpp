// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Messages of CAF since 0.18. Only caf_compat.hpp includes it.

#include "zenws/actors/caf/named_field.hpp"
#include "zenws/error.hpp"

#include <caf/all.hpp>
#include <caf/byte_span.hpp>
#include <caf/detail/make_meta_object.hpp>
#include <caf/detail/meta_object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace zenws::caf_compat {

// -- interfaces -----------------------------------------------------------------

template <class In, class Out = void>
using answers = caf::result<Out>(In);

template <class In>
using takes = caf::result<void>(In);

// -- inspection -----------------------------------------------------------------

template <class Inspector, class... Ts>
bool inspect_as(Inspector& f, const char* name, Ts&&... fields) {
  return with_fields(
    [&](auto... xs) {
      return f.virtual_object(name).fields(f.field(xs.name, xs.value)...);
    },
    fields...);
}

template <class Inspector, class F, class... Ts>
bool inspect_and_load(Inspector& f, const char* name, F after_load,
                      Ts&&... fields) {
  if constexpr (Inspector::is_loading)
    return with_fields(
      [&](auto... xs) {
        return f.virtual_object(name)
          .on_load(std::move(after_load))
          .fields(f.field(xs.name, xs.value)...);
      },
      fields...);
  else
    return inspect_as(f, name, fields...);
}

template <class Inspector>
constexpr bool is_for_people
  = std::is_same_v<Inspector, caf::detail::stringification_inspector>;

template <class Inspector>
constexpr bool is_saving = !Inspector::is_loading && !is_for_people<Inspector>;

/// The error of a step that failed.
template <class Inspector>
caf::error step(Inspector& f, bool succeeded) {
  if (succeeded)
    return {};
  return f.get_error() ? f.get_error() : caf::error{caf::sec::runtime_error};
}

template <class Inspector, class T>
caf::error apply(Inspector& f, T& x) {
  return step(f, f.apply(x));
}

template <class Inspector>
caf::error save_bytes(Inspector& f, std::string_view text) {
  using span = caf::const_byte_span;
  auto begin = reinterpret_cast<span::pointer>(text.data());
  return step(f, f.value(span{begin, text.size()}));
}

template <class Inspector>
caf::error load_bytes(Inspector& f, char* to, size_t size) {
  using span = caf::byte_span;
  return step(f, f.value(span{reinterpret_cast<span::pointer>(to), size}));
}

template <class Inspector>
bool inspected(Inspector& f, caf::error failure) {
  if (!failure)
    return true;
  f.set_error(std::move(failure));
  return false;
}

// -- messages ---------------------------------------------------------------------

using message_content = caf::message;

using default_result = caf::skippable_result;

inline caf::message take_content(caf::mailbox_element& x) {
  return std::move(x.payload);
}

using enqueued = bool;

inline bool as_enqueued(bool taken) {
  return taken;
}

// CAF sends an error to the sender of a plain message otherwise.
inline void drop(caf::response_promise& promise) {
  promise.deliver();
}

template <size_t N>
std::string actor_name(const char (&name)[N]) {
  return name;
}

constexpr auto publish = caf::publish_atom_v;
constexpr auto unpublish = caf::unpublish_atom_v;
constexpr auto connect = caf::connect_atom_v;

inline caf::message beat_message(caf::actor_clock::time_point now,
                                 caf::timespan interval,
                                 caf::timespan timeout) {
  return caf::make_message(caf::tick_atom_v, now.time_since_epoch().count(),
                           interval, timeout);
}

using byte_buffer = caf::byte_buffer;

// -- errors -----------------------------------------------------------------------

caf::type_id_t error_category();

template <class... Ts>
caf::error error_of(ec code, Ts&&... context) {
  return caf::error{code, caf::make_message(std::forward<Ts>(context)...)};
}

// -- configuration ----------------------------------------------------------------

constexpr std::string_view option_prefix = "caf.";

inline std::optional<caf::config_value>
parse_option(const caf::config_option& option, const std::string& text) {
  caf::config_value result{text};
  return option.sync(result) ? std::nullopt : std::optional{result};
}

// CAF must be told of messages before an actor system runs. So that happens
// before `main`, and programs need no `CAF_MAIN`.
template <class Block>
struct block_registration {
  block_registration() {
    caf::core::init_global_meta_objects();
    caf::init_global_meta_objects<Block>();
  }

  static inline const block_registration done{};
};

template <class Block>
void add_messages(caf::actor_system_config&) {
  static_cast<void>(&block_registration<Block>::done);
}

/// Tells CAF of one type.
template <class T>
struct registration {
  registration() {
    auto object = caf::detail::make_meta_object<T>(caf::type_name_v<T>);
    caf::detail::set_global_meta_objects(caf::type_id_v<T>, {&object, 1});
  }
};

} // namespace zenws::caf_compat

/// Gives a type a number of its own, which no other message has.
#define ZENWS_TYPE_ID(number, name)                                            \
  namespace caf {                                                              \
  template <>                                                                  \
  struct type_id<name> {                                                       \
    static constexpr auto value = type_id_t{number};                           \
  };                                                                           \
  template <>                                                                  \
  struct type_by_id<type_id_t{number}> {                                       \
    using type = name;                                                         \
  };                                                                           \
  template <>                                                                  \
  struct type_name<name> {                                                     \
    static constexpr decltype(type_name<unit_t>::value) value = #name;         \
  };                                                                           \
  template <>                                                                  \
  struct type_name_by_id<type_id_t{number}> {                                  \
    static constexpr auto value = type_name<name>::value;                      \
  };                                                                           \
  }                                                                            \
  namespace zenws::caf_compat {                                                \
  inline const registration<name> registered_##number{};                       \
  }

#define ZENWS_LOCAL_MESSAGE(number, name)                                      \
  CAF_ALLOW_UNSAFE_MESSAGE_TYPE(name)                                          \
  ZENWS_TYPE_ID(number, name)

#define ZENWS_MESSAGE_TEMPLATES(declare, type)

namespace zenws {

// Enumerations travel as numbers.
template <class Inspector, class Enum>
requires std::is_enum_v<Enum>
bool inspect(Inspector& f, Enum& x) {
  using number = std::underlying_type_t<Enum>;
  auto get = [&x] { return static_cast<number>(x); };
  auto set = [&x](number value) { x = static_cast<Enum>(value); };
  return f.apply(get, set);
}

namespace market {
using zenws::inspect;
} // namespace market

namespace trading {
using zenws::inspect;
} // namespace trading

} // namespace zenws

CAF_ERROR_CODE_ENUM(zenws::ec)
ZENWS_TYPE_ID(2399, zenws::ec)
