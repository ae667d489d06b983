// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE progress_bar

#include "program/progress_bar.hpp"

#include "support/unit_test.hpp"

#include <memory>
#include <string>

using namespace std::chrono_literals;
using namespace zenws;

namespace {

struct fixture {
  progress_bar::clock::time_point now{};
  std::string written;

  std::unique_ptr<progress_bar> make() {
    return std::make_unique<progress_bar>(
      [this](std::string_view text) { written += text; },
      [this] { return now; });
  }

  std::string take() {
    return std::exchange(written, {});
  }
};

const std::string erased = "\r\x1b[K";

} // namespace

CAF_TEST_FIXTURE_SCOPE(progress_bar_tests, fixture)

CAF_TEST(work that is over soon shows nothing) {
  auto uut = make();
  uut->show(1, 2);
  now += 499ms;
  uut->show(2, 2);
  uut.reset();
  CAF_CHECK_EQUAL(written, "");
}

CAF_TEST(the share that is done is shown now and then) {
  auto uut = make();
  now += 500ms;
  uut->show(1, 2);
  CAF_CHECK_EQUAL(take(), erased + "[###############               ] 50 %");
  now += 99ms;
  uut->show(3, 4);
  CAF_CHECK_EQUAL(take(), "");
  now += 1ms;
  uut->show(4, 4);
  CAF_CHECK_EQUAL(take(), erased + '[' + std::string(30, '#') + "] 100 %");
}

CAF_TEST(a file that grows is read to more than its end) {
  auto uut = make();
  now += 1s;
  uut->show(5, 4);
  CAF_CHECK_EQUAL(take(), erased + '[' + std::string(30, '#') + "] 100 %");
  now += 1s;
  uut->show(0, 0);
  CAF_CHECK_EQUAL(take(), "");
}

CAF_TEST(nothing stays on the terminal) {
  auto uut = make();
  now += 1s;
  uut->show(1, 3);
  take();
  uut.reset();
  CAF_CHECK_EQUAL(written, erased);
}

CAF_TEST_FIXTURE_SCOPE_END()
