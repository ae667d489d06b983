// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/bybit/bybit_trade_session.hpp"

#include "zenws/sim/bybit/bybit_login.hpp"
#include "zenws/sim/json/json_writer.hpp"

#include <cstdlib>
#include <utility>
#include <variant>

namespace zenws::sim {

namespace {

// "5000(ms) by default".
constexpr double default_receive_window = 5'000;

// "Bybit_server_time - X-BAPI-RECV-WINDOW <= X-BAPI-TIMESTAMP <
// Bybit_server_time + 1000".
constexpr double future_tolerance = 1'000;

// Figures of an account without a tier (docs/v5/rate-limit); not enforced.
constexpr const char* sustained_rate = "10";

void write_limits(json_writer& out, std::chrono::milliseconds now) {
  auto time = std::to_string(now.count());
  out.key("header").begin_object();
  out.member("X-Bapi-Limit", sustained_rate);
  out.member("X-Bapi-Limit-Status", sustained_rate);
  out.member("X-Bapi-Limit-Reset-Timestamp", time);
  out.member("Traceid", "0");
  out.member("Timenow", time);
  out.end_object();
}

} // namespace

// A request while it is being answered.
struct bybit_trade_session::call {
  const json& request;
  std::string_view op;
  const std::string& connection;
  std::chrono::milliseconds now;
  bybit_trade_outcome outcome{};

  std::string_view id() const {
    return text_member(request, "reqId");
  }

  // Answers with the members that `write` writes between the others.
  template <class Fun>
  void answer(bybit_code code, std::string_view message, Fun write) {
    json_writer out;
    out.begin_object();
    if (!id().empty())
      out.member("reqId", id());
    out.member("retCode", static_cast<int64_t>(code));
    out.member("retMsg", message);
    out.member("op", op);
    write(out);
    out.member("connId", connection);
    out.end_object();
    outcome.answer = out.text();
  }

  void answer(bybit_code code, std::string_view message) {
    answer(code, message, [](json_writer&) {});
  }

  void answer(const bybit_orders::outcome& result) {
    answer(result.code, result.message, [&](json_writer& out) {
      out.key("data").begin_object();
      if (result.code == bybit_code::ok) {
        out.member("orderId", result.id);
        out.member("orderLinkId", result.label);
      }
      out.end_object();
      out.key("retExtInfo").begin_object().end_object();
      write_limits(out, now);
    });
  }
};

bybit_trade_session::bybit_trade_session(const server_config& cfg,
                                         uint64_t number, surroundings around)
  : cfg_(cfg),
    connection_("conn-" + std::to_string(number)),
    request_ids_(around.request_ids),
    orders_(cfg.bybit, around.orders, number, std::move(around.instruments)) {
  // nop
}

bybit_trade_outcome bybit_trade_session::handle(std::string_view text,
                                                const moment& now) {
  rapidjson::Document doc;
  auto parsed = parse_json(text, doc);
  call command{doc, text_member(doc, "op"), connection_, now.wall};
  if (!parsed)
    command.answer(bybit_code::bad_parameter, "params error");
  else if (command.op == "ping")
    pong(command);
  else if (command.op == "auth")
    log_in(command);
  else if (bybit_orders::knows(command.op))
    trade(command);
  else
    command.answer(bybit_code::unknown_operation, "op type is not found");
  return std::move(command.outcome);
}

void bybit_trade_session::pong(call& command) const {
  command.op = "pong";
  command.answer(bybit_code::ok, "OK", [&](json_writer& out) {
    out.key("data").begin_array();
    out.value(std::string_view{std::to_string(command.now.count())});
    out.end_array();
  });
}

void bybit_trade_session::log_in(call& command) {
  if (!account_.empty())
    return command.answer(bybit_code::repeated_login, "repeat auth");
  auto* args = find(command.request, "args");
  auto login = args != nullptr
                 ? check_bybit_login(cfg_.accounts, *args, command.now)
                 : bybit_login_problem::malformed;
  if (auto* account = std::get_if<std::string>(&login)) {
    account_ = *account;
    return command.answer(bybit_code::ok, "OK");
  }
  switch (std::get<bybit_login_problem>(login)) {
    case bybit_login_problem::unknown_key:
      return command.answer(bybit_code::unknown_key, "Invalid apikey");
    case bybit_login_problem::wrong_signature:
      return command.answer(bybit_code::wrong_signature, "invalid sign");
    default:
      return command.answer(bybit_code::bad_parameter, "params error");
  }
}

void bybit_trade_session::trade(call& command) {
  if (account_.empty())
    return command.answer(bybit_code::not_logged_in,
                          "User authentication failed.");
  auto* args = find(command.request, "args");
  if (!args || !args->IsArray() || args->Size() != 1 || !(*args)[0].IsObject())
    return command.answer(bybit_code::bad_parameter, "params error");
  if (!command.id().empty()
      && !request_ids_.admit(account_, std::string{command.id()}))
    return command.answer(bybit_code::repeated_request_id,
                          "reqId is duplicated");
  if (!is_in_time(command))
    return command.answer(bybit_code::outside_window,
                          "The request time exceeds the time window range.");
  const auto& argument = (*args)[0];
  if (text_member(argument, "category") != "linear")
    return command.answer(bybit_code::unknown_operation,
                          "category is not supported");
  auto result = orders_.run(command.op, {argument, account_, command.now});
  command.answer(result);
  command.outcome.changes = std::move(result.changes);
}

bool bybit_trade_session::is_in_time(const call& command) const {
  auto* header = find(command.request, "header");
  auto sent = header ? decimal_member(*header, "X-BAPI-TIMESTAMP")
                     : std::nullopt;
  if (!sent)
    return false;
  auto window = decimal_member(*header, "X-BAPI-RECV-WINDOW")
                  .value_or(default_receive_window);
  auto now = static_cast<double>(command.now.count());
  return now - window <= *sent && *sent < now + future_tolerance;
}

std::string bybit_trade_session::failure(std::string_view text,
                                         const call_error& error) const {
  rapidjson::Document doc;
  parse_json(text, doc);
  call command{doc, text_member(doc, "op"), connection_, {}};
  if (error.code.empty())
    command.answer(bybit_code::restarting, "ws trade service is restarting");
  else
    command.answer(bybit_code{std::strtoll(error.code.c_str(), nullptr, 10)},
                   error.message);
  return std::move(command.outcome.answer);
}

} // namespace zenws::sim
