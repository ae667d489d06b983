// SPDX-License-Identifier: BSD-3-Clause

#include "venue_control.hpp"

#include "zenws/json/json_value.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace zenws::demo {

namespace {

constexpr std::chrono::seconds answer_patience{10};

std::vector<json_value> list_in(std::string_view object,
                                std::string_view name) {
  auto result = elements_of(find_member(object, name).text);
  if (!result)
    throw std::runtime_error{"the simulator does not tell its orders"};
  return std::move(*result);
}

std::string text_in(const json_value& object, std::string_view name) {
  return find_member(object.text, name).string().value_or("");
}

market::decimal number_in(const json_value& object, std::string_view name) {
  return market::decimal::parse(find_member(object.text, name).text)
    .value_or(market::decimal{});
}

} // namespace

size_t venue_accounts::open_orders() const {
  return static_cast<size_t>(
    std::ranges::count_if(orders, &venue_order::is_open));
}

venue_control::venue_control(const exchange_process& venue)
  : commands_(connect(venue, "/control")),
    calls_(connect(venue, "/ws/api/v2")) {
  // nop
}

client_actor venue_control::connect(const exchange_process& venue,
                                    std::string_view path) {
  client_spec spec;
  spec.config.url = venue.url() + std::string{path};
  spec.config.tls.ca_file = venue.ca_file();
  spec.subscribers
    = {{caf::actor{self_}, {.content = subscription_content::messages}}};
  auto client = rt_.connect(std::move(spec));
  if (!client)
    throw std::runtime_error{"no connection to the simulator: "
                             + caf_compat::to_text(client.error())};
  return *client;
}

std::string venue_control::ask(const client_actor& client, std::string text) {
  caf_compat::tell(*self_, client,
                   send_text{std::move(text), send_policy{answer_patience}});
  std::string result;
  self_->receive(
    [&](const message_batch& answers) {
      for (auto x : answers)
        result = x.payload;
    },
    caf::after(answer_patience) >> [] {});
  if (result.empty())
    throw std::runtime_error{"the simulator does not answer"};
  return result;
}

std::string venue_control::command(std::string_view json) {
  return ask(commands_, std::string{json});
}

void venue_control::follow_market() {
  ask(calls_, R"({"jsonrpc":"2.0","id":1,"method":"sim/follow_market",)"
              R"("params":{"enabled":true}})");
}

venue_accounts venue_control::accounts() {
  auto answer = command(R"({"list":"orders"})");
  venue_accounts result;
  std::set<std::string> labels;
  for (auto& x : list_in(answer, "orders")) {
    venue_order order{.label = text_in(x, "label"),
                      .filled = number_in(x, "filled"),
                      .is_open = find_member(x.text, "open").text == "true"};
    result.duplicates += !labels.insert(order.label).second;
    result.orders.push_back(std::move(order));
  }
  for (auto& x : list_in(answer, "positions"))
    result.positions.emplace_back(text_in(x, "instrument"),
                                  number_in(x, "amount"));
  return result;
}

} // namespace zenws::demo
