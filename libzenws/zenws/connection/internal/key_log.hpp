// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <openssl/types.h>

#include <memory>
#include <string>

namespace zenws::internal {

/// A file to which the secrets of TLS connections are appended, in the format
/// of the variable SSLKEYLOGFILE (draft-ietf-tls-keylogfile), as Wireshark
/// reads it.
///
/// Each line is one write to the end of the file, so that those of several
/// threads and processes do not mix. Safe to use from any thread.
class key_log {
public:
  /// Opens a file, and creates it with mode 0600 if there is none.
  /// @returns `ec::tls_failed` if that cannot be done.
  static result<std::unique_ptr<key_log>> open(const std::string& path);

  key_log(const key_log&) = delete;

  key_log& operator=(const key_log&) = delete;

  ~key_log();

  /// Writes the secrets of all connections of `ctx`, which must not outlive
  /// this object.
  void attach(SSL_CTX* ctx);

private:
  key_log(int file, int reader) noexcept : file_(file), reader_(reader) {
    // nop
  }

  static void write_line(const SSL* connection, const char* line);

  int file_;
  int reader_; // of a pipe, never read from; else -1
};

} // namespace zenws::internal
