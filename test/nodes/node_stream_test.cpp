// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE node_stream

#include "zenws/nodes/internal/node_stream.hpp"

#include "support/unit_test.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>

using namespace zenws;

namespace {

using caf::io::network::rw_state;

/// Two ends of a connection.
struct fixture {
  fixture() {
    int both[2];
    CAF_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, both) == 0);
    ours = both[0];
    theirs = both[1];
    CAF_REQUIRE(fcntl(ours, F_SETFL, O_NONBLOCK) == 0);
  }

  ~fixture() {
    close(ours);
    if (theirs != -1)
      close(theirs);
  }

  void send(std::string_view bytes) {
    CAF_REQUIRE(write(theirs, bytes.data(), bytes.size())
                == static_cast<ssize_t>(bytes.size()));
  }

  /// Returns nothing if the connection is over.
  std::optional<std::string> read(size_t size) {
    std::string result(size, '\0');
    size_t got = 0;
    if (uut.read_some(got, ours, result.data(), size) != rw_state::success)
      return std::nullopt;
    result.resize(got);
    return result;
  }

  bool must_read_more() const {
    return uut.must_read_more(ours, 1);
  }

  buffered_tcp uut;
  int ours = -1;
  int theirs = -1;
};

using text = std::optional<std::string>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(node_stream_tests, fixture)

CAF_TEST(a header and its payload come by one read) {
  send("headpayload");
  CAF_CHECK(read(4) == text{"head"});
  CAF_CHECK(must_read_more());
  send("x"); // stays in the socket
  CAF_CHECK(read(7) == text{"payload"});
  CAF_CHECK(!must_read_more());
  CAF_CHECK(read(4) == text{""});
  CAF_CHECK(read(4) == text{"x"});
}

CAF_TEST(no more is returned than asked for or there is) {
  CAF_CHECK(read(4) == text{""});
  send("ab");
  CAF_CHECK(read(1) == text{"a"});
  CAF_CHECK(read(10) == text{"b"});
}

CAF_TEST(large payloads are read into place) {
  std::string large(10'000, 'x');
  send("head" + large);
  CAF_CHECK(read(4) == text{"head"});
  auto first = read(large.size());
  CAF_REQUIRE(first.has_value());
  CAF_CHECK_EQUAL(first->size(), 4096u - 4);
  CAF_CHECK(!must_read_more());
  CAF_CHECK(read(large.size()) == text{large.substr(first->size())});
  CAF_CHECK(read(10'000) == text{""});
}

CAF_TEST(the end of a connection comes after what was sent) {
  send("last");
  close(std::exchange(theirs, -1));
  CAF_CHECK(read(2) == text{"la"});
  CAF_CHECK(read(2) == text{"st"});
  CAF_CHECK(read(2) == text{""});
  CAF_CHECK(read(2) == std::nullopt);
}

CAF_TEST_FIXTURE_SCOPE_END()
