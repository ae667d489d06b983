// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <cstdint>
#include <functional>

namespace zenws {

/// Effect of an error on a client.
enum class refusal_ruling : uint8_t {
  /// As zenws decides by itself.
  undecided,
  /// An outage: the client tries again.
  for_now,
  /// The client ends, and is not started again.
  final,
};

/// A refusal to be judged: of an upgrade, a proxy, a certificate, a login or a
/// request that must follow one.
struct refusal {
  error reason{};

  /// Set if the client has ever been `ready`.
  bool has_worked = false;
};

/// Decides otherwise than zenws whether waiting can cure a refusal. Called on
/// the loop of the client; must neither block nor throw.
using refusal_classifier = std::function<refusal_ruling(const refusal&)>;

} // namespace zenws
