// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/outlet_connection.hpp"

#include "zenws/actors/runtime.hpp"
#include "zenws/outlet/internal/outlet_text.hpp"

#include <boost/beast/websocket/rfc6455.hpp>

#include <utility>

namespace zenws {

namespace {

using boost::beast::websocket::close_code;

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

outlet_connection::outlet_connection(caf::actor_config& cfg,
                                     outlet_context_ptr context,
                                     outlet_socket_ptr socket)
  : super(cfg),
    context_(std::move(context)),
    socket_(std::move(socket)),
    queue_(std::make_shared<outlet_queue>(context_->options.budget_bytes,
                                          [this] { flush(); })) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* outlet_connection::name() const {
  return "zenws.outlet_connection";
}

caf::behavior outlet_connection::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_exit_message(*this, [this](const caf::actor_addr&,
                                            const caf::error&) {
    close(close_code::going_away, "the outlet ends");
  });
  socket_->open(*this);
  return {
    [this](detail::outlet_socket_ended) {
      quit(caf::exit_reason::user_shutdown);
    },
    [this](const detail::outlet_given_up& x) {
      end_subscription(x.key, x.source);
    },
    [this](detail::outlet_login_due) {
      auto& rights = program_.rights;
      if (!rights.read && !rights.call && !rights.trade)
        leave_after_last(close_code::policy_error, "no login in time");
    },
  };
}

void outlet_connection::before_end() {
  // Others may keep this object for longer than the loop lives.
  socket_->leave();
  socket_ = nullptr;
  context_ = nullptr;
  subscriptions_ = {};
  // Streams may still run until their links end them.
  queue_->close();
}

// -- implementation of outlet_socket_owner --------------------------------------

void outlet_connection::on_open(const outlet_identity& program) {
  is_open_ = true;
  program_ = program;
  if (!program_.name.empty())
    log(log_level::info, "connected as " + program_.name);
  caf_compat::tell_later(*this, context_->options.login_within,
                         detail::outlet_login_due{});
  receive();
}

void outlet_connection::on_message(std::string_view text) {
  is_receiving_ = false;
  if (is_leaving_ || is_closing_)
    return;
  auto content = read_outlet_request(text);
  if (auto* bad = std::get_if<bad_outlet_request>(&content))
    queue_->add_answer(outlet_refusal(bad->id, bad->problem));
  else
    handle(std::get<outlet_request>(content));
  receive();
}

void outlet_connection::on_sent() {
  is_sending_ = false;
  flush();
  receive();
}

void outlet_connection::on_end() {
  caf_compat::deliver(caf::strong_actor_ptr{ctrl()}, nullptr,
                      detail::outlet_socket_ended{}, &home());
}

void outlet_connection::log(log_level level, const std::string& text) {
  write_log(system(), {.level = level, .component = name(), .text = text});
}

// -- writing --------------------------------------------------------------------

void outlet_connection::flush() {
  if (!is_open_ || is_closing_)
    return;
  if (queue_->has_too_many_events()) {
    log(log_level::warning, program_.name + ": too many events wait");
    return close(close_code::policy_error, "too many events wait");
  }
  if (is_sending_)
    return;
  is_sending_ = true; // the queue may call us
  if (auto text = queue_->next())
    return socket_->send(std::move(*text));
  is_sending_ = false;
  if (is_leaving_)
    close(close_code_, close_reason_);
}

void outlet_connection::close(uint16_t code, std::string_view reason) {
  is_closing_ = true;
  queue_->close();
  socket_->close(code, reason);
}

void outlet_connection::leave_after_last(uint16_t code, std::string reason) {
  is_leaving_ = true;
  queue_->close();
  close_code_ = code;
  close_reason_ = std::move(reason);
  flush();
}

void outlet_connection::receive() {
  if (is_receiving_ || is_leaving_ || is_closing_
      || queue_->answers() >= max_waiting_answers)
    return;
  is_receiving_ = true;
  socket_->receive();
}

} // namespace zenws
