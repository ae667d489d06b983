// SPDX-License-Identifier: BSD-3-Clause

#pragma once

namespace zenws {

/// Exit codes of all programs, see docs/operations.md. A second interrupt ends
/// them with 128 + the number of the signal, see `signal_watch`.
enum exit_code : int {
  exit_success = 0,
  /// What the program was to do has failed.
  exit_failed = 1,
  /// The command line or a file is wrong; nothing was done.
  exit_usage = 2,
  /// Orders were not over, or of unknown outcome, at the end.
  exit_unsettled = 3,
};

} // namespace zenws
