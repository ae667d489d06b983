// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE faults

#include "authority_file.hpp"
#include "support/raw_peer.hpp"
#include "support/scripted_peer.hpp"
#include "support/unit_test.hpp"
#include "support/world.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <cstdio>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct fixture : world {
  /// Starts a client and returns the reason of its first failure.
  error reason_of_failure(client_config config) {
    auto [uut, in] = connect_collecting(*this, std::move(config));
    auto stopped = in->wait_for_event([](const client_event& x) {
      return x.kind == event_kind::state_changed
             && (x.state == client_state::backing_off
                 || x.state == client_state::stopped)
             && x.reason;
    });
    caf::anon_send_exit(uut, caf::exit_reason::user_shutdown);
    return stopped ? stopped->reason : error{};
  }

  error reason_of_failure(const std::string& url) {
    return reason_of_failure(quick(url));
  }

  /// Connects, lets the server send raw bytes, and returns the reason of the
  /// connection's end.
  error reason_after(const std::string& bytes, size_t max_message = 1 << 20) {
    auto server = start_server();
    auto config = quick(server->url("/broadcast"));
    config.max_message_bytes = max_message;
    auto uut = rt.connect({.config = config});
    CAF_REQUIRE(uut);
    auto [subscriber, in] = collect(*uut);
    CAF_REQUIRE(in->wait_for_state(client_state::ready));
    server->send_bytes(bytes);
    auto lost = in->wait_for_event([](const client_event& x) {
      return x.state == client_state::backing_off
             || (x.state == client_state::connecting && x.reason);
    });
    // The client must have come back by itself.
    CAF_CHECK(in->wait_for_state(client_state::ready, 2));
    caf::anon_send_exit(*uut, caf::exit_reason::user_shutdown);
    return lost ? lost->reason : error{};
  }
};

struct tls_fixture : fixture {
  /// Connects to a simulator with this certificate, trusting its authority.
  error reason_with(sim::tls_config tls, const std::string& host = "localhost",
                    bool trust = true) {
    auto server = start_server({.transport = sim::transport::tls, .tls = tls});
    authority_file ca{*server};
    auto config
      = quick("wss://" + host + ":" + std::to_string(server->port()) + "/echo");
    if (trust)
      config.tls.ca_file = ca.path();
    return reason_of_failure(config);
  }
};

std::string accept_with(const std::string& key) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
         "Connection: Upgrade\r\nSec-WebSocket-Accept: "
         + key + "\r\n\r\n";
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(fault_tests, fixture)

// -- before there is a connection ---------------------------------------------

CAF_TEST(a configuration with problems is refused with all of them) {
  auto uut = rt.connect({.config = {.url = "http://user:pw@x/",
                                    .headers = {{"a b", "c\r\nd"}},
                                    .handshake_timeout = 0ms}});
  CAF_REQUIRE(!uut);
  CAF_CHECK_EQUAL(caf_compat::code_of(uut.error()), ec::invalid_config);
  auto text = caf_compat::to_text(uut.error());
  for (auto field :
       {"url", "headers[0].name", "headers[0].value", "handshake_timeout"})
    CAF_CHECK(text.find(field) != std::string::npos);
  CAF_CHECK(text.find("pw") == std::string::npos);
}

CAF_TEST(a host name that does not resolve is named) {
  auto reason = reason_of_failure("ws://no-such-host.invalid/");
  CAF_CHECK_EQUAL(reason.code, ec::name_resolution_failed);
  CAF_CHECK(reason.detail.find("no-such-host.invalid") != std::string::npos);
}

CAF_TEST(a refused port is a failed connection) {
  CAF_CHECK_EQUAL(reason_of_failure("ws://127.0.0.1:1/").code,
                  ec::connect_failed);
  CAF_CHECK_EQUAL(reason_of_failure("ws://[::1]:1/").code, ec::connect_failed);
}

CAF_TEST(a server that never answers runs into the deadline) {
  raw_peer silent{[](auto&) { return std::string{}; }};
  auto cfg = quick(silent.url());
  cfg.handshake_timeout = 100ms;
  CAF_CHECK_EQUAL(reason_of_failure(cfg).code, ec::handshake_timeout);
}

