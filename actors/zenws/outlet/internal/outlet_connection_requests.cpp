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

constexpr std::string_view outlet_done = "\"done\"";

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
    case outlet_op::cancel:
      return missing(from.trade, "trade");
    default:
      return {};
  }
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
  return std::move(*out.take());
}

std::string text_of(const market_report& report) {
  internal::json_writer out;
  out.begin_object().key("outcomes").begin_array();
  for (auto& x : report.outcomes) {
    out.begin_object().key("instrument").lenient_string(x.instrument);
    out.key("kind").string(to_string(x.kind));
    out.key("outcome").string(to_string(x.outcome));
    if (x.reason)
      out.key("reason").lenient_string(to_string(x.reason));
    out.end_object();
  }
  out.end_array().end_object();
  return std::move(*out.take());
}

outlet_problem no_such(const char* kind, const std::string& name) {
  return {"not_found", std::string{kind} + ": there is no " + name,
          "see the gateway's file for the names"};
}

} // namespace

// -- requests -----------------------------------------------------------------

void outlet_connection::handle(outlet_request& request) {
  auto right = missing_right(request, rights_);
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
    case outlet_op::cancel:
      return use_desk(request);
    case outlet_op::ping:
      return answer(request.id, "\"pong\"");
  }
}

void outlet_connection::log_in(const outlet_request& request) {
  using boost::beast::websocket::close_code;
  if (auto rights = context_->access->rights_of(request.token)) {
    rights_ = *rights;
    return answer(request.id, text_of(rights_));
  }
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
  auto desk = context_->options.desks.find(request.desk);
  if (desk == context_->options.desks.end())
    return refuse(request.id, no_such("desk", request.desk));
  if (request.op == outlet_op::order)
    return ask<trading::order_key>(
      request.id, desk->second, place_order{std::move(request.terms)},
      [](const trading::order_key& x) { return desk_text(x); });
  if (request.order)
    return tell(request.id, desk->second, cancel_order{*request.order});
  tell(request.id, desk->second, cancel_orders{*request.instrument});
}

// -- subscriptions ------------------------------------------------------------

void outlet_connection::subscribe_to(const outlet_request& request) {
  auto& options = context_->options;
  if (subscriptions_.count() + subscriptions_.additional(request)
      > options.max_subscriptions)
    return refuse(request.id, {"too_many_channels",
                               "a connection may have "
                                 + std::to_string(options.max_subscriptions)
                                 + " subscriptions",
                               "give some up, or raise max_subscriptions"});
  client_actor client;
  if (request.topic == outlet_topic::desk) {
    if (!options.desks.contains(request.desk))
      return refuse(request.id, no_such("desk", request.desk));
  } else if (auto found = context_->host.find_client(request.client)) {
    client = *found;
    follow_events(request.client, client);
  } else {
    return refuse(request.id, no_such("client", request.client));
  }
  auto* entry = subscriptions_.find(key_of(request));
  if (entry == nullptr)
    entry = &begin(key_of(request), request.policy.value_or(options.policy),
                   client);
  entry->is_implied = false;
  follow(request, *entry);
}

outlet_entry& outlet_connection::begin(const outlet_key& key,
                                       overflow_policy policy,
                                       const client_actor& client) {
  auto& [topic, name, channel] = key;
  auto source = std::make_shared<outlet_source>(
    outlet_source{topic, name, channel, policy});
  auto give_up = [weak = caf::weak_actor_ptr{ctrl()}, key] {
    if (auto self = weak.lock())
      caf_compat::deliver(self, nullptr, detail::outlet_given_up{key}, nullptr);
  };
  auto stream = caf_compat::spawn_on<outlet_stream>(system(), home(), source,
                                                    queue_, std::move(give_up));
  link_to(stream);
  return subscriptions_.add(key, {std::move(source),
                                  caf::actor_cast<caf::actor>(stream), client});
}

void outlet_connection::follow_events(const std::string& name,
                                      const client_actor& client) {
  outlet_key key{outlet_topic::events, name, {}};
  if (subscriptions_.find(key) != nullptr)
    return;
  auto& entry = begin(key, overflow_policy::drop_newest, client);
  entry.is_implied = true;
  request(client, caf::infinite,
          subscribe{entry.stream, {.content = subscription_content::events}})
    .then([] {},
          [](const caf::error&) {
            // The subscription itself fails as well, and says so.
          });
}

