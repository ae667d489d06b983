// SPDX-License-Identifier: BSD-3-Clause

// zenws check and venues.

#define CAF_SUITE tool_files

#include "tool_run.hpp"

#include "support/unit_test.hpp"

#include "zenws/venue/known_venue.hpp"

using namespace zenws;
using namespace zenws::test_support;

CAF_TEST_FIXTURE_SCOPE(tool_files_tests, tool_home)

CAF_TEST(the files of the documentation are in order) {
  auto gateway = run(
    {.arguments = {"check", ZENWS_EXAMPLES "/gateway.toml"},
     .environment = {{"DERIBIT_KEY", "key"}, {"DERIBIT_SECRET", "secret"}}});
  CAF_CHECK_EQUAL(gateway.status, 0);
  CAF_CHECK(contains(gateway.out, "in order, gateway (clients: "));
  CAF_CHECK_EQUAL(gateway.err, "");
  auto engine
    = objects_of(run({"check", ZENWS_EXAMPLES "/engine.toml", "--json"}).out)
        .at(0);
  CAF_CHECK_EQUAL(text_in(engine, "kind"), "engine");
  CAF_CHECK(engine.at("ok").as_bool());
}

CAF_TEST(all mistakes of a file are named with their places) {
  auto file = write("gateway.toml", "[gateway]\nprot = 1\n"
                                    "[clients.feed]\nurl = \"http://x\"\n");
  auto text = run({"check", file});
  CAF_CHECK_EQUAL(text.status, 2);
  CAF_CHECK(contains(text.err, file
                                 + ":2:1: gateway.prot: unknown key; did "
                                   "you mean port?"));
  auto json = objects_of(run({"check", file, "--json"}).out).at(0);
  CAF_CHECK(!json.at("ok").as_bool());
  CAF_CHECK_GREATER(json.at("mistakes").as_array().size(), 1u);
}

CAF_TEST(files that are none of a program are told) {
  auto other = run({"check", write("other.toml", "[server]\nport = 1\n")});
  CAF_CHECK_EQUAL(other.status, 2);
  CAF_CHECK(contains(other.err, "neither a gateway's file"));
  auto no_toml = run({"check", write("no.toml", "port = \n")});
  CAF_CHECK_EQUAL(no_toml.status, 2);
  CAF_CHECK(contains(no_toml.err, "no.toml:1:"));
  CAF_CHECK_EQUAL(run({"check", "/no/such/file"}).status, 2);
}

CAF_TEST(all venues are listed) {
  auto all = objects_of(run({"venues", "--json"}).out);
  CAF_REQUIRE_EQUAL(all.size(), known_venues().size());
  for (size_t i = 0; i < all.size(); ++i)
    CAF_CHECK_EQUAL(text_in(all[i], "name"), known_venues()[i].name);
  auto text = lines_of(run({"venues"}).out);
  CAF_CHECK_EQUAL(text.size(), known_venues().size() + 1);
}

CAF_TEST(a venue is told with its addresses and channels) {
  auto text = run({"venues", "deribit"});
  CAF_CHECK_EQUAL(text.status, 0);
  CAF_CHECK(contains(text.out, "wss://test.deribit.com/ws/api/v2"));
  CAF_CHECK(contains(text.out, "trades.BTC-PERPETUAL.100ms"));
  auto unknown = run({"venues", "binanse"});
  CAF_CHECK_EQUAL(unknown.status, 2);
  CAF_CHECK(contains(unknown.err, "did you mean binance?"));
}

CAF_TEST_FIXTURE_SCOPE_END()
