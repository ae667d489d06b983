// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <optional>

namespace zenws::internal {

/// Keeps the earlier one of two times, of which each may be absent.
template <class T>
void keep_earlier(std::optional<T>& x, const std::optional<T>& y) noexcept {
  if (y && (!x || *y < *x))
    x = y;
}

/// Returns whether a time has come, and removes it then: each time is due once.
template <class T>
bool take_if_due(std::optional<T>& due, T now) noexcept {
  if (!due || now < *due)
    return false;
  due = std::nullopt;
  return true;
}

} // namespace zenws::internal
