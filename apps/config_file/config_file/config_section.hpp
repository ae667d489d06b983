// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/market/decimal.hpp"

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws {

/// One mistake in a configuration file.
struct file_mistake {
  /// Position in the file, from 1.
  uint32_t line = 1;

  uint32_t column = 1;

  /// Full name of the key, for example "clients.venue.backoff.max"; empty if
  /// the text is not TOML.
  std::string key{};

  /// Names the mistake and the correction, without secrets.
  std::string message{};
};

/// Renders a mistake as "file:line:column: key: message".
std::string to_string(const file_mistake& mistake, const std::string& file);

/// One table of a configuration file in TOML. Reports wrong values, and each
/// key that was not read when it is destroyed.
///
/// A key may be spelled with '_', as in C++, or with '-'. In strings, `${NAME}`
/// stands for an environment variable and `$$` for a dollar sign.
class config_section {
public:
  // -- constructors, destructors, and assignment operators --------------------

  struct state;

  explicit config_section(std::unique_ptr<state> st) noexcept;

  config_section(config_section&& other) noexcept;

  ~config_section();

  // -- values -----------------------------------------------------------------

  // Each leaves its target alone unless there is a value that is right, and
  // returns whether there is one.

  bool read(std::string_view key, std::string& to);

  bool read(std::string_view key, bool& to);

  /// Reads a duration such as "250ms"; units are us, ms, s, min, h.
  bool read(std::string_view key, std::chrono::milliseconds& to);

  bool read(std::string_view key, std::vector<std::string>& to);

  /// Reads a number, or a string with one, as it is written: up to 15 digits of
  /// a number are kept exactly, of a string all.
  bool read(std::string_view key, market::decimal& to);

  /// Reads a number.
  bool read(std::string_view key, double& to);

  /// Reads a whole number.
  template <std::integral T>
  bool read(std::string_view key, T& to) {
    constexpr auto max = std::numeric_limits<T>::max();
    auto value = read_integer(key, std::in_range<int64_t>(max)
                                     ? static_cast<int64_t>(max)
                                     : std::numeric_limits<int64_t>::max());
    to = static_cast<T>(value.value_or(static_cast<int64_t>(to)));
    return value.has_value();
  }

  /// Reads a value that has no default.
  template <class T>
  bool read(std::string_view key, std::optional<T>& to) {
    T value{};
    auto result = read(key, value);
    if (result)
      to = value;
    return result;
  }

  /// Reads a number of bytes, or a size such as "4MiB"; units are B, KiB, MiB,
  /// GiB.
  bool read_size(std::string_view key, size_t& to);

  /// Returns a string, a whole number or a truth value as text.
  std::optional<std::string> read_scalar(std::string_view key);

  /// Reads one of `choices` by the name that `to_string` gives it.
  template <class Enum>
  bool read_choice(std::string_view key, Enum& to,
                   std::initializer_list<Enum> choices) {
    std::vector<std::string_view> names;
    for (auto x : choices)
      names.push_back(to_string(x));
    auto index = read_name(key, names);
    if (index)
      to = choices.begin()[*index];
    return index.has_value();
  }

  // -- tables -----------------------------------------------------------------

  /// Returns a table of this one.
  std::optional<config_section> table(std::string_view key);

  /// Returns all keys in the order of the alphabet, for tables whose keys are
  /// the user's.
  std::vector<std::string> keys() const;

  /// Returns all values of this table and of those below as they are written,
  /// by the path of their keys: to find out what differs between two files. Not
  /// for display, there may be secrets.
  /// @param except keys to leave out, spelled with '_'.
  std::map<std::string, std::string>
  entries(std::initializer_list<std::string_view> except = {}) const;

  // -- mistakes ---------------------------------------------------------------

  /// Reports a mistake at a key, or at a path of keys such as "backoff.max".
  void complain(std::string_view key, std::string message);

private:
  // Reads a number from 0 to `max`.
  std::optional<int64_t> read_integer(std::string_view key, int64_t max);

  // Returns a number as text.
  std::optional<std::string> read_number(std::string_view key,
                                         std::string_view expected);

  // Returns the index of the name that the value is.
  std::optional<size_t> read_name(std::string_view key,
                                  const std::vector<std::string_view>& names);

  std::unique_ptr<state> state_;
};

using config_reader = std::function<void(config_section& root)>;

/// Reads a text in TOML.
/// @returns every mistake in the order of the text.
std::vector<file_mistake> read_config(std::string_view text,
                                      const config_reader& reader);

/// Reads a file in TOML, and prints every mistake to `problems`; a file that
/// cannot be opened is one.
/// @returns whether there is none.
bool load_config(const std::string& file, const config_reader& reader,
                 std::ostream& problems);

} // namespace zenws
