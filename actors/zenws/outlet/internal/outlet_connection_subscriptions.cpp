// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/runtime.hpp"
#include "zenws/json/internal/json_writer.hpp"
#include "zenws/outlet/internal/outlet_connection.hpp"
#include "zenws/outlet/internal/outlet_stream.hpp"

#include <algorithm>
#include <utility>

namespace zenws {

namespace {

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
  return *out.take();
}

} // namespace

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
  } else {
    return refuse(request.id, no_such("client", request.client));
  }
  if (request.topic == outlet_topic::events) {
    follow_events(request.client, client).is_implied = false;
    return answer(request.id, outlet_done);
  }
  auto [entry, is] = find_or_begin(
    key_of(request), request.policy.value_or(options.policy), client);
  if (client)
    follow_events(request.client, client);
  follow(request, *entry, is);
}

std::pair<outlet_entry*, outlet_connection::novelty>
outlet_connection::find_or_begin(const outlet_key& key, overflow_policy policy,
                                 const client_actor& client) {
  auto* known = subscriptions_.find(key);
  // Another client may have the name by now.
  if (known != nullptr && known->client != client) {
    end_subscription(key);
    known = nullptr;
  }
  if (known != nullptr)
    return {known, novelty::known};
  return {&begin(key, policy, client), novelty::fresh};
}

outlet_entry& outlet_connection::begin(const outlet_key& key,
                                       overflow_policy policy,
                                       const client_actor& client) {
  auto& [topic, name, channel] = key;
  auto source = std::make_shared<outlet_source>(outlet_source{
    topic, name, channel, policy, context_->options.budget_bytes});
  auto give_up = [weak = caf::weak_actor_ptr{ctrl()}, key, source] {
    if (auto self = weak.lock())
      caf_compat::deliver(self, nullptr, detail::outlet_given_up{key, source},
                          nullptr);
  };
  auto stream = caf_compat::spawn_on<outlet_stream>(system(), home(), source,
                                                    queue_, std::move(give_up));
  link_to(stream);
  return subscriptions_.add(key, {std::move(source),
                                  caf::actor_cast<caf::actor>(stream), client});
}

outlet_entry& outlet_connection::follow_events(const std::string& name,
                                               const client_actor& client) {
  outlet_key key{outlet_topic::events, name, {}};
  auto [entry, is] = find_or_begin(key, overflow_policy::drop_newest, client);
  if (is == novelty::known)
    return *entry;
  entry->is_implied = true;
  request(client, caf::infinite,
          subscribe{entry->stream, {.content = subscription_content::events}})
    .then([] {},
          // The subscription that it came along with fails as well.
          [this, key, source = entry->source](const caf::error&) {
            end_subscription(key, source);
          });
  return *entry;
}

void outlet_connection::follow(const outlet_request& request,
                               outlet_entry& entry, novelty is) {
  auto& stream = entry.stream;
  auto most = context_->options.budget_bytes;
  if (request.budget_bytes)
    entry.source->budget_bytes = std::min(*request.budget_bytes, most);
  // The queue applies the policy before the client does, which would tell a
  // loss with the next message only.
  subscription_options options{.policy = entry.source->policy,
                               .budget_bytes = 2 * most};
  std::function<void()> give_up;
  if (is == novelty::fresh)
    give_up = [this, key = key_of(request), source = entry.source] {
      end_subscription(key, source);
    };
  switch (request.topic) {
    case outlet_topic::everything:
      return tell(request.id, entry.client, subscribe{stream, options},
                  std::move(give_up));
    case outlet_topic::channel:
      return follow_channel(request, entry, options, is);
    case outlet_topic::market:
      return follow_market(request, entry, options);
    case outlet_topic::events:
      return; // see `follow_events`
    case outlet_topic::desk:
      return tell(request.id, context_->options.desks.at(request.desk),
                  watch_desk{caf::actor_cast<desk_watcher>(stream)},
                  std::move(give_up));
  }
}

