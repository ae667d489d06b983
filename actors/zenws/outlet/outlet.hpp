// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/outlet/outlet_options.hpp"

#include <caf/expected.hpp>
#include <caf/fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace zenws {

class runtime;

/// A WebSocket server that offers the clients of a runtime, and order desks, to
/// programs in any language, as JSON; see docs/outlet.md. It has a thread of
/// its own: encoding for a program costs no client anything.
///
/// Owned by one thread. Ends with its destructor, which must run before that of
/// the runtime.
class outlet {
public:
  // -- constructors, destructors, and assignment operators --------------------

  outlet(const outlet&) = delete;

  outlet& operator=(const outlet&) = delete;

  /// Calls `stop`.
  ~outlet();

  // -- properties -------------------------------------------------------------

  /// Returns the port it listens at.
  uint16_t port() const noexcept;

  /// Returns the address, for example "ws://127.0.0.1:8081/".
  std::string url() const;

  // -- stopping ---------------------------------------------------------------

  /// Closes the port, and all connections with code 1001, and waits for both.
  void stop();

private:
  friend caf::expected<std::unique_ptr<outlet>>
  start_outlet(runtime& host, outlet_options options);

  struct parts;

  explicit outlet(std::unique_ptr<parts> content) noexcept;

  std::unique_ptr<parts> parts_;
};

/// Starts an outlet.
/// @param host must live longer than the outlet.
/// @returns `ec::invalid_config` naming every problem, `ec::tls_failed`, or
///          `ec::connect_failed` with the reason if the port cannot be opened.
caf::expected<std::unique_ptr<outlet>> start_outlet(runtime& host,
                                                    outlet_options options);

} // namespace zenws
