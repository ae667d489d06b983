#include "section.hpp"

#include <caf/config_value.hpp>

#include <algorithm>

namespace zenws {

section::~section() {
  for (auto& [name, value] : content_)
    if (!read_.contains(name))
      complain({name.begin(), name.end()}, "is unknown");
}

// -- values ---------------------------------------------------------------------

bool section::read(const std::string& name, std::string& to) {
  auto* value = find(name);
  if (value == nullptr)
    return false;
  auto* text = caf::get_if<std::string>(value);
  if (text == nullptr) {
    complain(name, "must be a text in double quotes");
    return false;
  }
  to = *text;
  return true;
}

void section::read(const std::string& name, bool& to) {
  auto* value = find(name);
  if (value == nullptr)
    return;
  if (auto* flag = caf::get_if<bool>(value))
    to = *flag;
  else
    complain(name, "must be true or false");
}

void section::read(const std::string& name, std::chrono::milliseconds& to) {
  auto* value = find(name);
  if (value == nullptr)
    return;
  auto* span = caf::get_if<caf::timespan>(value);
  if (span == nullptr)
    return complain(name, "must be a duration such as 500ms or 30s");
  auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(*span);
  if (whole != *span)
    return complain(name, "must be a whole number of milliseconds");
  to = whole;
}

void section::read(const std::string& name, std::vector<std::string>& to) {
  auto* value = find(name);
  if (value == nullptr)
    return;
  auto* list = caf::get_if<caf::config_value::list>(value);
  if (list == nullptr)
    return complain(name, "must be a list of texts, such as [\"a\", \"b\"]");
  to.clear();
  for (auto& x : *list)
    if (auto* text = caf::get_if<std::string>(&x))
      to.push_back(*text);
    else
      complain(name, "has an element that is no text in double quotes");
}

void section::read_number(const std::string& name, size_t& to) {
  int64_t value = 0;
  if (read_integer(name, value, std::numeric_limits<int64_t>::max()))
    to = static_cast<size_t>(value);
}

bool section::read_integer(const std::string& name, int64_t& to, int64_t max) {
  auto* value = find(name);
  if (value == nullptr)
    return false;
  auto* number = caf::get_if<int64_t>(value);
  if (number == nullptr || *number < 0 || *number > max) {
    complain(name, "must be a whole number from 0 to " + std::to_string(max));
    return false;
  }
  to = *number;
  return true;
}

// -- sections -------------------------------------------------------------------

void section::complain(const std::string& name, std::string what) {
  problems_.push_back({path_of(name), std::move(what)});
}

std::string section::path_of(const std::string& name) const {
  return path_.empty() ? name : path_ + '.' + name;
}

const caf::config_value* section::find(const std::string& name) {
  auto as_in_code = name;
  std::replace(as_in_code.begin(), as_in_code.end(), '-', '_');
  for (auto& spelling : {name, as_in_code}) {
    auto i = content_.find(spelling);
    if (i == content_.end())
      continue;
    read_.insert(spelling);
    return &i->second;
  }
  return nullptr;
}

const caf::settings* section::section_of(const std::string& name) {
  auto* value = find(name);
  if (value == nullptr)
    return nullptr;
  auto* result = caf::get_if<caf::settings>(value);
  if (result == nullptr)
    complain(name, "must be a section: " + name + " { … }");
  return result;
}

} // namespace zenws
