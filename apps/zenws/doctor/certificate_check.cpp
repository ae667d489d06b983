// SPDX-License-Identifier: BSD-3-Clause

#include "certificate_check.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <ctime>
#include <string>
#include <utility>

namespace zenws::tool {

namespace {

// Certificates are replaced earlier, unless something does not work.
constexpr int alarming_days = 14;

std::string name_of(const X509_NAME* name) {
  char text[256];
  X509_NAME_oneline(name, text, sizeof(text));
  return printable(text);
}

// Returns days from now, negative if the time has passed.
int days_until(const ASN1_TIME* time) {
  int days = 0;
  int seconds = 0;
  ASN1_TIME_diff(&days, &seconds, nullptr, time);
  return seconds < 0 && days == 0 ? -1 : days;
}

std::string date_of(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  char text[16];
  std::strftime(text, sizeof(text), "%Y-%m-%d", &parts);
  return text;
}

std::string remedy_for(long code, const url& peer) {
  switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "check the clock of this machine; otherwise the server needs a "
             "new certificate";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "it is not for " + peer.host
             + ": connect to a name that it has, or correct the name";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return "its authority is not trusted: give --ca (tls.ca_file), install "
             "ca-certificates, or have the server send the whole chain; "
             "somebody may also be in between";
    default:
      return "do not send credentials there";
  }
}

void check_session(SSL* session, const finding_sink& out) {
  out({.check = "tls",
       .text = std::string{SSL_get_version(session)} + ", "
               + SSL_get_cipher_name(session)});
}

} // namespace

result<boost::asio::ssl::context> make_lenient_context(const tls_config& cfg) {
  namespace ssl = boost::asio::ssl;
  ssl::context result{ssl::context::tls_client};
  auto* native = result.native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  boost::system::error_code failure;
  if (cfg.ca_file.empty())
    result.set_default_verify_paths(failure);
  else
    result.load_verify_file(cfg.ca_file, failure);
  if (!failure && !cfg.cert_file.empty())
    result.use_certificate_chain_file(cfg.cert_file, failure);
  if (!failure && !cfg.key_file.empty())
    result.use_private_key_file(cfg.key_file, ssl::context::pem, failure);
  if (failure)
    return error{ec::tls_failed, "a certificate or key file cannot be used: "
                                   + failure.message()};
  SSL_CTX_set_verify(native, SSL_VERIFY_NONE, nullptr);
  return result;
}

void expect_peer(SSL* session, const url& peer) {
  auto* parameters = SSL_get0_param(session);
  if (peer.is_ip_literal()) {
    X509_VERIFY_PARAM_set1_ip_asc(parameters, peer.host.c_str());
    return;
  }
  SSL_set_tlsext_host_name(session, peer.host.c_str());
  X509_VERIFY_PARAM_set1_host(parameters, peer.host.c_str(), 0);
}

void check_certificate(SSL* session, const url& peer, const finding_sink& out) {
  check_session(session, out);
  finding result{.check = "certificate"};
  auto* certificate = SSL_get0_peer_certificate(session);
  if (certificate == nullptr) {
    result.outcome = verdict::problem;
    result.text = "the server sent none";
    result.remedy = "this is no server for clients that verify it";
    out(result);
    return;
  }
  auto* end = X509_get0_notAfter(certificate);
  auto days = days_until(end);
  auto* chain = SSL_get_peer_cert_chain(session);
  result.text = name_of(X509_get_subject_name(certificate)) + ", issued by "
                + name_of(X509_get_issuer_name(certificate)) + ", until "
                + date_of(end) + " (" + std::to_string(days)
                + " days), chain of " + std::to_string(sk_X509_num(chain));
  if (auto code = SSL_get_verify_result(session); code != X509_V_OK) {
    result.outcome = verdict::problem;
    result.text += ": " + std::string{X509_verify_cert_error_string(code)};
    result.remedy = remedy_for(code, peer);
  } else if (days < alarming_days) {
    result.outcome = verdict::warning;
    result.remedy = "it ends soon: clients will be refused from then on; tell "
                    "the operator of the server";
  }
  out(result);
}

} // namespace zenws::tool
