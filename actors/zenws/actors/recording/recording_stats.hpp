// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/shared_counter.hpp"

namespace zenws {

/// Figures of the recording of one client, which any thread may read at any
/// time.
struct recording_stats {
  /// Entries passed on to the recorder, and those left out because too much
  /// waited for the disk. Written by the thread of the client.
  shared_counter entries;
  shared_counter left_out;

  /// Bytes handed to the system, entries left out because the disk failed or
  /// was slow, and failures of the disk. Written by the thread of the recorder.
  shared_counter written_bytes;
  shared_counter left_out_by_disk;
  shared_counter failures;
};

} // namespace zenws
