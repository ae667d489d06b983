#include "zenws/subscription/subscription.hpp"

#include <array>

namespace zenws {

namespace {

template <class Enum, size_t N>
std::string_view
name_in(const std::array<std::string_view, N>& names, Enum value) noexcept {
  auto index = static_cast<size_t>(value);
  return index < N ? names[index] : "unknown";
}

} // namespace

std::string_view to_string(channel_access access) noexcept {
  constexpr std::array<std::string_view, 2> names{"open_to_all",
                                                  "authenticated_only"};
  return name_in(names, access);
}

std::string_view to_string(channel_state state) noexcept {
  constexpr std::array<std::string_view, 4> names{
    "wanted", "pending_subscribe", "confirmed", "pending_unsubscribe"};
  return name_in(names, state);
}

std::string_view to_string(subscription_request_kind kind) noexcept {
  constexpr std::array<std::string_view, 2> names{"subscribe", "unsubscribe"};
  return name_in(names, kind);
}

std::string_view to_string(outcome_kind kind) noexcept {
  constexpr std::array<std::string_view, 7> names{"granted",   "rejected",
                                                  "withdrawn", "revoked",
                                                  "lost",      "restored",
                                                  "silent"};
  return name_in(names, kind);
}

} // namespace zenws
