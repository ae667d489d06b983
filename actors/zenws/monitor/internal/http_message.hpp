// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>
#include <string_view>

namespace zenws::monitoring {

namespace http = boost::beast::http;

using http_request = http::request<http::string_body>;

using http_response = http::response<http::string_body>;

/// Returns a response with the headers that all of them have: nothing is
/// cached, no other site may frame the page or be loaded by it.
http_response make_response(http::status status, std::string_view content_type,
                            std::string body);

/// Returns a response in plain text.
http_response text_response(http::status status, std::string body);

/// Returns a response in JSON.
http_response json_response(std::string body);

/// Returns an error in JSON: "error", and "remedy" unless it is empty.
http_response error_response(http::status status, std::string_view error,
                             std::string_view remedy = {});

/// Returns a header of a request, empty if there is none.
std::string_view header_of(const http_request& request, http::field name);

} // namespace zenws::monitoring
