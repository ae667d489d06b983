// SPDX-License-Identifier: BSD-3-Clause

#include "program/log_limiter.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace zenws {

namespace {

// Longer texts are compared by their beginnings.
constexpr size_t max_kind_size = 200;

// Of a text that is repeated.
constexpr size_t max_sample_size = 200;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Appends a text with '#' for each number and each quoted part.
void append_shape(std::string& out, std::string_view text) {
  for (size_t i = 0; i < text.size() && out.size() < max_kind_size; ++i) {
    auto end = i;
    if (text[i] == '"')
      end = std::min(text.find('"', i + 1), text.size() - 1);
    else if (is_digit(text[i]))
      end = std::min(text.find_first_not_of("0123456789.", i), text.size()) - 1;
    auto is_part = end != i || is_digit(text[i]);
    out += is_part ? '#' : text[i];
    i = end;
  }
}

std::string kind_of(const log_entry& entry) {
  std::string result{to_string(entry.level)};
  result += ' ' + entry.component + ' ';
  append_shape(result, entry.text);
  return result;
}

} // namespace

void log_limiter::take(const log_entry& entry, time_point now,
                       const log_sink& out) {
  if (rate_ == 0)
    return out(entry);
  auto [i, is_new] = kinds_.try_emplace(kind_of(entry), kind{.begin = now});
  auto& known = i->second;
  if (now - known.begin >= window) {
    tell(known, out);
    known = {.begin = now};
  }
  if (known.passed < rate_) {
    ++known.passed;
    out(entry);
  } else {
    ++known.left_out;
    known.last_left_out = entry;
  }
  if (is_new && kinds_.size() > max_kinds)
    make_room(out);
}

void log_limiter::tell_ended(time_point now, const log_sink& out) {
  std::erase_if(kinds_, [&](auto& x) {
    auto has_ended = now - x.second.begin >= window;
    if (has_ended)
      tell(x.second, out);
    return has_ended;
  });
}

void log_limiter::tell_all(const log_sink& out) {
  for (auto& x : kinds_)
    tell(x.second, out);
  kinds_.clear();
}

void log_limiter::tell(const kind& ended, const log_sink& out) {
  if (ended.left_out == 0)
    return;
  auto& sample = ended.last_left_out;
  auto count = std::to_string(ended.left_out);
  out({.level = sample.level,
       .component = sample.component,
       .client = sample.client,
       .text = count + " more like this were left out: "
               + sample.text.substr(0, max_sample_size),
       .fields = {{"left_out", count}}});
}

void log_limiter::make_room(const log_sink& out) {
  auto i = std::ranges::min_element(kinds_, {},
                                    [](auto& x) { return x.second.begin; });
  tell(i->second, out);
  kinds_.erase(i);
}

} // namespace zenws
