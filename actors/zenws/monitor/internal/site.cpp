// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/monitor/internal/site.hpp"

#include "zenws/json/json_value.hpp"
#include "zenws/monitor/internal/page.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace zenws::monitoring {

namespace {

program_info info_of(runtime& host, const monitor_options& options) {
  return {.name = options.program,
          .node = caf::to_string(host.system().node()),
          .started = std::chrono::system_clock::now(),
          .has_actions = !options.token.empty()};
}

std::string_view content_type_of(std::string_view file) {
  if (file.ends_with(".html"))
    return "text/html; charset=utf-8";
  if (file.ends_with(".js"))
    return "text/javascript; charset=utf-8";
  if (file.ends_with(".css"))
    return "text/css; charset=utf-8";
  return file.ends_with(".svg") ? "image/svg+xml" : "application/octet-stream";
}

http_response bad_parameter(const error& problem) {
  return error_response(http::status::bad_request, problem.detail);
}

http::status status_of(ec code) {
  switch (code) {
    case ec::not_found:
      return http::status::not_found;
    case ec::already_exists:
    case ec::child_down:
    case ec::not_connected:
      return http::status::conflict;
    case ec::outcome_unknown:
    case ec::runtime_stopped:
      return http::status::service_unavailable;
    default:
      return http::status::unprocessable_entity;
  }
}

std::string remedy_of(const error& failure) {
  switch (failure.code) {
    case ec::not_found:
      return "Look at the names in clients.json and state.json.";
    case ec::already_exists:
      return "To begin it anew, restart it.";
    case ec::outcome_unknown:
      return "It may have had its effect or not: look at the state.";
    default:
      return explain(failure).remedy;
  }
}

http_response outcome_response(const command& order, const error& failure) {
  if (failure)
    return error_response(status_of(failure.code),
                          failure.detail.empty() ? to_string(failure)
                                                 : failure.detail,
                          remedy_of(failure));
  auto text = quoted_json("done: " + describe(order));
  return json_response(R"({"result":)" + text.value_or(R"("done")") + '}');
}

} // namespace

// -- routes -------------------------------------------------------------------

/// Who may use a route.
enum class access_level : uint8_t { everybody, readers, operators };

struct site::route {
  std::string_view path;
  http::verb method;
  access_level level;
  void (site::*handle)(const http_session_ptr&, const parameters&);
};

const site::route* site::find_route(std::string_view path) {
  using enum access_level;
  constexpr auto get = http::verb::get;
  constexpr auto post = http::verb::post;
  static constexpr std::array<route, 11> routes{{
    {"/healthz", get, everybody, &site::show_health},
    {"/readyz", get, everybody, &site::show_readiness},
    {"/login", post, everybody, &site::log_in},
    {"/metrics", get, readers, &site::show_metrics},
    {"/state.json", get, readers, &site::show_state},
    {"/tree.json", get, readers, &site::show_tree},
    {"/clients.json", get, readers, &site::show_clients},
    {"/client.json", get, readers, &site::show_client},
    {"/events.json", get, readers, &site::show_events},
    {"/updates", get, readers, &site::stream_updates},
    {"/actions", post, operators, &site::act},
  }};
  auto i = std::ranges::find(routes, path, &route::path);
  return i != routes.end() ? &*i : nullptr;
}

// -- constructors, destructors, and assignment operators ----------------------

site::site(std::shared_ptr<boost::asio::io_context> context, runtime& host,
           const monitor_options& options, uint16_t port, caf::actor source,
           event_ring_ptr events)
  : context_(std::move(context)),
    host_(host),
    options_(options),
    program_(info_of(host, options)),
    access_(options.token, options.bind, port),
    events_(std::move(events)),
    state_(std::make_shared<live_state>(context_, source, events_)),
    health_(std::make_shared<health_check>(context_, host, source)),
    streams_(*context_, program_, state_) {
  // nop
}

// -- requests -----------------------------------------------------------------

