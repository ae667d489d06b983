// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <span>
#include <string>
#include <string_view>

namespace zenws {

/// Returns whether a member of JSON of this name is a secret at the venues that
/// zenws knows: client_secret, signature, sign, passphrase, access_token and
/// the like, in any case, with or without underscores and dashes. Identifiers
/// (client_id, apiKey) are none.
/// @param more names to be secrets as well.
bool is_secret_member(std::string_view name,
                      std::span<const std::string> more = {});

/// Returns a message with the values of secret members, wherever they are,
/// replaced by "***" and without any other change.
///
/// Works on anything similar to JSON, whole or not: a message that is cut off
/// or malformed keeps no secret either. null, true and false are not replaced.
/// Does not look into strings that contain JSON.
std::string redact(std::string_view text,
                   std::span<const std::string> more = {});

/// Secrets that are known by their values: values used to dial, sign or log in
/// must not show under any name under which a venue repeats them. Thread-safe.
class secret_values {
public:
  /// The latest ones are kept.
  static constexpr size_t max_values = 64;

  /// Shorter values are ignored: they could be any word.
  static constexpr size_t min_size = 8;

  void add(std::string value);

  /// Returns a text with the secrets in it replaced by "***".
  std::string hide(std::string text) const;

private:
  mutable std::mutex mtx_;
  std::list<std::string> values_; // guarded by mtx_; no memory while empty
};

} // namespace zenws
