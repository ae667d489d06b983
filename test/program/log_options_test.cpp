// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE log_options

#include "config_file/log_settings.hpp"
#include "support/unit_test.hpp"

using namespace zenws;

namespace {

struct reading {
  log_options options;
  std::vector<file_mistake> mistakes;
};

reading read(const std::string& text) {
  reading result;
  result.mistakes = read_config(text, [&](config_section& root) {
    read_log(root, result.options);
  });
  return result;
}

} // namespace

CAF_TEST(the longest name of a component counts) {
  log_options uut{.level = log_level::warning,
                  .levels = {{"zenws", log_level::error},
                             {"zenws.client", log_level::info}}};
  CAF_CHECK(level_of(uut, "zenws.client") == log_level::info);
  CAF_CHECK(level_of(uut, "zenws.client.session") == log_level::info);
  CAF_CHECK(level_of(uut, "zenws.client_supervisor") == log_level::error);
  CAF_CHECK(level_of(uut, "zenws") == log_level::error);
  CAF_CHECK(level_of(uut, "mine.client") == log_level::warning);
  CAF_CHECK(level_of(uut, "") == log_level::warning);
}

CAF_TEST(flags override the file) {
  log_options file{.format = log_format::json,
                   .level = log_level::error,
                   .levels = {{"a", log_level::error}},
                   .file = "x.log"};
  auto same = file | log_flags{};
  CAF_CHECK(same.format == log_format::json);
  CAF_CHECK(same.level == log_level::error);
  CAF_CHECK_EQUAL(same.levels.size(), 1u);
  CAF_CHECK_EQUAL(same.file, "x.log");
  auto other = file
               | log_flags{.level = log_level::warning,
                           .format = log_format::text,
                           .file = "y.log"};
  CAF_CHECK(other.format == log_format::text);
  CAF_CHECK(level_of(other, "a") == log_level::warning);
  CAF_CHECK_EQUAL(other.file, "y.log");
  CAF_CHECK_EQUAL(other.rate, file.rate);
  auto all = file | log_flags{.everything = true};
  CAF_CHECK(level_of(all, "a") == log_level::info);
  CAF_CHECK_EQUAL(all.rate, 0u);
}

CAF_TEST(all settings are read from the table) {
  auto [uut, mistakes] = read(R"([log]
format = "json"
level = "warning"
levels = { "zenws.client" = "error", zenws = "info" }
file = "/var/log/zenws.log"
max_size = "1MiB"
max_files = 3
rate = 7
)");
  CAF_CHECK(mistakes.empty());
  CAF_CHECK(uut.format == log_format::json);
  CAF_CHECK(uut.level == log_level::warning);
  CAF_CHECK(level_of(uut, "zenws.client") == log_level::error);
  CAF_CHECK(level_of(uut, "zenws.pool") == log_level::info);
  CAF_CHECK_EQUAL(uut.file, "/var/log/zenws.log");
  CAF_CHECK_EQUAL(uut.max_size, 1024u * 1024);
  CAF_CHECK_EQUAL(uut.max_files, 3u);
  CAF_CHECK_EQUAL(uut.rate, 7u);
}

CAF_TEST(a file without the table has the defaults) {
  auto [uut, mistakes] = read("");
  CAF_CHECK(mistakes.empty());
  CAF_CHECK(uut.format == log_format::automatic);
  CAF_CHECK(uut.level == log_level::info);
  CAF_CHECK(uut.file.empty());
}

CAF_TEST(settings that could not work are refused by name) {
  for (auto [line, key] : std::vector<std::pair<const char*, const char*>>{
         {"format = \"xml\"", "log.format"},
         {"level = \"debug\"", "log.level"},
         {"levels = { zenws = \"all\" }", "log.levels.zenws"},
         {"levels = { zenws.client = \"info\" }", "log.levels.zenws"},
         {"max_size = 1000", "log.max_size"},
         {"max_files = 0", "log.max_files"},
         {"max_files = 1001", "log.max_files"},
         {"rate = -1", "log.rate"},
         {"colour = true", "log.colour"}}) {
    auto mistakes = read("[log]\n" + std::string{line} + '\n').mistakes;
    CAF_REQUIRE_EQUAL(mistakes.size(), 1u);
    CAF_CHECK_EQUAL(mistakes[0].key, key);
  }
}
