// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/outlet_text.hpp"

#include "zenws/actors/messages/errors.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/json/internal/json_writer.hpp"
#include "zenws/outlet/internal/json_check.hpp"
#include "zenws/venue/internal/signature.hpp"

#include <chrono>

namespace zenws {

namespace {

using internal::json_writer;

// Strings of any origin are written, and embedded JSON was checked: nothing
// can fail.
std::string text_of(json_writer& out) {
  auto result = out.take();
  return result ? std::move(*result) : std::string{"{}"};
}

// Begins an object with the origin of a message.
void begin(json_writer& out, const outlet_source& source) {
  auto is_desk = source.topic == outlet_topic::desk;
  out.begin_object();
  out.key(is_desk ? "desk" : "client").lenient_string(source.name);
  if (source.topic == outlet_topic::channel)
    out.key("channel").lenient_string(source.channel);
}

void write(json_writer& out, const outlet_problem& problem) {
  out.key("code").lenient_string(problem.code);
  out.key("text").lenient_string(problem.text);
  out.key("remedy").lenient_string(problem.remedy);
}

void write_if_set(json_writer& out, std::string_view name,
                  std::string_view text) {
  if (!text.empty())
    out.key(name).lenient_string(text);
}

void write_if_set(json_writer& out, std::string_view name, uint64_t number) {
  if (number > 0)
    out.key(name).number(number);
}

int64_t microseconds(std::chrono::system_clock::time_point time) {
  using std::chrono::microseconds;
  return std::chrono::duration_cast<microseconds>(time.time_since_epoch())
    .count();
}

} // namespace

// -- answers ------------------------------------------------------------------

std::string outlet_answer(int64_t id, std::string_view json) {
  return "{\"id\":" + std::to_string(id) + ",\"result\":" + std::string{json}
         + '}';
}

std::string outlet_refusal(std::optional<int64_t> id,
                           const outlet_problem& problem) {
  json_writer out;
  out.begin_object().key("id");
  if (id)
    out.number(*id);
  else
    out.null();
  out.key("error").begin_object();
  write(out, problem);
  out.end_object().end_object();
  return text_of(out);
}

std::string outlet_failure(int64_t id, const caf::error& reason) {
  auto problem
    = caf_compat::is_ours(reason)
        ? problem_of({code_of(reason), caf_compat::detail_of(reason)})
        : outlet_problem{"failed", to_text(reason),
                         "see the log of the outlet's program"};
  json_writer out;
  out.begin_object().key("id").number(id).key("error").begin_object();
  write(out, problem);
  out.key("outcome").string(to_string(outcome_of(reason)));
  if (auto told = rpc_error_of(reason)) {
    out.key("venue").begin_object().key("code").number(told->code);
    out.key("message").lenient_string(told->message).end_object();
  }
  out.end_object().end_object();
  return text_of(out);
}

std::string raw_member(std::string_view name, std::string_view text) {
  auto is_json = !find_json_fault(text);
  std::string result = "\"";
  result.append(is_json ? name : "base64").append("\":");
  if (is_json)
    return result.append(text);
  return result.append("\"").append(internal::base64(text)).append("\"");
}

// -- subscriptions ------------------------------------------------------------

std::string outlet_message(const outlet_source& source, uint64_t epoch,
                           const message_view& message) {
  json_writer out;
  begin(out, source);
  out.key("epoch").number(epoch);
  out.key("seq").number(message.sequence);
  out.key("received_us").number(microseconds(message.received_at));
  if (message.kind == message_kind::binary)
    out.key("binary").boolean(true);
  out.end_object();
  auto result = text_of(out);
  result.back() = ',';
  if (message.kind == message_kind::text)
    result += raw_member("data", message.payload);
  else
    result.append("\"base64\":\"")
      .append(internal::base64(message.payload))
      .append("\"");
  return result += '}';
}

std::string outlet_event(const outlet_source& source,
                         const client_event& event) {
  json_writer out;
  begin(out, source);
  out.key("event").string(to_string(event.kind));
  out.key("state").string(to_string(event.state));
  out.key("epoch").number(event.epoch);
  write_if_set(out, "attempt", event.attempt);
  if (event.retry_in.count() > 0)
    out.key("retry_in_ms").number(event.retry_in.count());
  if (event.kind == event_kind::messages_dropped)
    out.key("lost").number(event.dropped_messages);
  write_if_set(out, "detail", event.detail);
  write_if_set(out, "node", event.node);
  if (event.reason) {
    out.key("reason").begin_object();
    write(out, problem_of(event.reason));
    out.end_object();
  }
  out.end_object();
  return text_of(out);
}

std::string outlet_loss(const outlet_source& source, uint64_t count,
                        uint64_t next_sequence) {
  json_writer out;
  begin(out, source);
  if (source.topic == outlet_topic::market)
    out.key("typed").boolean(true);
  out.key("lost").number(count);
  write_if_set(out, "next_seq", next_sequence);
  out.end_object();
  return text_of(out);
}

} // namespace zenws
