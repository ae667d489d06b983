#pragma once

#include <span>
#include <string>
#include <string_view>

namespace zenws {

/// Tells whether a member of JSON of this name is a secret at the venues that
/// zenws knows: client_secret, signature, sign, passphrase, access_token and
/// the like, in any case, with or without underscores and dashes. What only
/// says who somebody is (client_id, apiKey) is none.
/// @param more names to be secrets as well.
bool is_secret_member(std::string_view name,
                      std::span<const std::string> more = {});

/// Returns a message with the values of secret members, wherever they are,
/// replaced by "***" and without any other change.
///
/// Works on what looks like JSON, whole or not: a message that is cut off or
/// malformed keeps no secret either. null, true and false are not replaced.
/// Does not look into strings that contain JSON.
std::string redact(std::string_view text,
                   std::span<const std::string> more = {});

} // namespace zenws
