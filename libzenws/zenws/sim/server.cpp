// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/server.hpp"

#include "zenws/sim/net/frame.hpp"
#include "zenws/sim/net/tls_context.hpp"
#include "zenws/sim/venue.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <fstream>
#include <future>
#include <mutex>
#include <thread>
#include <utility>

namespace zenws::sim {

namespace {

namespace asio = boost::asio;

constexpr size_t max_ping_payload = 125;

} // namespace

// -- implementation -----------------------------------------------------------

struct server::impl {
  explicit impl(server_config config)
    : cfg(std::move(config)), log(cfg.limits.max_log_entries), ctx(1) {
    // nop
  }

  std::optional<std::string> prepare() {
    if (auto problem = problem_of(cfg))
      return problem;
    if (cfg.transport == transport::tls) {
      auto tls = make_tls_context(cfg.tls, ca);
      if (auto* error = std::get_if<std::string>(&tls))
        return *error;
      exchange.use(std::get<0>(std::move(tls)));
    }
    if (!cfg.capture_file.empty()) {
      auto recording = load_capture(cfg.capture_file);
      if (auto* error = std::get_if<std::string>(&recording))
        return "capture: " + *error;
      exchange.use(std::get<capture>(std::move(recording)));
    }
    return std::nullopt;
  }

  // Runs `fun` on the loop's thread and waits for it. Does nothing if the
  // server does not run.
  template <class Fun>
  auto run(Fun fun) -> decltype(fun()) {
    std::lock_guard guard{control_mutex};
    if (!thread.joinable())
      return decltype(fun())();
    std::packaged_task<decltype(fun())()> task{std::move(fun)};
    auto result = task.get_future();
    asio::post(ctx, [&task] { task(); });
    return result.get();
  }

  server_config cfg;
  journal log;
  certificate_authority ca;
  asio::io_context ctx;
  venue exchange{ctx, cfg, log};
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>>
    work;
  std::mutex control_mutex;
  std::thread thread;
  uint16_t port = 0;
  bool stopped = false;
};

// -- constructors, destructors, and assignment operators ----------------------

server::server(server_config cfg)
  : impl_(std::make_unique<impl>(std::move(cfg))) {
  // nop
}

server::~server() {
  stop();
}

// -- life ---------------------------------------------------------------------

std::optional<std::string> server::start() {
  if (impl_->stopped || impl_->thread.joinable())
    return "a server starts once";
  if (auto error = impl_->prepare())
    return error;
  if (auto error = impl_->exchange.open())
    return error;
  impl_->port = impl_->exchange.port();
  impl_->work.emplace(impl_->ctx.get_executor());
  std::lock_guard guard{impl_->control_mutex};
  impl_->thread = std::thread{[this] { impl_->ctx.run(); }};
  return std::nullopt;
}

void server::stop() {
  impl_->stopped = true;
  impl_->run([this] { impl_->exchange.close(); });
  std::lock_guard guard{impl_->control_mutex};
  impl_->work.reset();
  if (impl_->thread.joinable())
    impl_->thread.join();
}

// -- properties ---------------------------------------------------------------

uint16_t server::port() const noexcept {
  return impl_->port;
}

std::string server::url(std::string_view path) const {
  auto scheme = impl_->cfg.transport == transport::tls ? "wss://" : "ws://";
  const auto& host = impl_->cfg.host;
  auto is_v6 = host.find(':') != std::string::npos;
  return scheme + (is_v6 ? '[' + host + ']' : host) + ':'
         + std::to_string(port()) + std::string{path};
}

const std::string& server::ca_pem() const noexcept {
  return impl_->ca.pem();
}

std::optional<std::string> server::write_ca(const std::string& path) const {
  std::ofstream out{path, std::ios::binary | std::ios::trunc};
  out << ca_pem();
  out.close();
  if (!out)
    return "cannot write " + path;
  return std::nullopt;
}

credentials server::issue_client(const std::string& common_name) const {
  return impl_->ca.issue_client(common_name);
}

// -- observation --------------------------------------------------------------

uint64_t server::connection_count() const {
  return stats().connections;
}

uint64_t server::upgrades_total() const {
  return stats().upgrades_total;
}

server_stats server::stats() const {
  return impl_->log.stats();
}

const journal& server::log() const noexcept {
  return impl_->log;
}

std::vector<received_message> server::received() const {
  return impl_->log.received();
}

bool server::wait_for(const journal::message_predicate& pred,
                      std::chrono::milliseconds timeout) const {
  return impl_->log.wait_for(pred, timeout);
}

bool server::wait_for_connections(uint64_t count,
                                  std::chrono::milliseconds timeout) const {
  auto pred = [count](const server_stats& x) { return x.connections == count; };
  return impl_->log.wait_for_stats(pred, timeout);
}

void server::clear_log() {
  impl_->log.clear();
}

std::vector<order> server::orders() const {
  return impl_->run([this] { return impl_->exchange.orders().all(); });
}

size_t server::count_orders(std::string_view label) const {
  auto found = orders();
  auto pred = [label](const order& x) { return x.label == label; };
  return static_cast<size_t>(std::ranges::count_if(found, pred));
}

std::string server::issue_token(std::string_view account) {
  return impl_->run([&] {
    return impl_->exchange.kraken_account_tokens().issue(
      account, std::chrono::steady_clock::now());
  });
}

// -- control ------------------------------------------------------------------

std::optional<std::string> server::apply(const fault& cause,
                                         const std::string& path) {
  return impl_->run([&] { return impl_->exchange.apply(cause, path); });
}

void server::stop_listening(disconnect mode) {
  apply(fault_gone{mode});
}

std::optional<std::string> server::listen_again() {
  return apply(fault_return{});
}

void server::broadcast(std::string_view text, const std::string& path) {
  send_bytes(encode_frame(opcode::text, text), path);
}

void server::ping(std::string_view payload, const std::string& path) {
  auto frame = encode_frame(opcode::ping, payload.substr(0, max_ping_payload));
  send_bytes(frame, path);
}

void server::send_bytes(std::string_view bytes, const std::string& path) {
  impl_->run([&] { impl_->exchange.send_to(path, std::string{bytes}); });
}

} // namespace zenws::sim
