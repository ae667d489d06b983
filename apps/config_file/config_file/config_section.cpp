// SPDX-License-Identifier: BSD-3-Clause

#include "config_section.hpp"

#include "program/suggestion.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

namespace zenws {

namespace {

// -- keys ---------------------------------------------------------------------

std::string spelled_with(char separator, std::string_view key) {
  std::string result{key};
  std::ranges::replace(result, separator == '_' ? '-' : '_', separator);
  return result;
}

// -- entries ------------------------------------------------------------------

void add_entries(const toml::table& from, const std::string& path,
                 std::map<std::string, std::string>& to) {
  for (auto&& [key, value] : from) {
    auto name = path + std::string{key.str()};
    if (auto* table = value.as_table()) {
      add_entries(*table, name + '.', to);
    } else {
      std::ostringstream text;
      value.visit([&](auto& x) { text << x; });
      to.emplace(name, text.str());
    }
  }
}

// -- numbers with units -------------------------------------------------------

struct unit {
  std::string_view name;
  int64_t factor;
};

// Reads a whole number and a unit.
template <size_t N>
std::optional<int64_t>
parse_amount(std::string_view text, const unit (&units)[N]) {
  int64_t value = 0;
  auto* last = text.data() + text.size();
  auto [end, failure] = std::from_chars(text.data(), last, value);
  if (failure != std::errc{})
    return std::nullopt;
  std::string_view name{end, static_cast<size_t>(last - end)};
  auto i = std::ranges::find(units, name, &unit::name);
  int64_t result = 0;
  if (i == std::end(units) || __builtin_mul_overflow(value, i->factor, &result))
    return std::nullopt;
  return result;
}

// In microseconds.
constexpr unit time_units[] = {{"us", 1},
                               {"ms", 1000},
                               {"s", 1'000'000},
                               {"min", 60'000'000},
                               {"h", 3'600'000'000}};

constexpr unit size_units[]
  = {{"B", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};

// -- environment --------------------------------------------------------------

bool is_name_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
         || (c >= 'A' && c <= 'Z') || c == '_';
}

// Replaces `${NAME}` and `$$` in a text. Returns its problem, if any.
std::optional<std::string> substitute(std::string& text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$') {
      result += text[i];
      continue;
    }
    auto next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == '$')
      ++i;
    if (next != '{') {
      result += '$';
      continue;
    }
    auto end = text.find('}', i);
    auto name = text.substr(i + 2, end - i - 2);
    if (end == std::string::npos || name.empty()
        || !std::ranges::all_of(name, is_name_char))
      return "has a \"${\" without the name of a variable and '}'; write "
             "\"$${\" for the text itself";
    auto* value = std::getenv(name.c_str());
    if (value == nullptr)
      return "needs the environment variable " + name + ", which is not set";
    result += value;
    i = end;
  }
  text = std::move(result);
  return std::nullopt;
}

std::string type_of(const toml::node& x) {
  std::ostringstream out;
  out << x.type();
  return "is of type " + out.str();
}

} // namespace

std::string to_string(const file_mistake& mistake, const std::string& file) {
  return file + ':' + std::to_string(mistake.line) + ':'
         + std::to_string(mistake.column) + ": "
         + (mistake.key.empty() ? "" : mistake.key + ": ") + mistake.message;
}

struct config_section::state {
  const toml::table& content;
  std::string path;
  toml::source_position begin;
  std::vector<file_mistake>& mistakes;
  std::vector<std::string> known{};
  std::set<const toml::node*> read{};

  const toml::node* find(std::string_view key) const {
    for (auto& spelling : {std::string{key}, spelled_with('-', key)})
      if (auto* result = content.get(spelling))
        return result;
    return nullptr;
  }

  const toml::node* take(std::string_view key) {
    known.emplace_back(key);
    auto* result = find(key);
    read.insert(result);
    return result;
  }

  // Returns a value, or nothing after a complaint if it has another type.
  template <class T>
  std::optional<T> value(std::string_view key, std::string_view expected) {
    auto* found = take(key);
    if (found == nullptr)
      return std::nullopt;
    auto result = found->value_exact<T>();
    if (!result)
      complain(key, type_of(*found) + ", must be " + std::string{expected});
    return result;
  }

  std::optional<std::string> text(std::string_view key,
                                  std::string_view expected) {
    auto result = value<std::string>(key, expected);
    if (!result)
      return std::nullopt;
    if (auto problem = substitute(*result)) {
      complain(key, *problem);
      return std::nullopt;
    }
    return result;
  }

