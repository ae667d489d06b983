// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/certificate.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>

#include <stdexcept>

namespace zenws::sim {

// Has linkage, as `certificate_authority::impl` has.
template <auto Fun>
struct openssl_deleter {
  template <class T>
  void operator()(T* ptr) const noexcept {
    Fun(ptr);
  }
};

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, openssl_deleter<EVP_PKEY_free>>;
using cert_ptr = std::unique_ptr<X509, openssl_deleter<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, openssl_deleter<BIO_free_all>>;
using extension_ptr
  = std::unique_ptr<X509_EXTENSION, openssl_deleter<X509_EXTENSION_free>>;

constexpr long one_day = 24 * 60 * 60;
constexpr const char* ca_name = "exchange-sim CA";

// Properties of a certificate.
struct certificate_request {
  std::string common_name;
  long not_before;
  long not_after;
  std::vector<std::pair<int, std::string>> extensions;
};

void check(bool ok, const char* action) {
  if (!ok)
    throw std::runtime_error{std::string{"OpenSSL: "} + action};
}

key_ptr make_key() {
  key_ptr result{EVP_EC_gen("P-256")};
  check(result != nullptr, "cannot make a key");
  return result;
}

std::string content_of(BIO* bio) {
  char* data = nullptr;
  auto size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

std::string pem_of(X509* cert) {
  bio_ptr bio{BIO_new(BIO_s_mem())};
  check(PEM_write_bio_X509(bio.get(), cert) == 1, "cannot write PEM");
  return content_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  bio_ptr bio{BIO_new(BIO_s_mem())};
  check(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr,
                                 nullptr)
          == 1,
        "cannot write PEM");
  return content_of(bio.get());
}

void set_name(X509_NAME* name, const std::string& common_name) {
  auto* text = reinterpret_cast<const unsigned char*>(common_name.data());
  check(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text,
                                   static_cast<int>(common_name.size()), -1, 0)
          == 1,
        "cannot set the name");
}

void set_serial(X509* cert) {
  uint64_t serial = 0;
  check(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof(serial))
          == 1,
        "no random numbers");
  ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial >> 1 | 1);
}

void add_extension(X509* cert, X509* issuer, int id, const std::string& text) {
  X509V3_CTX ctx;
  X509V3_set_ctx_nodb(&ctx);
  X509V3_set_ctx(&ctx, issuer, cert, nullptr, nullptr, 0);
  extension_ptr ext{X509V3_EXT_conf_nid(nullptr, &ctx, id, text.c_str())};
  check(ext != nullptr, "cannot make an extension");
  check(X509_add_ext(cert, ext.get(), -1) == 1, "cannot add an extension");
}

// Creates a certificate; without an issuer it is self-signed.
cert_ptr make_certificate(const certificate_request& request, EVP_PKEY* key,
                          X509* issuer, EVP_PKEY* issuer_key) {
  cert_ptr result{X509_new()};
  auto* cert = result.get();
  check(cert != nullptr, "out of memory");
  X509_set_version(cert, X509_VERSION_3);
  set_serial(cert);
  X509_gmtime_adj(X509_getm_notBefore(cert), request.not_before);
  X509_gmtime_adj(X509_getm_notAfter(cert), request.not_after);
  X509_set_pubkey(cert, key);
  set_name(X509_get_subject_name(cert), request.common_name);
  auto* signer = issuer ? issuer : cert;
  X509_set_issuer_name(cert, X509_get_subject_name(signer));
  add_extension(cert, signer, NID_subject_key_identifier, "hash");
  add_extension(cert, signer, NID_authority_key_identifier, "keyid");
  for (auto& [id, text] : request.extensions)
    add_extension(cert, signer, id, text);
  check(X509_sign(cert, issuer_key, EVP_sha256()) > 0, "cannot sign");
  return result;
}

// Words names as the value of a subjectAltName extension.
std::string alternative_names(const std::vector<std::string>& names) {
  std::string result;
  for (auto& name : names) {
    boost::system::error_code ec;
    boost::asio::ip::make_address(name, ec);
    result += result.empty() ? "" : ",";
    result += (ec ? "DNS:" : "IP:") + name;
  }
  return result;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

struct certificate_authority::impl {
  key_ptr key;
  cert_ptr cert;
  std::string pem;

  credentials issue(const certificate_request& request) const {
    auto leaf_key = make_key();
    auto leaf = make_certificate(request, leaf_key.get(), cert.get(),
                                 key.get());
    return {pem_of(leaf.get()), pem_of(leaf_key.get())};
  }
};

certificate_authority::certificate_authority()
  : impl_(std::make_unique<impl>()) {
  certificate_request request{
    ca_name,
    -30 * one_day,
    3650 * one_day,
    {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
     {NID_key_usage, "critical,keyCertSign,cRLSign"}}};
  impl_->key = make_key();
  auto* key = impl_->key.get();
  impl_->cert = make_certificate(request, key, nullptr, key);
  impl_->pem = pem_of(impl_->cert.get());
}

certificate_authority::certificate_authority(
  certificate_authority&&) noexcept = default;

certificate_authority&
certificate_authority::operator=(certificate_authority&&) noexcept = default;

certificate_authority::~certificate_authority() {
  // nop
}

// -- properties ---------------------------------------------------------------

const std::string& certificate_authority::pem() const noexcept {
  return impl_->pem;
}

credentials
certificate_authority::issue_server(const std::vector<std::string>& names,
                                    leaf_validity validity) const {
  auto expired = validity == leaf_validity::expired;
  certificate_request request{names.empty() ? "exchange-sim" : names.front(),
                              expired ? -2 * one_day : -one_day,
                              expired ? -one_day : 30 * one_day,
                              {{NID_basic_constraints, "critical,CA:FALSE"},
                               {NID_key_usage, "critical,digitalSignature"},
                               {NID_ext_key_usage, "serverAuth"}}};
  if (!names.empty())
    request.extensions.emplace_back(NID_subject_alt_name,
                                    alternative_names(names));
  return impl_->issue(request);
}

credentials
certificate_authority::issue_client(const std::string& common_name) const {
  return impl_->issue({common_name,
                       -one_day,
                       30 * one_day,
                       {{NID_basic_constraints, "critical,CA:FALSE"},
                        {NID_key_usage, "critical,digitalSignature"},
                        {NID_ext_key_usage, "clientAuth"}}});
}

} // namespace zenws::sim
