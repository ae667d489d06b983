// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE error

#include "zenws/error.hpp"
#include "zenws/session/send_outcome.hpp"

#include "zenws/defaults.hpp"
#include "zenws/events.hpp"

#include "support/unit_test.hpp"

#include <set>

using namespace std::chrono_literals;
using namespace zenws;

namespace {

using clock_time = std::chrono::system_clock::time_point;

// 1994-11-06 08:49:37 UTC, the example of RFC 9110.
const clock_time example_time
  = std::chrono::sys_days{std::chrono::year{1994} / 11 / 6} + 8h + 49min + 37s;

error refused(unsigned status, std::vector<header> headers = {}) {
  auto refusal = std::make_shared<upgrade_refusal>();
  refusal->status = status;
  refusal->headers = std::move(headers);
  return {.code = ec::upgrade_refused, .refusal = std::move(refusal)};
}

upgrade_refusal with_retry_after(std::string value) {
  return {.status = 503, .headers = {{"retry-after", std::move(value)}}};
}

ec code_at(size_t index) {
  return static_cast<ec>(index);
}

} // namespace

// -- codes --------------------------------------------------------------------

CAF_TEST(each code has a name of its own) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < num_error_codes; ++i)
    names.insert(to_string(code_at(i)));
  CAF_CHECK_EQUAL(names.size(), num_error_codes);
  CAF_CHECK_EQUAL(to_string(ec::connection_lost), "connection_lost");
  CAF_CHECK_EQUAL(to_string(ec::runtime_stopped), "runtime_stopped");
  CAF_CHECK_EQUAL(to_string(code_at(num_error_codes)), "unknown");
}

CAF_TEST(each code is explained in its own words) {
  std::set<std::string> causes;
  std::set<std::string> remedies;
  for (size_t i = 0; i < num_error_codes; ++i) {
    auto [cause, remedy] = explain({.code = code_at(i)});
    CAF_CHECK(cause.size() > 10 && cause.back() == '.');
    CAF_CHECK(remedy.size() > 10 && remedy.back() == '.');
    causes.insert(cause);
    remedies.insert(remedy);
  }
  CAF_CHECK_EQUAL(causes.size(), num_error_codes);
  CAF_CHECK_EQUAL(remedies.size(), num_error_codes);
  CAF_CHECK(!explain({.code = code_at(200)}).remedy.empty());
}

CAF_TEST(only messages that were certainly not sent may be sent again) {
  CAF_CHECK(outcome_of(ec::not_connected) == send_outcome::not_sent);
  CAF_CHECK(outcome_of(ec::rate_limited) == send_outcome::not_sent);
  CAF_CHECK(outcome_of(ec::request_too_big) == send_outcome::not_sent);
  CAF_CHECK(outcome_of(ec::client_stopped) == send_outcome::not_sent);
  CAF_CHECK(outcome_of(ec::request_refused) == send_outcome::refused);
  CAF_CHECK(outcome_of(ec::try_later) == send_outcome::try_later);
  for (auto code : {ec::disconnected, ec::request_timeout, ec::client_crashed,
                    ec::outcome_unknown, ec::partly_done, ec::none})
    CAF_CHECK(outcome_of(code) == send_outcome::unknown);
}

CAF_TEST(an error is true and no error is false) {
  CAF_CHECK(!error{});
  CAF_CHECK(static_cast<bool>(error{.code = ec::not_found}));
}

// -- classes ------------------------------------------------------------------

// The same cause has the same class wherever it comes from.
CAF_TEST(time cures outages but neither bad credentials nor bad input) {
  auto of = [](ec code) { return class_of({.code = code}); };
  CAF_CHECK(of(ec::none) == error_class::none);
  for (auto code : {ec::name_resolution_failed, ec::connect_failed,
                    ec::handshake_timeout, ec::tls_failed, ec::connection_lost,
                    ec::closed_by_peer, ec::protocol_error, ec::heartbeat_lost,
                    ec::retries_exhausted, ec::upgrade_invalid,
                    ec::invalid_json, ec::invalid_data, ec::request_timeout})
    CAF_CHECK(of(code) == error_class::transient);
  for (auto code : {ec::invalid_config, ec::invalid_url, ec::final_close,
                    ec::certificate_rejected, ec::restart_limit})
    CAF_CHECK(of(code) == error_class::fatal);
  for (auto code : {ec::not_connected, ec::outbound_full, ec::outbound_too_big,
                    ec::invalid_message, ec::not_found, ec::already_exists,
                    ec::request_refused, ec::too_many_pending, ec::rate_limited,
                    ec::request_too_costly, ec::too_many_channels,
                    ec::subscription_rejected})
    CAF_CHECK(of(code) == error_class::caller);
  CAF_CHECK(of(code_at(200)) == error_class::fatal);
}

// Bad credentials were retried.
CAF_TEST(a refused upgrade is fatal for 401 and credentials only) {
  CAF_CHECK(class_of(refused(401)) == error_class::transient);
  auto keyed = refused(401);
  auto refusal = *keyed.refusal;
  refusal.sent_credentials = true;
  keyed.refusal = std::make_shared<upgrade_refusal>(refusal);
  CAF_CHECK(class_of(keyed) == error_class::fatal);
  CAF_CHECK(explain(keyed).remedy.find("key") != std::string::npos);
  CAF_CHECK(explain(refused(401)).remedy.find("key") == std::string::npos);
  CAF_CHECK(explain(refused(403)).remedy.find("key") == std::string::npos);
  for (auto status : {400u, 403u, 404u, 418u, 429u, 500u, 502u, 503u})
    CAF_CHECK(class_of(refused(status)) == error_class::transient);
  CAF_CHECK(class_of({.code = ec::upgrade_refused}) == error_class::transient);
}

