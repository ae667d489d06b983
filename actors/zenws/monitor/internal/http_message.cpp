// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/http_message.hpp"

#include "zenws/json/internal/json_writer.hpp"

#include <utility>

namespace zenws::monitoring {

http_response make_response(http::status status, std::string_view content_type,
                            std::string body) {
  http_response result{status, 11};
  result.set(http::field::content_type, content_type);
  result.set(http::field::cache_control, "no-store");
  result.set("Content-Security-Policy",
             "default-src 'self'; base-uri 'none'; form-action 'self'; "
             "frame-ancestors 'none'");
  result.set("X-Content-Type-Options", "nosniff");
  result.set("Referrer-Policy", "no-referrer");
  result.body() = std::move(body);
  return result;
}

http_response text_response(http::status status, std::string body) {
  return make_response(status, "text/plain; charset=utf-8", std::move(body));
}

http_response json_response(std::string body) {
  return make_response(http::status::ok, "application/json", std::move(body));
}

http_response error_response(http::status status, std::string_view error,
                             std::string_view remedy) {
  internal::json_writer out;
  out.begin_object().key("error").lenient_string(error);
  if (!remedy.empty())
    out.key("remedy").lenient_string(remedy);
  out.end_object();
  return make_response(status, "application/json", *out.take());
}

std::string_view header_of(const http_request& request, http::field name) {
  auto i = request.find(name);
  return i != request.end() ? std::string_view{i->value()} : std::string_view{};
}

} // namespace zenws::monitoring
