#pragma once

#include "zenws/config_problem.hpp"

#include <caf/settings.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <vector>

namespace zenws {

/// One section of a configuration file in CAF's format, read with the exact
/// name of whatever is wrong with it. What nobody reads is wrong as well. A
/// name may be spelled with '-' or, as in C++, with '_'.
class section {
public:
  /// @param path of the section in the file, empty for the file itself.
  section(const caf::settings& content, std::string path,
          std::vector<config_problem>& problems)
    : content_(content), path_(std::move(path)), problems_(problems) {
    // nop
  }

  section(const section&) = delete;

  section& operator=(const section&) = delete;

  /// Reports what has not been read.
  ~section();

  // -- values -------------------------------------------------------------------

  // Each leaves its target alone if there is no such value.

  /// Returns whether there is one.
  bool read(const std::string& name, std::string& to);

  void read(const std::string& name, bool& to);

  void read(const std::string& name, std::chrono::milliseconds& to);

  void read(const std::string& name, std::vector<std::string>& to);

  template <class Integer>
  void read_number(const std::string& name, Integer& to) {
    int64_t value = 0;
    if (read_integer(name, value, int64_t{std::numeric_limits<Integer>::max()}))
      to = static_cast<Integer>(value);
  }

  void read_number(const std::string& name, size_t& to);

  // -- sections -----------------------------------------------------------------

  /// Calls `f(section&)` if there is a section of that name.
  template <class F>
  void with(const std::string& name, F f) {
    if (auto* content = section_of(name)) {
      section inner{*content, path_of(name), problems_};
      f(inner);
    }
  }

  /// Calls `f(name, section&)` for each section.
  template <class F>
  void for_each(F f) {
    for (auto& [name, value] : content_) {
      auto key = std::string{name.begin(), name.end()};
      with(key, [&](section& inner) { f(key, inner); });
    }
  }

  /// Calls `f(name, text)` for each text.
  template <class F>
  void for_each_text(F f) {
    for (auto& [name, value] : content_) {
      auto key = std::string{name.begin(), name.end()};
      std::string text;
      read(key, text);
      f(key, std::move(text));
    }
  }

  /// Notes that something is wrong.
  void complain(const std::string& name, std::string what);

private:
  std::string path_of(const std::string& name) const;

  const caf::config_value* find(const std::string& name);

  const caf::settings* section_of(const std::string& name);

  // Returns whether there is such a value, from 0 to `max`.
  bool read_integer(const std::string& name, int64_t& to, int64_t max);

  const caf::settings& content_;
  std::string path_;
  std::vector<config_problem>& problems_;
  std::set<std::string, std::less<>> read_;
};

} // namespace zenws
