// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/venue.hpp"

#include "zenws/sim/endpoints.hpp"

#include <utility>

namespace zenws::sim {

namespace {

template <class... Fs>
struct overloaded : Fs... {
  using Fs::operator()...;
};

template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

bool speaks_of_market(service kind) noexcept {
  return kind == service::api || kind == service::binance
         || kind == service::binance_api || kind == service::bybit
         || kind == service::bybit_trade || kind == service::coinbase
         || kind == service::hyperliquid || kind == service::kraken
         || kind == service::kraken_private || kind == service::okx;
}

} // namespace

// -- constructors, destructors, and assignment operators ----------------------

venue::venue(boost::asio::io_context& ctx, const server_config& cfg,
             journal& log)
  : ctx_(ctx),
    cfg_(cfg),
    log_(log),
    feed_(ctx, cfg),
    orders_(cfg.api.max_orders),
    listener_(ctx, [this](loop_socket x) { accepted(std::move(x)); }),
    absence_(ctx.get_executor()),
    ping_interval_(cfg.binance.ping_interval) {
  // nop
}

venue::~venue() {
  // nop
}

// -- properties ---------------------------------------------------------------

const flood_buffer& venue::buffer_for(const flood_options& options) {
  auto key = std::pair{options.kind, options.size};
  return buffers_.try_emplace(key, options.kind, options.size).first->second;
}

// -- called by the server -----------------------------------------------------

std::optional<std::string> venue::open() {
  return listener_.open(cfg_.host, cfg_.port);
}

void venue::close() {
  listener_.close();
  absence_.cancel();
  kraken_guards_.stop();
  for (auto& [id, client] : std::exchange(connections_, {}))
    client->drop(disconnect::fin);
  feed_.stop();
}

std::optional<std::string> venue::apply(const fault& cause,
                                        const std::string& path) {
  auto each = [&](auto fun) {
    for (auto& client : affected(path))
      fun(*client);
  };
  auto each_server = [&](auto fun) {
    each([&](connection& c) {
      if (auto* server = c.server())
        fun(*server);
    });
  };
  std::optional<std::string> error;
  std::visit(
    overloaded{
      [&](const fault_drop& x) {
        each([&](connection& c) { c.drop(x.mode); });
      },
      [&](const fault_close& x) {
        each([&](connection& c) { c.close(x.code, x.reason); });
      },
      [&](const fault_cut& x) {
        each([&](connection& c) { c.cut_after(x.notice); });
      },
      [&](const fault_stall& x) {
        if (x.scope == reach::future_too)
          admission_.stall(path);
        each([](connection& c) { c.stall(); });
      },
      [&](const fault_resume&) {
        admission_.resume(path);
        each([](connection& c) { c.resume(); });
      },
      [&](const fault_mute_pings& x) {
        if (x.scope == reach::future_too)
          admission_.mute(path);
        each([](connection& c) { c.mute_pings(); });
      },
      [&](const fault_unmute_pings&) {
        admission_.unmute(path);
        each([](connection& c) { c.unmute_pings(); });
      },
      [&](const fault_refuse& x) { admission_.refuse(path, x); },
      [&](const fault_flap& x) { admission_.flap(path, x); },
      [&](const fault_accept&) { admission_.accept(path); },
      [&](const fault_gap& x) { feed_.skip_book_changes(x.changes); },
      [&](const fault_gone& x) { go(x); },
      [&](const fault_return&) { error = come_back(); },
      [&](const fault_fail_calls& x) { calls_.fail(path, x); },
      [&](const fault_answer_nothing& x) { calls_.ignore(path, x); },
      [&](const fault_maintenance& x) { maintain(x, path); },
      [&](const fault_notify_first& x) { calls_.notify_first(path, x); },
      [&](const fault_silence& x) {
        if (x.scope == reach::future_too)
          calls_.silence(path, x);
        each_server([&](endpoint& e) { e.silence(x.channel); });
      },
      [&](const fault_revoke& x) {
        each_server([&](endpoint& e) { e.revoke(x.channel, x.words); });
      },
      [&](const fault_malformed& x) {
        each_server([&](endpoint& e) { e.send_malformed(x.channel, x.mode); });
      },
      [&](const fault_expire_listen_key&) {
        each_server([](endpoint& e) { e.expire_listen_keys(); });
      },
      [&](const fault_expire_tokens&) { kraken_tokens_.expire_all(); },
      [&](const fault_rare_pings& x) {
        ping_interval_ = x.interval;
        each_server([](endpoint& e) { e.ping_interval_changed(); });
      },
      [&](const fault_recover&) { calls_.recover(path); },
    },
    cause);
  return error;
}

void venue::maintain(const fault_maintenance& cause, const std::string& path) {
  using std::chrono::steady_clock;
  std::optional<steady_clock::time_point> until;
  if (cause.duration.count() > 0)
    until = steady_clock::now() + cause.duration;
  calls_.maintain(path, until);
}

void venue::send_to(const std::string& path, const std::string& frame) {
  auto bytes = std::make_shared<const std::string>(frame);
  for (auto& client : affected(path))
    client->send(bytes);
}

void venue::go(const fault_gone& cause) {
  listener_.close();
  for (auto& client : affected(""))
    client->drop(cause.mode);
  absence_.cancel();
  if (cause.duration.count() == 0)
    return;
  absence_.expires_after(cause.duration);
  absence_.async_wait([this](auto ec) {
    if (!ec)
      come_back();
  });
}

std::optional<std::string> venue::come_back() {
  absence_.cancel();
  if (listener_.is_open())
    return std::nullopt;
  return listener_.open(cfg_.host, listener_.port());
}

// -- faults of calls and channels ---------------------------------------------

std::optional<call_verdict> venue::judge_call(const connection& client,
                                              std::string_view request) {
  if (calls_.empty())
    return std::nullopt;
  return calls_.judge(client.where().path, method_of(request),
                      std::chrono::steady_clock::now());
}

bool venue::notifies_first(const connection& client) {
  return calls_.notifies_first(client.where().path);
}

bool venue::silences(const connection& client, std::string_view channel) const {
  return calls_.silences(client.where().path, channel);
}

void venue::penalize(const connection& client) {
  auto now = std::chrono::steady_clock::now();
  std::erase_if(penalties_, [now](const auto& x) { return x.second <= now; });
  if (cfg_.binance.penalty.count() > 0)
    penalties_[client.host()] = now + cfg_.binance.penalty;
}

bool venue::penalizes(const connection& client) const {
  auto i = penalties_.find(client.host());
  return i != penalties_.end() && std::chrono::steady_clock::now() < i->second;
}

// -- called by connections ----------------------------------------------------

std::variant<route, http_refusal> venue::judge(const upgrade_request& request) {
  log_.add(request);
  auto where = parse_route(request.target);
  if (auto* problem = std::get_if<std::string>(&where))
    return http_refusal{400, {}, *problem + '\n'};
  auto& result = std::get<route>(where);
  if (auto refusal = admission_.refusal_for(result.path))
    return std::move(*refusal);
  // Binance answers upgrades in a maintenance by 503, see
  // https://developers.binance.com/docs/binance-spot-api-docs/rest-api
  auto is_binance = result.kind == service::binance
                    || result.kind == service::binance_api;
  if (is_binance
      && calls_.maintains(result.path, std::chrono::steady_clock::now()))
    return http_refusal{503, {}, "Service Unavailable\n"};
  if (auto objection = check_upgrade(request))
    return std::move(*objection);
  if (recording_ && speaks_of_market(result.kind))
    result.kind = service::replay;
  if (!recording_ && result.kind == service::replay)
    return http_refusal{404, {}, "there is no capture to replay\n"};
  return std::move(result);
}

std::unique_ptr<endpoint> venue::make_endpoint(connection& client) {
  return sim::make_endpoint(*this, client);
}

std::string venue::execute(std::string_view command) {
  return execute_command(*this, command);
}

void venue::opened(connection& client) {
  log_.count([](server_stats& x) { ++x.connections; });
  const auto& path = client.where().path;
  if (admission_.stalls(path))
    client.stall();
  if (admission_.mutes(path))
    client.mute_pings();
  if (auto mode = admission_.flap_after_upgrade(path))
    client.drop_when_written(*mode);
}

void venue::closed(connection&) {
  log_.count([](server_stats& x) { --x.connections; });
}

void venue::record(const connection& client, const message& received) {
  received_message entry;
  entry.connection = client.id();
  entry.path = client.where().path;
  entry.time = std::chrono::steady_clock::now();
  entry.text = received.payload;
  if (received.op == opcode::binary)
    entry.kind = message_kind::binary;
  if (received.op == opcode::close) {
    entry.kind = message_kind::close;
    entry.close_code = close_code(received.payload).value_or(0);
    entry.text.erase(0, 2);
  }
  log_.add(std::move(entry));
}

void venue::remove(connection& client) {
  connections_.erase(client.id());
}

void venue::accepted(loop_socket socket) {
  log_.count([](server_stats& x) { ++x.accepted_total; });
  auto client = make_connection(*this, ++last_id_, std::move(socket),
                                tls_ ? &*tls_ : nullptr);
  if (auto mode = admission_.flap_after_accept())
    return client->drop(*mode);
  connections_.emplace(client->id(), client);
  client->start();
}

// Leaves out control connections, and none but the open ones have a path.
std::vector<std::shared_ptr<connection>>
venue::affected(const std::string& path) const {
  std::vector<std::shared_ptr<connection>> result;
  for (auto& [id, client] : connections_) {
    const auto& where = client->where();
    if (where.kind != service::control && (path.empty() || where.path == path))
      result.push_back(client);
  }
  return result;
}

} // namespace zenws::sim
