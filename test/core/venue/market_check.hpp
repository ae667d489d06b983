// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Checks of any venue's decoder: messages that are written otherwise but mean
/// the same are decoded the same, and broken messages are no data.

#include "zenws/market/update_list.hpp"
#include "zenws/venue/dialect.hpp"

#include "support/unit_test.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::test_support {

// -- decoding -----------------------------------------------------------------

/// The market data of one message.
struct decoded_message {
  error problem{};
  market::update_list updates{};
};

/// Reads a message as the client does. A message that is no data brings
/// nothing, one that is malformed a problem.
inline decoded_message decode(dialect& venue, std::string_view text) {
  decoded_message result;
  auto message = venue.read(text);
  if (message.kind == inbound_kind::malformed)
    result.problem = error{ec::invalid_json};
  else if (message.kind == inbound_kind::data)
    result.problem = venue.market()->decode(message.content, result.updates);
  if (result.problem)
    result.updates.clear();
  return result;
}

/// Same with a new dialect.
inline decoded_message decode(std::string_view dialect, std::string_view text) {
  return decode(*make_dialect(dialect), text);
}

/// Returns the updates of a message that must be readable.
inline market::update_list updates_of(std::string_view dialect,
                                      std::string_view text) {
  auto result = decode(dialect, text);
  if (result.problem)
    CAF_FAIL(to_string(result.problem) << ": " << text);
  return std::move(result.updates);
}

/// Returns the only update of a message, which must be a `T`.
template <class T>
T only(const market::update_list& updates) {
  if (updates.size() != 1 || !std::holds_alternative<T>(updates[0]))
    CAF_FAIL("there is not one update of the expected type");
  return *std::get_if<T>(&updates[0]);
}

inline market::decimal number(std::string_view text) {
  return market::decimal::parse(text).value();
}

// -- showing ------------------------------------------------------------------

namespace detail {

inline std::ostream& operator<<(std::ostream& out, market::venue_time x) {
  return out << x.time_since_epoch().count();
}

inline void show(std::ostream& out, market::decimal x) {
  out << ' ' << to_string(x);
}

inline void show(std::ostream& out, const market::price_level& x) {
  show(out, x.price);
  show(out, x.amount);
}

template <class T>
void show(std::ostream& out, const std::optional<T>& x) {
  if (x)
    show(out, *x);
  else
    out << " -";
}

inline void show(std::ostream& out, const market::trade& x) {
  out << x.first_sequence << ' ' << x.sequence << ' ' << to_string(x.kind)
      << ' ' << to_string(x.direction) << (x.is_late ? " late" : "");
  show(out, x.price);
  show(out, x.amount);
}

inline void show(std::ostream& out, const market::trade_gap& x) {
  out << x.after << ' ' << x.before;
}

inline void show(std::ostream& out, const market::book_update& x) {
  out << x.first_sequence << ' ' << x.sequence << ' ' << x.previous.value_or(0)
      << ' ' << x.checksum.value_or(0);
  for (auto& level : x.levels) {
    out << ' ' << static_cast<int>(level.side) << static_cast<int>(level.action)
        << static_cast<int>(level.price_places)
        << static_cast<int>(level.amount_places);
    show(out, level.price);
    show(out, level.amount);
  }
}

inline void show(std::ostream& out, const market::book_lost& x) {
  out << to_string(x.cause);
}

inline void show(std::ostream& out, const market::quote& x) {
  out << x.sequence;
  show(out, x.bid);
  show(out, x.ask);
}

inline void show(std::ostream& out, const market::ticker& x) {
  out << x.sequence;
  show(out, x.bid);
  show(out, x.ask);
  for (auto& value : {x.last_price, x.mark_price, x.index_price, x.funding_rate,
                      x.open_interest})
    show(out, value);
}

inline void show(std::ostream& out, const market::instrument_state& x) {
  out << to_string(x.state) << ' ' << to_string(x.kind) << ' '
      << to_string(x.unit) << ' ' << x.is_inverse << ' ' << x.base.view() << '/'
      << x.quote.view() << '/' << x.settlement.view() << ' ' << x.expires << ' '
      << x.code;
  for (auto& value : {x.tick, x.lot, x.min_amount, x.contract_size, x.strike})
    show(out, value);
}

} // namespace detail

/// Returns all that was decoded, or the problem.
inline std::string shown(const decoded_message& message) {
  if (message.problem)
    return to_string(message.problem);
  std::ostringstream out;
  for (auto& x : message.updates)
    std::visit(
      [&](auto& y) {
        using detail::operator<<;
        out << x.index() << ' ' << y.instrument.view() << ' ' << y.time << ' ';
        detail::show(out, y);
        out << '\n';
      },
      x);
  return out.str();
}

// -- other spellings ----------------------------------------------------------

namespace detail {

/// Calls `fun` with each byte outside of strings.
template <class Fun>
void outside_of_strings(std::string_view text, Fun fun) {
  auto in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      in_string = !in_string;
    else if (!in_string)
      fun(i);
  }
}

/// Returns the ends of objects, and of arrays that are no lists of others: a
/// list has one more level, or trade, with each element.
inline std::vector<size_t> open_ends(std::string_view text) {
  std::vector<size_t> result;
  std::vector<bool> is_list;
  outside_of_strings(text, [&](size_t i) {
    if (text[i] == '{' || text[i] == '[') {
      auto next = text.find_first_not_of(" \n\t", i + 1);
      is_list.push_back(text[i] == '['
                        && std::string_view{"[{]"}.find(text[next])
                             != std::string_view::npos);
    } else if (text[i] == '}' || text[i] == ']') {
      if (!is_list.back())
        result.push_back(i);
      is_list.pop_back();
    }
  });
  return result;
}

