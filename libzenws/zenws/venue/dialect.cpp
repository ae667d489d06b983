// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/dialect.hpp"

#include "zenws/venue/binance/binance_dialect.hpp"
#include "zenws/venue/bybit/bybit_dialect.hpp"
#include "zenws/venue/coinbase/coinbase_dialect.hpp"
#include "zenws/venue/deribit/deribit_dialect.hpp"
#include "zenws/venue/hyperliquid/hyperliquid_dialect.hpp"
#include "zenws/venue/json_rpc/json_rpc_dialect.hpp"
#include "zenws/venue/kraken/kraken_dialect.hpp"
#include "zenws/venue/okx/okx_dialect.hpp"
#include "zenws/venue/raw/raw_dialect.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace zenws {

namespace {

template <class T>
dialect_ptr make() {
  return std::make_unique<T>();
}

constexpr std::array<std::pair<std::string_view, dialect_ptr (*)()>, 9>
  dialects{{
    {"raw", make<raw_dialect>},
    {"json_rpc", make<json_rpc_dialect>},
    {"deribit", make<deribit_dialect>},
    {"binance", make<binance_dialect>},
    {"okx", make<okx_dialect>},
    {"bybit", make<bybit_dialect>},
    {"kraken", make<kraken_dialect>},
    {"coinbase", make<coinbase_dialect>},
    {"hyperliquid", make<hyperliquid_dialect>},
  }};

// jsonrpc.org/specification, section 5.1, and EIP-1474, "Error codes". -32000
// is whatever a server likes.
constexpr code_rule json_rpc_rules[] = {
  {-32700, -32700, answer_meaning::refused, refusal_subject::request},
  {-32602, -32602, answer_meaning::refused, refusal_subject::parameters},
  {-32601, -32600, answer_meaning::refused, refusal_subject::request},
  {-32006, -32006, answer_meaning::refused, refusal_subject::request},
  {-32005, -32005, answer_meaning::try_later, refusal_subject::rate},
  {-32004, -32004, answer_meaning::refused, refusal_subject::request},
  {-32003, -32003, answer_meaning::refused},
  {-32002, -32002, answer_meaning::try_later},
  {-32001, -32001, answer_meaning::refused},
};

bool contains(std::string_view text, std::string_view word) {
  auto same = [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x) == y;
  };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same)
         != text.end();
}

error not_supported(const dialect& x, std::string_view feature) {
  return error{ec::not_supported,
               std::string{x.name()} + " has no " + std::string{feature}};
}

} // namespace

// -- values -------------------------------------------------------------------

heartbeat_config resolve(heartbeat_config cfg, const heartbeat_rule& rule) {
  if (cfg.kind == heartbeat_kind::automatic)
    cfg.kind = rule.kind;
  if (cfg.interval.count() == 0)
    cfg.interval = rule.interval;
  return cfg;
}

// -- constructors, destructors, and assignment operators ----------------------

dialect::~dialect() {
  // nop
}

// -- properties ---------------------------------------------------------------

bool dialect::reads_messages() const noexcept {
  return true;
}

std::vector<rate_limit> dialect::limits() const {
  return {};
}

subscription_limits dialect::request_limits() const noexcept {
  return {};
}

std::chrono::seconds dialect::max_connection_age() const noexcept {
  return std::chrono::seconds{0};
}

size_t dialect::max_request_bytes() const noexcept {
  return 0;
}

heartbeat_rule dialect::heartbeat_needed() const noexcept {
  return {};
}

close_cause dialect::cause_of_close(uint16_t code,
                                    std::string_view reason) const {
  // 1008, policy violation, or a code of the venue's own (RFC 6455, section
  // 7.4.1): only the words tell.
  auto may_be = code == 1008 || code == 1013 || code >= 3000;
  auto says = [reason](std::string_view word) {
    return contains(reason, word);
  };
  return may_be
             && (says("too many") || says("rate limit") || says("too frequent"))
           ? close_cause::rate
           : close_cause::unspecified;
}

market_protocol* dialect::market() noexcept {
  return nullptr;
}

order_protocol* dialect::orders() noexcept {
  return nullptr;
}

// -- messages -----------------------------------------------------------------

void dialect::connected() {
  // nop
}

inbound dialect::read(std::string_view) {
  return {};
}

answer_verdict dialect::judge(const inbound& answer) {
  return judge_answer(answer.content, json_rpc_rules);
}

std::string_view dialect::channel_of(std::string_view) const {
  return {};
}

bool dialect::begins_channel(std::string_view, std::string_view) const {
  return true;
}

std::optional<int64_t> dialect::id_in(std::string_view text) const {
  auto content = scan(text);
  return content ? content->id.integer() : std::nullopt;
}

// -- calls --------------------------------------------------------------------

result<std::string> dialect::call(std::string_view, std::string_view, int64_t) {
  return not_supported(*this, "requests");
}

// -- heartbeats ---------------------------------------------------------------

std::string dialect::enable_heartbeat(std::chrono::seconds) {
  return {};
}

std::string dialect::heartbeat_response() {
  return {};
}

std::string dialect::ping() {
  return {};
}

// -- subscriptions ------------------------------------------------------------

error dialect::check(const channel_spec& channel) const {
  if (channel.name.empty())
    return error{ec::invalid_config, "a channel has no name"};
  return {};
}

result<std::string> dialect::subscription(const subscription_request&,
                                          int64_t) {
  return not_supported(*this, "channels");
}

result<std::vector<std::string>>
dialect::read_grants(const subscription_request& request, const inbound&) {
  std::vector<std::string> result;
  result.reserve(request.channels.size());
  for (auto& channel : request.channels)
    result.push_back(channel.name);
  return result;
}

std::string_view dialect::channel_in(const subscription_request&,
                                     const inbound& answer) const {
  return answer.channel;
}

void dialect::forget(std::string_view) {
  // nop
}

// -- logging in ---------------------------------------------------------------

result<std::optional<login_grant>> dialect::take(const credentials&) {
  return std::optional<login_grant>{};
}

result<std::string> dialect::log_in(const credentials&, const signing_context&,
                                    int64_t) {
  return not_supported(*this, "login");
}

result<login_grant> dialect::read_login(const inbound&) {
  return not_supported(*this, "login");
}

result<std::string> dialect::renew_login(const credentials& account,
                                         const signing_context& context,
                                         int64_t id) {
  return log_in(account, context, id);
}

// -- costs --------------------------------------------------------------------

rate_charges dialect::cost_of_call(std::string_view) const {
  return {};
}

rate_charges dialect::cost_of_login() const {
  return {};
}

rate_charges dialect::cost_of_subscription() const {
  return {};
}

rate_charges dialect::cost_of_heartbeat() const {
  return {};
}

rate_charges dialect::cost_of_control() const {
  return {};
}

rate_charges dialect::cost_of_text() const {
  return {};
}

// -- dialects by name ---------------------------------------------------------

dialect_ptr make_dialect(std::string_view name) {
  for (auto& [known, factory] : dialects)
    if (known == name)
      return factory();
  return nullptr;
}

std::vector<std::string_view> dialect_names() {
  std::vector<std::string_view> result;
  result.reserve(std::size(dialects));
  for (auto& [name, factory] : dialects)
    result.push_back(name);
  return result;
}

} // namespace zenws
