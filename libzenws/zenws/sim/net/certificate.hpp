// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sim/config/server_config.hpp"

#include <memory>
#include <string>
#include <vector>

namespace zenws::sim {

/// A certificate and its private key, both as PEM text.
struct credentials {
  std::string certificate_pem;
  std::string key_pem;
};

/// A certificate authority of its own (EC P-256), new with each instance.
///
/// Throws `std::runtime_error` if OpenSSL fails, which only lack of memory
/// or of entropy can cause.
class certificate_authority {
public:
  certificate_authority();

  certificate_authority(certificate_authority&&) noexcept;

  certificate_authority& operator=(certificate_authority&&) noexcept;

  ~certificate_authority();

  /// The certificate that clients must trust.
  const std::string& pem() const noexcept;

  /// Issues a server certificate for host names and IP addresses.
  credentials issue_server(const std::vector<std::string>& names,
                           leaf_validity validity) const;

  /// Issues a client certificate.
  credentials issue_client(const std::string& common_name) const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace zenws::sim