// -- text ---------------------------------------------------------------------

CAF_TEST(the text of an error tells status and close code) {
  auto err = refused(403);
  err.detail = "wss://example.com/";
  CAF_CHECK_EQUAL(to_string(err),
                  "upgrade_refused: wss://example.com/ (HTTP 403)");
  CAF_CHECK_EQUAL(
    to_string(error{.code = ec::closed_by_peer, .close_code = 1008}),
    "closed_by_peer (close code 1008)");
  CAF_CHECK_EQUAL(to_string(error{}), "none");
}

CAF_TEST(a peer cannot write into our logs or terminal) {
  error uut{.code = ec::closed_by_peer, .detail = "bye\r\nERROR \x1b[31m"};
  CAF_CHECK_EQUAL(to_string(uut), "closed_by_peer: bye??ERROR ?[31m");
  CAF_CHECK(explain(uut).cause.find('\n') == std::string::npos);
}

CAF_TEST(headers and body of a refusal show nowhere) {
  auto uut = refused(503, {{"Set-Cookie", "token=sesame"}});
  CAF_CHECK(to_string(uut).find("sesame") == std::string::npos);
  CAF_CHECK(explain(uut).cause.find("sesame") == std::string::npos);
  CAF_CHECK(explain(uut).cause.find("HTTP 503") != std::string::npos);
}

CAF_TEST(the value of a failed result throws and nothing else does) {
  result<int> uut = error{.code = ec::not_found, .detail = "no client x"};
  CAF_CHECK(!uut.has_value());
  CAF_CHECK(uut.error().code == ec::not_found);
  std::string text;
  try {
    uut.value();
  } catch (const std::runtime_error& ex) {
    text = ex.what();
  }
  CAF_CHECK(text.find("not_found: no client x") != std::string::npos);
}

// -- Retry-After --------------------------------------------------------------

CAF_TEST(a retry time in seconds is read in full) {
  auto now = example_time;
  CAF_CHECK(with_retry_after("120").retry_after(now) == 120s);
  CAF_CHECK(with_retry_after(" 7 ").retry_after(now) == 7s);
  CAF_CHECK(with_retry_after("0").retry_after(now) == 0s);
  CAF_CHECK(with_retry_after("1.5").retry_after(now) == 2s);
  CAF_CHECK(upgrade_refusal{}.retry_after(now) == std::nullopt);
}

CAF_TEST(a retry time of any size is bounded and a malformed one ignored) {
  auto now = example_time;
  std::chrono::milliseconds most = std::chrono::days{7};
  CAF_CHECK(with_retry_after("99999999").retry_after(now) == most);
  CAF_CHECK(with_retry_after(std::string(40, '9')).retry_after(now) == most);
  for (auto text :
       {"", "-1", "1.x", "1s", "soon", "Sun, 06 Nov", "Sun, 06 Nov 1994 08:49",
        "Sun, 06 Nov 1994 08:49:37 GMT+1", "Mon, 31 Feb 2026 00:00:00 GMT"})
    CAF_CHECK(with_retry_after(text).retry_after(now) == std::nullopt);
}

CAF_TEST(a retry time may be a date in each format of RFC 9110) {
  auto now = example_time - 90s;
  for (auto text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994"})
    CAF_CHECK(with_retry_after(text).retry_after(now) == 90s);
  auto past = with_retry_after("Sun, 06 Nov 1994 08:49:37 GMT");
  CAF_CHECK(past.retry_after(example_time + 1h) == 0s);
  auto far = with_retry_after("Fri, 31 Dec 9999 23:59:59 GMT");
  CAF_CHECK(far.retry_after(now) == std::chrono::days{7});
}

CAF_TEST(a date is read by the clock of the server if it tells its own) {
  auto uut = with_retry_after("Sun, 06 Nov 1994 08:49:37 GMT");
  CAF_CHECK(uut.retry_after() == std::nullopt); // nobody knows the time
  uut.received_at = example_time - 30s;
  CAF_CHECK(uut.retry_after() == 30s);
  uut.headers.push_back({"Date", "Sun, 06 Nov 1994 08:49:27 GMT"});
  CAF_CHECK(uut.retry_after() == 10s);
  CAF_CHECK(uut.retry_after(example_time + 24h) == 10s);
}

// -- events -------------------------------------------------------------------

CAF_TEST(events read like sentences) {
  client_event uut{.state = client_state::backing_off,
                   .client = "deribit",
                   .attempt = 3,
                   .retry_in = 1250ms,
                   .reason = {.code = ec::connect_failed}};
  CAF_CHECK_EQUAL(describe(uut),
                  "Client \"deribit\" tries to connect again in 1.2 s (attempt "
                  "3) because of connect_failed.");
  uut = {.state = client_state::ready, .client_id = 7, .epoch = 4};
  CAF_CHECK_EQUAL(describe(uut), "Client 7 is ready (connection 4).");
  uut = {.kind = event_kind::messages_dropped,
         .client = "a\nb",
         .dropped_messages = 2,
         .next_sequence = 9};
  CAF_CHECK(describe(uut).find("dropped 2 messages") != std::string::npos);
  CAF_CHECK(describe(uut).find('\n') == std::string::npos);
}

CAF_TEST(each kind of event and each state has a sentence of its own) {
  std::set<std::string> sentences;
  for (int kind = 1; kind <= static_cast<int>(event_kind::replay_ended); ++kind)
    sentences.insert(describe({.kind = static_cast<event_kind>(kind)}));
  for (int state = 0; state <= static_cast<int>(client_state::stopped); ++state)
    sentences.insert(describe({.state = static_cast<client_state>(state)}));
  CAF_CHECK_EQUAL(sentences.size(), 9u + 10u);
}
