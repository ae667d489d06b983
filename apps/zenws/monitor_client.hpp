// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/error.hpp"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace zenws::tool {

/// Which program to ask.
struct monitor_options {
  /// "http://HOST:PORT"
  std::string address{};

  /// File with the token; without it, ZENWS_TOKEN of the environment.
  std::string token_file{};
};

/// Declares `--address` and `--token-file`.
void add_monitor_options(CLI::App& verb, monitor_options& out);

/// Asks the monitor of a running program, by HTTP. Blocks, for at most 10 s a
/// request.
class monitor_client {
public:
  using parameters = std::vector<std::pair<std::string, std::string>>;

  /// @returns `ec::invalid_config` if address or token cannot be used.
  static result<monitor_client> make(const monitor_options& options);

  /// Returns the JSON at a path.
  /// @returns `ec::connect_failed`, `ec::request_refused` with the text of the
  ///          program, `ec::login_failed` if it wants a token or another one,
  ///          `ec::not_found`, or `ec::invalid_json`.
  result<boost::json::value> get(std::string_view path,
                                 const parameters& query = {}) const;

  /// Returns the text at a path, with any status.
  result<std::pair<unsigned, std::string>>
  get_text(std::string_view path) const;

  /// Asks for an action. Returns the answer, or errors as `get`.
  result<boost::json::value> act(const boost::json::object& action) const;

private:
  struct answer {
    unsigned status = 0;
    std::string body{};
  };

  result<answer> exchange(std::string_view method, const std::string& target,
                          const std::string& body) const;

  result<boost::json::value> read(const answer& from) const;

  std::string host_;
  std::string port_;
  std::string token_;
};

} // namespace zenws::tool
