// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/outlet/internal/outlet_request.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/json/internal/json_cursor.hpp"
#include "zenws/json/json_rpc.hpp"
#include "zenws/outlet/internal/json_check.hpp"
#include "zenws/outlet/internal/request_values.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>
#include <utility>

namespace zenws {

BOOST_DESCRIBE_ENUM(outlet_op, login, subscribe, unsubscribe, call, order,
                    amend, cancel, halt, resume, ping)

static_assert(internal::describes_up_to(outlet_op::ping));

std::string_view to_string(outlet_op op) noexcept {
  return internal::enum_name(op);
}

namespace {

using namespace request_values;

constexpr std::initializer_list<outlet_op> all_outlet_ops
  = {outlet_op::login,  outlet_op::subscribe, outlet_op::unsubscribe,
     outlet_op::call,   outlet_op::order,     outlet_op::amend,
     outlet_op::cancel, outlet_op::halt,      outlet_op::resume,
     outlet_op::ping};

// -- members ------------------------------------------------------------------

// A set of operations.
using op_bits = unsigned;

template <class... Ops>
constexpr op_bits bits_of(Ops... ops) {
  return ((1u << static_cast<unsigned>(ops)) | ...);
}

constexpr auto subscribing = bits_of(outlet_op::subscribe);
constexpr auto any_subscription = bits_of(outlet_op::subscribe,
                                          outlet_op::unsubscribe);
constexpr auto calling = bits_of(outlet_op::call);
constexpr auto ordering = bits_of(outlet_op::order);
constexpr auto amending = bits_of(outlet_op::amend);
constexpr auto about_desks = any_subscription | ordering | amending
                             | bits_of(outlet_op::cancel, outlet_op::halt,
                                       outlet_op::resume);

using value = const json_value&;

using target = outlet_request&;

// A member of requests, and those that have it.
struct request_member {
  std::string_view name;
  op_bits ops;
  std::string_view expected;
  bool (*read_into)(value, target);
};

bool read_topic(value from, outlet_topic topic, target to) {
  to.topic = topic;
  return from.text == "true" && from.kind == json_kind::boolean;
}

constexpr std::string_view a_string = "a string";
constexpr std::string_view a_flag = "true or false";
constexpr std::string_view a_number
  = "a number without rounding, or a string with one";

constexpr request_member request_members[] = {
  {"token", bits_of(outlet_op::login), a_string,
   [](value x, target to) { return read(x, to.token); }},
  {"client", any_subscription | calling, a_string,
   [](value x, target to) { return read(x, to.client); }},
  {"desk", about_desks, a_string,
   [](value x, target to) {
     to.topic = outlet_topic::desk;
     return read(x, to.desk);
   }},
  {"channel", any_subscription, a_string,
   [](value x, target to) {
     to.topic = outlet_topic::channel;
     return read(x, to.channel);
   }},
  {"arguments", subscribing, a_string,
   [](value x, target to) { return read(x, to.arguments); }},
  {"private", subscribing, a_flag,
   [](value x, target to) { return read(x, to.is_private); }},
  {"instruments", any_subscription, "an array of strings",
   [](value x, target to) {
     to.topic = outlet_topic::market;
     return read(x, to.instruments);
   }},
  {"kinds", any_subscription,
   "an array of trades, book, quotes, ticker, instruments",
   [](value x, target to) { return read_kinds(x, to.kinds); }},
  {"depth", subscribing, "a number of levels",
   [](value x, target to) { return read(x, to.depth); }},
  {"pace", subscribing, "usual or fastest",
   [](value x, target to) {
     return read_one_of(x, {market_pace::usual, market_pace::fastest}, to.pace);
   }},
  {"events", any_subscription, "true",
   [](value x, target to) { return read_topic(x, outlet_topic::events, to); }},
  {"everything", any_subscription, "true",
   [](value x, target to) {
     return read_topic(x, outlet_topic::everything, to);
   }},
  {"budget", subscribing, "a number of bytes",
   [](value x, target to) {
     return read(x, to.budget_bytes) && *to.budget_bytes > 0;
   }},
  {"overflow", subscribing, "drop_newest or disconnect_subscriber",
   [](value x, target to) {
     return read_one_of(x,
                        {overflow_policy::drop_newest,
                         overflow_policy::disconnect_subscriber},
                        to.policy.emplace());
   }},
  {"method", calling, a_string,
   [](value x, target to) { return read(x, to.method); }},
  {"params", calling, "an object or an array",
   [](value x, target to) {
     to.params = x.text;
     return x.kind == json_kind::object || x.kind == json_kind::array;
   }},
  {"answer_within_ms", calling, "a number of milliseconds up to 600000",
   [](value x, target to) {
     uint32_t count = 0;
     auto is_right = read(x, count) && count > 0 && count <= 600'000;
     to.answer_within = std::chrono::milliseconds{count};
     return is_right;
   }},
  {"instrument", ordering, "a name of at most 63 bytes",
   [](value x, target to) { return read(x, to.terms.instrument); }},
  {"instrument", bits_of(outlet_op::cancel), a_string,
   [](value x, target to) { return read(x, to.instrument); }},
  {"order", amending | bits_of(outlet_op::cancel), "the id of an order",
   [](value x, target to) { return read(x, to.order); }},
  {"side", ordering, "buy or sell",
   [](value x, target to) {
     return read_one_of(
       x, {trading::order_side::buy, trading::order_side::sell}, to.terms.side);
   }},
  {"type", ordering, "limit, market, stop_limit or stop_market",
   [](value x, target to) {
     using trading::order_type;
     return read_one_of(x,
                        {order_type::limit, order_type::market,
                         order_type::stop_limit, order_type::stop_market},
                        to.terms.type);
   }},
  {"amount", ordering, a_number,
   [](value x, target to) { return read(x, to.terms.amount); }},
  {"amount", amending, a_number,
   [](value x, target to) { return read(x, to.new_amount); }},
  {"price", ordering, a_number,
   [](value x, target to) { return read(x, to.terms.price); }},
  {"price", amending, a_number,
   [](value x, target to) { return read(x, to.new_price); }},
  {"trigger", ordering, a_number,
   [](value x, target to) { return read(x, to.terms.trigger); }},
  {"validity", ordering,
   "good_til_canceled, immediate_or_cancel or fill_or_kill",
   [](value x, target to) {
     using trading::time_in_force;
     return read_one_of(x,
                        {time_in_force::good_til_canceled,
                         time_in_force::immediate_or_cancel,
                         time_in_force::fill_or_kill},
                        to.terms.validity);
   }},
  {"post_only", ordering, a_flag,
   [](value x, target to) { return read(x, to.terms.post_only); }},
  {"reduce_only", ordering, a_flag,
   [](value x, target to) { return read(x, to.terms.reduce_only); }},
  {"reason", bits_of(outlet_op::halt), a_string,
   [](value x, target to) { return read(x, to.reason); }},
};

// -- requests -----------------------------------------------------------------

outlet_problem bad_member(std::string_view name, std::string_view expected) {
  return {"bad_request",
          std::string{name} + ": must be " + std::string{expected},
          "correct the request"};
}

// The members that were given, by name.
using given_members = std::set<std::string, std::less<>>;

// Returns the members that are needed, one of each list.
std::vector<std::vector<std::string_view>> needs_of(outlet_op op) {
  switch (op) {
    case outlet_op::login:
      return {{"token"}};
    case outlet_op::subscribe:
    case outlet_op::unsubscribe:
      return {{"client", "desk"},
              {"channel", "instruments", "events", "everything", "desk"}};
    case outlet_op::call:
      return {{"client"}, {"method"}};
    case outlet_op::order:
      return {{"desk"}, {"instrument"}, {"side"}, {"type"}, {"amount"}};
    case outlet_op::amend:
      return {{"desk"}, {"order"}};
    case outlet_op::cancel:
      return {{"desk"}, {"order", "instrument"}};
    case outlet_op::halt:
    case outlet_op::resume:
      return {{"desk"}};
    default:
      return {};
  }
}

std::optional<outlet_problem> find_missing(const given_members& given,
                                           outlet_op op) {
  for (auto& choice : needs_of(op)) {
    auto count = std::ranges::count_if(choice, [&](auto name) {
      return given.contains(name);
    });
    if (count == 1)
      continue;
    std::string names;
    for (auto name : choice)
      names.append(names.empty() ? "" : ", ").append(name);
    auto problem = choice.size() == 1 ? "is missing" : "give one of these";
    return outlet_problem{"bad_request", names + ": " + problem,
                          "correct the request"};
  }
  if (op == outlet_op::amend && !given.contains("amount")
      && !given.contains("price"))
    return outlet_problem{"bad_request", "amount, price: give one or both",
                          "correct the request"};
  if (given.contains("instruments") != given.contains("kinds"))
    return outlet_problem{"bad_request",
                          "instruments, kinds: one needs the other",
                          "correct the request"};
  return std::nullopt;
}

std::optional<outlet_problem> read_member(const std::string& name, value from,
                                          target to) {
  auto is_known = false;
  for (auto& x : request_members) {
    if (x.name != name)
      continue;
    is_known = true;
    if ((x.ops & bits_of(to.op)) == 0)
      continue;
    if (x.read_into(from, to))
      return std::nullopt;
    return bad_member(name, x.expected);
  }
  auto text = is_known ? ": has no meaning for " + std::string{to_string(to.op)}
                       : std::string{": there is no such member"};
  return outlet_problem{"bad_request", name + text, "correct the request"};
}

// Reads all members but "id" and "op".
std::optional<outlet_problem> read_members(std::string_view text, target to) {
  given_members given;
  internal::json_cursor in{text};
  json_value key;
  for (in.enter_object(); in.next_member(key);) {
    auto name = key.string().value_or("?");
    auto content = in.value();
    if (!given.insert(name).second)
      return outlet_problem{"bad_request", name + ": is given twice",
                            "correct the request"};
    if (name == "id" || name == "op")
      continue;
    if (auto problem = read_member(name, content, to))
      return problem;
  }
  return find_missing(given, to.op);
}

std::string names_of_ops() {
  std::string result;
  for (auto op : all_outlet_ops)
    result.append(result.empty() ? "" : ", ").append(to_string(op));
  return result;
}

} // namespace

std::variant<outlet_request, bad_outlet_request>
read_outlet_request(std::string_view text) {
  bad_outlet_request bad;
  auto fail = [&](outlet_problem problem) {
    bad.problem = std::move(problem);
    return bad;
  };
  constexpr auto one_object = "send one object of JSON in each message";
  if (auto fault = find_json_fault(text))
    return fail({"invalid_json", "byte " + std::to_string(*fault), one_object});
  if (internal::json_cursor{text}.peek() != json_kind::object)
    return fail({"invalid_json", "the message is no object", one_object});
  outlet_request result;
  if (!read(find_member(text, "id"), result.id) || result.id > max_rpc_id)
    return fail(bad_member("id", "a whole number from 0 to 2^53 - 1"));
  bad.id = result.id;
  if (!read_one_of(find_member(text, "op"), all_outlet_ops, result.op))
    return fail({"unknown_op", "op: must be one of " + names_of_ops(),
                 "correct the request"});
  if (auto problem = read_members(text, result))
    return fail(std::move(*problem));
  return result;
}

} // namespace zenws
