// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/error.hpp"

#include "zenws/internal/enum_names.hpp"

#include <boost/throw_exception.hpp>

#include <algorithm>
#include <stdexcept>

namespace zenws {

namespace {

// -- table of codes -----------------------------------------------------------

struct code_info {
  ec code;
  std::string_view name;
  error_class cls;
  std::string_view cause;
  std::string_view remedy;
};

using enum error_class;

constexpr code_info infos[] = {
  {ec::none, "none", none, "Nothing is wrong.", "There is nothing to do."},
  {ec::invalid_config, "invalid_config", fatal,
   "The configuration has values that cannot work.",
   "Correct the fields that the detail names; validate() lists all of them."},
  {ec::invalid_url, "invalid_url", fatal, "The URL cannot be used.",
   "Give a ws:// or wss:// URL such as wss://example.com:8443/path?query."},
  {ec::provider_failed, "provider_failed", transient,
   "A provider of URL, headers or credentials failed or threw.",
   "Look at what the provider depends on (token service, key file); it is "
   "called again before the next attempt."},
  {ec::name_resolution_failed, "name_resolution_failed", transient,
   "The name of the host could not be resolved.",
   "Check the host name for typing errors and the DNS settings of this "
   "machine."},
  {ec::connect_failed, "connect_failed", transient,
   "No address of the host accepted a TCP connection.",
   "Check port, firewall and whether the server runs."},
  {ec::handshake_timeout, "handshake_timeout", transient,
   "Resolving, connecting, TLS and upgrade together took too long.",
   "Check whether something on the way drops packets, or raise "
   "handshake_timeout."},
  {ec::tls_failed, "tls_failed", transient, "The TLS handshake failed.",
   "Check that the port speaks TLS 1.2 or later, that wss:// is right and that "
   "a client certificate is configured if the server wants one."},
  {ec::certificate_rejected, "certificate_rejected", fatal,
   "The server's certificate is not to be trusted: it is for another name or "
   "of "
   "an unknown authority.",
   "Check the host name; for a private authority set tls.ca_file."},
  {ec::upgrade_refused, "upgrade_refused", transient,
   "The server refused to switch to WebSocket.",
   "Look at status, headers and body of its answer; check path and headers of "
   "the request."},
  {ec::upgrade_invalid, "upgrade_invalid", transient,
   "The server's answer to the upgrade breaks RFC 6455.",
   "Check that the URL is a WebSocket endpoint, that no proxy rewrites the "
   "answer and that the server accepts an offered subprotocol."},
  {ec::connection_lost, "connection_lost", transient,
   "The connection ended without a Close frame.",
   "Nothing if it is rare; else look at the network, at idle limits of proxies "
   "and at the venue's status page."},
  {ec::closed_by_peer, "closed_by_peer", transient,
   "The peer closed the connection.",
   "Look up its close code with the venue; list it in final_close_codes if "
   "coming back is pointless."},
  {ec::final_close, "final_close", fatal,
   "The peer closed with a code that the configuration calls final.",
   "Cure what the code tells (credentials, limits), then start the client "
   "anew."},
  {ec::protocol_error, "protocol_error", transient,
   "The peer sent something that RFC 6455 forbids.",
   "Report it to the peer's operator together with the detail."},
  {ec::invalid_utf8, "invalid_utf8", transient,
   "The peer sent a text message that is not UTF-8.",
   "Report it to the peer's operator; binary data belongs into binary "
   "messages."},
  {ec::message_too_big, "message_too_big", transient,
   "The peer sent a message larger than max_message_bytes.",
   "Ask for less at once (fewer channels, less depth) or raise "
   "max_message_bytes."},
  {ec::close_timeout, "close_timeout", transient,
   "The peer did not answer our Close frame in time.",
   "Nothing: the connection was dropped. Raise close_timeout for a slow peer."},
  {ec::heartbeat_lost, "heartbeat_lost", transient,
   "The peer left more pings unanswered than heartbeat.max_missed.",
   "Check the network; if the peer does not answer pings at all, set the "
   "heartbeat kind to none."},
  {ec::retries_exhausted, "retries_exhausted", transient,
   "No attempt led to a stable connection.",
   "Look at the last cause in the detail; raise backoff.max_attempts for "
   "longer outages."},
  {ec::not_connected, "not_connected", caller,
   "There is no open connection, so nothing was sent.",
   "Wait for the state ready, then send again if it still makes sense."},
  {ec::disconnected, "disconnected", transient,
   "The connection went while a request was under way; whether the peer acted "
   "on it is unknown.",
   "Ask the peer (open orders, balances) before sending it again."},
  {ec::outbound_full, "outbound_full", caller,
   "The peer or the network takes data more slowly than it is sent, and "
   "max_outbound_bytes are waiting.",
   "Send less or later, or raise max_outbound_bytes."},
  {ec::outbound_too_big, "outbound_too_big", caller,
   "The message is larger than max_outbound_bytes and could never be sent.",
   "Split the message or raise max_outbound_bytes."},
  {ec::invalid_message, "invalid_message", caller,
   "The message may not be sent: text that is not UTF-8, or a bad close code "
   "or reason.",
   "Send binary data as binary; close with 1000 to 1014 (as assigned) or 3000 "
   "to 4999 and at most 123 bytes of reason."},
  {ec::subscriber_overflow, "subscriber_overflow", caller,
   "A subscriber exceeded its budget of undelivered bytes.",
   "Make it faster, let go of batches sooner, raise its budget or choose "
   "another overflow policy."},
  {ec::restart_limit, "restart_limit", fatal,
   "The supervisor restarted the client too often within the time allowed.",
   "Look at the last reason, cure it, then start the client anew."},
  {ec::child_limit, "child_limit", caller,
   "The supervisor has as many children as it may.",
   "Stop some or raise max_children."},
  {ec::not_found, "not_found", caller, "There is nothing of that name.",
   "Compare the name with those that there are: zenws status lists them."},
  {ec::already_exists, "already_exists", caller,
   "There is already something of that name.",
   "Choose another name or stop the other one first."},
  {ec::client_crashed, "client_crashed", transient,
   "The client actor ended abnormally: killed, or by an exception.",
   "Nothing if it happens once: its supervisor restarts it. Otherwise the "
   "detail says where to look."},
  {ec::client_stopped, "client_stopped", caller,
   "The client has ended and will not send any more.", "Start a new client."},
  {ec::runtime_stopped, "runtime_stopped", caller,
   "The zenws runtime is shutting down or gone.",
   "Let the runtime outlive everything that uses it."},
  {ec::invalid_json, "invalid_json", transient,
   "The peer sent a message that should be JSON and is not.",
   "Check that the dialect fits the venue; look at the message at the byte "
   "that the detail names."},
  {ec::invalid_data, "invalid_data", transient,
   "The peer sent JSON that differs from what the venue documents.",
   "Compare the member that the detail names with the venue's page: its "
   "interface may have changed."},
  {ec::request_refused, "request_refused", caller,
   "The peer answered the request by an error.",
   "Look up the code in the detail with the venue, correct the request."},
  {ec::request_timeout, "request_timeout", transient,
   "The peer did not answer a request before its deadline; whether it acted on "
   "it is unknown.",
   "Ask the peer (open orders, balances) before sending it again; allow more "
   "time if it is slow."},
  {ec::too_many_pending, "too_many_pending", caller,
   "As many requests as allowed are waiting for answers, so nothing was sent.",
   "Wait for answers, send fewer requests at a time or raise "
   "max_pending_calls."},
  {ec::rate_limited, "rate_limited", caller,
   "The venue limits how often this may be done, and the limit is used up.",
   "Try again after the time that the detail tells."},
  {ec::request_too_costly, "request_too_costly", caller,
   "The request costs more than the rate limit holds at its fullest.",
   "Split the request or correct the limit; waiting does not help."},
  {ec::too_many_channels, "too_many_channels", caller,
   "The subscribers of this client want more channels than it may have.",
   "Give some up, raise max_channels or use another client."},
  {ec::subscription_rejected, "subscription_rejected", caller,
   "The server refused to subscribe to a channel.",
   "Check the name of the channel and whether it needs authentication."},
  {ec::not_supported, "not_supported", caller,
   "The dialect of this client has nothing of the kind.",
   "Set client_config::venue.dialect to that of the venue."},
  {ec::login_failed, "login_failed", fatal,
   "The venue refused the login, or a request that belongs to it.",
   "Check key, secret and scope, the clock of this machine and whether the key "
   "is of this environment (test or production)."},
  {ec::send_expired, "send_expired", caller,
   "The message waited for longer than its sender allowed and was not sent.",
   "Send it again if it still makes sense, or let it wait for longer."},
  {ec::idle_timeout, "idle_timeout", transient,
   "The connection is open but brought no message for too long.",
   "Check that something is subscribed to; raise idle_timeout if the venue may "
   "be that quiet."},
  {ec::venue_leaving, "venue_leaving", transient,
   "The venue announced that it is going to close the connection.",
   "Nothing: the client connects anew."},
  {ec::connection_retired, "connection_retired", transient,
   "The connection became as old as the venue allows.",
   "Nothing: the client replaces it before the venue cuts it."},
  {ec::proxy_failed, "proxy_failed", transient,
   "The proxy did not open a tunnel to the server.",
   "Check that the scheme of proxy.url is what the proxy speaks, and that it "
   "lets connections to the host and port of the URL through."},
  {ec::proxy_auth_required, "proxy_auth_required", fatal,
   "The proxy does not accept the credentials, or there are none.",
   "Set proxy.user and proxy.password; HTTP proxies must take them by Basic "
   "authentication, SOCKS proxies by RFC 1929."},
  {ec::recording_failed, "recording_failed", transient,
   "A recording cannot be opened, read or written.",
   "Check that the directory exists, that it may be written to, that the disk "
   "has space left and that nobody else records to the same file."},
  {ec::child_down, "child_down", caller,
   "The child of a supervisor is down: it is being restarted, or has ended.",
   "Try again later; the events of the supervisor tell when it is back."},
  {ec::gateway_lost, "gateway_lost", transient,
   "The node that runs a client is unreachable, or was stopped.",
   "Nothing if it is rare: the link is restored as soon as the gateway is "
   "back. "
   "Else look at the gateway, and at the network between the nodes."},
  {ec::node_lost, "node_lost", transient,
   "A node that subscribed here is unreachable, or was stopped.",
   "Nothing: what it had was given up, and it asks for it again on its "
   "return."},
  {ec::outcome_unknown, "outcome_unknown", caller,
   "The venue answered by an error that does not tell whether it acted on the "
   "request.",
   "Ask the venue (open orders, balances) before sending it again."},
  {ec::try_later, "try_later", caller,
   "The venue did not act on the request, for now: it is overloaded, under "
   "maintenance, or wants fewer requests.",
   "Send it again later if it still makes sense: nothing happened."},
  {ec::partly_done, "partly_done", caller,
   "The venue did one part of the request and refused another.",
   "Look at the outcome of each part before sending any of it again."},
  {ec::request_too_big, "request_too_big", caller,
   "The request is larger than the venue takes, so it was not sent.",
   "Split the request, or correct venue.max_request_bytes."},
  {ec::login_unavailable, "login_unavailable", transient,
   "The venue refused the login, or a request that belongs to it, for now.",
   "Nothing if it passes: the client tries again. Else look up the code in the "
   "detail, the venue's status page and the clock of this machine."},
  {ec::channel_lost, "channel_lost", transient,
   "The venue ended a subscription that it had granted.",
   "Nothing: the channel is asked for again. If it happens often, use fewer "
   "connections for this channel."},
  {ec::connection_spent, "connection_spent", transient,
   "The key or token that the connection was opened with has ended.",
   "Nothing: the client connects again with what its provider returns."},
  {ec::certificate_outdated, "certificate_outdated", transient,
   "The server's certificate has expired or is not valid yet.",
   "Check the clock of this machine; otherwise wait for the server's new "
   "certificate."},
  {ec::risk_refused, "risk_refused", caller,
   "The risk gate did not let an order pass.",
   "See the cause in the detail; limits are set in the configuration, and the "
   "kill switch is reset by hand."},
  {ec::journal_failed, "journal_failed", fatal,
   "A journal of orders cannot be opened, read or written.",
   "Check that the directory exists, that it may be written to, that the disk "
   "has space left, and that no other process uses the file."},
  {ec::sink_failed, "sink_failed", transient,
   "The store of a sink cannot be opened or written.",
   "Check that the store runs, that its address and the credentials are right, "
   "and that it has space left; the sink tries again by itself."},
};

constexpr bool in_order() {
  for (size_t i = 0; i < std::size(infos); ++i)
    if (static_cast<size_t>(infos[i].code) != i)
      return false;
  return true;
}

static_assert(std::size(infos) == num_error_codes && in_order());

const code_info* info_of(ec code) noexcept {
  auto index = static_cast<size_t>(code);
  return index < num_error_codes ? &infos[index] : nullptr;
}

std::string status_line(const upgrade_refusal& refusal) {
  std::string line = "HTTP ";
  line += std::to_string(refusal.status);
  if (!refusal.reason.empty()) {
    line += ' ';
    line += printable(refusal.reason);
  }
  return line;
}

std::string explained_status(const upgrade_refusal& refusal) {
  switch (refusal.status) {
    case 401:
      return refusal.sent_credentials
               ? "Check key, signature and permissions; a new attempt with the "
                 "same credentials would be refused again."
               : "The server wants credentials and none were sent: set headers "
                 "or a provider.";
    case 403:
      return "A firewall of the venue or a proxy on the way may refuse this "
             "address for a while: check from where and how often you connect"
             + std::string{refusal.sent_credentials
                             ? ", and the permissions of the key."
                             : "."};
    case 404:
      return "Check the path of the URL.";
    case 418:
    case 429:
      return "Connect less often or from fewer clients; Retry-After is "
             "obeyed.";
    case 503:
      return "The venue is overloaded or under maintenance; Retry-After is "
             "obeyed.";
    default:
      return std::string{info_of(ec::upgrade_refused)->remedy};
  }
}

} // namespace

// -- enums --------------------------------------------------------------------

std::string_view to_string(ec code) noexcept {
  auto info = info_of(code);
  return info != nullptr ? info->name : "unknown";
}

BOOST_DESCRIBE_ENUM(error_class, none, transient, fatal, caller)

std::string_view to_string(error_class cls) noexcept {
  return internal::enum_name(cls);
}

// -- error --------------------------------------------------------------------

error_class class_of(const error& err) noexcept {
  if (err.is_final)
    return fatal;
  if (err.code == ec::upgrade_refused && err.refusal != nullptr
      && err.refusal->status == 401 && err.refusal->sent_credentials)
    return fatal;
  auto info = info_of(err.code);
  return info != nullptr ? info->cls : fatal;
}

std::string to_string(const error& err) {
  std::string result{to_string(err.code)};
  if (!err.detail.empty())
    result += ": " + printable(err.detail);
  if (err.refusal != nullptr)
    result += " (" + status_line(*err.refusal) + ")";
  if (err.close_code == no_close_code)
    result += " (without a close code)";
  else if (err.close_code != 0)
    result += " (close code " + std::to_string(err.close_code) + ")";
  return result;
}

explanation explain(const error& err) {
  auto info = info_of(err.code);
  if (info == nullptr)
    return {"The error code is unknown to this version of zenws.",
            "Use the same version of zenws on all nodes."};
  explanation result{std::string{info->cause}, std::string{info->remedy}};
  if (err.refusal != nullptr) {
    result.cause += " It answered " + status_line(*err.refusal) + ".";
    if (err.code == ec::upgrade_refused)
      result.remedy = explained_status(*err.refusal);
  }
  if (err.close_code == no_close_code) {
    result.cause += " It gave no close code.";
    result.remedy = "Nothing if it is rare; else look at the venue's status "
                    "page.";
  } else if (err.close_code != 0) {
    result.cause += " Its close code was " + std::to_string(err.close_code)
                    + ".";
  }
  if (!err.detail.empty())
    result.cause += " Detail: " + printable(err.detail);
  return result;
}

std::string printable(std::string_view text) {
  std::string result{text};
  auto is_control = [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  };
  std::replace_if(result.begin(), result.end(), is_control, '?');
  return result;
}

// -- result -------------------------------------------------------------------

void throw_exception_from_error(const error& err,
                                const boost::source_location& where) {
  boost::throw_exception(std::runtime_error{to_string(err)}, where);
}

} // namespace zenws
