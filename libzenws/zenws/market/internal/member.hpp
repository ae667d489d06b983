// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/json/internal/member_name.hpp"
#include "zenws/json/json_value.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace zenws::internal {

class market_reader;

/// Whether an object may lack a member.
enum class presence : uint8_t { optional, required };

/// A member that a decoder knows of an object.
template <class Target>
struct member {
  member_name name;

  /// Reads the value, null to step over it.
  void (*read)(market_reader& in, Target& to) = nullptr;

  presence needed = presence::optional;
};

/// Returns the members that an object must have, as bits.
template <class Target, size_t Count>
consteval uint64_t required_of(const member<Target> (&known)[Count]) {
  static_assert(Count <= 64);
  uint64_t result = 0;
  for (size_t i = 0; i < Count; ++i)
    if (known[i].needed == presence::required)
      result |= uint64_t{1} << i;
  return result;
}

/// Which member came after which one in the last object of its kind: a guess of
/// the next, as venues send them in the same order again and again.
///
/// Thread-safe.
template <size_t Count>
class member_order {
public:
  /// @param index `Count` for the first one
  size_t after(size_t index) const noexcept {
    return next_[index].load(std::memory_order_relaxed);
  }

  void learn(size_t index, size_t next) noexcept {
    next_[index].store(static_cast<uint8_t>(next), std::memory_order_relaxed);
  }

private:
  std::array<std::atomic<uint8_t>, Count + 1> next_{};
};

/// The order of the members of a table.
template <const auto& Known>
inline constinit member_order<
  std::extent_v<std::remove_reference_t<decltype(Known)>>>
  order_of{};

/// Returns the value that a path of pointers to members leads to.
template <auto First, auto... Rest, class Target>
auto& value_at(Target& x) {
  auto& next = x.*First;
  using next_type = std::remove_reference_t<decltype(next)>;
  if constexpr (sizeof...(Rest) == 0)
    return next;
  else if constexpr (std::is_pointer_v<next_type>)
    return value_at<Rest...>(*next);
  else
    return value_at<Rest...>(next);
}

/// Reads a value by its type.
template <auto... Path>
inline constexpr auto into
  = [](auto& in, auto& to) { in.read(value_at<Path...>(to)); };

/// Reads a value by `Read`, unless it is null.
template <auto Read>
inline constexpr auto unless_null = [](auto& in, auto& to) {
  if (in.peek() == json_kind::null)
    in.skip();
  else
    Read(in, to);
};

/// Reads a value by its type, unless it is null.
template <auto... Path>
inline constexpr auto into_unless_null = unless_null<into<Path...>>;

} // namespace zenws::internal
