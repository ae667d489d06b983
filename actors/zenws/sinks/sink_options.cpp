// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/sink_options.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/sinks/internal/redis_address.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace zenws {

namespace {

using problem_list = std::vector<config_problem>;

constexpr size_t max_prefix_size = 32;

constexpr std::chrono::milliseconds min_flush_interval{10};

bool is_prefix(std::string_view text) {
  auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
  auto fits = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() <= max_prefix_size
         && is_letter(text.front()) && std::ranges::all_of(text, fits);
}

// Schemes of the URLs of a store.
std::vector<std::string_view> schemes_of(store_kind kind) {
  switch (kind) {
    case store_kind::postgres:
      return {"postgresql://", "postgres://"};
    case store_kind::redis:
      return {"redis://", "unix://"};
    default:
      return {"kafka://"};
  }
}

// Passwords in URLs end up in logs and in lists of processes.
bool has_password(std::string_view url) {
  auto rest = url.substr(url.find("://") + 3);
  auto user = rest.substr(0, rest.find_first_of("/?"));
  auto at = user.rfind('@');
  return (at != std::string_view::npos
          && user.substr(0, at).find(':') != std::string_view::npos)
         || url.find("password=") != std::string_view::npos;
}

void check_url(const store_options& store, problem_list& out) {
  auto schemes = schemes_of(store.kind);
  auto fits = [&](auto scheme) { return store.url.starts_with(scheme); };
  if (std::ranges::none_of(schemes, fits))
    out.push_back({"url", "must begin with " + std::string{schemes.front()}});
  else if (has_password(store.url))
    out.push_back({"url", "must not have a password: see password_file"});
  else if (store.kind == store_kind::redis && !parse_redis_url(store.url))
    out.push_back({"url", "must be such as redis://user@host:6379/0 or "
                          "unix:///run/redis.sock"});
}

void check_content(const sink_options& options, problem_list& out) {
  auto has_messages = options.everything || !options.channels.empty();
  if (!has_messages && options.kinds.empty())
    out.push_back({"channels", "or everything, or kinds, say what to write"});
  if (options.everything && !options.channels.empty())
    out.push_back({"everything", "has the messages of all channels already"});
  if (options.kinds.empty() != options.instruments.empty())
    out.push_back(
      {options.kinds.empty() ? "kinds" : "instruments", "must not be empty"});
  if (options.kinds.contains(market::data_kind::book)
      || options.kinds.contains(market::data_kind::instruments))
    out.push_back({"kinds", "must be of trades, quotes, ticker"});
}

void check_clients(const std::vector<std::string>& clients, problem_list& out) {
  if (clients.empty())
    out.push_back({"clients", "must name at least one"});
  if (std::set<std::string_view>(clients.begin(), clients.end()).size()
      < clients.size())
    out.push_back({"clients", "names one twice"});
}

void check_bounds(const sink_options& options, problem_list& out) {
  if (options.batch_bytes == 0)
    out.push_back({"batch_bytes", "must not be 0"});
  if (options.batch_records == 0)
    out.push_back({"batch_records", "must not be 0"});
  if (options.budget_bytes / 2 < options.batch_bytes)
    out.push_back({"budget", "must be twice batch_bytes at least"});
  auto check = [&](const char* field, std::chrono::milliseconds value,
                   std::chrono::milliseconds least) {
    if (value < least || value > defaults::duration_ceiling)
      out.push_back({field, "must be from " + std::to_string(least.count())
                              + " ms to a day"});
  };
  check("flush_interval", options.flush_interval, min_flush_interval);
  check("write_within", options.write_within, std::chrono::milliseconds{1});
  check("close_within", options.close_within, std::chrono::milliseconds{0});
}

} // namespace

BOOST_DESCRIBE_ENUM(store_kind, sqlite, postgres, redis, kafka)

std::string_view to_string(store_kind value) noexcept {
  return internal::enum_name(value);
}

bool is_built(store_kind value) noexcept {
  switch (value) {
    case store_kind::sqlite:
#ifdef ZENWS_WITH_POSTGRES
    case store_kind::postgres:
#endif
#ifdef ZENWS_WITH_REDIS
    case store_kind::redis:
#endif
#ifdef ZENWS_WITH_KAFKA
    case store_kind::kafka:
#endif
      return true;
    default:
      return false;
  }
}

std::vector<config_problem> validate(const store_options& store) {
  problem_list result;
  if (!is_built(store.kind))
    result.push_back({"type", "this zenws was built without "
                                + std::string{to_string(store.kind)}
                                + ", see docs/sinks.md"});
  if (store.kind != store_kind::sqlite)
    check_url(store, result);
  else if (store.path.empty())
    result.push_back({"path", "must be a file"});
  if (!is_prefix(store.prefix))
    result.push_back({"prefix", "must be up to 32 of a-z, 0-9 and _, a letter "
                                "first"});
  return result;
}

std::vector<config_problem> validate(const sink_options& options) {
  problem_list result;
  if (!options.make_writer)
    result = validate(options.store);
  check_clients(options.clients, result);
  check_content(options, result);
  check_bounds(options, result);
  std::ranges::move(validate(options.retry, "retry."),
                    std::back_inserter(result));
  return result;
}

} // namespace zenws
