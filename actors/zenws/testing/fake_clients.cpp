// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/testing/fake_clients.hpp"

#include "zenws/actors/caf/answering_actor.hpp"
#include "zenws/actors/caf/stable_address.hpp"
#include "zenws/actors/client/internal/durable_state.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <utility>

namespace zenws::testing {

struct fake_clients::fake {
  uint64_t id;
  durable_state_ptr state{}; // null if it does not run
  caf::actor_clock* clock;
  caf::actor_clock::time_point since{}; // in the state that it is in
  caf::actor_addr incarnation{};
  size_t incarnations = 0;
  std::vector<std::string> sent{};
  std::map<std::string, std::set<caf::actor>> channels{};

  client_front& front() {
    return state->front;
  }

  // On no execution unit: perhaps in a thread of the test.
  subscriber_set::origin origin() {
    return {front().address, nullptr};
  }

  void tell_state(error reason = {}) {
    auto event = front().position.event(event_kind::state_changed);
    event.reason = std::move(reason);
    front().subscribers.deliver(event, origin());
    if (state->events)
      state->events->publish(event, nullptr);
  }

  void publish_state(client_state value) {
    auto now = clock->now();
    auto& stats = *state->stats;
    if (stats.state == client_state::ready)
      stats.was_ready_for(now - since);
    since = now;
    stats.state = value;
    front().position.state = value;
    stats.epoch = front().position.epoch;
  }
};

// -- the actor ----------------------------------------------------------------

class fake_clients::incarnation : public answering_actor<client_actor::base> {
public:
  using super = answering_actor<client_actor::base>;

  incarnation(caf::actor_config& cfg, std::shared_ptr<fake> ptr,
              const call_responder* answer_call)
    : super(cfg), fake_(std::move(ptr)), answer_call_(answer_call) {
    // nop
  }

  const char* name() const override {
    return "zenws.testing.client";
  }

  behavior_type make_behavior() override {
    caf_compat::on_down(*this, [this](const caf::actor_addr& source,
                                      const caf::error&) {
      front().subscribers.remove(source);
    });
    front().attach(*this);
    fake_->publish_state(client_state::connecting);
    fake_->tell_state();
    return {
      [this](send_text& request) { return send(std::move(request.payload)); },
      [this](send_binary& request) { return send(std::move(request.payload)); },
      [this](const get_status&) { return status(); },
      [this](const await_ready&) { return front().wait_until_ready(); },
      [this](const close_client&) { quit(); },
      [this](const subscribe& request) {
        add(request.subscriber, request.options);
        fake_->tell_state();
      },
      [this](const unsubscribe& request) -> caf::result<void> {
        if (!front().subscribers.remove(request.subscriber.address()))
          return make_error(ec::not_found);
        return caf::unit;
      },
      [this](const call& request) -> caf::result<rpc_result> {
        if (!is_ready())
          return make_error(ec::not_connected);
        fake_->sent.push_back(request.method);
        if (!*answer_call_)
          return make_error(ec::not_supported);
        auto answer = (*answer_call_)(request);
        if (!answer)
          return make_error(answer.error());
        return rpc_result{*answer};
      },
      [this](const subscribe_channels& request) {
        add(request.subscriber, request.options);
        channel_report report;
        for (auto& x : request.channels) {
          fake_->channels[x.name].insert(request.subscriber);
          report.outcomes.push_back({x.name, outcome_kind::granted});
        }
        return report;
      },
      [this](const unsubscribe_channels& request) {
        for (auto& x : request.channels)
          fake_->channels[x].erase(request.subscriber);
        std::erase_if(fake_->channels,
                      [](auto& x) { return x.second.empty(); });
      },
      [](const renew_channels&) {},
      [this](subscribe_market& x) {
        return caf_compat::delegate(*this, market(), std::move(x));
      },
      [this](unsubscribe_market& x) -> caf::result<void> {
        return caf_compat::delegate(*this, market(), std::move(x));
      },
      [this](renew_market& x) -> caf::result<void> {
        return caf_compat::delegate(*this, market(), std::move(x));
      },
      [this](get_books& x) -> caf::result<book_report> {
        // Without a source, nobody follows a book.
        if (!fake_->state->market)
          return book_report{};
        return caf_compat::delegate(*this, market(), std::move(x));
      },
      [](const get_heartbeat_health&) { return heartbeat_health{}; },
      [this](const get_state_metrics&) {
        state_metrics result;
        result.state = front().position.state;
        result.epoch = front().position.epoch;
        return result;
      },
    };
  }

protected:
  void before_end() override {
    fake_->publish_state(client_state::stopped);
    auto reason = fail_state() ? fail_state() : make_error(ec::client_stopped);
    front().fail_waiting(reason);
    front().detach();
    auto& state = *fake_->state;
    state.last_error = reason_of(state.last_error, fail_state());
    // Otherwise a supervisor decides whether this is the end.
    if (!state.front.address)
      state.tell_end(state.last_error,
                     {caf::strong_actor_ptr{ctrl()}, context()});
  }

  // As a client does: a kill would end the supervisor, which is linked to it.
  void end_with(caf::error& reason) override {
    if (reason == caf::exit_reason::kill)
      reason = make_error(error{ec::client_crashed, "killed"});
    super::end_with(reason);
  }

