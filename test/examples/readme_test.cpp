// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE readme

// Programs shown in the documentation work as described.

#include "support/program.hpp"
#include "support/unit_test.hpp"
#include "zenws/testing/mock_exchange.hpp"

#include <string>

using namespace zenws;

namespace {

// Runs a program against a venue and returns all that it prints.
std::string output_of(const char* program,
                      const testing::mock_exchange& venue) {
  test_support::program uut{program, {venue.url("/echo")}};
  std::string result;
  while (auto line = uut.read_line())
    result += *line + '\n';
  return result;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

CAF_TEST(a client without a supervisor connects and sends and closes) {
  testing::mock_exchange venue;
  CAF_CHECK_EQUAL(output_of(ZENWS_UNSUPERVISED, venue), "epoch 1\n");
  CAF_CHECK(venue.assert_sent("hello"));
}

CAF_TEST(a supervised client sends once it is connected) {
  testing::mock_exchange venue;
  auto output = output_of(ZENWS_SUPERVISED, venue);
  CAF_CHECK(output.starts_with("said hello\nclient-supervisor (running"));
  CAF_CHECK(contains(output, "feed (ready, epoch 1, up "));
  CAF_CHECK(venue.assert_sent("hello"));
}

CAF_TEST(clients are children of any supervisor) {
  testing::mock_exchange venue;
  auto output = output_of(ZENWS_OWN_SUPERVISOR, venue);
  CAF_CHECK(contains(output, "desk (running, strategy rest_for_one)\n"));
  CAF_CHECK(contains(output, "\u251c\u2500\u2500 feed ("));
  CAF_CHECK(contains(output, "\u2514\u2500\u2500 engine (running)\n"));
}
