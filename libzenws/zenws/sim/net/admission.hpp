// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/fault.hpp"
#include "zenws/sim/net/handshake.hpp"

#include <map>
#include <optional>
#include <string>

namespace zenws::sim {

/// Faults for new connections, by path.
///
/// An empty path stands for all paths. `/control` is exempt from everything:
/// a fault must remain possible to end.
class admission {
public:
  // -- transitions ------------------------------------------------------------

  void refuse(const std::string& path, const fault_refuse& cause);

  void flap(const std::string& path, const fault_flap& cause);

  /// Ends refusing and flapping.
  void accept(const std::string& path);

  void stall(const std::string& path);

  void resume(const std::string& path);

  void mute(const std::string& path);

  void unmute(const std::string& path);

  // -- decisions, each counted against the fault's `times` --------------------

  std::optional<http_refusal> refusal_for(const std::string& path);

  std::optional<disconnect> flap_after_accept();

  std::optional<disconnect> flap_after_upgrade(const std::string& path);

  // -- properties -------------------------------------------------------------

  bool stalls(const std::string& path) const;

  bool mutes(const std::string& path) const;

private:
  struct nothing {};

  template <class T>
  using by_path = std::map<std::string, T>;

  by_path<fault_refuse> refusals_;
  by_path<fault_flap> flaps_;
  std::optional<fault_flap> accept_flap_;
  by_path<nothing> stalls_;
  by_path<nothing> mutes_;
};

} // namespace zenws::sim
