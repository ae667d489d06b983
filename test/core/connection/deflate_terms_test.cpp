// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE deflate_terms

#include "zenws/connection/internal/deflate_terms.hpp"

#include "support/unit_test.hpp"

using namespace std::string_literals;
using namespace zenws;
using namespace zenws::internal;

namespace {

const compression_config offering{.offer = true};

// Returns the terms, or nothing if the answer is refused or without terms.
std::optional<deflate_terms> read(std::string_view answer,
                                  const compression_config& cfg = offering) {
  auto result = read_deflate_answer(cfg, answer);
  return result ? *result : std::nullopt;
}

bool refused(std::string_view answer,
             const compression_config& cfg = offering) {
  auto result = read_deflate_answer(cfg, answer);
  return !result && result.error().code == ec::upgrade_invalid
         && !result.error().detail.empty();
}

} // namespace

CAF_TEST(an offer names differences from the default) {
  CAF_CHECK_EQUAL(deflate_offer({}), "");
  CAF_CHECK_EQUAL(deflate_offer(offering),
                  "permessage-deflate; client_max_window_bits");
  CAF_CHECK_EQUAL(deflate_offer({.offer = true,
                                 .client_window_bits = 10,
                                 .server_window_bits = 9,
                                 .client_no_context_takeover = true,
                                 .server_no_context_takeover = true}),
                  "permessage-deflate; client_max_window_bits=10; "
                  "server_max_window_bits=9; client_no_context_takeover; "
                  "server_no_context_takeover");
}

CAF_TEST(a server may do without compression) {
  for (auto answer : {"", " ", ",", " , "})
    CAF_CHECK(!refused(answer) && !read(answer));
  CAF_CHECK(!refused("", {}));
}

CAF_TEST(an answer gives the compression of each side) {
  CAF_CHECK(read("permessage-deflate") == deflate_terms{});
  CAF_CHECK(read(" Permessage-Deflate ,") == deflate_terms{});
  auto uut = read("permessage-deflate;client_max_window_bits=8 ; "
                  "server_max_window_bits=\"12\"; "
                  "server_no_context_takeover; client_no_context_takeover");
  CAF_REQUIRE(uut);
  CAF_CHECK_EQUAL(uut->client.window_bits, 8u);
  CAF_CHECK_EQUAL(uut->server.window_bits, 12u);
  CAF_CHECK(uut->client.takeover == context_takeover::no);
  CAF_CHECK(uut->server.takeover == context_takeover::no);
}

CAF_TEST(our own limits need no answer) {
  auto uut = read("permessage-deflate", {.offer = true,
                                         .client_window_bits = 11,
                                         .client_no_context_takeover = true});
  CAF_REQUIRE(uut);
  CAF_CHECK_EQUAL(uut->client.window_bits, 11u);
  CAF_CHECK(uut->client.takeover == context_takeover::no);
}

CAF_TEST(an extension that was not offered is refused) {
  CAF_CHECK(refused("permessage-deflate", {}));
  CAF_CHECK(refused("x-webkit-deflate-frame"));
  CAF_CHECK(refused("permessage-deflate, permessage-deflate"));
  CAF_CHECK(refused("permessage-deflate, other"));
}

// CVE-2026-2229
CAF_TEST(a malformed answer is refused) {
  auto twice = [](const std::string& parameter) {
    return "permessage-deflate; " + parameter + "; " + parameter;
  };
  for (const std::string& answer :
       {"permessage-deflate;"s,
        "permessage-deflate; =9"s,
        "; x"s,
        "permessage=1"s,
        "permessage-deflate; server_max_window_bits"s,
        "permessage-deflate; server_max_window_bits="s,
        "permessage-deflate; server_max_window_bits=7"s,
        "permessage-deflate; server_max_window_bits=16"s,
        "permessage-deflate; server_max_window_bits=09"s,
        "permessage-deflate; server_max_window_bits=1e1"s,
        "permessage-deflate; server_max_window_bits=-9"s,
        "permessage-deflate; server_max_window_bits=99999999999999999999"s,
        "permessage-deflate; server_max_window_bits=\"12"s,
        "permessage-deflate; server_max_window_bits = 12"s,
        "permessage-deflate; client_max_window_bits"s,
        "permessage-deflate; client_max_window_bits="s,
        "permessage-deflate; server_no_context_takeover=1"s,
        "permessage-deflate; client_no_context_takeover="s,
        twice("server_max_window_bits=9"),
        twice("server_no_context_takeover"),
        "permessage-deflate; unknown"s,
        "permessage-deflate garbage"s,
        "permessage-deflate\x01"s})
    CAF_CHECK(refused(answer));
}

CAF_TEST(an answer that does not fit the offer is refused) {
  compression_config small{.offer = true,
                           .client_window_bits = 10,
                           .server_window_bits = 10,
                           .server_no_context_takeover = true};
  auto demanded = std::string{"permessage-deflate; server_max_window_bits=10; "
                              "server_no_context_takeover"};
  CAF_CHECK(read(demanded, small));
  CAF_CHECK(refused(demanded + "; client_max_window_bits=11", small));
  CAF_CHECK(refused("permessage-deflate; server_max_window_bits=10", small));
  CAF_CHECK(refused("permessage-deflate; server_no_context_takeover", small));
  CAF_CHECK(refused("permessage-deflate; server_no_context_takeover; "
                    "server_max_window_bits=11",
                    small));
}
