// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/events.hpp"
#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/recording/recording.hpp"

#include <algorithm>
#include <charconv>
#include <memory>

namespace zenws {

namespace {

// -- writing ------------------------------------------------------------------

// Text from elsewhere need not be UTF-8.
std::string quoted(std::string_view text) {
  if (auto result = quoted_json(text))
    return *result;
  std::string ascii{text};
  std::replace_if(
    ascii.begin(), ascii.end(), [](char c) { return (c & 0x80) != 0; }, '?');
  return quoted_json(ascii).value_or("\"\"");
}

class object_writer {
public:
  void text(std::string_view name, std::string_view value) {
    raw(name, quoted(value));
  }

  void text_if_any(std::string_view name, std::string_view value) {
    if (!value.empty())
      text(name, value);
  }

  template <class T>
  void number(std::string_view name, T value) {
    raw(name, std::to_string(value));
  }

  template <class T>
  void number_if_any(std::string_view name, T value) {
    if (value != 0)
      number(name, value);
  }

  void raw(std::string_view name, std::string_view json) {
    result_ += result_.empty() ? '{' : ',';
    result_ += '"';
    result_ += name;
    result_ += "\":";
    result_ += json;
  }

  std::string finish() {
    return result_.empty() ? "{}" : result_ + '}';
  }

private:
  std::string result_;
};

std::string reason_to_json(const error& reason) {
  object_writer out;
  out.text("code", to_string(reason.code));
  out.text_if_any("detail", reason.detail);
  out.number_if_any("close_code", reason.close_code);
  if (reason.refusal != nullptr)
    out.number("status", reason.refusal->status);
  return out.finish();
}

// -- reading ------------------------------------------------------------------

// Remembers the first member that is wrong; members that are not there keep
// their values.
class object_reader {
public:
  explicit object_reader(std::string_view json) : json_(json) {
    internal::json_cursor in{json};
    json_value name;
    for (in.enter_object(); in.next_member(name);)
      in.skip();
    if (!in.finish())
      fail("is no object");
  }

  json_value raw(std::string_view name) const {
    return find_member(json_, name);
  }

  void text(std::string_view name, std::string& to) {
    auto value = raw(name);
    if (auto text = value.string())
      to = std::move(*text);
    else if (value)
      fail(name);
  }

  template <class T>
  void number(std::string_view name, T& to) {
    auto value = raw(name);
    if (!value)
      return;
    auto last = value.text.data() + value.text.size();
    auto [end, code] = std::from_chars(value.text.data(), last, to);
    if (code != std::errc{} || end != last)
      fail(name);
  }

  // An enumerator by its name, of those below `count`.
  template <class T>
  void name(std::string_view name, T& to, size_t count) {
    auto value = raw(name);
    for (size_t i = 0; i < count; ++i)
      if (value.is(to_string(static_cast<T>(i)))) {
        to = static_cast<T>(i);
        return;
      }
    fail(name);
  }

  void fail(std::string_view problem) {
    if (!failure_)
      failure_ = {ec::invalid_data, "event: " + std::string{problem}};
  }

  const error& failure() const noexcept {
    return failure_;
  }

private:
  std::string_view json_;
  error failure_;
};

// Returns the problem, or no error.
error read_reason(std::string_view json, error& to) {
  object_reader in{json};
  unsigned status = 0;
  in.name("code", to.code, num_error_codes);
  in.text("detail", to.detail);
  in.number("close_code", to.close_code);
  in.number("status", status);
  if (status != 0) {
    upgrade_refusal refusal;
    refusal.status = status;
    to.refusal = std::make_shared<upgrade_refusal>(std::move(refusal));
  }
  return in.failure();
}

} // namespace

std::string close_to_json(uint16_t code, std::string_view reason) {
  object_writer out;
  out.number("code", code);
  out.text("reason", reason);
  return out.finish();
}

std::string event_to_json(const client_event& event) {
  object_writer out;
  out.text("kind", to_string(event.kind));
  out.text("state", to_string(event.state));
  out.number("client_id", event.client_id);
  out.text("client", event.client);
  out.number("epoch", event.epoch);
  out.number_if_any("attempt", event.attempt);
  out.number_if_any("retry_in_ms", event.retry_in.count());
  if (event.reason)
    out.raw("reason", reason_to_json(event.reason));
  out.number_if_any("dropped_messages", event.dropped_messages);
  out.number("next_sequence", event.next_sequence);
  out.text_if_any("detail", event.detail);
  return out.finish();
}

result<client_event> event_from_json(std::string_view json) {
  object_reader in{json};
  client_event result;
  int64_t retry_in = 0;
  in.name("kind", result.kind, static_cast<size_t>(event_kind::ended) + 1);
  in.name("state", result.state,
          static_cast<size_t>(client_state::stopped) + 1);
  in.number("client_id", result.client_id);
  in.text("client", result.client);
  in.number("epoch", result.epoch);
  in.number("attempt", result.attempt);
  in.number("retry_in_ms", retry_in);
  in.number("dropped_messages", result.dropped_messages);
  in.number("next_sequence", result.next_sequence);
  in.text("detail", result.detail);
  if (auto reason = in.raw("reason"))
    if (auto failure = read_reason(reason.text, result.reason))
      in.fail("reason: " + failure.detail);
  if (in.failure())
    return in.failure();
  result.retry_in = std::chrono::milliseconds{retry_in};
  return result;
}

} // namespace zenws
