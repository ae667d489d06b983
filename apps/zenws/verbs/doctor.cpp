// SPDX-License-Identifier: BSD-3-Clause

// zenws doctor: what is wrong between this machine and a peer.

#include "../client_options.hpp"
#include "../doctor/machine_checks.hpp"
#include "../doctor/peer_checks.hpp"
#include "../json_line.hpp"
#include "../live_client.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

namespace zenws::tool {

namespace {

struct doctor_options {
  /// URL or name of a venue; empty for this machine only.
  std::string target;

  std::string address;
  bool test = false;
  client_options connection;
};

std::string padded(std::string text, size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

// Prints findings, and counts the problems.
class report {
public:
  explicit report(const common_options& common) : common_(common) {
    // nop
  }

  void add(const finding& x) {
    problems_ += x.outcome == verdict::problem ? 1 : 0;
    if (common_.json)
      print_json(object_of(x));
    else
      print_text(x);
    flush_lines();
  }

  int exit_code() const {
    return problems_ == 0 ? exit_success : exit_failed;
  }

private:
  static boost::json::object object_of(const finding& x) {
    boost::json::object result{
      {"check", x.check}, {"outcome", to_string(x.outcome)}, {"text", x.text}};
    if (!x.remedy.empty())
      result["remedy"] = x.remedy;
    if (x.took)
      result["took_us"] = x.took->count();
    return result;
  }

  static void print_text(const finding& x) {
    auto sign = x.outcome == verdict::ok ? painted(color::green, "  ok  ")
                : x.outcome == verdict::warning
                  ? painted(color::yellow, " warn ")
                  : painted(color::red, " FAIL ");
    auto took = x.took ? " (" + std::to_string(x.took->count() / 1000) + " ms)"
                       : std::string{};
    print_line(sign + padded(x.check, 12) + x.text + took);
    if (!x.remedy.empty())
      print_line(std::string(18, ' ') + "What to do: " + x.remedy);
  }

  const common_options& common_;
  int problems_ = 0;
};

// Has a client connect as programs do, with the venue's dialect.
finding check_client(client_spec spec) {
  auto begin = std::chrono::steady_clock::now();
  auto client = live_client::start(std::move(spec), live_log::none,
                                   subscription_content::events);
  finding result{.check = "client", .outcome = verdict::problem};
  auto fail = [&](const error& reason) {
    result.text = to_string(reason);
    result.remedy = explain(reason).remedy;
    return result;
  };
  if (!client)
    return fail(client.error());
  for (;;) {
    auto item = (*client)->inbox().take();
    if (std::holds_alternative<interruption>(item))
      return fail({ec::client_stopped, "interrupted"});
    auto* event = std::get_if<client_event>(&item);
    if (event == nullptr || event->kind == event_kind::insecure_tls)
      continue;
    if (event->state == client_state::ready) {
      result.outcome = verdict::ok;
      result.text = "a client of zenws is ready";
      result.took = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begin);
      return result;
    }
    if (event->state == client_state::backing_off
        || event->kind == event_kind::ended)
      return fail(event->reason);
  }
}

result<client_spec> spec_of(const doctor_options& options) {
  if (options.target.find("://") == std::string::npos)
    return to_spec({.venue = options.target,
                    .address = options.address,
                    .test = options.test},
                   options.connection);
  auto config = to_config(options.connection, options.target);
  if (!config)
    return config.error();
  return client_spec{.name = "doctor", .config = std::move(*config)};
}

int examine(const doctor_options& options, const common_options& common) {
  report findings{common};
  finding_sink out = [&](const finding& x) { findings.add(x); };
  if (options.target.empty()) {
    check_machine(out);
    return findings.exit_code();
  }
  auto spec = spec_of(options);
  if (!spec)
    return usage_problem("doctor", spec.error());
  check_machine(out);
  if (check_peer(spec->config, out))
    out(check_client(std::move(*spec)));
  return findings.exit_code();
}

} // namespace

std::string_view to_string(verdict value) noexcept {
  return value == verdict::ok        ? "ok"
         : value == verdict::warning ? "warning"
                                     : "problem";
}

verb_action declare_doctor(CLI::App& app) {
  auto options = std::make_shared<doctor_options>();
  auto* verb = app.add_subcommand(
    "doctor", "Find out what is wrong between this machine and a server");
  verb->add_option("TARGET", options->target,
                   "URL or name of a venue; without, this machine only");
  verb
    ->add_option("--at", options->address,
                 "which address of the venue; by default the first one")
    ->option_text("NAME");
  verb->add_flag("--test", options->test, "the venue's test net");
  add_client_options(*verb, options->connection);
  add_examples(*verb,
               {{"this machine", "zenws doctor"},
                {"the way to a venue", "zenws doctor deribit"},
                {"the way to a server with its own authority",
                 "zenws doctor wss://gateway.example --ca authority.pem"}});
  return [options](const common_options& common) {
    return examine(*options, common);
  };
}

} // namespace zenws::tool
