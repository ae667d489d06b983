// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/nodes/gateway.hpp"

#include "zenws/nodes/internal/node_relay.hpp"
#include "zenws/nodes/internal/node_transport.hpp"

#include <boost/asio/ip/address.hpp>

#include <set>
#include <utility>

namespace zenws {

namespace {

bool is_loopback(const std::string& address) {
  if (address == "localhost")
    return true;
  boost::system::error_code failure;
  auto parsed = boost::asio::ip::make_address(address, failure);
  return !failure && parsed.is_loopback();
}

} // namespace

std::vector<config_problem> validate(const gateway_config& cfg, bool tls) {
  std::vector<config_problem> result;
  if (cfg.name.empty())
    result.push_back({"name", "must not be empty"});
  if (cfg.silence_limit < std::chrono::milliseconds{20})
    result.push_back({"silence_limit", "must be at least 20 ms"});
  if (cfg.max_nodes == 0)
    result.push_back({"max_nodes", "must not be 0"});
  for (auto& [name, desk] : cfg.desks)
    if (name.empty() || !desk)
      result.push_back({"desks", "each needs a name and an address"});
  if (cfg.max_stream_bytes == 0)
    result.push_back({"max_stream_bytes", "must not be 0"});
  if (cfg.bind.empty())
    result.push_back({"bind", "must not be empty"});
  else if (!tls && !cfg.insecure_plaintext && !is_loopback(cfg.bind))
    result.push_back({"bind", cfg.bind
                                + " is not this machine's loopback, and there "
                                  "is no TLS: anybody could trade. Configure "
                                  "tls, or set insecure_plaintext"});
  return result;
}

bool has_node_tls(caf::actor_system& sys) {
  return sys.has_openssl_manager();
}

// -- constructors, destructors, and assignment operators ----------------------

gateway::gateway(caf::actor_config& cfg, gateway_config options, runtime& host,
                 client_supervisor_actor supervisor,
                 std::shared_ptr<gateway_stats> stats)
  : super(cfg),
    options_(std::move(options)),
    host_(host),
    supervisor_(std::move(supervisor)),
    stats_(std::move(stats)) {
  // nop
}

// -- implementation of local_actor --------------------------------------------

const char* gateway::name() const {
  return "zenws.gateway";
}

gateway::behavior_type gateway::make_behavior() {
  caf_compat::log_unhandled(*this);
  caf_compat::on_down(*this, [this](const caf::actor_addr& source,
                                    const caf::error& reason) {
    if (source == supervisor_.address())
      return shut_down(reason);
    std::erase_if(nodes_, [&](auto& x) {
      if (x.relay.address() != source)
        return false;
      stats_->remove(x.stats);
      return true;
    });
    if (leaving_ && nodes_.empty())
      quit(exit_reason_);
  });
  caf_compat::on_exit_message(*this, [this](const caf::actor_addr&,
                                            const caf::error& reason) {
    shut_down(reason);
  });
  caf_compat::monitor(*this, supervisor_);
  return {
    [this](start_client& request) {
      return caf_compat::delegate(*this, supervisor_, std::move(request));
    },
    [this](stop_client& request) {
      return caf_compat::delegate(*this, supervisor_, std::move(request));
    },
    [this](restart_client& request) {
      return caf_compat::delegate(*this, supervisor_, std::move(request));
    },
    [this](list_clients request) {
      return caf_compat::delegate(*this, supervisor_, request);
    },
    [this](count_clients request) {
      return caf_compat::delegate(*this, supervisor_, request);
    },
    [this](get_limits request) {
      return caf_compat::delegate(*this, supervisor_, request);
    },
    [this](get_tree) { return tree(); },
    [this](const join_gateway& request) { return join(request); },
  };
}

// -- nodes --------------------------------------------------------------------

caf::result<gateway_session> gateway::join(const join_gateway& request) {
  if (leaving_)
    return make_error(error{ec::runtime_stopped, options_.name});
  if (request.protocol != node_protocol)
    return make_error(error{ec::not_supported,
                            "node protocol " + std::to_string(request.protocol)
                              + ", this gateway speaks "
                              + std::to_string(node_protocol)});
  if (!request.connector)
    return make_error(error{ec::invalid_config, "link: is missing"});
  if (nodes_.size() >= options_.max_nodes)
    return make_error(
      error{ec::child_limit, std::to_string(options_.max_nodes) + " nodes"});
  node fresh{.name = request.node, .stats = std::make_shared<relay_stats>()};
  fresh.relay = host_.spawn_on_loop<node_relay>(
    joined_++ % host_.num_loops(), host_,
    relay_options{.gateway = options_.name,
                  .node = request.node,
                  .connector = request.connector,
                  .events = request.events,
                  .silence_limit = options_.silence_limit,
                  .allow_backpressure = options_.allow_backpressure,
                  .max_stream_bytes = options_.max_stream_bytes,
                  .supervisor = supervisor_,
                  .desks = options_.desks},
    fresh.stats);
  // Before the node is told that it is there: nothing that happens from then on
  // escapes it.
  if (request.events)
    host_.watch(caf::actor_cast<caf::actor>(fresh.relay));
  caf_compat::monitor(*this, fresh.relay);
  nodes_.push_back(fresh);
  stats_->add({fresh.name, fresh.stats});
  return gateway_session{options_.name, fresh.relay, options_.silence_limit};
}

caf::result<tree_node> gateway::tree() {
  auto promise = make_response_promise();
  request(supervisor_, caf::infinite, get_tree{})
    .then(
      [=, this](tree_node& clients) mutable {
        tree_node result{.name = options_.name, .kind = child_kind::supervisor};
        result.state = leaving_ ? "leaving" : "running";
        result.details = {{"nodes", std::to_string(nodes_.size())}};
        result.children.push_back(std::move(clients));
        for (auto& [name, desk] : options_.desks)
          result.children.push_back({.name = name, .state = "desk"});
        for (auto& x : nodes_)
          result.children.push_back(
            {.name = x.name,
             .kind = child_kind::worker,
             .state = "node",
             .details
             = {{"streams", std::to_string(x.stats->streams.get())},
                {"batches", std::to_string(x.stats->batches.get())},
                {"waiting",
                 std::to_string(x.stats->waiting_bytes.get()) + " B"}}});
        promise.deliver(std::move(result));
      },
      [=](caf::error& reason) mutable { promise.deliver(std::move(reason)); });
  return caf::delegated<tree_node>{};
}

void gateway::shut_down(const caf::error& reason) {
  exit_reason_ = reason;
  leaving_ = true;
  if (nodes_.empty())
    return quit(reason);
  for (auto& x : nodes_)
    send_exit(x.relay, caf::exit_reason::user_shutdown);
}

// -- listening ----------------------------------------------------------------

caf::expected<std::unique_ptr<gateway_server>>
gateway_server::start(runtime& host, client_supervisor_actor supervisor,
                      gateway_config cfg) {
  auto& sys = host.system();
  auto tls = has_node_tls(sys);
  if (auto problems = validate(cfg, tls); !problems.empty())
    return make_error(as_error(problems));
  auto transport = start_transport(sys, {.tls = tls});
  auto stats = std::make_shared<gateway_stats>();
  auto offered = sys.spawn<gateway>(cfg, host, std::move(supervisor), stats);
  std::unique_ptr<gateway_server> result{new gateway_server{
    sys, std::move(transport), std::move(offered), std::move(stats)}};
  if (auto problem = result->listen(cfg))
    return problem;
  return result;
}

gateway_server::~gateway_server() {
  stop();
}

caf::error gateway_server::listen(const gateway_config& cfg) {
  caf::scoped_actor self{system_};
  caf::error failure;
  self
    ->request(transport_, caf::infinite, caf_compat::publish, cfg.port,
              caf::actor_cast<caf::strong_actor_ptr>(gateway_),
              caf_compat::message_types<gateway_actor>(system_), cfg.bind, true)
    .receive([this](uint16_t port) { port_ = port; },
             [&](caf::error& reason) { failure = std::move(reason); });
  if (!failure)
    return {};
  return make_error(
    error{ec::invalid_config, "cannot listen at " + cfg.bind + ':'
                                + std::to_string(cfg.port) + ": "
                                + caf_compat::to_text(failure)});
}

void gateway_server::stop() {
  if (!gateway_)
    return;
  caf::scoped_actor self{system_};
  if (port_ != 0)
    self
      ->request(transport_, caf::infinite, caf_compat::unpublish,
                gateway_.address(), port_)
      .receive([] {}, [](const caf::error&) {});
  self->send_exit(gateway_, caf::exit_reason::user_shutdown);
  self->wait_for(gateway_);
  gateway_ = nullptr;
  stop_transport(system_, transport_);
  transport_ = nullptr;
}

} // namespace zenws