/// Adds an element or a member that nobody knows.
inline std::string extended(std::string_view text, size_t end,
                            std::string_view addition) {
  auto result = std::string{text.substr(0, end)};
  auto last = result.find_last_not_of(" \n\t");
  result += result[last] == '{' ? "" : ",";
  if (text[end] == '}')
    result += R"("zenws_test":)";
  result += addition;
  return result.append(text.substr(end));
}

inline std::string spaced(std::string_view text) {
  std::string result;
  size_t done = 0;
  outside_of_strings(text, [&](size_t i) {
    if (std::string_view{"{}[],:"}.find(text[i]) == std::string_view::npos)
      return;
    result += text.substr(done, i - done);
    result += "\n ";
    result += text[i];
    result += " \t";
    done = i + 1;
  });
  result += text.substr(done);
  return result;
}

/// Escapes the first character of each name and string.
inline std::string escaped(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] != '"')
      continue;
    auto is_letter = std::isalpha(static_cast<unsigned char>(text[i + 1])) != 0;
    if (is_letter) { // numbers in strings are never escaped
      char code[8];
      std::snprintf(code, sizeof(code), "\\u%04x",
                    static_cast<unsigned>(text[i + 1]));
      result += code;
      ++i;
    }
    for (++i; text[i] != '"'; ++i) {
      result += text[i];
      if (text[i] == '\\')
        result += text[++i];
    }
    result += '"';
  }
  return result;
}

/// Calls `fun` with other spellings of a message, which mean the same, and with
/// what its venue may add.
template <class Fun>
void each_spelling(std::string_view text, Fun fun) {
  for (auto end : open_ends(text))
    for (auto addition : {"null", "[]", R"("7")", "3", R"({"a":[1]})"})
      fun(extended(text, end, addition));
  fun(spaced(text));
  fun(escaped(text));
}

} // namespace detail

/// Checks that a readable message of a venue is decoded the same however it is
/// spelled and whatever the venue adds, and that a part of it is no data.
inline void check_spellings(std::string_view dialect, std::string_view text) {
  auto expected = shown(decode(dialect, text));
  detail::each_spelling(text, [&](const std::string& other) {
    auto result = shown(decode(dialect, other));
    if (result != expected)
      CAF_FAIL(other << " is decoded as " << result << ", not as " << expected);
  });
  for (size_t size = 0; size < text.size(); ++size)
    if (auto part = decode(dialect, text.substr(0, size));
        !part.problem && !part.updates.empty())
      CAF_FAIL("a part is data: " << text.substr(0, size));
}

/// Checks that no value of a message can be replaced by nonsense and look like
/// the real one: either the message is refused, or it says something else.
inline void check_nonsense(std::string_view dialect, std::string_view text) {
  std::vector<std::pair<size_t, size_t>> values; // of numbers and strings
  for (size_t i = 0; i < text.size(); ++i) {
    auto first = i;
    if (text[i] == '"') {
      for (++i; text[i] != '"'; ++i)
        if (text[i] == '\\')
          ++i;
      if (text.substr(i + 1).find_first_not_of(" \n\t") != text.npos
          && text[text.find_first_not_of(" \n\t", i + 1)] == ':')
        continue;
      values.emplace_back(first, i + 1 - first);
    } else if (text[i] == '-'
               || std::isdigit(static_cast<unsigned char>(text[i])) != 0) {
      i = text.find_first_not_of("+-.0123456789eE", i) - 1;
      values.emplace_back(first, i + 1 - first);
    }
  }
  for (auto [pos, size] : values)
    for (auto other :
         {"null", "true", "{}", "[]", R"("?")", R"("")", "1e999", "-",
          "99999999999999999999999999", R"("99999999999999999999999999")",
          "NaN", R"("NaN")", R"("0x10")", "1e-70"}) {
      auto changed = std::string{text.substr(0, pos)} + other
                     + std::string{text.substr(pos + size)};
      auto result = decode(dialect, changed);
      for (auto& x : result.updates)
        if (instrument_of(x).empty())
          CAF_FAIL("data without an instrument: " << changed);
    }
}

// -- samples ------------------------------------------------------------------

/// Returns the content of a file in the folder that `variable` names, nothing
/// without it.
inline std::string content_of(const char* variable, const std::string& name) {
  auto* folder = std::getenv(variable);
  if (folder == nullptr) {
    CAF_MESSAGE("skipped: " << variable << " names no folder");
    return {};
  }
  std::ifstream in{std::filesystem::path{folder} / name};
  if (!in)
    CAF_MESSAGE("skipped: there is no " << folder << '/' << name);
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// Returns a message of a real venue, from the folder `ZENWS_SAMPLES`; empty
/// without it.
inline std::string sample(const std::string& name) {
  return content_of("ZENWS_SAMPLES", name);
}

/// Returns the messages that a client received in a recorded session, from the
/// folder `ZENWS_CAPTURES`; none without it.
inline std::vector<std::string> received_in(const std::string& name) {
  std::vector<std::string> result;
  std::istringstream in{content_of("ZENWS_CAPTURES", name)};
  for (std::string line; std::getline(in, line);) {
    auto colon = line.find(": ");
    if (colon != line.npos && line.find("<-") > colon)
      result.push_back(line.substr(colon + 2));
  }
  return result;
}

} // namespace zenws::test_support