  std::string path_of(std::string_view key) const {
    return path.empty() ? std::string{key} : path + '.' + std::string{key};
  }

  // Follows a path of keys as far as the file does, each as the file spells it.
  void complain(std::string_view key, std::string message) {
    auto position = begin;
    std::string name;
    auto* table = &content;
    for (auto rest = key; !rest.empty();) {
      auto dot = std::min(rest.find('.'), rest.size());
      auto* found = table == nullptr ? nullptr : table->get(rest);
      auto length = rest.size();
      if (found == nullptr && table != nullptr) {
        length = dot;
        for (auto separator : {'_', '-'})
          if (auto* x
              = table->get(spelled_with(separator, rest.substr(0, dot))))
            found = x;
      }
      if (found == nullptr) {
        name += (name.empty() ? "" : ".") + std::string{rest};
        break;
      }
      for (auto&& [k, v] : *table)
        if (&v == found) {
          name += (name.empty() ? "" : ".") + std::string{k.str()};
          position = k.source().begin;
        }
      rest.remove_prefix(std::min(length + 1, rest.size()));
      table = found->as_table();
    }
    mistakes.push_back({.line = std::max(position.line, 1u),
                        .column = std::max(position.column, 1u),
                        .key = path_of(name),
                        .message = std::move(message)});
  }
};

config_section::config_section(std::unique_ptr<state> st) noexcept
  : state_(std::move(st)) {
  // nop
}

config_section::config_section(config_section&&) noexcept = default;

config_section::~config_section() {
  if (state_ == nullptr)
    return;
  std::vector<std::string_view> known{state_->known.begin(),
                                      state_->known.end()};
  for (auto&& [key, value] : state_->content)
    if (!state_->read.contains(&value))
      complain(key.str(), "unknown key" + suggestion(key.str(), known));
}

// -- values -------------------------------------------------------------------

bool config_section::read(std::string_view key, std::string& to) {
  auto value = state_->text(key, "a string");
  if (value)
    to = std::move(*value);
  return value.has_value();
}

bool config_section::read(std::string_view key, bool& to) {
  auto value = state_->value<bool>(key, "true or false");
  to = value.value_or(to);
  return value.has_value();
}

bool config_section::read(std::string_view key, std::chrono::milliseconds& to) {
  constexpr auto expected
    = "a duration in ms, s, min or h, such as \"250ms\" or \"30s\"";
  auto text = state_->text(key, expected);
  if (!text)
    return false;
  auto value = parse_amount(*text, time_units);
  if (!value)
    complain(key, std::string{"must be "} + expected);
  else if (*value % 1000 != 0)
    complain(key, "must be a whole number of milliseconds");
  else
    to = std::chrono::milliseconds{*value / 1000};
  return value && *value % 1000 == 0;
}

bool config_section::read(std::string_view key, std::vector<std::string>& to) {
  constexpr auto expected = "a list of strings, such as [\"a\", \"b\"]";
  auto* found = state_->take(key);
  if (found == nullptr)
    return false;
  auto* list = found->as_array();
  if (list == nullptr) {
    complain(key, type_of(*found) + ", must be " + expected);
    return false;
  }
  std::vector<std::string> result;
  for (auto& x : *list) {
    auto text = x.value_exact<std::string>();
    auto problem = text ? substitute(*text)
                        : std::optional{type_of(x) + ", must be a string"};
    if (problem)
      complain(key,
               "element " + std::to_string(result.size() + 1) + ' ' + *problem);
    result.push_back(text.value_or(""));
  }
  to = std::move(result);
  return true;
}

bool config_section::read(std::string_view key, market::decimal& to) {
  constexpr auto expected = "a number, such as 0.5 or \"0.5\"";
  auto text = read_number(key, expected);
  if (!text)
    return false;
  auto value = market::decimal::parse(*text);
  if (!value)
    complain(key, std::string{"must be "} + expected);
  to = value.value_or(to);
  return value.has_value();
}

bool config_section::read(std::string_view key, double& to) {
  constexpr auto expected = "a number, such as 0.5";
  auto* found = state_->find(key);
  if (found != nullptr && found->is_integer()) {
    to = static_cast<double>(*state_->value<int64_t>(key, expected));
    return true;
  }
  auto value = state_->value<double>(key, expected);
  to = value.value_or(to);
  return value.has_value();
}

