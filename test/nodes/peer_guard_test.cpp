// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE peer_guard

#include "zenws/nodes/internal/peer_guard.hpp"

#include "support/unit_test.hpp"

#include <string>

using namespace zenws;

namespace {

constexpr size_t limit = 1024 * 1024;

constexpr char server_handshake = 0;
constexpr char client_handshake = 1;
constexpr char direct_message = 2;
constexpr char routed_message = 3;
constexpr char heartbeat = 6;

constexpr char own_version = 3;

std::string header(char operation, uint32_t size, char version = own_version) {
  std::string result(peer_guard::header_size, '\0');
  result[0] = operation;
  if (operation == server_handshake)
    result[15] = version;
  for (size_t i = 0; i < 4; ++i)
    result[4 + i] = static_cast<char>(size >> (24 - 8 * i));
  return result;
}

// Returns the guard's verdict on headers, each followed by its payload.
protocol_violation
judge(connection_side side,
      std::initializer_list<std::pair<char, uint32_t>> headers) {
  peer_guard uut{side, limit, own_version};
  for (auto [operation, size] : headers) {
    if (auto violation = uut.admit(header(operation, size));
        violation != protocol_violation::none)
      return violation;
    if (size > 0)
      if (auto violation = uut.admit(std::string(size, 'x'));
          violation != protocol_violation::none)
        return violation;
  }
  return protocol_violation::none;
}

constexpr auto accepted = connection_side::accepted;
constexpr auto dialed = connection_side::dialed;

} // namespace

CAF_TEST(nodes are let in) {
  CAF_CHECK(judge(accepted, {{client_handshake, 20},
                             {direct_message, limit},
                             {client_handshake, 20},
                             {heartbeat, 0}})
            == protocol_violation::none);
  CAF_CHECK(judge(dialed, {{server_handshake, 90}, {direct_message, 9}})
            == protocol_violation::none);
}

CAF_TEST(the handshake comes first) {
  for (auto first : {direct_message, heartbeat, server_handshake})
    CAF_CHECK(judge(accepted, {{first, 20}})
              == protocol_violation::no_handshake);
  for (auto first : {direct_message, heartbeat, client_handshake})
    CAF_CHECK(judge(dialed, {{first, 20}}) == protocol_violation::no_handshake);
  CAF_CHECK(judge(dialed, {{server_handshake, 20}, {server_handshake, 20}})
            == protocol_violation::no_handshake);
}

CAF_TEST(a handshake has content of a sensible size) {
  CAF_CHECK(judge(accepted, {{client_handshake, 0}})
            == protocol_violation::empty_handshake);
  CAF_CHECK(judge(accepted, {{client_handshake, 64 * 1024 + 1}})
            == protocol_violation::too_large);
}

CAF_TEST(no length is believed that nodes do not send) {
  CAF_CHECK(
    judge(accepted, {{client_handshake, 20}, {direct_message, limit + 1}})
    == protocol_violation::too_large);
  peer_guard uut{accepted, limit, own_version};
  CAF_REQUIRE(uut.admit(header(client_handshake, 1))
              == protocol_violation::none);
  CAF_REQUIRE(uut.admit("x") == protocol_violation::none);
  CAF_CHECK(uut.admit(header(direct_message, 0xffffffff))
            == protocol_violation::too_large);
}

CAF_TEST(operations that CAF does not have are refused) {
  for (int operation = 7; operation < 256; ++operation)
    CAF_CHECK(judge(accepted, {{static_cast<char>(operation), 0}})
              == protocol_violation::unknown_operation);
}

CAF_TEST(streams of CAF are refused) {
  for (auto operation : {direct_message, routed_message}) {
    peer_guard uut{accepted, limit, own_version};
    CAF_REQUIRE(uut.admit(header(client_handshake, 1))
                == protocol_violation::none);
    CAF_REQUIRE(uut.admit("x") == protocol_violation::none);
    auto message = header(operation, 0);
    message[8] = '\x10'; // of normal priority
    CAF_CHECK(uut.admit(message) == protocol_violation::none);
    message[8] = '\x90'; // an answer
    CAF_CHECK(uut.admit(message) == protocol_violation::none);
    for (char category : {'\x20', '\x30'}) {
      message[8] = category;
      CAF_CHECK(uut.admit(message) == protocol_violation::part_of_stream);
    }
  }
}

CAF_TEST(messages that name no sender are told apart) {
  peer_guard uut{accepted, limit, own_version};
  auto part_after = [&](std::string bytes) {
    CAF_CHECK(uut.admit(bytes) == protocol_violation::none);
    return uut.next();
  };
  CAF_CHECK(uut.next() == incoming_part::header);
  CAF_CHECK(part_after(header(client_handshake, 1)) == incoming_part::payload);
  CAF_CHECK(part_after("x") == incoming_part::header);
  CAF_CHECK(part_after(header(heartbeat, 0)) == incoming_part::header);
  auto message = header(direct_message, 1);
  CAF_CHECK(part_after(message) == incoming_part::anonymous_message);
  CAF_CHECK(part_after("x") == incoming_part::header);
  CAF_CHECK(part_after(header(routed_message, 1))
            == incoming_part::anonymous_routed_message);
  CAF_CHECK(part_after("x") == incoming_part::header);
  message[23] = '\x07'; // the sender
  CAF_CHECK(part_after(message) == incoming_part::payload);
}

CAF_TEST(both generations of CAF are named if they differ) {
  peer_guard uut{dialed, limit, own_version};
  auto violation = uut.admit(header(server_handshake, 20, 8));
  CAF_CHECK(violation == protocol_violation::other_version);
  CAF_CHECK_EQUAL(uut.explain(violation),
                  "it runs CAF 1.0 or 1.1, this node CAF 0.17: both ends need "
                  "the same generation of CAF");
  peer_guard other{dialed, limit, own_version};
  CAF_CHECK_EQUAL(
    other.explain(other.admit(header(server_handshake, 20, 77))),
    "it runs another CAF (protocol 77), this node CAF 0.17: both ends need the "
    "same generation of CAF");
}
