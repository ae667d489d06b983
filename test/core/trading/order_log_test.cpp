// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE order_log

#include "zenws/trading/internal/order_log.hpp"

#include "support/temporary_folder.hpp"
#include "support/unit_test.hpp"

#include <filesystem>
#include <string>

using namespace zenws;
using namespace zenws::internal;
using namespace zenws::test_support;

namespace {

struct fixture {
  temporary_folder folder;
  std::string path = folder.file("log");
  order_log uut;

  fixture() {
    reopen(uut);
    CAF_REQUIRE(!uut.clear());
  }

  void reopen(order_log& log) const {
    CAF_REQUIRE(!log.open(path, order_log::durability::of_process));
  }

  void append(uint64_t number, std::string_view content) {
    CAF_REQUIRE(uut.has_room_for(content));
    CAF_REQUIRE(!uut.append(number, content));
  }

  /// Returns what another process would find.
  std::string found_after(uint64_t last) const {
    order_log other;
    reopen(other);
    std::string image;
    CAF_REQUIRE(!other.recover(last, image));
    return contents(image);
  }

  static std::string contents(std::string_view image) {
    std::string result;
    log_image::for_each(image, [&](uint64_t number, std::string_view content) {
      result += (result.empty() ? "" : " ") + std::to_string(number) + '='
                + std::string{content.substr(0, 5)};
    });
    return result;
  }

  /// Writes bytes over those of the file.
  void damage(size_t offset, const std::string& bytes) const {
    auto* file = std::fopen(path.c_str(), "r+");
    CAF_REQUIRE(file != nullptr);
    std::fseek(file, static_cast<long>(offset), SEEK_SET);
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(order_log_tests, fixture)

CAF_TEST(a new log has no records) {
  CAF_CHECK_EQUAL(found_after(0), "");
  CAF_CHECK_EQUAL(uut.image(), "");
}

CAF_TEST(records are found from any number on) {
  append(8, "a");
  append(9, "b");
  append(10, "c");
  CAF_CHECK_EQUAL(found_after(7), "8=a 9=b 10=c");
  CAF_CHECK_EQUAL(found_after(8), "9=b 10=c");
  CAF_CHECK_EQUAL(found_after(10), "");
  CAF_CHECK_EQUAL(contents(uut.image()), "8=a 9=b 10=c");
}

CAF_TEST(records that do not follow are not found) {
  append(8, "a");
  CAF_CHECK_EQUAL(found_after(6), "");
  CAF_CHECK_EQUAL(found_after(9), "");
}

CAF_TEST(a record that is damaged ends the log) {
  append(1, "a");
  append(2, "b");
  append(3, "c");
  auto size = uut.image().size() / 3;
  damage(2 * size - 1, "x");
  CAF_CHECK_EQUAL(found_after(0), "1=a");
  damage(0, std::string(4, '\xff')); // a length
  CAF_CHECK_EQUAL(found_after(0), "");
}

CAF_TEST(a file that was cut ends the log) {
  append(1, "a");
  append(2, "b");
  std::filesystem::resize_file(path, uut.image().size() - 1);
  CAF_CHECK_EQUAL(found_after(0), "1=a");
  std::filesystem::resize_file(path, 0);
  CAF_CHECK_EQUAL(found_after(0), "");
}

CAF_TEST(both halves are found in the order of their records) {
  append(1, "a");
  CAF_CHECK_EQUAL(contents(uut.turn()), "1=a");
  append(2, "b");
  CAF_CHECK_EQUAL(found_after(0), "1=a 2=b");
  CAF_CHECK_EQUAL(contents(uut.turn()), "2=b");
  append(3, "c");
  CAF_CHECK_EQUAL(found_after(1), "2=b 3=c");
  CAF_CHECK_EQUAL(found_after(0), "");
}

CAF_TEST(old records behind the new ones of a half are not found) {
  for (uint64_t i = 1; i <= 3; ++i)
    append(i, "a");
  (void) uut.turn();
  append(4, "b");
  (void) uut.turn();
  append(5, "c");
  CAF_CHECK_EQUAL(found_after(3), "4=b 5=c");
}

CAF_TEST(a half has room for its size) {
  CAF_CHECK(!uut.has_room_for(std::string(order_log::half_size, 'x')));
  std::string most(order_log::half_size - 16, 'x');
  append(1, most);
  CAF_CHECK(!uut.has_room_for(""));
  (void) uut.turn();
  append(2, most);
  CAF_CHECK_EQUAL(found_after(0), "1=xxxxx 2=xxxxx");
}

CAF_TEST(a log that was cleared has no records) {
  append(1, "a");
  (void) uut.turn();
  append(2, "b");
  CAF_REQUIRE(!uut.clear());
  CAF_CHECK_EQUAL(found_after(0), "");
  append(1, "c");
  CAF_CHECK_EQUAL(found_after(0), "1=c");
}

CAF_TEST(what is no file is told) {
  order_log other;
  auto problem = other.open(folder.path().string(),
                            order_log::durability::of_process);
  CAF_CHECK_EQUAL(problem.code, ec::journal_failed);
}

CAF_TEST_FIXTURE_SCOPE_END()
