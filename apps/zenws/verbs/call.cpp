// SPDX-License-Identifier: BSD-3-Clause

// zenws call: one request to a venue, and its answer.

#include "../client_options.hpp"
#include "../json_line.hpp"
#include "../live_client.hpp"
#include "../message_line.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include "zenws/session/send_outcome.hpp"

#include <boost/system/error_code.hpp>

#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace zenws::tool {

namespace {

struct call_options {
  venue_options venue;
  client_options connection;
  std::string method;
  std::string params;
  double answer_within = 10;
};

// Reads the parameters, from the standard input for "-".
result<std::string> read_params(const std::string& text) {
  std::string result = text;
  if (text == "-")
    result.assign(std::istreambuf_iterator<char>{std::cin}, {});
  if (result.empty())
    return result;
  boost::system::error_code failure;
  auto value = boost::json::parse(result, failure);
  if (failure)
    return error{ec::invalid_config,
                 "the parameters are not JSON: " + failure.message()};
  if (!value.is_object() && !value.is_array())
    return error{ec::invalid_config,
                 "the parameters must be an object or an array of JSON"};
  return result;
}

void print_refusal(const failed_request& failure,
                   const common_options& common) {
  auto outcome = outcome_of(failure.reason.code);
  print_problem(failure.reason);
  if (!common.json)
    return;
  boost::json::object result{{"error", to_string(failure.reason.code)},
                             {"outcome", to_string(outcome)},
                             {"text", to_string(failure.reason)}};
  if (failure.refusal) {
    result["code"] = failure.refusal->code;
    result["message"] = failure.refusal->message;
  }
  print_json(result);
}

// Waits until the client is ready. Returns the reason if it cannot be.
error await_ready(live_client& client, const common_options& common) {
  for (;;) {
    auto item = client.inbox().take();
    if (std::holds_alternative<interruption>(item))
      return {ec::client_stopped, "interrupted"};
    auto* event = std::get_if<client_event>(&item);
    if (event == nullptr)
      continue;
    if (common.verbose || event->kind == event_kind::insecure_tls)
      print_note(describe(*event));
    if (event->state == client_state::ready)
      return {};
    if (event->kind == event_kind::ended
        || event->state == client_state::backing_off)
      return event->reason;
  }
}

// Waits for the answer. Returns the exit code.
int await_answer(live_client& client, const common_options& common) {
  for (;;) {
    auto item = client.inbox().take();
    if (auto* answer = std::get_if<rpc_result>(&item)) {
      print_line(answer->json);
      return exit_success;
    }
    if (auto* failure = std::get_if<failed_request>(&item)) {
      print_refusal(*failure, common);
      return exit_failed;
    }
    if (std::holds_alternative<interruption>(item)) {
      print_problem("interrupted before the answer: the outcome is unknown",
                    "ask the venue what became of the request");
      return exit_failed;
    }
  }
}

int call_venue(const call_options& options, const common_options& common) {
  auto params = read_params(options.params);
  auto spec = to_spec(options.venue, options.connection);
  if (!params || !spec)
    return usage_problem("call", !params ? params.error() : spec.error());
  auto client = live_client::start(
    std::move(*spec), common.verbose ? live_log::to_stderr : live_log::none,
    subscription_content::events);
  if (!client)
    return usage_problem("call", client.error());
  if (auto problem = await_ready(**client, common)) {
    print_problem(problem);
    return exit_failed;
  }
  std::chrono::milliseconds patience{
    static_cast<int64_t>(options.answer_within * 1000)};
  (*client)->call({options.method, std::move(*params), patience});
  return await_answer(**client, common);
}

} // namespace

verb_action declare_call(CLI::App& app) {
  auto options = std::make_shared<call_options>();
  auto* verb = app.add_subcommand("call",
                                  "Send one request to a venue, print its "
                                  "answer; nothing is ever sent twice");
  add_venue_options(*verb, options->venue);
  verb->add_option("METHOD", options->method, "as the venue names it")
    ->required();
  verb->add_option("JSON", options->params,
                   "parameters, an object or an array; - reads them from the "
                   "standard input");
  verb
    ->add_option("--answer-within", options->answer_within,
                 "how long to wait for the answer")
    ->option_text("SECONDS (10)")
    ->check(CLI::Range(0.001, 3600.0));
  add_client_options(*verb, options->connection);
  add_examples(
    *verb, {{"a question", "zenws call deribit public/get_instruments "
                           "'{\"currency\":\"BTC\"}'"},
            {"one that needs a login, at the test net",
             "zenws call deribit private/get_positions --test --login DERIBIT"},
            {"with parameters from a file",
             "zenws call kraken ping - < params.json"}});
  return [options](const common_options& common) {
    return call_venue(*options, common);
  };
}

} // namespace zenws::tool