  void leave_unread() override {
    if (auto address = front().address)
      stable_address::take_back(address, ctrl(), [this] {
        return caf_compat::close_mailbox(*this);
      });
    else
      super::leave_unread();
    fake_->state.reset();
  }

private:
  client_front& front() const {
    return fake_->front();
  }

  bool is_ready() const {
    return front().position.state == client_state::ready;
  }

  caf::result<void> send(std::string payload) {
    if (!is_ready())
      return make_error(ec::not_connected);
    fake_->sent.push_back(std::move(payload));
    return caf::unit;
  }

  const market_source_actor& market() {
    auto& result = fake_->state->market;
    if (!result || caf_compat::has_ended(result))
      result = system().spawn<market_source>(
        market_options_of(*fake_->state, *this));
    return result;
  }

  void add(const caf::actor& actor, subscription_options options) {
    caf_compat::monitor(*this, actor);
    front().subscribers.add(actor, options);
  }

  client_status status() const {
    client_status result;
    result.id = fake_->id;
    result.name = front().position.name;
    result.state = front().position.state;
    result.epoch = front().position.epoch;
    result.channels = static_cast<uint32_t>(fake_->channels.size());
    return result;
  }

  std::shared_ptr<fake> fake_;
  const call_responder* answer_call_;
};

// -- constructors, destructors, and assignment operators ----------------------

fake_clients::fake_clients(caf::actor_system& sys)
  : system_(sys), events_(std::make_shared<event_stream>()) {
  // nop
}

fake_clients::~fake_clients() {
  events_->clear();
}

// -- starting -----------------------------------------------------------------

client_actor fake_clients::connect(client_spec spec) {
  durable_state_ptr state{new durable_state(std::move(spec))};
  state->events = events_;
  auto result = spawn_incarnation(std::move(state));
  caf_compat::start(result);
  return result;
}

client_actor fake_clients::spawn_incarnation(durable_state_ptr state) {
  auto& x = fakes_[state->spec.name];
  if (!x || x->id != state->front.position.id)
    x = std::make_shared<fake>(
      fake{.id = state->front.position.id, .clock = &system_.clock()});
  x->state = std::move(state);
  ++x->incarnations;
  auto result = system_.spawn<incarnation, caf::lazy_init>(x, &answer_call_);
  x->incarnation = result.address();
  return result;
}

// -- events of a client -------------------------------------------------------

fake_clients::fake& fake_clients::running(const std::string& name) {
  auto i = fakes_.find(name);
  if (i == fakes_.end() || !i->second->state)
    throw std::logic_error{"no client runs by the name of " + name};
  return *i->second;
}

void fake_clients::enter(const std::string& name, client_state state,
                         error reason) {
  auto& x = running(name);
  if (state == client_state::ready)
    ++x.front().position.epoch;
  x.publish_state(state);
  x.tell_state(std::move(reason));
  if (state == client_state::ready)
    x.front().tell_ready();
}

void fake_clients::receive(const std::string& name,
                           const std::vector<std::string>& texts) {
  auto& x = running(name);
  size_t bytes = 1;
  for (auto& text : texts)
    bytes += text.size();
  auto batch = slab_pool::make_unpooled(bytes, texts.size());
  for (auto& text : texts)
    batch->append(text, message_kind::text);
  auto& position = x.front().position;
  position.assign_sequence(*batch);
  x.state->stats->messages = position.next_sequence - 1;
  x.front().subscribers.deliver(
    batch, position.event(event_kind::state_changed), x.origin());
}

void fake_clients::fail(const std::string& name, const error& reason) {
  auto& x = running(name);
  x.state->last_error = reason;
  if (auto target = caf::actor_cast<caf::strong_actor_ptr>(x.incarnation))
    caf_compat::deliver(target, nullptr,
                        caf::exit_msg{x.incarnation, make_error(reason)},
                        nullptr);
}

void fake_clients::answer_calls(call_responder handler) {
  answer_call_ = std::move(handler);
}

// -- received requests -----------------------------------------------------

std::vector<std::string> fake_clients::sent(const std::string& name) const {
  auto i = fakes_.find(name);
  return i == fakes_.end() ? std::vector<std::string>{} : i->second->sent;
}

std::vector<std::string> fake_clients::channels(const std::string& name) const {
  std::vector<std::string> result;
  if (auto i = fakes_.find(name); i != fakes_.end())
    for (auto& [channel, subscribers] : i->second->channels)
      result.push_back(channel);
  return result;
}

size_t fake_clients::incarnations(const std::string& name) const {
  auto i = fakes_.find(name);
  return i == fakes_.end() ? 0 : i->second->incarnations;
}

bool fake_clients::is_running(const std::string& name) const {
  auto i = fakes_.find(name);
  return i != fakes_.end() && i->second->state;
}

// -- implementation of client_runtime --------------------------------------------

caf::actor_system& fake_clients::system() noexcept {
  return system_;
}

const event_stream_ptr& fake_clients::events() noexcept {
  return events_;
}

caf::error fake_clients::adopt(durable_state& client,
                               const client_actor& address,
                               const std::string& supervisor) {
  return make_error(
    registry_->add(registration_of(client, address, supervisor)));
}

const supervisor_registry_ptr& fake_clients::supervisors() noexcept {
  return supervisors_;
}

const client_registry_ptr& fake_clients::shared_registry() noexcept {
  return registry_;
}

} // namespace zenws::testing
