// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/json/json_rpc.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/json/internal/json_writer.hpp"

namespace zenws {

namespace {

// -- requests -----------------------------------------------------------------

bool is_structured(std::string_view json) {
  internal::json_cursor in{json};
  auto kind = in.value().kind;
  return in.finish() && (kind == json_kind::object || kind == json_kind::array);
}

result<std::string> build(std::string_view method, std::string_view params_json,
                          std::optional<int64_t> id) {
  internal::json_writer out;
  out.begin_object().key("jsonrpc").string("2.0");
  if (id)
    out.key("id").number(*id);
  out.key("method").string(method, "the method");
  if (!params_json.empty()) {
    if (!is_structured(params_json))
      return error{ec::invalid_message,
                   "parameters must be an object or an array"};
    out.key("params").raw(params_json);
  }
  return out.end_object().take();
}

// -- answers ------------------------------------------------------------------

std::string text_of(const json_value& value) {
  return value.string().value_or(std::string{value.text});
}

// Returns a value as it stood in its message, absent as nothing.
std::string json_of(const json_value& value) {
  std::string json{value.text};
  return value.kind == json_kind::string ? '"' + json + '"' : json;
}

} // namespace

BOOST_DESCRIBE_ENUM(answer_meaning, answered, refused, try_later, unknown)

std::string_view to_string(answer_meaning meaning) noexcept {
  return internal::enum_name(meaning);
}

// -- requests -----------------------------------------------------------------

result<std::string> build_request(std::string_view method,
                                  std::string_view params_json, int64_t id) {
  return build(method, params_json, id);
}

result<std::string> build_notification(std::string_view method,
                                       std::string_view params_json) {
  return build(method, params_json, std::nullopt);
}

// -- answers ------------------------------------------------------------------

result<rpc_response> parse_response(const envelope& message) {
  if (message.error && !message.error.is_null())
    return rpc_response{read_rpc_error(message.error)};
  if (message.result)
    return rpc_response{rpc_result{json_of(message.result)}};
  return error{ec::invalid_data, "neither result nor error"};
}

rpc_error read_rpc_error(const json_value& body) {
  if (body.kind != json_kind::object)
    return {.message = text_of(body)};
  auto message = find_member(body.text, "message");
  if (!message)
    message = find_member(body.text, "msg");
  auto code = find_member(body.text, "code");
  if (!message && !code)
    return {.message = text_of(body)};
  return {.code = code.integer().value_or(0),
          .message = text_of(message),
          .data = json_of(find_member(body.text, "data"))};
}

error to_error(const rpc_error& refusal) {
  auto code = refusal.code != 0 ? "code " + std::to_string(refusal.code) + ": "
                                : "";
  return {ec::request_refused, code + refusal.message};
}

} // namespace zenws
