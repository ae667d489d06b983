// SPDX-License-Identifier: BSD-3-Clause

#include "scrape.hpp"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace zenws::test_support {

namespace {

[[noreturn]] void refuse(std::string_view line) {
  throw std::runtime_error{"malformed: " + std::string{line}};
}

std::string take_name(std::string_view& rest, std::string_view line) {
  size_t size = 0;
  while (size < rest.size()
         && (std::isalnum(static_cast<unsigned char>(rest[size]))
             || rest[size] == '_'))
    ++size;
  if (size == 0)
    refuse(line);
  std::string result{rest.substr(0, size)};
  rest.remove_prefix(size);
  return result;
}

void take(std::string_view& rest, char expected, std::string_view line) {
  if (rest.empty() || rest.front() != expected)
    refuse(line);
  rest.remove_prefix(1);
}

std::string take_quoted(std::string_view& rest, std::string_view line) {
  std::string result;
  take(rest, '"', line);
  while (!rest.empty() && rest.front() != '"') {
    auto next = rest.front();
    rest.remove_prefix(1);
    if (next == '\\') {
      if (rest.empty()
          || std::string_view{"\\\"n"}.find(rest.front())
               == std::string_view::npos)
        refuse(line);
      next = rest.front() == 'n' ? '\n' : rest.front();
      rest.remove_prefix(1);
    }
    result += next;
  }
  take(rest, '"', line);
  return result;
}

} // namespace

scrape::scrape(std::string_view text) {
  while (!text.empty()) {
    auto end = text.find('\n');
    if (end == std::string_view::npos)
      refuse(text);
    auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.starts_with("# TYPE "))
      read_type(line);
    else if (!line.starts_with("# HELP "))
      read_sample(line);
  }
}

std::optional<double> scrape::find(std::string_view name,
                                   const labels& wanted) const {
  std::optional<double> result;
  for (auto& sample : samples_) {
    auto has_all = std::ranges::all_of(wanted, [&](auto& label) {
      auto i = sample.of.find(label.first);
      return i != sample.of.end() && i->second == label.second;
    });
    if (sample.name != name || !has_all)
      continue;
    if (result)
      return std::nullopt;
    result = sample.value;
  }
  return result;
}

void scrape::read_type(std::string_view line) {
  auto rest = line.substr(7);
  auto name = take_name(rest, line);
  take(rest, ' ', line);
  if (!families_.emplace(name, family{std::string{rest}, {}}).second)
    refuse(line);
}

void scrape::read_sample(std::string_view line) {
  auto rest = line;
  sample read{.name = take_name(rest, line)};
  if (!rest.empty() && rest.front() == '{') {
    do {
      rest.remove_prefix(1);
      auto label = take_name(rest, line);
      take(rest, '=', line);
      if (!read.of.emplace(label, take_quoted(rest, line)).second)
        refuse(line);
    } while (!rest.empty() && rest.front() == ',');
    take(rest, '}', line);
  }
  take(rest, ' ', line);
  read.value = std::stod(std::string{rest});
  auto& family = family_of(read.name);
  for (auto& [label, value] : read.of)
    if (label != "le")
      family.labels.insert(label);
  auto is_same = [&](auto& x) {
    return x.name == read.name && x.of == read.of;
  };
  if (std::ranges::any_of(samples_, is_same))
    refuse(line);
  samples_.push_back(std::move(read));
}

scrape::family& scrape::family_of(const std::string& sample) {
  for (auto suffix : {"", "_bucket", "_sum", "_count"}) {
    std::string_view name{sample};
    if (!name.ends_with(suffix))
      continue;
    name.remove_suffix(std::string_view{suffix}.size());
    if (auto i = families_.find(std::string{name}); i != families_.end())
      return i->second;
  }
  throw std::runtime_error{"no type: " + sample};
}

} // namespace zenws::test_support