void site::handle(const http_session_ptr& session) {
  auto& request = session->request();
  auto target = parse_target(request.target());
  if (!target)
    return session->answer(bad_parameter(target.error()));
  if (!access_.is_for_us(request))
    return session->answer(
      error_response(http::status::forbidden, "the Host is not this server",
                     "Open http://127.0.0.1 with the port."));
  auto* found = find_route(target->path);
  if (found == nullptr)
    return show_page(session, target->path);
  if (auto refusal = refusal_of(*found, request))
    return session->answer(std::move(*refusal));
  (this->*found->handle)(session, target->values);
}

std::optional<http_response>
site::refusal_of(const route& to, const http_request& request) const {
  auto method = request.method();
  if (method != to.method
      && !(method == http::verb::head && to.method == http::verb::get)) {
    auto result = error_response(http::status::method_not_allowed,
                                 "the method is not allowed");
    result.set(http::field::allow, http::to_string(to.method));
    return result;
  }
  // A page of another site can send a form, but neither JSON nor our Origin.
  if (method == http::verb::post
      && (!access_.is_from_us(request)
          || !header_of(request, http::field::content_type)
                .starts_with("application/json")))
    return error_response(http::status::forbidden,
                          "the request must be application/json and come from "
                          "this server's page");
  auto now = access_rules::clock::now();
  if (to.level == access_level::everybody
      || (to.level == access_level::readers ? access_.may_read(request, now)
                                            : access_.may_act(request, now)))
    return std::nullopt;
  auto result
    = access_.has_token()
        ? error_response(http::status::unauthorized, "the token is needed",
                         "Send it as Authorization: Bearer, or log in.")
        : error_response(http::status::unauthorized, "there are no actions",
                         "Configure a token for the monitor.");
  result.set(http::field::www_authenticate, "Bearer");
  return result;
}

void site::close() {
  streams_.close();
  state_->close();
  health_->close();
}

// -- page and metrics ---------------------------------------------------------

// The page has no secrets: who may not read is asked for the token by it.
void site::show_page(const http_session_ptr& session, std::string_view path) {
  constexpr std::string_view folder = "/page/";
  if (path == "/")
    path = "/page/index.html";
  auto method = session->request().method();
  auto& files = page_files();
  auto file = path.starts_with(folder)
                ? std::ranges::find(files, path.substr(folder.size()),
                                    &page_file::name)
                : files.end();
  if (file == files.end()
      || (method != http::verb::get && method != http::verb::head))
    return session->answer(
      error_response(http::status::not_found, "there is no such page"));
  session->answer(make_response(http::status::ok, content_type_of(file->name),
                                std::string{file->content}));
}

void site::show_metrics(const http_session_ptr& session, params) {
  if (!options_.metrics)
    return session->answer(
      error_response(http::status::not_found, "there are no metrics"));
  session->answer(make_response(http::status::ok,
                                "text/plain; version=0.0.4; charset=utf-8",
                                options_.metrics()));
}

// -- health -------------------------------------------------------------------

void site::show_health(const http_session_ptr& session, params) {
  health_->run([session](const std::string& problem) {
    session->answer(
      problem.empty()
        ? text_response(http::status::ok, "ok\n")
        : text_response(http::status::service_unavailable, problem));
  });
}

void site::show_readiness(const http_session_ptr& session, params) {
  auto unready = unready_clients();
  session->answer(
    unready.empty()
      ? text_response(http::status::ok, "ready\n")
      : text_response(http::status::service_unavailable, unready));
}

std::string site::unready_clients() const {
  std::string result;
  auto add_unless_ready = [&](const registered_client& x) {
    auto state = x.stats->state.load();
    if (state != client_state::ready)
      result.append(printable(x.name))
        .append(": ")
        .append(to_string(state))
        .append("\n");
  };
  auto& clients = host_.clients();
  for (auto& name : options_.required)
    if (auto client = clients.find(name))
      add_unless_ready(*client);
    else
      result += printable(name) + ": is not there\n";
  if (options_.required.empty())
    std::ranges::for_each(clients.list(), add_unless_ready);
  return result;
}

