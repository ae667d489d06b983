// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Includes CAF's unit tests: `CAF_TEST`, `CAF_CHECK` and so on. A source
/// defines `CAF_SUITE` before it includes this header. For a CAF with another
/// framework, the build defines `ZENWS_TEST_ENGINE`: test_engine.hpp has the
/// same macros.

#ifdef ZENWS_TEST_ENGINE

#  include "test_engine.hpp"

#else

#  include "caf/test/unit_test.hpp"

// CAF binds references to both values before it compares them, which dangle if
// a value is a part of a temporary, as in `CAF_CHECK_EQUAL(list().front(), 1)`.
// Here temporaries live until the comparison is over.
#  undef CAF_CHECK_FUNC
#  define CAF_CHECK_FUNC(func, x_expr, y_expr)                                 \
    do {                                                                       \
      static_cast<void>(::zenws::test_support::compare<func>(                  \
        __FILE__, __LINE__, CAF_FUNC_EXPR(func, x_expr, y_expr), x_expr,       \
        y_expr));                                                              \
      ::caf::test::engine::last_check_file(__FILE__);                          \
      ::caf::test::engine::last_check_line(__LINE__);                          \
    } while (false)

#  undef CAF_REQUIRE_FUNC
#  define CAF_REQUIRE_FUNC(func, x_expr, y_expr)                               \
    do {                                                                       \
      if (!::zenws::test_support::compare<func>(                               \
            __FILE__, __LINE__, CAF_FUNC_EXPR(func, x_expr, y_expr), x_expr,   \
            y_expr))                                                           \
        ::caf::test::detail::requirement_failed(                               \
          CAF_FUNC_EXPR(func, x_expr, y_expr));                                \
      ::caf::test::engine::last_check_file(__FILE__);                          \
      ::caf::test::engine::last_check_line(__LINE__);                          \
    } while (false)

namespace zenws::test_support {

template <class Comparator, class X, class Y>
bool compare(const char* file, size_t line, const char* expression, const X& x,
             const Y& y) {
  return caf::test::detail::check(caf::test::engine::current_test(), file, line,
                                  expression, false, Comparator{}(x, y), x, y);
}

} // namespace zenws::test_support

#endif
