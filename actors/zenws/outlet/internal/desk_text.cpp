// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/desk_text.hpp"

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/outlet/internal/outlet_problem.hpp"

#include <utility>

namespace zenws {

namespace {

// A message about a desk.
class desk_writer {
public:
  desk_writer(const outlet_source& source, std::string_view type) {
    out_.begin_object().key("desk").lenient_string(source.name);
    out_.key("type").string(type);
  }

  desk_writer() {
    out_.begin_object();
  }

  // Leaves out what is empty.
  desk_writer& text(std::string_view name, std::string_view value) {
    if (!value.empty())
      out_.key(name).lenient_string(value);
    return *this;
  }

  desk_writer& number(std::string_view name, market::decimal value) {
    out_.key(name).string(to_string(value));
    return *this;
  }

  desk_writer& number(std::string_view name,
                      const std::optional<market::decimal>& value) {
    return value ? number(name, *value) : *this;
  }

  desk_writer& time(market::venue_time value) {
    if (value != market::venue_time{})
      out_.key("time_us").number(value.time_since_epoch().count());
    return *this;
  }

  desk_writer& key(const trading::order_key& value) {
    return text("instrument", value.instrument.view())
      .text("order", value.id.view())
      .text("venue_order", value.venue_id.view());
  }

  desk_writer& reason(const error& value) {
    if (!value)
      return *this;
    auto problem = problem_of(value);
    out_.key("reason").begin_object();
    text("code", problem.code).text("text", problem.text);
    text("remedy", problem.remedy);
    out_.end_object();
    return *this;
  }

  std::string take() {
    out_.end_object();
    auto result = out_.take();
    return result ? std::move(*result) : std::string{"{}"};
  }

private:
  internal::json_writer out_;
};

} // namespace

std::string desk_text(const outlet_source& source,
                      const trading::order_event& news) {
  auto& order = news.content;
  auto& terms = order.terms;
  return desk_writer{source, "order"}
    .text("event", to_string(news.kind))
    .key(order.key)
    .text("state", to_string(order.state))
    .text("side", to_string(terms.side))
    .text("order_type", to_string(terms.type))
    .number("amount", terms.amount)
    .number("price", terms.price)
    .number("filled", order.filled)
    .text("reason", order.reason)
    .time(news.time)
    .take();
}

std::string desk_text(const outlet_source& source, const trading::fill& news) {
  return desk_writer{source, "fill"}
    .key(news.order)
    .text("fill", news.id.view())
    .text("side", to_string(news.side))
    .number("price", news.price)
    .number("amount", news.amount)
    .number("fee", news.fee)
    .text("fee_currency", news.fee_currency.view())
    .text("liquidity", to_string(news.liquidity))
    .time(news.time)
    .take();
}

std::string desk_text(const outlet_source& source,
                      const trading::position& news) {
  return desk_writer{source, "position"}
    .text("instrument", news.instrument.view())
    .number("amount", news.amount)
    .number("average_price", news.average_price)
    .time(news.time)
    .take();
}

std::string desk_text(const outlet_source& source,
                      const trading::balance& news) {
  return desk_writer{source, "balance"}
    .text("currency", news.currency.view())
    .number("total", news.total)
    .number("available", news.available)
    .time(news.time)
    .take();
}

std::string desk_text(const outlet_source& source,
                      const desk_state_changed& news) {
  return desk_writer{source, "state"}
    .text("instrument", news.instrument)
    .text("state", to_string(news.state))
    .reason(news.reason)
    .take();
}

std::string desk_text(const outlet_source& source,
                      const desk_request_failed& news) {
  return desk_writer{source, "request_failed"}
    .text("purpose", to_string(news.purpose))
    .key(news.order)
    .reason(news.reason)
    .take();
}

std::string desk_text(const trading::order_key& order) {
  return desk_writer{}.key(order).take();
}

} // namespace zenws