// -- state --------------------------------------------------------------------

void site::show_state(const http_session_ptr& session, params) {
  state_->request([this, session](const monitor_state_ptr& state) {
    session->answer(
      json_response(state_json(program_, *state, may_act(session->request()))));
  });
}

void site::show_tree(const http_session_ptr& session, params) {
  state_->request([this, session](const monitor_state_ptr& state) {
    session->answer(json_response(tree_json(program_, *state)));
  });
}

void site::show_clients(const http_session_ptr& session, params values) {
  auto query = read_row_query(values);
  if (!query)
    return session->answer(bad_parameter(query.error()));
  state_->request([session, query = *query](const monitor_state_ptr& state) {
    session->answer(json_response(rows_json(*state, query)));
  });
}

void site::show_client(const http_session_ptr& session, params values) {
  auto name = text_of(values, "name");
  state_->request_detail(name, [session](const client_row* row,
                                         const client_view& view) {
    session->answer(row != nullptr
                      ? json_response(detail_json(*row, view))
                      : error_response(http::status::not_found,
                                       "there is no client of that name"));
  });
}

void site::show_events(const http_session_ptr& session, params values) {
  auto after = number_of(values, "after", 0);
  session->answer(after ? json_response(events_json(events_->after(*after)))
                        : bad_parameter(after.error()));
}

void site::stream_updates(const http_session_ptr& session, params values) {
  auto query = read_row_query(values);
  if (!query)
    return session->answer(bad_parameter(query.error()));
  if (streams_.is_full())
    return session->answer(error_response(http::status::service_unavailable,
                                          "there are too many streams"));
  streams_.add(session, {.rows = *query,
                         .client = text_of(values, "client"),
                         .may_act = may_act(session->request())});
}

// -- actions ------------------------------------------------------------------

void site::act(const http_session_ptr& session, params) {
  auto order = read_command(session->request().body());
  if (!order)
    return session->answer(
      error_response(http::status::unprocessable_entity, order.error().detail));
  record(severity::warning, describe(*order));
  // An actor may be the last to have it, and a session ends before its context.
  auto done = [context = context_, weak = std::weak_ptr{session},
               order = *order](const error& failure) {
    boost::asio::post(*context, [=] {
      if (auto to = weak.lock())
        to->answer(outcome_response(order, failure));
    });
  };
  auto desks = options_.desks ? options_.desks() : desk_map{};
  host_.system().spawn<command_runner>(host_, std::move(*order),
                                       std::move(desks), done);
}

void site::log_in(const http_session_ptr& session, params) {
  auto token = find_member(session->request().body(), "token").string();
  auto now = access_rules::clock::now();
  switch (access_.log_in(token.value_or(std::string{}), now)) {
    case access_rules::login_result::granted: {
      auto response = text_response(http::status::no_content, {});
      response.set(http::field::set_cookie, access_.begin_session(now));
      return session->answer(std::move(response));
    }
    case access_rules::login_result::wrong_token:
      record(severity::warning, "a login with a wrong token");
      return session->answer(
        error_response(http::status::unauthorized, "the token is wrong"));
    case access_rules::login_result::too_many_failures: {
      auto response = error_response(http::status::too_many_requests,
                                     "there were too many wrong tokens",
                                     "Wait for a minute.");
      response.set(http::field::retry_after, "60");
      return session->answer(std::move(response));
    }
  }
}

bool site::may_act(const http_request& request) const {
  return access_.may_act(request, access_rules::clock::now());
}

void site::record(severity level, const std::string& text) {
  events_->add(level, "operator", text);
  write_log(host_.system(), {.level = log_level::warning,
                             .component = "zenws.monitor",
                             .text = "operator: " + text});
}

} // namespace zenws::monitoring
