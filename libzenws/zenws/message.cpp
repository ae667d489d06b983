// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/message.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws {

BOOST_DESCRIBE_ENUM(message_kind, text, binary)

std::string_view to_string(message_kind kind) noexcept {
  return internal::enum_name(kind);
}

} // namespace zenws
