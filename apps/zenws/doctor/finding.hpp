// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace zenws::tool {

/// Outcome of a check of `zenws doctor`.
enum class verdict : uint8_t {
  ok,
  /// It works, but not as well as it could.
  warning,
  problem,
};

/// Returns the name of the enumerator.
std::string_view to_string(verdict value) noexcept;

/// What a check has found.
struct finding {
  /// What was checked, in one word: "dns", "certificate", ...
  std::string check{};

  verdict outcome = verdict::ok;
  std::string text{};

  /// What to do about it; empty if it is `ok`.
  std::string remedy{};

  std::optional<std::chrono::microseconds> took{};
};

/// Receives the findings one by one, as they are made.
using finding_sink = std::function<void(const finding&)>;

} // namespace zenws::tool
