// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/monitor.hpp"

#include "zenws/monitor/internal/http_server.hpp"
#include "zenws/monitor/internal/site.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <thread>
#include <utility>

namespace zenws {

using namespace monitoring;

struct monitor::parts {
  parts(runtime& where, monitor_options settings)
    : host(where), options(std::move(settings)) {
    // nop
  }

  runtime& host;
  monitor_options options;
  event_ring_ptr events = std::make_shared<event_ring>();

  // Shared with actors that post to it, however late.
  std::shared_ptr<boost::asio::io_context> context
    = std::make_shared<boost::asio::io_context>(1);

  http_server server{*context, http_limits{}};
  caf::actor source;
  std::unique_ptr<site> content;
  std::thread thread;
};

// -- constructors, destructors, and assignment operators ----------------------

caf::expected<std::unique_ptr<monitor>> start_monitor(runtime& host,
                                                      monitor_options options) {
  if (auto problems = validate(options); !problems.empty())
    return make_error(as_error(problems));
  auto parts = std::make_unique<monitor::parts>(host, std::move(options));
  auto& x = *parts;
  if (auto problem = x.server.listen(x.options.bind, x.options.port))
    return make_error(problem);
  x.source = host.system().spawn<gatherer>(host, x.options, x.events);
  x.content = std::make_unique<site>(x.context, host, x.options,
                                     x.server.port(), x.source, x.events);
  x.server.start([&to = *x.content](const http_session_ptr& session) {
    to.handle(session);
  });
  x.thread = std::thread{[context = x.context] { context->run(); }};
  return std::unique_ptr<monitor>{new monitor{std::move(parts)}};
}

monitor::monitor(std::unique_ptr<parts> content) noexcept
  : parts_(std::move(content)) {
  // nop
}

monitor::~monitor() {
  stop();
}

// -- properties ---------------------------------------------------------------

uint16_t monitor::port() const noexcept {
  return parts_->server.port();
}

std::string monitor::url() const {
  auto& bind = parts_->options.bind;
  auto is_v6 = bind.find(':') != std::string::npos;
  return "http://" + (is_v6 ? '[' + bind + ']' : bind) + ':'
         + std::to_string(port()) + '/';
}

// -- stopping -----------------------------------------------------------------

void monitor::stop() {
  if (!parts_->thread.joinable())
    return;
  boost::asio::post(*parts_->context, [this] {
    parts_->server.close();
    parts_->content->close();
  });
  parts_->thread.join();
  caf::scoped_actor self{parts_->host.system()};
  self->monitor(parts_->source);
  self->send_exit(parts_->source, caf::exit_reason::user_shutdown);
  self->receive([](const caf::down_msg&) {});
}

} // namespace zenws
