// SPDX-License-Identifier: BSD-3-Clause

#include "monitor_client.hpp"

#include "config_file/secret_file.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/system/error_code.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdlib>
#include <utility>

namespace zenws::tool {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr std::chrono::seconds request_patience{10};

constexpr size_t max_answer = 32u << 20;

error unreachable(const std::string& host, const std::string& port,
                  const boost::system::error_code& reason) {
  return {ec::connect_failed, "no program answers at http://" + host + ':'
                                + port + ": " + reason.message()};
}

// What the program says about a request that it refuses.
std::string refusal_in(const std::string& body) {
  boost::system::error_code failure;
  auto value = boost::json::parse(body, failure);
  if (failure || !value.is_object())
    return printable(body.substr(0, 200));
  auto& members = value.get_object();
  std::string result;
  for (auto* name : {"error", "remedy"})
    if (auto* text = members.if_contains(name); text && text->is_string())
      result += (result.empty() ? "" : "; ")
                + printable(std::string{text->get_string()});
  return result;
}

std::string target_of(std::string_view path,
                      const monitor_client::parameters& query) {
  boost::urls::url result;
  result.set_path(path);
  for (auto& [name, value] : query)
    result.params().append({name, value});
  return std::string{result.buffer()};
}

} // namespace

void add_monitor_options(CLI::App& verb, monitor_options& out) {
  verb
    .add_option("--address", out.address,
                "address of the program's monitor, as its file has it")
    ->option_text("http://HOST:PORT")
    ->required();
  verb
    .add_option("--token-file", out.token_file,
                "file with the monitor's token, which actions need; or set "
                "ZENWS_TOKEN")
    ->option_text("FILE");
}

result<monitor_client> monitor_client::make(const monitor_options& options) {
  auto parsed = boost::urls::parse_uri(options.address);
  if (!parsed || parsed->scheme() != "http" || parsed->host().empty()
      || parsed->has_userinfo())
    return error{ec::invalid_config,
                 "the address of a monitor must be http://HOST:PORT"};
  monitor_client result;
  result.host_ = parsed->host_address();
  result.port_ = parsed->has_port() ? std::string{parsed->port()} : "80";
  if (!options.token_file.empty()) {
    auto token = read_secret(options.token_file);
    if (!token)
      return token.error();
    result.token_ = std::move(*token);
  } else if (auto* token = std::getenv("ZENWS_TOKEN"); token != nullptr) {
    result.token_ = token;
  }
  return result;
}

result<boost::json::value> monitor_client::get(std::string_view path,
                                               const parameters& query) const {
  auto found = exchange("GET", target_of(path, query), {});
  if (!found)
    return found.error();
  return read(*found);
}

result<std::pair<unsigned, std::string>>
monitor_client::get_text(std::string_view path) const {
  auto found = exchange("GET", std::string{path}, {});
  if (!found)
    return found.error();
  return std::pair{found->status, std::move(found->body)};
}

result<boost::json::value>
monitor_client::act(const boost::json::object& action) const {
  auto found = exchange("POST", "/actions", boost::json::serialize(action));
  if (!found)
    return found.error();
  return read(*found);
}

result<monitor_client::answer>
monitor_client::exchange(std::string_view method, const std::string& target,
                         const std::string& body) const {
  asio::io_context ctx;
  beast::tcp_stream stream{ctx};
  stream.expires_after(request_patience);
  boost::system::error_code outcome;
  auto finish = [&](boost::system::error_code code, auto&&...) {
    outcome = code;
  };
  // Runs one step; returns whether it has succeeded.
  auto succeeds = [&] {
    ctx.restart();
    ctx.run();
    return !outcome;
  };
  asio::ip::tcp::resolver resolver{ctx};
  auto addresses = resolver.resolve(host_, port_, outcome);
  if (outcome)
    return unreachable(host_, port_, outcome);
  stream.async_connect(addresses, finish);
  if (!succeeds())
    return unreachable(host_, port_, outcome);
  http::request<http::string_body> request;
  request.method_string(method);
  request.target(target);
  auto is_v6 = host_.find(':') != std::string::npos;
  request.set(http::field::host,
              (is_v6 ? '[' + host_ + ']' : host_) + ':' + port_);
  if (!token_.empty())
    request.set(http::field::authorization, "Bearer " + token_);
  if (!body.empty())
    request.set(http::field::content_type, "application/json");
  request.body() = body;
  request.prepare_payload();
  http::async_write(stream, request, finish);
  if (!succeeds())
    return unreachable(host_, port_, outcome);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(max_answer);
  http::async_read(stream, buffer, parser, finish);
  if (!succeeds())
    return unreachable(host_, port_, outcome);
  auto& response = parser.get();
  return answer{response.result_int(), std::move(response.body())};
}

result<boost::json::value> monitor_client::read(const answer& from) const {
  auto refused = [&](ec code) {
    auto text = refusal_in(from.body);
    return error{code,
                 text.empty() ? "HTTP " + std::to_string(from.status) : text};
  };
  if (from.status == 401 || from.status == 403)
    return refused(ec::login_failed);
  if (from.status == 404)
    return refused(ec::not_found);
  if (from.status != 200)
    return refused(ec::request_refused);
  boost::system::error_code failure;
  auto value = boost::json::parse(from.body, failure);
  if (failure || !value.is_object())
    return error{ec::invalid_json, "the answer is no object of JSON; is this "
                                   "the monitor of a zenws program?"};
  return value;
}

} // namespace zenws::tool
