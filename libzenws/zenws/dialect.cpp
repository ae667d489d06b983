#include "zenws/dialect.hpp"

#include "zenws/dialects/binance.hpp"
#include "zenws/dialects/deribit.hpp"
#include "zenws/dialects/json_rpc.hpp"
#include "zenws/dialects/okx.hpp"
#include "zenws/dialects/raw.hpp"

#include <array>
#include <utility>

namespace zenws {

namespace {

template <class T>
dialect_ptr make() {
  return std::make_unique<T>();
}

constexpr std::array<std::pair<std::string_view, dialect_ptr (*)()>, 5>
  dialects{{
    {"raw", make<raw_dialect>},
    {"json_rpc", make<json_rpc_dialect>},
    {"deribit", make<deribit_dialect>},
    {"binance", make<binance_dialect>},
    {"okx", make<okx_dialect>},
  }};

error not_supported(const dialect& who, std::string_view what) {
  return error{ec::not_supported,
               std::string{who.name()} + " has no " + std::string{what}};
}

} // namespace

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

// -- messages -----------------------------------------------------------------

void dialect::connected() {
  // nop
}

inbound dialect::read(std::string_view) {
  return {};
}

// -- calls --------------------------------------------------------------------

result<std::string> dialect::call(std::string_view, std::string_view, int64_t) {
  return not_supported(*this, "requests");
}

// -- heartbeats ---------------------------------------------------------------

std::string dialect::enable_beats(std::chrono::seconds) {
  return {};
}

std::string dialect::answer_to_beat() {
  return {};
}

std::string dialect::ping() {
  return {};
}

// -- subscriptions ------------------------------------------------------------

result<std::string> dialect::subscription(const subscription_request&,
                                          int64_t) {
  return not_supported(*this, "channels");
}

subscription_answer dialect::read_answer(const subscription_request&,
                                         const inbound&) {
  return {};
}

// -- logging in ---------------------------------------------------------------

result<std::string> dialect::log_in(const credentials&, const login_moment&,
                                    int64_t) {
  return not_supported(*this, "login");
}

result<login_grant> dialect::read_login(const inbound&) {
  return not_supported(*this, "login");
}

result<std::string> dialect::renew_login(const credentials& who,
                                         const login_moment& when, int64_t id) {
  return log_in(who, when, id);
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

rate_charges dialect::cost_of_beat() const {
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
  for (auto& [name, factory] : dialects)
    result.push_back(name);
  return result;
}

} // namespace zenws
