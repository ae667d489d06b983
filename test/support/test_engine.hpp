// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Unit tests for CAF without `caf/test/unit_test.hpp`: the macros of CAF that
/// our suites use. Only unit_test.hpp includes it.

#include <caf/deep_to_string.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace zenws::test_support {

struct test_case {
  const char* suite;
  const char* name;
  void (*run)();
};

/// Returns all tests of a program.
std::vector<test_case>& all_tests();

template <class Test>
struct registered_test {
  registered_test(const char* suite, const char* name) {
    all_tests().push_back({suite, name, [] {
                             Test test;
                             test.run_test();
                           }});
  }
};

/// Ends a test.
struct requirement_failed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Counts a check, and prints it if it failed.
bool report(bool passed, const char* file, int line, const std::string& text);

/// Prints a line if the program is verbose.
void print_message(const std::string& text);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-compare"

/// Compares floating-point numbers as CAF does.
template <class X, class Y>
bool are_equal(const X& x, const Y& y) {
  if constexpr (std::is_floating_point_v<X> || std::is_floating_point_v<Y>) {
    auto a = static_cast<long double>(x);
    auto b = static_cast<long double>(y);
    return std::abs(a - b) <= std::max(std::abs(a), std::abs(b)) * 1e-5L;
  } else {
    return x == y;
  }
}

#pragma GCC diagnostic pop

struct equal {
  template <class X, class Y>
  bool operator()(const X& x, const Y& y) const {
    return are_equal(x, y);
  }
};

struct not_equal {
  template <class X, class Y>
  bool operator()(const X& x, const Y& y) const {
    return !are_equal(x, y);
  }
};

template <class Comparator, class X, class Y>
bool compare(const char* file, int line, const char* text, const X& x,
             const Y& y) {
  auto passed = static_cast<bool>(Comparator{}(x, y));
  return report(passed, file, line,
                passed ? std::string{}
                       : std::string{text} + ": " + caf::deep_to_string(x)
                           + ", " + caf::deep_to_string(y));
}

} // namespace zenws::test_support

namespace {

struct caf_test_case_auto_fixture {};

} // namespace

#define ZENWS_TEST_TEXT_2(text) #text
#define ZENWS_TEST_TEXT(text) ZENWS_TEST_TEXT_2(text)
#define ZENWS_TEST_NAME_2(prefix, line) prefix##line
#define ZENWS_TEST_NAME(prefix, line) ZENWS_TEST_NAME_2(prefix, line)

#define CAF_TEST(...)                                                          \
  namespace {                                                                  \
  struct ZENWS_TEST_NAME(zenws_test_, __LINE__) : caf_test_case_auto_fixture { \
    void run_test();                                                           \
  };                                                                           \
  const ::zenws::test_support::registered_test<ZENWS_TEST_NAME(zenws_test_,    \
                                                               __LINE__)>      \
    ZENWS_TEST_NAME(zenws_registered_, __LINE__){ZENWS_TEST_TEXT(CAF_SUITE),   \
                                                 #__VA_ARGS__};                \
  }                                                                            \
  void ZENWS_TEST_NAME(zenws_test_, __LINE__)::run_test()

#define CAF_TEST_FIXTURE_SCOPE(scope, fixture)                                 \
  namespace scope {                                                            \
  using caf_test_case_auto_fixture = fixture;

#define CAF_TEST_FIXTURE_SCOPE_END() }

#define ZENWS_TEST_STREAM(text)                                                \
  (static_cast<const std::ostringstream&>(std::ostringstream{} << text).str())

#define CAF_MESSAGE(text)                                                      \
  ::zenws::test_support::print_message(ZENWS_TEST_STREAM(text))

#define CAF_ERROR(text)                                                        \
  ::zenws::test_support::report(false, __FILE__, __LINE__,                     \
                                ZENWS_TEST_STREAM(text))

#define CAF_FAIL(text)                                                         \
  do {                                                                         \
    CAF_ERROR(text);                                                           \
    throw ::zenws::test_support::requirement_failed{"failed"};                 \
  } while (false)

#define CAF_CHECK(...)                                                         \
  (::zenws::test_support::report(static_cast<bool>(__VA_ARGS__), __FILE__,     \
                                 __LINE__, #__VA_ARGS__))

#define CAF_REQUIRE(...)                                                       \
  do {                                                                         \
    if (!CAF_CHECK(__VA_ARGS__))                                               \
      throw ::zenws::test_support::requirement_failed{#__VA_ARGS__};           \
  } while (false)

#define ZENWS_TEST_COMPARE(comparator, x, y)                                   \
  (::zenws::test_support::compare<comparator>(__FILE__, __LINE__, #x ", " #y,  \
                                              x, y))

#define ZENWS_TEST_REQUIRE(comparator, x, y)                                   \
  do {                                                                         \
    if (!ZENWS_TEST_COMPARE(comparator, x, y))                                 \
      throw ::zenws::test_support::requirement_failed{#x ", " #y};             \
  } while (false)

#define CAF_CHECK_EQUAL(x, y)                                                  \
  ZENWS_TEST_COMPARE(::zenws::test_support::equal, x, y)
#define CAF_CHECK_NOT_EQUAL(x, y)                                              \
  ZENWS_TEST_COMPARE(::zenws::test_support::not_equal, x, y)
#define CAF_CHECK_LESS(x, y) ZENWS_TEST_COMPARE(::std::less<>, x, y)
#define CAF_CHECK_LESS_OR_EQUAL(x, y)                                          \
  ZENWS_TEST_COMPARE(::std::less_equal<>, x, y)
#define CAF_CHECK_GREATER(x, y) ZENWS_TEST_COMPARE(::std::greater<>, x, y)
#define CAF_CHECK_GREATER_OR_EQUAL(x, y)                                       \
  ZENWS_TEST_COMPARE(::std::greater_equal<>, x, y)

#define CAF_REQUIRE_EQUAL(x, y)                                                \
  ZENWS_TEST_REQUIRE(::zenws::test_support::equal, x, y)
#define CAF_REQUIRE_NOT_EQUAL(x, y)                                            \
  ZENWS_TEST_REQUIRE(::zenws::test_support::not_equal, x, y)
#define CAF_REQUIRE_LESS(x, y) ZENWS_TEST_REQUIRE(::std::less<>, x, y)
#define CAF_REQUIRE_LESS_OR_EQUAL(x, y)                                        \
  ZENWS_TEST_REQUIRE(::std::less_equal<>, x, y)
#define CAF_REQUIRE_GREATER(x, y) ZENWS_TEST_REQUIRE(::std::greater<>, x, y)
