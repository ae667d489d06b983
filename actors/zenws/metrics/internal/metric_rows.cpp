// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/metrics/internal/metric_rows.hpp"

#include <chrono>

namespace zenws::internal {

namespace {

constexpr auto counter = prometheus::MetricType::Counter;
constexpr auto gauge = prometheus::MetricType::Gauge;
constexpr auto histogram = prometheus::MetricType::Histogram;

double seconds(std::chrono::duration<double> value) {
  return value.count();
}

// Returns a function that reads a member.
template <class Source>
auto number(shared_counter Source::*member) {
  return [member](const Source& x) {
    return static_cast<double>((x.*member).get());
  };
}

// Adds a row for each enumerator of an enumeration: its name is a label, its
// value the index in an array of counters.
template <class Enum, class Source, size_t N>
void add_each(std::vector<figure_row<Source, double>>& to,
              const figure_row<Source, double>& row, const char* label,
              std::array<shared_counter, N> Source::*counters) {
  for (size_t i = 0; i < N; ++i) {
    auto& added = to.emplace_back(row);
    added.labels = labels_of({{label, to_string(static_cast<Enum>(i))}});
    added.read = [counters, i](const Source& x) {
      return static_cast<double>((x.*counters)[i].get());
    };
  }
}

double oldest_pending(const sink_stats& x) {
  std::chrono::microseconds since{x.oldest.get()};
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return since.count() == 0 ? 0 : seconds(now - since);
}

} // namespace

const figure_rows<runtime_figures>& runtime_rows() {
  using source = runtime_figures;
  static const figure_rows<source> result{{
    {"zenws_start_time_seconds", gauge,
     "Start of the collector, in seconds since the epoch of Unix.",
     [](auto& x) { return x.started; }},
    {"zenws_loops", gauge, "I/O loops.",
     [](auto& x) { return static_cast<double>(x.loops); }},
    {"zenws_actors", gauge, "Actors of the actor system that run.",
     [](auto& x) { return static_cast<double>(x.actors); }},
    {"zenws_clients_without_series", gauge,
     "Clients that are added up as the client \"(other)\".",
     [](auto& x) { return static_cast<double>(x.clients_without_series); }},
    {"zenws_limits_without_series", gauge,
     "Rate limits that are left out because there are too many.",
     [](auto& x) { return static_cast<double>(x.limits_without_series); }},
  }};
  return result;
}

const figure_rows<io_loop>& loop_rows() {
  static const figure_rows<io_loop> result{
    {
      {"zenws_loop_cpu_seconds_total", counter,
       "CPU time of the loop's thread: its rate is the busy share.",
       [](auto& x) { return seconds(x.cpu_time()); }},
      {"zenws_loop_running_turn_seconds", gauge,
       "Time since the turn that goes on began, 0 between turns.",
       [](auto& x) { return seconds(x.turn_time()); }},
      {"zenws_loop_actors", gauge, "Actors that run on the loop.",
       [](auto& x) { return static_cast<double>(x.residents()); }},
    },
    {
      {"zenws_loop_turn_seconds", histogram,
       "Durations of turns: one callback and the actors it made ready.",
       [](auto& x) { return x.turns(); }},
    }};
  return result;
}

const figure_rows<client_stats>& client_rows() {
  using source = client_stats;
  static const figure_rows<source> result{
    {
      {"zenws_client_ready", gauge, "1 if the client is ready, else 0.",
       [](auto& x) { return x.state == client_state::ready ? 1.0 : 0.0; }},
      {"zenws_client_ready_seconds", gauge,
       "Time since the client became ready, 0 if it is not.",
       [](auto& x) { return seconds(x.up()); }},
      {"zenws_client_connections_total", counter,
       "Connections so far; data of two of them may have a gap in between.",
       [](auto& x) { return static_cast<double>(x.epoch.load()); }},
      {"zenws_client_restarts_total", counter,
       "Restarts of the client by its supervisor.", number(&source::restarts)},
      {"zenws_client_received_messages_total", counter, "Messages received.",
       [](auto& x) { return static_cast<double>(x.messages.load()); }},
      {"zenws_client_received_bytes_total", counter,
       "Payload of the messages received, after decompression.",
       number(&source::received_bytes)},
      {"zenws_client_sent_messages_total", counter, "Messages written.",
       number(&source::sent_messages)},
      {"zenws_client_sent_bytes_total", counter,
       "Payload of messages that were handed to the connection.",
       number(&source::sent_bytes)},
      {"zenws_client_failed_sends_total", counter,
       "Messages that could not be sent.", number(&source::failed_sends)},
      {"zenws_client_malformed_messages_total", counter,
       "Received messages that the dialect could not read.",
       number(&source::malformed)},
      {"zenws_client_dropped_messages_total", counter,
       "Messages that overflow policies left out, over all subscribers.",
       number(&source::dropped)},
      {"zenws_client_reading_pauses_total", counter,
       "Pauses of reading that slow subscribers caused.",
       number(&source::reading_pauses)},
      {"zenws_client_outbound_bytes", gauge,
       "Bytes that the connection has accepted and not written yet.",
       number(&source::outbound_bytes)},
      {"zenws_client_queued_messages", gauge, "Messages that wait to be sent.",
       number(&source::queued)},
      {"zenws_client_pending_calls", gauge, "Calls that wait for an answer.",
       number(&source::pending_calls)},
      {"zenws_client_subscribers", gauge, "Subscribers.",
       number(&source::subscribers)},
      {"zenws_client_channels", gauge,
       "Channels wanted by all subscribers together.",
       number(&source::channels)},
      {"zenws_client_silent_channels", gauge,
       "Channels that have been silent for longer than their subscribers "
       "allow.",
       number(&source::silent_channels)},
      {"zenws_client_missed_heartbeats", gauge,
       "Heartbeats in a row that were missed.",
       number(&source::missed_heartbeats)},
    },
    {
      {"zenws_client_call_seconds", histogram,
       "Time from the sending of a call to its answer.",
       [](auto& x) { return x.latencies.calls.read(); }},
      {"zenws_client_heartbeat_seconds", histogram,
       "Time from a ping to its answer.",
       [](auto& x) { return x.latencies.heartbeats.read(); }},
    }};
  return result;
}

const figure_rows<client_stats>& client_state_rows() {
  static const figure_rows<client_stats> result{{
    {"zenws_client_state", gauge,
     "1 for the state that the client is in; other states are left out.",
     [](auto&) { return 1.0; }},
  }};
  return result;
}

const figure_rows<market_stats>& market_rows() {
  using source = market_stats;
  static const auto result = [] {
    figure_rows<source> rows{
      {
        {"zenws_market_updates_total", counter, "Updates of typed market data.",
         number(&source::updates)},
        {"zenws_market_trade_gaps_total", counter,
         "Gaps in the trades of an instrument.", number(&source::trade_gaps)},
        {"zenws_market_dropped_updates_total", counter,
         "Updates that overflow policies left out, over all subscribers.",
         number(&source::dropped)},
      },
      {
        {"zenws_market_lag_seconds", histogram,
         "Time from the venue's clock to the arrival by the local one.",
         [](auto& x) { return x.lag.read(); }},
      }};
    add_each<market::loss_cause>(rows.numbers,
                                 {"zenws_market_lost_books_total",
                                  counter,
                                  "Books that were lost, by cause.",
                                  {}},
                                 "cause", &source::lost_books);
    return rows;
  }();
  return result;
}

const figure_rows<recording_stats>& recording_rows() {
  using source = recording_stats;
  static const figure_rows<source> result{{
    {"zenws_recording_entries_total", counter,
     "Entries that were passed on to the recorder.", number(&source::entries)},
    {"zenws_recording_left_out_entries_total", counter,
     "Entries that are not in the recording: too much waited for the disk, or "
     "it failed.",
     [](auto& x) {
       return static_cast<double>(x.left_out.get() + x.left_out_by_disk.get());
     }},
    {"zenws_recording_written_bytes_total", counter,
     "Bytes handed to the operating system.", number(&source::written_bytes)},
    {"zenws_recording_disk_failures_total", counter,
     "Attempts to write that failed.", number(&source::failures)},
  }};
  return result;
}

const figure_rows<supervisor_stats>& supervisor_rows() {
  using source = supervisor_stats;
  static const auto result = [] {
    figure_rows<source> rows{{
      {"zenws_supervisor_restarts_total", counter, "Restarts of children.",
       number(&source::restarts)},
      {"zenws_supervisor_given_up_total", counter,
       "Children that were given up.", number(&source::given_up)},
    }};
    add_each<child_state>(
      rows.numbers,
      {"zenws_supervisor_children", gauge, "Children, by state.", {}}, "state",
      &source::children);
    return rows;
  }();
  return result;
}

const figure_rows<limit_level>& limit_rows() {
  static const figure_rows<limit_level> result{{
    {"zenws_limit_capacity", gauge,
     "Units that a rate limit allows at once, or in its window.",
     [](auto& x) { return static_cast<double>(x.capacity); }},
    {"zenws_limit_available", gauge, "Units left; negative in debt.",
     [](auto& x) { return static_cast<double>(x.available); }},
    {"zenws_limit_next_free_seconds", gauge,
     "Time until a unit can be taken, 0 if one can be now.",
     [](auto& x) { return seconds(x.next_free); }},
  }};
  return result;
}

const figure_rows<gateway_stats>& gateway_rows() {
  static const figure_rows<gateway_stats> result{{
    {"zenws_gateway_nodes", gauge, "Nodes that are connected.",
     [](auto& x) { return static_cast<double>(x.nodes().size()); }},
  }};
  return result;
}

const figure_rows<relay_stats>& node_rows() {
  using source = relay_stats;
  static const figure_rows<source> result{{
    {"zenws_node_streams", gauge, "Clients that the node has subscribed to.",
     number(&source::streams)},
    {"zenws_node_batches_total", counter, "Batches sent to the node.",
     number(&source::batches)},
    {"zenws_node_sent_bytes_total", counter, "Bytes of these batches.",
     number(&source::sent_bytes)},
    {"zenws_node_in_flight_bytes", gauge,
     "Bytes sent that the node has not given credit back for.",
     number(&source::in_flight_bytes)},
    {"zenws_node_waiting_bytes", gauge, "Memory that waits for credit.",
     number(&source::waiting_bytes)},
  }};
  return result;
}

const figure_rows<desk_stats>& desk_rows() {
  using source = desk_stats;
  static const auto result = [] {
    figure_rows<source> rows{{
      {"zenws_desk_placed_orders_total", counter,
       "Orders that were sent or about to be.", number(&source::placed)},
      {"zenws_desk_kept_back_orders_total", counter,
       "Those of them that certainly did not leave.",
       number(&source::kept_back)},
      {"zenws_desk_fills_total", counter, "Fills of orders of the desk.",
       number(&source::fills)},
      {"zenws_desk_ever_unknown_orders_total", counter,
       "Orders that were of unknown outcome for a while.",
       number(&source::ever_unknown)},
      {"zenws_desk_adopted_orders_total", counter,
       "Orders with the desk's name that the journal did not have.",
       number(&source::adopted)},
      {"zenws_desk_contradicted_orders_total", counter,
       "Orders that were taken for over, and were not.",
       number(&source::contradicted)},
      {"zenws_desk_open_orders", gauge, "Orders that are not over.",
       number(&source::open)},
      {"zenws_desk_unknown_orders", gauge,
       "Orders whose outcome is unknown now.", number(&source::unknown)},
      {"zenws_desk_instruments", gauge, "Instruments of the desk.",
       number(&source::instruments)},
      {"zenws_desk_traded_instruments", gauge,
       "Those of them that are traded now.", number(&source::traded)},
      {"zenws_desk_halted", gauge, "1 if the kill switch was thrown, else 0.",
       number(&source::is_halted)},
    }};
    add_each<trading::risk_cause>(rows.numbers,
                                  {"zenws_desk_refused_orders_total",
                                   counter,
                                   "Orders that the risk limits refused, by "
                                   "cause.",
                                   {}},
                                  "cause", &source::refusals);
    return rows;
  }();
  return result;
}

const figure_rows<sink_stats>& sink_rows() {
  using source = sink_stats;
  static const figure_rows<source> result{{
    {"zenws_sink_written_records_total", counter,
     "Records that the store has confirmed.", number(&source::written)},
    {"zenws_sink_written_batches_total", counter,
     "Batches that the store has confirmed.", number(&source::batches)},
    {"zenws_sink_lost_records_total", counter,
     "Records that are missing in the store.", number(&source::lost)},
    {"zenws_sink_failures_total", counter,
     "Attempts to write a batch that have failed.", number(&source::failures)},
    {"zenws_sink_pending_records", gauge, "Records that wait for the store.",
     number(&source::pending)},
    {"zenws_sink_pending_bytes", gauge, "Bytes of memory that they take.",
     number(&source::pending_bytes)},
    {"zenws_sink_oldest_pending_seconds", gauge,
     "Age of the oldest of them, 0 if there is none.", oldest_pending},
    {"zenws_sink_failing", gauge,
     "1 if the last attempt to write has failed, else 0.",
     number(&source::is_failing)},
  }};
  return result;
}

} // namespace zenws::internal
