// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/deribit/deribit_call.hpp"

namespace zenws::sim {

// -- answers ------------------------------------------------------------------

void deribit_call::ok() {
  result([](json_writer& out) { out.value("ok"); });
}

void deribit_call::names(const std::vector<std::string>& xs) {
  result([&](json_writer& out) {
    out.begin_array();
    for (auto& x : xs)
      out.value(std::string_view{x});
    out.end_array();
  });
}

void deribit_call::unauthorized() {
  answer("error", [&](json_writer& out) {
    out.begin_object();
    out.member("message", "unauthorized");
    out.key("data").begin_object();
    out.member("reason", "invalid_token");
    out.end_object();
    out.member("code", int64_t{13009});
    out.end_object();
  });
}

void deribit_call::error(int64_t code, std::string_view message) {
  answer("error", [&](json_writer& out) {
    out.begin_object();
    out.member("message", message);
    out.member("code", code);
    out.end_object();
  });
}

void deribit_call::bad_param(const char* param, const char* reason) {
  answer("error", [&](json_writer& out) {
    out.begin_object();
    out.member("message", "Invalid params");
    out.key("data").begin_object();
    out.member("reason", reason);
    out.member("param", param);
    out.end_object();
    out.member("code", int64_t{-32602});
    out.end_object();
  });
}

// -- parameters ---------------------------------------------------------------

const json* deribit_call::channels() {
  auto* value = find(params, "channels");
  if (!value)
    bad_param("channels", "value required");
  else if (!value->IsArray())
    bad_param("channels", "value must be a list");
  else if (!all_strings(*value))
    bad_param("channels", "must be array of strings");
  else
    return value;
  return nullptr;
}

std::optional<std::string_view> deribit_call::required_text(const char* param) {
  auto* value = find(params, param);
  if (!value)
    bad_param(param, "value required");
  else if (!value->IsString() || value->GetStringLength() == 0)
    bad_param(param, "must be a non-empty string");
  else
    return text_of(*value);
  return std::nullopt;
}

} // namespace zenws::sim
