// SPDX-License-Identifier: BSD-3-Clause

// Answers of a server to the upgrade.

#include "zenws/connection/internal/refusal.hpp"

#include <boost/asio/error.hpp>

#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace zenws::internal;
  std::string_view text{reinterpret_cast<const char*>(data), size};
  (void) read_refusal(text, {});
  auto refusal = read_refusal(text, boost::asio::error::eof);
  if (refusal && *refusal)
    (void) (*refusal)->retry_after();
  return 0;
}