void outlet_connection::follow_channel(const outlet_request& request,
                                       const outlet_entry& entry,
                                       const subscription_options& options,
                                       novelty is) {
  channel_spec channel{.name = request.channel, .arguments = request.arguments};
  if (request.is_private)
    channel.access = channel_access::authenticated_only;
  auto refused = [this, is, id = request.id, key = key_of(request),
                  source = entry.source](const caf::error& reason) {
    --pending_;
    if (is == novelty::fresh)
      end_subscription(key, source);
    fail(id, reason);
  };
  ++pending_;
  this
    ->request(entry.client, caf::infinite,
              subscribe_channels{{std::move(channel)}, entry.stream, options})
    .then(
      [this, refused, id = request.id](const channel_report& report) {
        auto& outcome = report.outcomes.at(0);
        if (outcome.kind != outcome_kind::granted)
          return refused(make_error(outcome.reason));
        --pending_;
        answer(id, outlet_done);
      },
      refused);
}

void outlet_connection::follow_market(const outlet_request& request,
                                      outlet_entry& entry,
                                      const subscription_options& options) {
  subscribe_market wanted{request.instruments,
                          request.kinds,
                          caf::actor_cast<market_subscriber>(entry.stream),
                          request.depth,
                          request.pace,
                          options};
  std::vector<market_wish> fresh;
  for (auto& wish : wishes_of(wanted))
    if (entry.wishes.emplace(wish.kind, wish.instrument).second)
      fresh.push_back(wish);
  ++pending_;
  this->request(entry.client, caf::infinite, std::move(wanted))
    .then(
      [this, id = request.id, key = key_of(request),
       source = entry.source](const market_report& report) {
        --pending_;
        std::vector<market_wish> refused;
        for (auto& x : report.outcomes)
          if (x.outcome != outcome_kind::granted)
            refused.push_back({x.kind, x.instrument});
        forget_wishes(key, source, refused);
        answer(id, text_of(report));
      },
      [this, id = request.id, key = key_of(request), source = entry.source,
       fresh](const caf::error& reason) {
        --pending_;
        forget_wishes(key, source, fresh);
        fail(id, reason);
      });
}

void outlet_connection::forget_wishes(const outlet_key& key,
                                      const outlet_source_ptr& source,
                                      const std::vector<market_wish>& wishes) {
  auto* entry = subscriptions_.find(key);
  if (entry == nullptr || entry->source != source)
    return;
  for (auto& x : wishes)
    entry->wishes.erase({x.kind, x.instrument});
  if (entry->wishes.empty())
    end_subscription(key);
}

void outlet_connection::unsubscribe_from(const outlet_request& request) {
  auto key = key_of(request);
  auto* entry = subscriptions_.find(key);
  if (entry == nullptr || entry->is_implied)
    return refuse(request.id, {"not_found", "there is no such subscription",
                               "check the members of the request"});
  if (request.topic == outlet_topic::events) {
    entry->is_implied = true;
    if (subscriptions_.needs_events(request.client))
      return answer(request.id, outlet_done);
  }
  if (request.topic == outlet_topic::market) {
    unsubscribe_market unwanted{
      request.instruments, request.kinds,
      caf::actor_cast<market_subscriber>(entry->stream)};
    for (auto& wish : wishes_of(unwanted))
      entry->wishes.erase({wish.kind, wish.instrument});
    if (!entry->wishes.empty())
      return tell(request.id, entry->client, std::move(unwanted));
  }
  queue_->remove(entry->source);
  end_subscription(key);
  answer(request.id, outlet_done);
}

void outlet_connection::end_subscription(const outlet_key& key,
                                         const outlet_source_ptr& source) {
  if (auto* entry = subscriptions_.find(key);
      entry != nullptr && entry->source == source)
    end_subscription(key);
}

void outlet_connection::end_subscription(const outlet_key& key) {
  if (subscriptions_.find(key) == nullptr)
    return;
  auto entry = subscriptions_.take(key);
  unlink_from(entry.stream);
  anon_send_exit(entry.stream, caf::exit_reason::user_shutdown);
  auto& name = entry.source->name;
  outlet_key events{outlet_topic::events, name, {}};
  if (key != events && entry.client != nullptr
      && !subscriptions_.needs_events(name))
    end_subscription(events);
}

} // namespace zenws
