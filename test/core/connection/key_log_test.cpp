// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE key_log

#include "connection_fixture.hpp"
#include "tls_handshake.hpp"

#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include "zenws/connection/internal/key_log.hpp"
#include "zenws/connection/tls_files.hpp"

#include <boost/asio/ssl/stream.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace zenws;
using namespace zenws::internal;
using test_support::temporary_folder;

namespace {

namespace ssl = boost::asio::ssl;

using lines = std::vector<std::string>;

lines lines_of(const std::string& file) {
  lines result;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);)
    result.push_back(line);
  return result;
}

std::string in_hex(const unsigned char* bytes, size_t size) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (size_t i = 0; i < size; ++i) {
    result += digits[bytes[i] >> 4];
    result += digits[bytes[i] & 15];
  }
  return result;
}

/// The secrets as a server has them, one test at a time.
lines server_secrets;

/// A server that shakes hands once.
class tls_peer {
public:
  explicit tls_peer(asio::io_context& ctx)
    : acceptor_(ctx, {asio::ip::make_address("127.0.0.1"), 0}),
      context_(ssl::context::tls_server),
      stream_(ctx, with_certificate(context_)) {
    acceptor_.async_accept(stream_.next_layer(), [this](error_code code) {
      if (!code)
        shake_hands();
    });
  }

  endpoint_type address() const {
    return acceptor_.local_endpoint();
  }

  /// Returns the random number that the client has sent, in hexadecimal digits.
  std::string client_random() {
    unsigned char bytes[32];
    SSL_get_client_random(stream_.native_handle(), bytes, sizeof(bytes));
    return in_hex(bytes, sizeof(bytes));
  }

private:
  static ssl::context& with_certificate(ssl::context& context) {
    server_secrets.clear();
    certify(context.native_handle());
    SSL_CTX_set_keylog_callback(context.native_handle(),
                                [](const SSL*, const char* line) {
                                  server_secrets.emplace_back(line);
                                });
    return context;
  }

  void shake_hands() {
    stream_.async_handshake(ssl::stream_base::server, [this](error_code) {
      stream_.next_layer().close();
    });
  }

  asio::ip::tcp::acceptor acceptor_;
  ssl::context context_;
  ssl::stream<asio::ip::tcp::socket> stream_;
};

struct key_log_fixture : connection_fixture {
  key_log_fixture() {
    cfg.tls.verify = tls_verify::insecure_skip_verify;
    cfg.tls.key_log_file = file;
  }

  temporary_folder folder;
  std::string file = folder.file("keys");
};

/// Lets a new client of a context shake hands.
void shake_hands(SSL_CTX* client_context, SSL_CTX* server_context) {
  auto* client = SSL_new(client_context);
  shake_hands(client, server_context);
  SSL_free(client);
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(key_log_tests, key_log_fixture)

CAF_TEST(the secrets of a connection are those that its server has) {
  tls_peer server{ctx};
  dial({server.address()}, "wss");
  end();
  auto found = lines_of(file);
  auto begin = "CLIENT_TRAFFIC_SECRET_0 " + server.client_random() + ' ';
  CAF_CHECK(std::any_of(found.begin(), found.end(),
                        [&](auto& line) { return line.starts_with(begin); }));
  CAF_CHECK(!server_secrets.empty());
  for (auto& line : server_secrets)
    CAF_CHECK_EQUAL(std::count(found.begin(), found.end(), line), 1);
}

CAF_TEST(only the owner may read the file) {
  CAF_CHECK(!check_files(cfg.tls));
  struct stat found {};
  CAF_REQUIRE_EQUAL(stat(file.c_str(), &found), 0);
  CAF_CHECK_EQUAL(found.st_mode & 0777, 0600u);
}

CAF_TEST(secrets are appended to what there is) {
  std::ofstream{file} << "# by others\n";
  tls_peer server{ctx};
  dial({server.address()}, "wss");
  end();
  auto found = lines_of(file);
  CAF_CHECK_GREATER(found.size(), 1u);
  CAF_CHECK_EQUAL(found.front(), "# by others");
}

CAF_TEST(without a file nothing is written) {
  cfg.tls.key_log_file.clear();
  tls_peer server{ctx};
  dial({server.address()}, "wss");
  end();
  CAF_CHECK(lines_of(file).empty());
}

CAF_TEST(a file that cannot be opened is a problem that names it) {
  for (auto path : {folder.file("none/keys"), folder.path().string()}) {
    auto problem = check_files({.key_log_file = path});
    CAF_CHECK(problem.code == ec::tls_failed);
    CAF_CHECK(problem.detail.starts_with("cannot open tls.key_log_file " + path
                                         + ": "));
  }
}

CAF_TEST(a pipe that nobody reads is not waited for) {
  CAF_REQUIRE_EQUAL(mkfifo(file.c_str(), 0600), 0);
  CAF_CHECK(check_files(cfg.tls).code == ec::tls_failed);
}

CAF_TEST(a pipe whose reader has gone ends no program) {
  CAF_REQUIRE_EQUAL(mkfifo(file.c_str(), 0600), 0);
  auto reader = ::open(file.c_str(), O_RDONLY | O_NONBLOCK);
  auto uut = key_log::open(file).value();
  ::close(reader);
  auto* server = SSL_CTX_new(TLS_server_method());
  certify(server);
  auto* client = SSL_CTX_new(TLS_client_method());
  uut->attach(client);
  shake_hands(client, server);
  SSL_CTX_free(client);
  SSL_CTX_free(server);
  // The next reader gets what was written meanwhile.
  reader = ::open(file.c_str(), O_RDONLY | O_NONBLOCK);
  char first = 0;
  CAF_CHECK_EQUAL(::read(reader, &first, 1), 1);
  ::close(reader);
}

CAF_TEST(lines of several threads do not mix) {
  constexpr size_t handshakes = 25;
  constexpr size_t threads = 4;
  auto* server = SSL_CTX_new(TLS_server_method());
  certify(server);
  std::vector<std::thread> running;
  for (size_t i = 0; i < threads; ++i)
    running.emplace_back([&, i] {
      // Each has opened the file for itself, as each configuration does.
      auto secrets = key_log::open(file).value();
      auto* client = SSL_CTX_new(TLS_client_method());
      secrets->attach(client);
      for (size_t n = 0; n < handshakes; ++n)
        shake_hands(client, server);
      SSL_CTX_free(client);
    });
  for (auto& x : running)
    x.join();
  SSL_CTX_free(server);
  std::set<std::string> randoms;
  for (auto& line : lines_of(file)) {
    std::istringstream in{line};
    lines words{std::istream_iterator<std::string>{in}, {}};
    CAF_REQUIRE_EQUAL(words.size(), 3u);
    CAF_CHECK_EQUAL(words[1].size(), 64u);
    if (words[0] == "CLIENT_TRAFFIC_SECRET_0")
      randoms.insert(words[1]);
  }
  CAF_CHECK_EQUAL(randoms.size(), threads * handshakes);
}

CAF_TEST_FIXTURE_SCOPE_END()
