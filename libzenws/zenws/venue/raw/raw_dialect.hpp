// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/venue/dialect.hpp"

namespace zenws {

/// No venue in particular: all messages are data.
class raw_dialect : public dialect {
public:
  std::string_view name() const noexcept override {
    return "raw";
  }

  bool reads_messages() const noexcept override {
    return false;
  }
};

} // namespace zenws