std::optional<std::string>
config_section::read_number(std::string_view key, std::string_view expected) {
  auto* found = state_->find(key);
  if (found != nullptr && found->is_integer())
    return std::to_string(*state_->value<int64_t>(key, expected));
  if (found == nullptr || !found->is_floating_point())
    return state_->text(key, expected);
  // The shortest text that means the same is the one in the file.
  auto value = *state_->value<double>(key, expected);
  std::array<char, 32> text;
  auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return std::string{text.data(), end};
}

std::optional<int64_t> config_section::read_integer(std::string_view key,
                                                    int64_t max) {
  auto expected = "a whole number from 0 to " + std::to_string(max);
  auto value = state_->value<int64_t>(key, expected);
  if (!value || (*value >= 0 && *value <= max))
    return value;
  complain(key, "must be " + expected);
  return std::nullopt;
}

bool config_section::read_size(std::string_view key, size_t& to) {
  auto* found = state_->find(key);
  if (found == nullptr || !found->is_string())
    return read(key, to);
  auto text = state_->text(key, "");
  if (!text)
    return false;
  auto value = parse_amount(*text, size_units);
  if (value && *value >= 0) {
    to = static_cast<size_t>(*value);
    return true;
  }
  complain(key, "must be a number of bytes, or a size in B, KiB, MiB or GiB, "
                "such as \"4MiB\"");
  return false;
}

std::optional<std::string> config_section::read_scalar(std::string_view key) {
  auto* found = state_->find(key);
  if (found != nullptr && found->is_integer())
    return std::to_string(*state_->value<int64_t>(key, ""));
  if (found != nullptr && found->is_boolean())
    return *state_->value<bool>(key, "") ? "true" : "false";
  return state_->text(key, "a string, a whole number, true or false");
}

std::optional<size_t>
config_section::read_name(std::string_view key,
                          const std::vector<std::string_view>& names) {
  auto text = state_->text(key, "a string");
  if (!text)
    return std::nullopt;
  auto i = std::ranges::find(names, *text);
  if (i != names.end())
    return static_cast<size_t>(i - names.begin());
  std::string expected;
  for (auto& x : names)
    expected += (expected.empty()      ? ""
                 : &x == &names.back() ? " or "
                                       : ", ")
                + std::string{x};
  complain(key,
           "must be " + expected + suggestion(spelled_with('_', *text), names));
  return std::nullopt;
}

// -- tables -------------------------------------------------------------------

std::optional<config_section> config_section::table(std::string_view key) {
  auto* found = state_->take(key);
  if (found == nullptr)
    return std::nullopt;
  auto* content = found->as_table();
  if (content == nullptr) {
    complain(key, type_of(*found) + ", must be a table");
    return std::nullopt;
  }
  return std::optional<config_section>{
    std::in_place, std::unique_ptr<state>{
                     new state{*content, state_->path_of(key),
                               content->source().begin, state_->mistakes}}};
}

std::vector<std::string> config_section::keys() const {
  std::vector<std::string> result;
  for (auto&& [key, value] : state_->content)
    result.emplace_back(key.str());
  return result;
}

std::map<std::string, std::string>
config_section::entries(std::initializer_list<std::string_view> except) const {
  std::map<std::string, std::string> result;
  add_entries(state_->content, "", result);
  std::erase_if(result, [&](auto& x) {
    auto key = spelled_with('_', x.first.substr(0, x.first.find('.')));
    return std::ranges::find(except, key) != except.end();
  });
  return result;
}

// -- mistakes -----------------------------------------------------------------

void config_section::complain(std::string_view key, std::string message) {
  state_->complain(key, std::move(message));
}

std::vector<file_mistake> read_config(std::string_view text,
                                      const config_reader& reader) {
  std::vector<file_mistake> result;
  try {
    auto content = toml::parse(text);
    config_section root{std::unique_ptr<config_section::state>{
      new config_section::state{content, {}, {1, 1}, result}}};
    reader(root);
  } catch (const toml::parse_error& e) {
    auto [line, column] = e.source().begin;
    result.push_back(
      {line, column, "",
       "is not TOML (toml.io): " + std::string{e.description()}});
  }
  std::ranges::stable_sort(result, {}, [](const file_mistake& x) {
    return std::pair{x.line, x.column};
  });
  return result;
}

bool load_config(const std::string& file, const config_reader& reader,
                 std::ostream& problems) {
  std::ifstream in{file, std::ios::binary};
  if (!in) {
    problems << file << " cannot be opened\n";
    return false;
  }
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  auto mistakes = read_config(text, reader);
  for (auto& x : mistakes)
    problems << to_string(x, file) << '\n';
  return mistakes.empty();
}

} // namespace zenws