void outlet_connection::follow(const outlet_request& request,
                               outlet_entry& entry) {
  auto& stream = entry.stream;
  subscription_options options{.policy = entry.source->policy};
  options.budget_bytes
    = std::min(request.budget_bytes.value_or(context_->options.budget_bytes),
               context_->options.budget_bytes);
  switch (request.topic) {
    case outlet_topic::everything:
      return tell(request.id, entry.client, subscribe{stream, options});
    case outlet_topic::channel:
      return follow_channel(request, entry, options);
    case outlet_topic::market:
      for (auto kind : market::data_kinds::all)
        if (request.kinds.contains(kind))
          for (auto& x : request.instruments)
            entry.wishes.emplace(kind, x);
      return ask<market_report>(
        request.id, entry.client,
        subscribe_market{request.instruments, request.kinds,
                         caf::actor_cast<market_subscriber>(stream),
                         request.depth, request.pace, options},
        [](const market_report& x) { return text_of(x); });
    case outlet_topic::events:
      return answer(request.id, outlet_done); // see `follow_events`
    case outlet_topic::desk:
      return tell(request.id, context_->options.desks.at(request.desk),
                  watch_desk{caf::actor_cast<desk_watcher>(stream)});
  }
}

void outlet_connection::follow_channel(const outlet_request& request,
                                       const outlet_entry& entry,
                                       const subscription_options& options) {
  channel_spec channel{.name = request.channel, .arguments = request.arguments};
  if (request.is_private)
    channel.access = channel_access::authenticated_only;
  ++pending_;
  this
    ->request(entry.client, caf::infinite,
              subscribe_channels{{std::move(channel)}, entry.stream, options})
    .then(
      [this, id = request.id,
       key = key_of(request)](const channel_report& report) {
        --pending_;
        auto& outcome = report.outcomes.at(0);
        if (outcome.kind == outcome_kind::granted)
          return answer(id, outlet_done);
        end_subscription(key);
        fail(id, make_error(outcome.reason));
      },
      [this, id = request.id](const caf::error& reason) {
        --pending_;
        fail(id, reason);
      });
}

void outlet_connection::unsubscribe_from(const outlet_request& request) {
  auto key = key_of(request);
  auto* entry = subscriptions_.find(key);
  if (entry == nullptr || entry->is_implied)
    return refuse(request.id, {"not_found", "there is no such subscription",
                               "check the members of the request"});
  if (request.topic == outlet_topic::market) {
    unsubscribe_market unwanted{
      request.instruments, request.kinds,
      caf::actor_cast<market_subscriber>(entry->stream)};
    for (auto& wish : wishes_of(unwanted))
      entry->wishes.erase({wish.kind, wish.instrument});
    if (!entry->wishes.empty())
      return tell(request.id, entry->client, std::move(unwanted));
  }
  end_subscription(key);
  answer(request.id, outlet_done);
}

void outlet_connection::end_subscription(const outlet_key& key) {
  if (subscriptions_.find(key) == nullptr)
    return;
  auto entry = subscriptions_.take(key);
  unlink_from(entry.stream);
  anon_send_exit(entry.stream, caf::exit_reason::user_shutdown);
  queue_->remove(entry.source);
  auto& name = entry.source->name;
  outlet_key events{outlet_topic::events, name, {}};
  if (key != events && entry.client != nullptr
      && !subscriptions_.needs_events(name))
    end_subscription(events);
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

template <class T, class Handle, class Request, class F>
void outlet_connection::ask(int64_t id, const Handle& receiver,
                            Request&& message, F f) {
  ++pending_;
  request(receiver, caf::infinite, std::forward<Request>(message))
    .then(
      [this, id, f](const T& result) {
        --pending_;
        answer(id, f(result));
      },
      [this, id](const caf::error& reason) {
        --pending_;
        fail(id, reason);
      });
}

template <class Handle, class Request>
void outlet_connection::tell(int64_t id, const Handle& receiver,
                             Request&& message) {
  ++pending_;
  request(receiver, caf::infinite, std::forward<Request>(message))
    .then(
      [this, id] {
        --pending_;
        answer(id, outlet_done);
      },
      [this, id](const caf::error& reason) {
        --pending_;
        fail(id, reason);
      });
}

} // namespace zenws
