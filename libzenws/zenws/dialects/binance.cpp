#include "zenws/dialects/binance.hpp"

#include "zenws/internal/json_text.hpp"
#include "zenws/json_rpc.hpp"
#include "zenws/venue_limits.hpp"

#include <array>

namespace zenws {

namespace {

using namespace std::chrono_literals;

constexpr std::array message_cost{venue_limits::binance_message};

} // namespace

std::string_view binance_dialect::name() const noexcept {
  return "binance";
}

std::vector<rate_limit> binance_dialect::limits() const {
  return venue_limits::binance_spot();
}

subscription_limits binance_dialect::request_limits() const noexcept {
  // A connection has at most 1,024 streams; requests are the scarce thing.
  return {.max_channels_per_request = 200};
}

std::chrono::seconds binance_dialect::max_connection_age() const noexcept {
  return 23h + 50min;
}

// -- messages -----------------------------------------------------------------

inbound binance_dialect::read(std::string_view text) {
  inbound result;
  auto content = scan(text, layouts::binance);
  if (!content) {
    result.kind = inbound_kind::malformed;
    return result;
  }
  if (content->channel.kind == json_kind::string && !content->channel.escaped) {
    result.channel = content->channel.text;
  } else if (content->event.is("serverShutdown")) {
    result.kind = inbound_kind::leaving;
  } else if (content->kind() == envelope_kind::answer) {
    if (auto id = content->id.integer()) {
      result.kind = inbound_kind::answer;
      result.request = *id;
      result.content = *content;
    }
  }
  return result;
}

result<std::string> binance_dialect::call(std::string_view method,
                                          std::string_view params_json,
                                          int64_t id) {
  auto name = internal::quoted(method, "the method");
  if (!name)
    return name.error();
  auto text = R"({"method":)" + *name;
  if (!params_json.empty())
    text += R"(,"params":)" + std::string{params_json};
  return text + R"(,"id":)" + std::to_string(id) + '}';
}

// -- subscriptions ------------------------------------------------------------

result<std::string>
binance_dialect::subscription(const subscription_request& what, int64_t id) {
  auto names = internal::names_as_json(what.channels);
  if (!names)
    return names.error();
  auto subscribes = what.kind == subscription_request_kind::subscribe;
  return call(subscribes ? "SUBSCRIBE" : "UNSUBSCRIBE", *names, id);
}

subscription_answer binance_dialect::read_answer(const subscription_request&,
                                                 const inbound& answer) {
  auto response = parse_response(answer.content);
  if (response && std::holds_alternative<rpc_result>(*response))
    return {};
  return {.what = subscription_answer::verdict::refused,
          .how = rejection::collective,
          .reason = response ? to_error(std::get<rpc_error>(*response))
                             : response.error()};
}

// -- costs --------------------------------------------------------------------

// Each frame counts, whatever it is.

rate_charges binance_dialect::cost_of_call(std::string_view) const {
  return message_cost;
}

rate_charges binance_dialect::cost_of_subscription() const {
  return message_cost;
}

rate_charges binance_dialect::cost_of_beat() const {
  return message_cost;
}

rate_charges binance_dialect::cost_of_control() const {
  return message_cost;
}

rate_charges binance_dialect::cost_of_text() const {
  return message_cost;
}

} // namespace zenws