CAF_TEST(exhausted retries end the client with the last cause) {
  auto cfg = quick("ws://127.0.0.1:1/");
  cfg.backoff.max_attempts = 3;
  auto uut = rt.connect({.config = cfg});
  CAF_REQUIRE(uut);
  auto ready = ask<uint64_t>(*uut, await_ready{});
  CAF_REQUIRE(!ready);
  CAF_CHECK_EQUAL(caf_compat::code_of(ready.error()), ec::retries_exhausted);
}

// -- an upgrade that is refused -----------------------------------------------

CAF_TEST(a refused upgrade tells status and headers and body) {
  auto server = start_server();
  for (unsigned status : {200u, 401u, 403u, 429u, 503u}) {
    server->apply(sim::fault_refuse{.status = status,
                                    .headers = {{"X-Why", "because"}},
                                    .body = "not today"});
    auto reason = reason_of_failure(server->url("/echo"));
    CAF_REQUIRE_EQUAL(reason.code, ec::upgrade_refused);
    CAF_REQUIRE(reason.refusal != nullptr);
    CAF_CHECK_EQUAL(reason.refusal->status, status);
    CAF_CHECK_EQUAL(reason.refusal->body, "not today");
    CAF_CHECK_EQUAL(reason.refusal->find("x-why").value_or("?"), "because");
    // No credentials were sent.
    CAF_CHECK(class_of(reason) == error_class::transient);
  }
}

CAF_TEST(a refusal that announces a huge body takes no memory for it) {
  raw_peer boaster{[](auto&) {
    return "HTTP/1.1 503 Busy\r\nContent-Length: 1111111111111\r\n\r\n"
           + std::string(5000, 'x');
  }};
  auto reason = reason_of_failure(boaster.url());
  CAF_REQUIRE_EQUAL(reason.code, ec::upgrade_refused);
  CAF_REQUIRE(reason.refusal != nullptr);
  CAF_CHECK_EQUAL(reason.refusal->status, 503u);
  CAF_CHECK_EQUAL(reason.refusal->body, std::string(4096, 'x'));
}

CAF_TEST(credentials that are refused are not tried again) {
  auto server = start_server();
  server->apply(sim::fault_refuse{.status = 401});
  auto config = quick(server->url("/echo"));
  config.headers = {{"Authorization", "Bearer secret"}};
  auto uut = rt.connect({.config = config});
  CAF_REQUIRE(uut);
  CAF_CHECK_EQUAL(caf_compat::code_of(end_of(*uut)), ec::upgrade_refused);
  CAF_CHECK_EQUAL(server->upgrades_total(), 1u);
}

CAF_TEST(an answer with a wrong key is not a WebSocket) {
  raw_peer liar{
    [](auto&) { return accept_with("AAAAAAAAAAAAAAAAAAAAAAAAAAA="); }};
  CAF_CHECK_EQUAL(reason_of_failure(liar.url()).code, ec::upgrade_invalid);
}

CAF_TEST(a response that is not HTTP is not a WebSocket) {
  raw_peer babbler{[](auto&) { return std::string{"SSH-2.0-x\r\n\r\n"}; }};
  CAF_CHECK_EQUAL(reason_of_failure(babbler.url()).code, ec::upgrade_invalid);
}

