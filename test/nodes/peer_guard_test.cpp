#define CAF_SUITE peer_guard

#include "zenws/nodes/peer_guard.hpp"

#include "caf/test/unit_test.hpp"

#include <string>

using namespace zenws;

namespace {

constexpr size_t limit = 1024 * 1024;

constexpr char server_handshake = 0;
constexpr char client_handshake = 1;
constexpr char direct_message = 2;
constexpr char routed_message = 3;
constexpr char heartbeat = 6;

std::string header(char operation, uint32_t size) {
  std::string result(peer_guard::header_size, '\0');
  result[0] = operation;
  for (int i = 0; i < 4; ++i)
    result[static_cast<size_t>(4 + i)]
      = static_cast<char>(size >> (24 - 8 * i));
  return result;
}

// What the guard makes of headers, each followed by its payload.
peer_offence judge(connection_side side,
                   std::initializer_list<std::pair<char, uint32_t>> headers) {
  peer_guard uut{side, limit};
  for (auto [operation, size] : headers) {
    if (auto what = uut.admit(header(operation, size));
        what != peer_offence::none)
      return what;
    if (size > 0)
      if (auto what = uut.admit(std::string(size, 'x'));
          what != peer_offence::none)
        return what;
  }
  return peer_offence::none;
}

constexpr auto accepted = connection_side::accepted;
constexpr auto dialled = connection_side::dialled;

} // namespace

CAF_TEST(nodes are let in) {
  CAF_CHECK(judge(accepted, {{client_handshake, 20},
                             {direct_message, limit},
                             {client_handshake, 20},
                             {heartbeat, 0}})
            == peer_offence::none);
  CAF_CHECK(judge(dialled, {{server_handshake, 90}, {direct_message, 9}})
            == peer_offence::none);
}

CAF_TEST(the handshake comes first) {
  for (auto first : {direct_message, heartbeat, server_handshake})
    CAF_CHECK(judge(accepted, {{first, 20}}) == peer_offence::no_handshake);
  for (auto first : {direct_message, heartbeat, client_handshake})
    CAF_CHECK(judge(dialled, {{first, 20}}) == peer_offence::no_handshake);
  CAF_CHECK(judge(dialled, {{server_handshake, 20}, {server_handshake, 20}})
            == peer_offence::no_handshake);
}

CAF_TEST(a handshake has content of a sensible size) {
  CAF_CHECK(judge(accepted, {{client_handshake, 0}})
            == peer_offence::empty_handshake);
  CAF_CHECK(judge(accepted, {{client_handshake, 64 * 1024 + 1}})
            == peer_offence::too_large);
}

CAF_TEST(no length is believed that nodes do not send) {
  CAF_CHECK(
    judge(accepted, {{client_handshake, 20}, {direct_message, limit + 1}})
    == peer_offence::too_large);
  peer_guard uut{accepted, limit};
  CAF_REQUIRE(uut.admit(header(client_handshake, 1)) == peer_offence::none);
  CAF_REQUIRE(uut.admit("x") == peer_offence::none);
  CAF_CHECK(uut.admit(header(direct_message, 0xffffffff))
            == peer_offence::too_large);
}

CAF_TEST(operations that CAF does not have are refused) {
  for (int operation = 7; operation < 256; ++operation)
    CAF_CHECK(judge(accepted, {{static_cast<char>(operation), 0}})
              == peer_offence::unknown_operation);
}

CAF_TEST(streams of CAF are refused) {
  for (auto operation : {direct_message, routed_message}) {
    peer_guard uut{accepted, limit};
    CAF_REQUIRE(uut.admit(header(client_handshake, 1)) == peer_offence::none);
    CAF_REQUIRE(uut.admit("x") == peer_offence::none);
    auto message = header(operation, 0);
    message[8] = '\x10'; // of normal priority
    CAF_CHECK(uut.admit(message) == peer_offence::none);
    message[8] = '\x90'; // an answer
    CAF_CHECK(uut.admit(message) == peer_offence::none);
    for (char category : {'\x20', '\x30'}) {
      message[8] = category;
      CAF_CHECK(uut.admit(message) == peer_offence::part_of_stream);
    }
  }
}
