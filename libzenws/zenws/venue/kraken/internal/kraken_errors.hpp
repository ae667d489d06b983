// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/answer.hpp"

#include <string_view>

namespace zenws::internal {

/// A row in the table of Kraken's errors, which are texts.
struct kraken_error_rule {
  /// How the text begins: the rest names a pair or a value.
  std::string_view beginning{};

  answer_meaning meaning = answer_meaning::refused;
  refusal_subject subject = refusal_subject::unspecified;
};

/// Returns the first row for an error, null if it is not documented.
const kraken_error_rule* find_kraken_error(std::string_view text) noexcept;

} // namespace zenws::internal
