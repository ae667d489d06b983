// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/deflate_terms.hpp"

#include <boost/beast/core/string.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace zenws::internal {

namespace {

constexpr std::string_view extension_name = "permessage-deflate";

// -- reading header fields ----------------------------------------------------

struct parameter {
  std::string_view name;
  std::optional<std::string_view> value;
};

struct extension {
  std::string_view name;
  std::vector<parameter> parameters;
};

bool same(std::string_view x, std::string_view y) {
  return boost::beast::iequals({x.data(), x.size()}, {y.data(), y.size()});
}

bool is_token_char(char c) noexcept {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
         || (c >= 'A' && c <= 'Z') || marks.find(c) != std::string_view::npos;
}

// Reads the grammar of RFC 6455, section 9.1. Beast's parser takes a
// syntax error for the end of the list.
class reader {
public:
  explicit reader(std::string_view text) : rest_(text) {
    // nop
  }

  // Returns nothing if the text is malformed.
  std::optional<std::vector<extension>> extensions() {
    std::vector<extension> result;
    for (;;) {
      skip_blanks();
      // Lists may have empty elements (RFC 9110, section 5.6.1).
      if (!rest_.empty() && rest_.front() != ',') {
        extension next;
        if (!read(next))
          return std::nullopt;
        result.push_back(std::move(next));
      }
      if (rest_.empty())
        return result;
      if (!skip(','))
        return std::nullopt;
    }
  }

private:
  bool read(extension& out) {
    out.name = token();
    if (out.name.empty())
      return false;
    for (skip_blanks(); skip(';'); skip_blanks()) {
      skip_blanks();
      parameter next{token(), std::nullopt};
      if (next.name.empty())
        return false;
      if (skip('=') && !read_value(next))
        return false;
      out.parameters.push_back(next);
    }
    return true;
  }

  // A quoted value must be a token without its quotes.
  bool read_value(parameter& out) {
    auto quoted = skip('"');
    out.value = token();
    return !out.value->empty() && (!quoted || skip('"'));
  }

  std::string_view token() {
    auto end = std::find_if_not(rest_.begin(), rest_.end(), is_token_char);
    auto size = static_cast<size_t>(end - rest_.begin());
    auto result = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return result;
  }

  bool skip(char c) {
    if (!rest_.starts_with(c))
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_blanks() {
    while (skip(' ') || skip('\t')) {
      // nop
    }
  }

  std::string_view rest_;
};

// -- checking an answer -------------------------------------------------------

error bad_answer(std::string reason) {
  return {.code = ec::upgrade_invalid,
          .detail = "the server's answer about extensions: "
                    + std::move(reason)};
}

std::optional<unsigned> parse_bits(std::optional<std::string_view> text) {
  if (!text || text->empty() || text->size() > 2 || text->front() == '0')
    return std::nullopt;
  unsigned result = 0;
  for (auto c : *text) {
    if (c < '0' || c > '9')
      return std::nullopt;
    result = result * 10 + static_cast<unsigned>(c - '0');
  }
  if (result < 8 || result > defaults::window_bits)
    return std::nullopt;
  return result;
}

// Request of one side and the answer to it.
struct agreement {
  deflate_terms::side* side;
  std::string_view window_name;
  std::string_view takeover_name;
  bool window_seen = false;
  bool takeover_seen = false;

  bool has(const parameter& x) const {
    return same(x.name, window_name) || same(x.name, takeover_name);
  }

  // Returns the error of a parameter of this side.
  error read(const parameter& x) {
    auto name = std::string{x.name};
    auto window = same(x.name, window_name);
    if (std::exchange(window ? window_seen : takeover_seen, true))
      return bad_answer(name + " twice");
    if (!window) {
      side->takeover = context_takeover::no;
      return x.value ? bad_answer(name + " has a value") : error{};
    }
    auto bits = parse_bits(x.value);
    if (!bits)
      return bad_answer(name + " is not a number from 8 to 15");
    if (*bits > side->window_bits)
      return bad_answer(name + " is larger than offered");
    side->window_bits = *bits;
    return {};
  }
};

} // namespace

std::string deflate_offer(const compression_config& cfg) {
  if (!cfg.offer)
    return {};
  // Without this parameter the server could not limit our window.
  auto result = std::string{extension_name} + "; client_max_window_bits";
  if (cfg.client_window_bits < defaults::window_bits)
    result += '=' + std::to_string(cfg.client_window_bits);
  if (cfg.server_window_bits < defaults::window_bits)
    result += "; server_max_window_bits="
              + std::to_string(cfg.server_window_bits);
  if (cfg.client_no_context_takeover)
    result += "; client_no_context_takeover";
  if (cfg.server_no_context_takeover)
    result += "; server_no_context_takeover";
  return result;
}

result<std::optional<deflate_terms>>
read_deflate_answer(const compression_config& cfg, std::string_view answer) {
  auto extensions = reader{answer}.extensions();
  if (!extensions)
    return bad_answer("it is malformed");
  if (extensions->empty())
    return std::optional<deflate_terms>{};
  if (!cfg.offer || !same(extensions->front().name, extension_name))
    return bad_answer("one that was not offered");
  if (extensions->size() > 1)
    return bad_answer("more than one");
  deflate_terms terms;
  terms.client.window_bits = cfg.client_window_bits;
  terms.server.window_bits = cfg.server_window_bits;
  agreement client{&terms.client, "client_max_window_bits",
                   "client_no_context_takeover"};
  agreement server{&terms.server, "server_max_window_bits",
                   "server_no_context_takeover"};
  for (auto& x : extensions->front().parameters) {
    auto err = client.has(x)   ? client.read(x)
               : server.has(x) ? server.read(x)
                               : bad_answer("an unknown parameter");
    if (err)
      return err;
  }
  // The server must have agreed to our demands.
  if (cfg.server_no_context_takeover && !server.takeover_seen)
    return bad_answer("server_no_context_takeover is missing");
  if (cfg.server_window_bits < defaults::window_bits && !server.window_seen)
    return bad_answer("server_max_window_bits is missing");
  if (cfg.client_no_context_takeover)
    terms.client.takeover = context_takeover::no;
  return std::optional{terms};
}

} // namespace zenws::internal
