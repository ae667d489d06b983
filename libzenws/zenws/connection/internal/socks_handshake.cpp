// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/socks_handshake.hpp"

#include <boost/asio/ip/address.hpp>

#include <initializer_list>
#include <iterator>
#include <utility>

namespace zenws::internal {

namespace {

// RFC 1928, section 3.
constexpr uint8_t socks_version = 5;
constexpr uint8_t no_authentication = 0;
constexpr uint8_t user_and_password = 2;
constexpr uint8_t no_acceptable_method = 0xff;

// RFC 1929, section 2.
constexpr uint8_t login_version = 1;

// RFC 1928, section 4.
constexpr uint8_t connect_command = 1;
constexpr uint8_t ipv4_address = 1;
constexpr uint8_t domain_name = 3;
constexpr uint8_t ipv6_address = 4;

// Bytes of a reply up to the first of its address, which is its length if it is
// a name.
constexpr size_t reply_head = 5;

constexpr size_t max_text = 255;

std::string octets(std::initializer_list<size_t> values) {
  std::string result;
  for (auto x : values)
    result += static_cast<char>(x);
  return result;
}

std::string with_length(const std::string& text) {
  return octets({text.size()}) + text;
}

uint8_t octet(const std::string& bytes, size_t index) {
  return static_cast<uint8_t>(bytes[index]);
}

template <class Bytes>
std::string text_of_bytes(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

std::string socks_address(const url& target) {
  boost::system::error_code is_name;
  auto address = boost::asio::ip::make_address(target.host, is_name);
  if (is_name)
    return octets({domain_name}) + with_length(target.host);
  if (address.is_v4())
    return octets({ipv4_address}) + text_of_bytes(address.to_v4().to_bytes());
  return octets({ipv6_address}) + text_of_bytes(address.to_v6().to_bytes());
}

std::string greeting(const proxy_config& proxy) {
  return proxy.user.empty()
           ? octets({socks_version, 1, no_authentication})
           : octets({socks_version, 2, no_authentication, user_and_password});
}

std::string socks_login(const proxy_config& proxy) {
  if (proxy.user.empty())
    return {};
  return octets({login_version}) + with_length(proxy.user.substr(0, max_text))
         + with_length(proxy.password.substr(0, max_text));
}

// RFC 1928, section 6.
std::string_view meaning_of(uint8_t reply) {
  static constexpr std::string_view meanings[]
    = {"succeeded",
       "general SOCKS server failure",
       "connection not allowed by ruleset",
       "network unreachable",
       "host unreachable",
       "connection refused",
       "TTL expired",
       "command not supported",
       "address type not supported"};
  return reply < std::size(meanings) ? meanings[reply] : "not assigned";
}

error socks_failed(std::string detail) {
  return {.code = ec::proxy_failed, .detail = std::move(detail)};
}

error login_refused(std::string detail) {
  return {.code = ec::proxy_auth_required, .detail = std::move(detail)};
}

error wrong_version(uint8_t version) {
  return socks_failed("the answer is not SOCKS 5: it begins with byte "
                      + std::to_string(version)
                      + (version == 'H' ? ", as HTTP does" : ""));
}

} // namespace

result<std::string> socks_request(const url& target) {
  if (target.host.size() > max_text)
    return error{.code = ec::invalid_url,
                 .detail = "the host is longer than the 255 bytes that SOCKS "
                           "can carry"};
  return octets({socks_version, connect_command, 0}) + socks_address(target)
         + octets({size_t{target.port} >> 8, size_t{target.port} & 0xff});
}

socks_handshake::socks_handshake(const proxy_config& proxy, std::string request)
  : proxy_handshake(greeting(proxy)),
    credentials_(socks_login(proxy)),
    request_(std::move(request)) {
  // nop
}

result<size_t> socks_handshake::read(std::string_view bytes) {
  auto taken = bytes.substr(0, wanted_ - answer_.size());
  answer_ += taken;
  if (answer_.size() == wanted_)
    if (auto problem = on_answer())
      return problem;
  return taken.size();
}

error socks_handshake::on_answer() {
  switch (stage_) {
    case stage::method:
      return on_method();
    case stage::authentication:
      return on_authentication();
    default:
      return on_reply();
  }
}

error socks_handshake::on_method() {
  if (octet(answer_, 0) != socks_version)
    return wrong_version(octet(answer_, 0));
  auto method = octet(answer_, 1);
  if (method == no_authentication) {
    enter(stage::reply, std::move(request_));
    return {};
  }
  if (method == user_and_password && !credentials_.empty()) {
    enter(stage::authentication, std::move(credentials_));
    return {};
  }
  if (method == no_acceptable_method)
    return login_refused(credentials_.empty()
                           ? "the SOCKS proxy wants credentials"
                           : "the SOCKS proxy takes neither user and password "
                             "nor connections without");
  return socks_failed("the SOCKS proxy chose method " + std::to_string(method)
                      + ", which was not offered");
}

error socks_handshake::on_authentication() {
  if (octet(answer_, 0) != login_version)
    return socks_failed("the answer to user and password has version "
                        + std::to_string(octet(answer_, 0)) + ", not 1");
  if (octet(answer_, 1) != 0)
    return login_refused("the SOCKS proxy refuses user and password (status "
                         + std::to_string(octet(answer_, 1)) + ')');
  enter(stage::reply, std::move(request_));
  return {};
}

// A refusal is told as soon as its reason is there: some proxies close then.
error socks_handshake::on_reply() {
  if (octet(answer_, 0) != socks_version)
    return wrong_version(octet(answer_, 0));
  if (auto reply = octet(answer_, 1); reply != 0)
    return socks_failed("the SOCKS proxy answers: "
                        + std::string{meaning_of(reply)} + " (reply "
                        + std::to_string(reply) + ')');
  if (answer_.size() < reply_head) {
    wanted_ = reply_head;
    return {};
  }
  constexpr size_t port = 2;
  auto type = octet(answer_, 3);
  if (type == ipv4_address)
    wanted_ = reply_head - 1 + 4 + port;
  else if (type == ipv6_address)
    wanted_ = reply_head - 1 + 16 + port;
  else if (type == domain_name)
    wanted_ = reply_head + octet(answer_, 4) + port;
  else
    return socks_failed("the reply of the SOCKS proxy has an address of the "
                        "unknown type "
                        + std::to_string(type));
  if (answer_.size() == wanted_)
    open();
  return {};
}

void socks_handshake::enter(stage next, std::string output) {
  stage_ = next;
  wanted_ = 2;
  answer_.clear();
  send(std::move(output));
}

} // namespace zenws::internal
