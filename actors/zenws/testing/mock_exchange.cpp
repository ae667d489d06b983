// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/testing/mock_exchange.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace zenws::testing {

namespace {

bool is_message(const sim::received_message& x) {
  return x.kind != sim::message_kind::close;
}

} // namespace

mock_exchange::mock_exchange(sim::server_config cfg) : server_(std::move(cfg)) {
  if (auto problem = server_.start())
    throw std::runtime_error{*problem};
}

std::string mock_exchange::url(std::string_view path) const {
  return server_.url(path);
}

// -- actions of clients -------------------------------------------------------

bool mock_exchange::wait_for_connections(
  uint64_t count, std::chrono::milliseconds timeout) const {
  return server_.wait_for_connections(count, timeout);
}

bool mock_exchange::assert_sent(const message_matcher& matcher,
                                std::chrono::milliseconds timeout) const {
  return server_.wait_for(
    [&](const sim::received_message& x) {
      return is_message(x) && matcher(x.text);
    },
    timeout);
}

size_t mock_exchange::count_sent(const message_matcher& matcher) const {
  auto all = server_.received();
  auto matches = [&](auto& x) { return is_message(x) && matcher(x.text); };
  return static_cast<size_t>(std::count_if(all.begin(), all.end(), matches));
}

void mock_exchange::clear() {
  server_.clear_log();
}

// -- actions of the exchange --------------------------------------------------

void mock_exchange::inject_message(std::string_view text,
                                   const std::string& path) {
  server_.broadcast(text, path);
}

void mock_exchange::disconnect(uint16_t code, const std::string& reason) {
  server_.apply(sim::fault_close{.code = code, .reason = reason});
}

void mock_exchange::drop() {
  server_.apply(sim::fault_drop{});
}

void mock_exchange::stall() {
  server_.apply(sim::fault_stall{});
}

void mock_exchange::resume() {
  server_.apply(sim::fault_resume{});
}

void mock_exchange::refuse(unsigned status, uint64_t times) {
  server_.apply(sim::fault_refuse{.status = status, .times = times});
}

void mock_exchange::rate_limit(std::chrono::seconds retry_after,
                               uint64_t times) {
  server_.apply(sim::fault_refuse{
    .status = 429,
    .headers = {{"Retry-After", std::to_string(retry_after.count())}},
    .times = times});
}

void mock_exchange::accept() {
  server_.apply(sim::fault_accept{});
}

void mock_exchange::go_away() {
  server_.stop_listening();
}

void mock_exchange::come_back() {
  if (auto problem = server_.listen_again())
    throw std::runtime_error{*problem};
}

} // namespace zenws::testing