CAF_TEST(a response header without end is cut off) {
  raw_peer flooder{[](auto&) {
    return "HTTP/1.1 101 Switching Protocols\r\nX: "
           + std::string(100'000, 'x');
  }};
  CAF_CHECK_EQUAL(reason_of_failure(flooder.url()).code, ec::upgrade_invalid);
}

// -- frames that break the rules ----------------------------------------------

CAF_TEST(a masked server frame fails the connection) {
  CAF_CHECK_EQUAL(reason_after(std::string("\x81\x81\0\0\0\0x", 7)).code,
                  ec::protocol_error);
}

CAF_TEST(a reserved opcode fails the connection) {
  CAF_CHECK_EQUAL(reason_after(std::string("\x83\x01x", 3)).code,
                  ec::protocol_error);
}

CAF_TEST(text of invalid UTF8 fails the connection) {
  CAF_CHECK_EQUAL(reason_after("\x81\x02\xc3\x28").code, ec::invalid_utf8);
}

CAF_TEST(text cut by an empty last fragment fails the connection) {
  CAF_CHECK_EQUAL(reason_after(std::string("\x01\x02\xe2\x82\x80\x00", 6)).code,
                  ec::invalid_utf8);
}

CAF_TEST(a message above the limit fails the connection) {
  auto big = std::string("\x82\x7e\x04\x00", 4) + std::string(1024, 'x');
  CAF_CHECK_EQUAL(reason_after(big, 1000).code, ec::message_too_big);
}

CAF_TEST(fragments without end are cut off at the limit) {
  std::string fragments = std::string("\x02\x64", 2) + std::string(100, 'x');
  for (int i = 0; i < 20; ++i)
    fragments += std::string("\x00\x64", 2) + std::string(100, 'x');
  CAF_CHECK_EQUAL(reason_after(fragments, 1000).code, ec::message_too_big);
}

CAF_TEST(a close without code is an outage like any other) {
  auto reason = reason_after(std::string("\x88\x00", 2));
  CAF_CHECK_EQUAL(reason.code, ec::closed_by_peer);
}

CAF_TEST(empty pings and pongs do no harm) {
  auto server = start_server();
  auto uut = rt.connect({.config = quick(server->url("/broadcast"))});
  CAF_REQUIRE(uut);
  auto [subscriber, in] = collect(*uut);
  CAF_REQUIRE(in->wait_for_state(client_state::ready));
  server->send_bytes(std::string("\x89\x00\x8a\x00", 4));
  server->broadcast("still here");
  CAF_CHECK(in->wait_for_text("still here"));
  auto status = ask<client_status>(*uut, get_status{});
  CAF_REQUIRE(status);
  CAF_CHECK_EQUAL(status->epoch, 1u);
}

// -- peers that do not play along ---------------------------------------------

CAF_TEST(a peer that goes silent is noticed by the heartbeat) {
  auto server = start_server();
  auto cfg = quick(server->url("/echo"));
  cfg.heartbeat = {.interval = 50ms, .max_missed = 2};
  auto uut = rt.connect({.config = cfg});
  CAF_REQUIRE(uut);
  CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
  server->apply(sim::fault_stall{});
  CAF_CHECK_EQUAL(caf_compat::code_of(end_of(*uut)), ec::heartbeat_lost);
}

CAF_TEST(a peer that answers pings keeps its client) {
  auto server = start_server();
  auto cfg = quick(server->url("/echo"));
  cfg.heartbeat = {.interval = 10ms, .max_missed = 100};
  auto uut = rt.connect({.config = cfg});
  CAF_REQUIRE(uut);
  CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
  CAF_CHECK(eventually([&] {
    auto status = ask<client_status>(*uut, get_status{});
    CAF_REQUIRE(status);
    return status->epoch == 1 && status->round_trip.count() > 0;
  }));
}

CAF_TEST(outbound data for a peer that never reads is bounded) {
  auto server = start_server();
  auto cfg = quick(server->url("/echo"));
  cfg.max_outbound_bytes = 100'000;
  auto uut = rt.connect({.config = cfg});
  CAF_REQUIRE(uut);
  CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
  server->apply(sim::fault_stall{});
  auto full = false;
  for (int i = 0; i < 10'000 && !full; ++i) {
    caf_compat::anon_send(*uut, send_binary{std::string(10'000, 'x')});
    auto status = ask<client_status>(*uut, get_status{});
    CAF_REQUIRE(status);
    CAF_REQUIRE_LESS_OR_EQUAL(status->outbound_bytes, 100'000u);
    full = status->sends_failed > 0;
  }
  CAF_CHECK(full);
  CAF_CHECK_EQUAL(tell(*uut, send_binary{std::string(100'001, 'x')}),
                  ec::outbound_too_big);
}

CAF_TEST(a final close code counts although the peer keeps TCP open) {
  using boost::asio::buffer;
  scripted_peer peer{[](scripted_peer::stream& client) -> scripted_peer::task {
    co_await boost::asio::async_write(
      client.next_layer(), buffer("\x88\x02\x03\xf0", 4), scripted_peer::tuple);
    boost::asio::steady_timer never{
      client.get_executor(), std::chrono::steady_clock::time_point::max()};
    co_await never.async_wait(scripted_peer::tuple);
  }};
  auto cfg = quick(peer.url());
  cfg.close_timeout = 1h;
  cfg.final_close_codes = {1008};
  auto uut = rt.connect({.config = cfg});
  CAF_REQUIRE(uut);
  CAF_CHECK_EQUAL(caf_compat::code_of(end_of(*uut)), ec::final_close);
}

CAF_TEST(a peer that never closes does not hold a closing client up) {
  auto server = start_server();
  auto cfg = quick(server->url("/echo"));
  cfg.close_timeout = 100ms;
  auto uut = rt.connect({.config = cfg});
  CAF_REQUIRE(uut);
  CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
  server->apply(sim::fault_stall{});
  CAF_CHECK_EQUAL(tell(*uut, close_client{}), caf::none);
}

CAF_TEST(a peer that accepts and closes meets a growing backoff) {
  auto server = start_server();
  server->apply(
    sim::fault_flap{.point = sim::flap_point::after_upgrade, .times = 8});
  auto cfg = quick(server->url("/echo"));
  cfg.backoff.stable_after = 1h;
  auto [uut, in] = connect_collecting(*this, cfg);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 9));
  std::vector<std::chrono::milliseconds> delays;
  for (auto& x : in->events())
    if (x.state == client_state::backing_off)
      delays.push_back(x.retry_in);
  CAF_REQUIRE_EQUAL(delays.size(), 8u);
  CAF_CHECK(delays.front() >= 8ms);
  CAF_CHECK(delays.back() >= 80ms);
}

CAF_TEST_FIXTURE_SCOPE_END()

// -- certificates -------------------------------------------------------------

CAF_TEST_FIXTURE_SCOPE(certificate_tests, tls_fixture)

CAF_TEST(a certificate for the right name is accepted) {
  auto server = start_server({.transport = sim::transport::tls});
  authority_file ca{*server};
  for (auto host : {"localhost", "127.0.0.1"}) {
    auto cfg = quick("wss://" + std::string{host} + ":"
                     + std::to_string(server->port()) + "/echo");
    cfg.tls.ca_file = ca.path();
    auto uut = rt.connect({.config = cfg});
    CAF_REQUIRE(uut);
    auto [subscriber, in] = collect(*uut);
    CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
    CAF_CHECK_EQUAL(tell(*uut, send_text{"secret"}), caf::none);
    CAF_CHECK(in->wait_for_text("secret"));
    CAF_CHECK_EQUAL(tell(*uut, close_client{}), caf::none);
  }
}

CAF_TEST(a certificate for another name is rejected) {
  CAF_CHECK_EQUAL(reason_with({.names = {"other.example"}}).code,
                  ec::certificate_rejected);
  CAF_CHECK_EQUAL(reason_with({.names = {"localhost"}}, "127.0.0.1").code,
                  ec::certificate_rejected);
}

CAF_TEST(an expired certificate is an outage and tells since when) {
  auto reason = reason_with({.validity = sim::leaf_validity::expired});
  CAF_CHECK_EQUAL(reason.code, ec::certificate_outdated);
  CAF_CHECK(class_of(reason) == error_class::transient);
  CAF_CHECK(reason.detail.find("expired (valid from ") != std::string::npos);
}

CAF_TEST(a certificate of an unknown authority is rejected) {
  CAF_CHECK_EQUAL(reason_with({}, "localhost", false).code,
                  ec::certificate_rejected);
}

CAF_TEST(skipping verification works and warns) {
  auto server = start_server({.transport = sim::transport::tls});
  auto cfg = quick(server->url("/echo"));
  cfg.tls.verify = tls_verify::insecure_skip_verify;
  auto uut = rt.connect({.config = cfg});
  CAF_REQUIRE(uut);
  auto [subscriber, in] = collect(*uut);
  CAF_REQUIRE(ask<uint64_t>(*uut, await_ready{}));
  CAF_CHECK(in->wait_for_kind(event_kind::insecure_tls));
}

CAF_TEST(plain HTTP behind wss is a TLS failure) {
  auto server = start_server();
  auto reason = reason_of_failure(
    "wss://127.0.0.1:" + std::to_string(server->port()) + "/");
  CAF_CHECK(reason.code == ec::tls_failed
            || reason.code == ec::connection_lost);
}

CAF_TEST_FIXTURE_SCOPE_END()
