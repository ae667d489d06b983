// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE sim_config

#include "zenws/sim/server.hpp"

#include "support/unit_test.hpp"

#include <chrono>

using namespace zenws;
using namespace std::chrono_literals;

namespace {

std::string problem_of(const sim::server_config& cfg) {
  return sim::server{cfg}.start().value_or("");
}

} // namespace

CAF_TEST(a default configuration has no problem) {
  CAF_CHECK_EQUAL(problem_of({}), "");
}

CAF_TEST(problems of a configuration are named) {
  CAF_CHECK_EQUAL(problem_of({.tick = 0ms}), "tick must be positive");
  CAF_CHECK_EQUAL(problem_of({.accounts = {{.key = ""}}}),
                  "an account needs a key and a secret");
  CAF_CHECK_EQUAL(problem_of({.accounts = {{}, {}}}),
                  "two accounts have the key demo");
  CAF_CHECK_EQUAL(problem_of({.api = {.token_lifetime = 0s}}),
                  "api.token_lifetime must be positive");
  CAF_CHECK_EQUAL(
    problem_of({.api = {.limits = sim::deribit_limits{.matching = {2, 1, 1}}}}),
    "api.limits: a pool must hold the cost of one request");
  CAF_CHECK_EQUAL(problem_of({.binance = {.max_age = -1ms}}),
                  "binance.max_age must not be negative");
}
