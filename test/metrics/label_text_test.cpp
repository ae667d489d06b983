// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE label_text

#include "support/unit_test.hpp"

#include "zenws/metrics/internal/label_text.hpp"

#include <string>

using zenws::internal::label_text;

CAF_TEST(a name stays as it is) {
  CAF_CHECK_EQUAL(label_text("feed \"é\"\n"), "feed \"é\"\n");
  CAF_CHECK_EQUAL(label_text(""), "");
}

CAF_TEST(bytes that are no UTF 8 become question marks) {
  CAF_CHECK_EQUAL(label_text("a\xff\xc3z"), "a??z");
}

CAF_TEST(a long name is cut between characters) {
  CAF_CHECK_EQUAL(label_text(std::string(200, 'x')), std::string(128, 'x'));
  std::string text(127, 'x');
  CAF_CHECK_EQUAL(label_text(text + "é"), text);
  CAF_CHECK_EQUAL(label_text(text.substr(1) + "éx"), text.substr(1) + "é");
}
