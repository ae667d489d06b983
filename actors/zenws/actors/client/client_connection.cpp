#include "zenws/actors/client/client.hpp"

#include <exception>
#include <utility>

/// How a client connects, and what it makes of what happens on its links.
namespace zenws {

namespace {

// What may be held back until a successor takes over.
constexpr size_t max_held_bytes = 16 * 1024 * 1024;

// Calls a provider of the user's, whose exceptions are errors.
template <class F>
auto guarded(const F& provide) -> decltype(provide()) {
  auto failed = [](std::string why) {
    return error{ec::provider_failed, std::move(why)};
  };
  try {
    auto result = provide();
    // What no waiting cures is to be told as it is.
    if (!result && result.error().code != ec::provider_failed
        && class_of(result.error()) != error_class::fatal)
      return failed(to_string(result.error()));
    return result;
  } catch (const std::exception& ex) {
    return failed(ex.what());
  } catch (...) {
    return failed("unknown exception");
  }
}

} // namespace

// -- client_connection --------------------------------------------------------------

// Whatever the client does about it, the link lives until it has returned.

void client_connection::on_phase(client_state phase, std::string_view where) {
  auto guard = shared_from_this();
  address = where;
  owner_.entered(*this, phase);
}

void client_connection::on_open(std::string_view) {
  auto guard = shared_from_this();
  is_open = true;
  owner_.opened(*this);
}

void client_connection::on_messages(slab_ptr messages) {
  auto guard = shared_from_this();
  owner_.received(*this, messages);
}

void client_connection::on_pong(std::string_view payload) {
  auto guard = shared_from_this();
  owner_.ponged(*this, payload);
}

void client_connection::on_ping() {
  auto guard = shared_from_this();
  owner_.pinged(*this);
}

void client_connection::on_written() {
  auto guard = shared_from_this();
  owner_.written(*this);
}

void client_connection::on_closed(error reason) {
  auto guard = shared_from_this();
  socket = nullptr;
  owner_.closed(*this, std::move(reason));
}

// -- what happens on links ----------------------------------------------------

void client::entered(client_connection& where, client_state phase) {
  io_loop::turn guard{home()};
  if (&where == link_.get() || &where == successor_.get())
    follow(session_.entered(phase, where.address, clock::now()));
}

void client::opened(client_connection& where) {
  io_loop::turn guard{home()};
  if (&where == successor_.get())
    return follow(session_.successor_opened(clock::now()));
  // The login and the restore must be read, whoever is slow.
  paused_until_ = std::nullopt;
  state_->subscribers.shed_congested();
  early_.clear();
  follow(session_.opened(clock::now()));
}

void client::received(client_connection& where, const slab_ptr& messages) {
  io_loop::turn guard{home()};
  if (&where == successor_.get())
    hold_back(messages);
  else
    deliver(messages);
}

void client::ponged(client_connection& where, std::string_view payload) {
  io_loop::turn guard{home()};
  tape(recorded_direction::in, recorded_type::pong, payload);
  if (&where == link_.get())
    follow(session_.pong(payload, clock::now()));
}

void client::pinged(client_connection&) {
  io_loop::turn guard{home()};
  tape(recorded_direction::in, recorded_type::ping, {});
  follow(session_.peer_pinged(clock::now()));
}

void client::written(client_connection& where) {
  io_loop::turn guard{home()};
  ++messages_sent_;
  promises_.answer(where.unwritten.pop());
}

void client::closed(client_connection& where, error reason) {
  io_loop::turn guard{home()};
  if (reason.refusal != nullptr && where.has_credentials) {
    auto refusal = std::make_shared<upgrade_refusal>(*reason.refusal);
    refusal->sent_credentials = true;
    reason.refusal = std::move(refusal);
  }
  if (reason.close_code != 0)
    tape_close(recorded_direction::in, reason.close_code, reason.detail);
  auto now = clock::now();
  if (&where == successor_.get()) {
    end(successor_);
    follow(session_.successor_lost(std::move(reason), now));
  } else {
    end(link_);
    follow(session_.lost(std::move(reason), now, jitter()));
  }
}

void client::end(link_ptr& which) {
  if (!which)
    return;
  auto gone = std::exchange(which, nullptr);
  gone->abandon();
  for (auto token : gone->unwritten.rest()) {
    if (token == 0)
      continue;
    ++sends_failed_;
    promises_.answer(token, make_error(ec::disconnected));
  }
}

// -- connecting ---------------------------------------------------------------

void client::perform(action::dial& what) {
  end(link_);
  link_ = std::make_shared<client_connection>(*this);
  find_out_where(link_, what.attempt);
}

void client::perform(action::dial_successor&) {
  end(successor_);
  successor_ = std::make_shared<client_connection>(*this);
  find_out_where(successor_, session_.attempts());
}

void client::perform(action::adopt_successor&) {
  end(link_);
  link_ = std::exchange(successor_, nullptr);
}

void client::perform(action::promote_successor&) {
  end(link_);
  link_ = std::exchange(successor_, nullptr);
  deliver_held();
  resume_reading();
}

void client::perform(action::drop&) {
  end(link_);
  end(successor_);
  held_.clear();
  held_bytes_ = 0;
}

void client::find_out_where(const link_ptr& which, uint64_t attempt) {
  auto& spec = state_->spec;
  dial_parameters params{spec.config.url, spec.config.headers};
  auto use = [this](client_connection& link,
                    const result<dial_parameters>& where) {
    dial(link, where);
  };
  if (spec.dial_actor) {
    ask_actor<dial_parameters>(which, spec.dial_actor,
                               get_dial_parameters{params, attempt}, use);
  } else if (spec.provider) {
    auto provide = [provider = spec.provider, params, attempt] {
      return provider(params, attempt);
    };
    ask_provider(which, provide, use);
  } else {
    dial(*which, params);
  }
}

void client::dial(client_connection& which,
                  const result<dial_parameters>& where) {
  auto target = where ? target_for(*where) : result<dial_target>{where.error()};
  if (!target)
    return closed(which, target.error());
  for (auto& secret : target->url.secrets())
    state_->secrets->add(std::move(secret));
  for (auto& field : target->headers)
    state_->secrets->add(field.value);
  which.has_credentials = !target->headers.empty()
                          || target->url.target.find('?') != std::string::npos;
  auto attempt = connection::dial(home().context(), home().slabs(),
                                  state_->spec.config, std::move(*target),
                                  which);
  if (!attempt)
    return closed(which, attempt.error());
  which.socket = std::move(*attempt);
}

result<dial_target> client::target_for(const dial_parameters& where) const {
  if (state_->spec.provider || state_->spec.dial_actor) {
    auto checked = state_->spec.config;
    checked.url = where.url;
    checked.headers = where.headers;
    if (auto problems = validate(checked); !problems.empty())
      return as_error(problems);
  }
  auto parsed = parse_url(where.url);
  if (!parsed)
    return parsed.error();
  return dial_target{std::move(*parsed), where.headers, state_->addresses};
}

// -- asking providers ---------------------------------------------------------

void client::perform(action::get_credentials&) {
  auto use = [this](client_connection&, const result<credentials>& who) {
    if (who)
      for (auto& secret : {who->secret, who->passphrase})
        state_->secrets->add(secret);
    follow(
      session_.authorized(who, std::chrono::system_clock::now(), clock::now()));
  };
  auto& spec = state_->spec;
  if (spec.credentials_actor)
    ask_actor<credentials>(write_connection(), spec.credentials_actor,
                           get_credentials{}, use);
  else if (spec.credentials)
    ask_provider(write_connection(), spec.credentials, use);
  else
    use(*write_connection(),
        error{ec::invalid_config, "login needs client_spec::credentials"});
}

template <class F, class G>
void client::ask_provider(const link_ptr& whom_for, F provide, G use) {
  using answer_type = decltype(provide());
  auto aside = [self = caf::strong_actor_ptr{ctrl()},
                link = std::weak_ptr<client_connection>{whom_for}, provide,
                use] {
    auto answer = std::make_shared<answer_type>(guarded(provide));
    auto resume = [link, use, answer] {
      if (auto alive = link.lock())
        use(*alive, *answer);
    };
    caf_compat::deliver(self, nullptr, detail::continuation{resume}, nullptr);
  };
  caf_compat::run_aside(home().system(), std::move(aside));
}

template <class T, class Request, class G>
void client::ask_actor(const link_ptr& whom_for, const caf::actor& provider,
                       Request what, G use) {
  auto pass_on = [link = std::weak_ptr<client_connection>{whom_for},
                  use](const result<T>& answer) {
    if (auto alive = link.lock())
      use(*alive, answer);
  };
  request(provider, state_->spec.config.handshake_timeout, std::move(what))
    .then([pass_on](const T& answer) { pass_on(answer); },
          [pass_on](const caf::error& why) {
            pass_on(error{ec::provider_failed, caf_compat::to_text(why)});
          });
}

// -- holding back -------------------------------------------------------------

void client::hold_back(const slab_ptr& messages) {
  auto now = clock::now();
  session_actions out;
  held_messages held{messages, {}};
  uint32_t index = 0;
  for (auto& entry : *messages) {
    auto what = read(entry, now, out);
    if (what.is_data())
      held.data.push_back({index, std::string{what.channel},
                           what.what != inbound_kind::unclaimed});
    ++index;
  }
  held_.push_back(std::move(held));
  held_bytes_ += messages->footprint();
  follow(std::move(out));
  if (held_bytes_ <= max_held_bytes || !successor_)
    return;
  if (session_.draining()) {
    successor_->socket->pause_reading();
  } else {
    end(successor_);
    follow(session_.successor_lost(
      error{ec::connection_lost, "too much data before the channels were back"},
      now));
  }
}

void client::deliver_held() {
  held_bytes_ = 0;
  for (auto& [messages, data] : std::exchange(held_, {})) {
    number(messages);
    tape(messages, 0, static_cast<uint32_t>(messages->count()));
    auto& dialect = session_.protocol().venue_dialect();
    auto& channels = session_.protocol().subscriptions();
    for (auto& [index, channel, is_claimed] : data)
      state_->subscribers.select(
        index, channels.subscribers_of(is_claimed ? std::string_view{channel}
                                                  : dialect.channel_of(channel)));
    apply_backpressure(deliver_selected(messages));
  }
}

} // namespace zenws
