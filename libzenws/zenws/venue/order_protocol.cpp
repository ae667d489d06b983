// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/venue/order_protocol.hpp"

#include "zenws/internal/enum_names.hpp"

namespace zenws {

BOOST_DESCRIBE_ENUM(order_lookup, query, cancel, snapshot)

std::string_view to_string(order_lookup value) noexcept {
  return internal::enum_name(value);
}

BOOST_DESCRIBE_ENUM(departure_rule, none, cancel_on_disconnect, cancel_after)

std::string_view to_string(departure_rule value) noexcept {
  return internal::enum_name(value);
}

order_protocol::~order_protocol() = default;

bool order_protocol::tells_position(
  const market::instrument_name&) const noexcept {
  return true;
}

void order_protocol::learn(const market::instrument_state&) {
  // nop
}

bool order_protocol::tells_open_orders(const envelope&) const noexcept {
  return false;
}

bool order_protocol::is_over(const rpc_error& refusal) const noexcept {
  return is_absence(refusal);
}

result<order_call> order_protocol::guard(std::chrono::seconds,
                                         const request_time&) const {
  return error{ec::not_supported};
}

result<order_call> order_protocol::ask_order(const trading::order_key&,
                                             const request_time&) const {
  return error{ec::not_supported};
}

result<order_call>
order_protocol::ask_open_orders(const market::instrument_name&,
                                const request_time&) const {
  return error{ec::not_supported};
}

result<order_call> order_protocol::ask_fills(const market::instrument_name&,
                                             market::venue_time,
                                             const request_time&) const {
  return error{ec::not_supported};
}

result<order_call> order_protocol::ask_position(const market::instrument_name&,
                                                const request_time&) const {
  return error{ec::not_supported};
}

} // namespace zenws
