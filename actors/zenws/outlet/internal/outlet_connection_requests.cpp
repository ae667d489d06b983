// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/runtime.hpp"
#include "zenws/json/internal/json_writer.hpp"
#include "zenws/outlet/internal/desk_text.hpp"
#include "zenws/outlet/internal/outlet_connection.hpp"
#include "zenws/outlet/internal/outlet_stream.hpp"
#include "zenws/outlet/internal/outlet_text.hpp"

#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

// Returns the name of the right that a request needs but does not have; empty
// if it has.
std::string_view missing_right(const outlet_request& request,
                               const outlet_rights& from) {
  auto missing = [](bool has, std::string_view name) {
    return has ? std::string_view{} : name;
  };
  switch (request.op) {
    case outlet_op::subscribe:
    case outlet_op::unsubscribe:
      return request.topic == outlet_topic::desk ? missing(from.trade, "trade")
                                                 : missing(from.read, "read");
    case outlet_op::call:
      return missing(from.call, "call");
    case outlet_op::order:
    case outlet_op::amend:
    case outlet_op::cancel:
    case outlet_op::halt:
    case outlet_op::resume:
      return missing(from.trade, "trade");
    default:
      return {};
  }
}

// The desk knows the rest.
trading::amend_request change_of(const outlet_request& request) {
  return {.order = {.id = *request.order},
          .amount = request.new_amount,
          .price = request.new_price};
}

std::string text_of(const outlet_rights& rights) {
  internal::json_writer out;
  out.begin_object().key("rights").begin_array();
  if (rights.read)
    out.string("read");
  if (rights.call)
    out.string("call");
  if (rights.trade)
    out.string("trade");
  out.end_array().end_object();
  return *out.take();
}

} // namespace

// -- requests -----------------------------------------------------------------

void outlet_connection::handle(outlet_request& request) {
  auto right = missing_right(request, program_.rights);
  if (!right.empty())
    return refuse(request.id,
                  {"not_allowed", "this needs the right " + std::string{right},
                   "log in with a token that has the right"});
  if (pending_ >= context_->options.max_pending_requests)
    return refuse(request.id, problem_of({ec::too_many_pending}));
  switch (request.op) {
    case outlet_op::login:
      return log_in(request);
    case outlet_op::subscribe:
      return subscribe_to(request);
    case outlet_op::unsubscribe:
      return unsubscribe_from(request);
    case outlet_op::call:
      return call_method(request);
    case outlet_op::order:
    case outlet_op::amend:
    case outlet_op::cancel:
    case outlet_op::halt:
    case outlet_op::resume:
      return use_desk(request);
    case outlet_op::ping:
      return answer(request.id, "\"pong\"");
  }
}

void outlet_connection::log_in(const outlet_request& request) {
  using boost::beast::websocket::close_code;
  if (auto owner = context_->access->owner_of(request.token)) {
    program_ = std::move(*owner);
    log(log_level::info, "logged in as " + program_.name);
    return answer(request.id, text_of(program_.rights));
  }
  log(log_level::warning, "a wrong token was given");
  refuse(request.id, {"wrong_token", "the outlet does not know this token",
                      "see the gateway's file for the tokens"});
  leave_after_last(close_code::policy_error, "wrong token");
}

void outlet_connection::call_method(outlet_request& request) {
  auto client = context_->host.find_client(request.client);
  if (!client)
    return refuse(request.id, no_such("client", request.client));
  ask<rpc_result>(request.id, *client,
                  call{.method = std::move(request.method),
                       .params = std::move(request.params),
                       .answer_within = request.answer_within},
                  [](const rpc_result& x) {
                    return '{' + raw_member("data", x.json) + '}';
                  });
}

void outlet_connection::use_desk(outlet_request& request) {
  auto found = context_->options.desks.find(request.desk);
  if (found == context_->options.desks.end())
    return refuse(request.id, no_such("desk", request.desk));
  auto& desk = found->second;
  switch (request.op) {
    case outlet_op::order:
      return ask<trading::order_key>(
        request.id, desk, place_order{std::move(request.terms)},
        [](const trading::order_key& x) { return desk_text(x); });
    case outlet_op::amend:
      return tell(request.id, desk, amend_order{change_of(request)});
    case outlet_op::halt:
      log(log_level::warning,
          program_.name + " throws the kill switch of " + request.desk);
      return tell(request.id, desk, halt_trading{request.reason});
    case outlet_op::resume:
      log(log_level::warning,
          program_.name + " resets the kill switch of " + request.desk);
      return tell(request.id, desk, resume_trading{});
    default:
      return request.order
               ? tell(request.id, desk, cancel_order{*request.order})
               : tell(request.id, desk, cancel_orders{*request.instrument});
  }
}

// -- answers ------------------------------------------------------------------

void outlet_connection::answer(int64_t id, std::string_view json) {
  queue_->add_answer(outlet_answer(id, json));
}

void outlet_connection::refuse(int64_t id, const outlet_problem& problem) {
  queue_->add_answer(outlet_refusal(id, problem));
}

void outlet_connection::fail(int64_t id, const caf::error& reason) {
  queue_->add_answer(outlet_failure(id, reason));
}

} // namespace zenws
