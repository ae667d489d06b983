// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/json/internal/json_writer.hpp"
#include "zenws/recording/recording_summary.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace zenws {

namespace {

using std::chrono::microseconds;

// Items of a list that people read; programs get all.
constexpr size_t shown_items = 10;

// -- text ---------------------------------------------------------------------

std::string fixed_text(double value, int digits) {
  std::array<char, 64> text;
  auto size = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return {text.data(), static_cast<size_t>(size)};
}

std::string length_of(microseconds time) {
  auto us = static_cast<double>(time.count());
  if (us < 1e3)
    return fixed_text(us, 0) + " us";
  if (us < 1e6)
    return fixed_text(us / 1e3, 1) + " ms";
  if (us < 120e6)
    return fixed_text(us / 1e6, 1) + " s";
  return us < 7200e6 ? fixed_text(us / 60e6, 1) + " min"
                     : fixed_text(us / 3600e6, 1) + " h";
}

std::string length_of(const recorded_span& span) {
  return length_of(
    std::chrono::floor<microseconds>(span.latest - span.earliest));
}

class summary_lines {
public:
  summary_lines& line(const std::string& label, const std::string& text) {
    auto padded = label;
    padded.resize(std::max<size_t>(padded.size(), 12), ' ');
    result_ += padded + ' ' + text + '\n';
    return *this;
  }

  summary_lines& item(const std::string& text) {
    return line("", text);
  }

  // Items of which there are more than are shown.
  summary_lines& more(uint64_t total, size_t shown) {
    return total > shown
             ? item("… and " + std::to_string(total - shown) + " more")
             : *this;
  }

  std::string take() {
    return std::move(result_);
  }

private:
  std::string result_;
};

void add_epochs(const recording_summary& from, summary_lines& out) {
  out.line("epochs", std::to_string(from.num_epochs));
  auto shown = std::min(from.epochs.size(), shown_items);
  for (size_t i = 0; i < shown; ++i) {
    auto& x = from.epochs[i];
    out.item(std::to_string(x.span.highest_epoch) + ": "
             + time_to_string(x.span.earliest) + ", " + length_of(x.span) + ", "
             + std::to_string(x.messages) + " messages"
             + (x.end.empty() ? "" : "; ended by " + x.end));
  }
  out.more(from.num_epochs, shown);
}

void add_gaps(const recording_summary& from, summary_lines& out) {
  out.line("gaps", std::to_string(from.num_gaps) + " with "
                     + std::to_string(from.missing) + " messages; "
                     + std::to_string(from.left_out)
                     + " entries left out by the recorder");
  auto shown = std::min(from.gaps.size(), shown_items);
  for (size_t i = 0; i < shown; ++i) {
    auto& x = from.gaps[i];
    out.item(std::to_string(x.missing) + " before " + time_to_string(x.at)
             + " (epoch " + std::to_string(x.epoch) + ", after number "
             + std::to_string(x.after) + ')');
  }
  out.more(from.num_gaps, shown);
}

void add_silences(const recording_summary& from, summary_lines& out) {
  out.line("silences", std::to_string(from.num_silences));
  auto shown = std::min(from.silences.size(), shown_items);
  for (size_t i = 0; i < shown; ++i) {
    auto& x = from.silences[i];
    out.item(length_of(x.length) + " from " + time_to_string(x.begin)
             + " (epoch " + std::to_string(x.epoch) + ')');
  }
  out.more(from.num_silences, shown);
}

void add_latencies(const std::string& label, const latency_summary& from,
                   summary_lines& out) {
  if (from.count == 0)
    return;
  out.line(label, "50 % " + length_of(from.p50) + ", 99 % "
                    + length_of(from.p99) + ", max " + length_of(from.max)
                    + " (" + std::to_string(from.count) + ')');
}

void add_damage(const recording_account& from, summary_lines& out) {
  if (from.corrupt == 0 && !from.torn) {
    out.line("damage", "none");
    return;
  }
  out.line("damage", std::to_string(from.corrupt) + " parts that cannot be read"
                       + (from.torn ? "; the end is cut off" : ""));
  auto shown = std::min(from.problems.size(), shown_items);
  for (size_t i = 0; i < shown; ++i)
    out.item(from.problems[i]);
  out.more(from.corrupt, shown);
}

// -- JSON ---------------------------------------------------------------------

using internal::json_writer;

void put_member(json_writer& out, const char* name,
                std::chrono::system_clock::time_point at) {
  out.key(name).string(time_to_string(at));
}

void put_member(json_writer& out, const recorded_span& span) {
  if (span.entries == 0)
    return;
  put_member(out, "from", span.earliest);
  put_member(out, "to", span.latest);
}

void put_member(json_writer& out, const char* name,
                const latency_summary& from) {
  out.key(name).begin_object();
  out.key("count").number(from.count);
  out.key("p50_us").number(from.p50.count());
  out.key("p90_us").number(from.p90.count());
  out.key("p99_us").number(from.p99.count());
  out.key("p999_us").number(from.p999.count());
  out.key("max_us").number(from.max.count());
  out.end_object();
}

void put_epochs(json_writer& out, const recording_summary& from) {
  out.key("num_epochs").number(from.num_epochs);
  out.key("epochs").begin_array();
  for (auto& x : from.epochs) {
    out.begin_object().key("epoch").number(x.span.highest_epoch);
    put_member(out, x.span);
    out.key("messages").number(x.messages);
    out.key("end").lenient_string(x.end).end_object();
  }
  out.end_array();
}

void put_gaps(json_writer& out, const recording_summary& from) {
  out.key("num_gaps").number(from.num_gaps);
  out.key("missing").number(from.missing);
  out.key("left_out").number(from.left_out);
  out.key("gaps").begin_array();
  for (auto& x : from.gaps) {
    out.begin_object();
    put_member(out, "at", x.at);
    out.key("epoch").number(x.epoch).key("after").number(x.after);
    out.key("missing").number(x.missing).end_object();
  }
  out.end_array();
}

void put_silences(json_writer& out, const recording_summary& from) {
  out.key("num_silences").number(from.num_silences);
  out.key("silences").begin_array();
  for (auto& x : from.silences) {
    out.begin_object();
    put_member(out, "from", x.begin);
    out.key("length_us").number(x.length.count());
    out.key("epoch").number(x.epoch).end_object();
  }
  out.end_array();
}

void put_strings(json_writer& out, const char* name,
                 const std::vector<std::string>& from) {
  out.key(name).begin_array();
  for (auto& x : from)
    out.lenient_string(x);
  out.end_array();
}

} // namespace

std::string describe(const recording_summary& summary) {
  summary_lines out;
  std::string clients;
  for (auto& name : summary.clients)
    clients += (clients.empty() ? "" : ", ") + name;
  out.line("client", clients.empty() ? "unknown" : clients)
    .line("dialect", summary.dialect);
  if (summary.span.entries > 0)
    out.line("time", time_to_string(summary.span.earliest) + " to "
                       + time_to_string(summary.span.latest) + " ("
                       + length_of(summary.span) + ')');
  out
    .line("received", std::to_string(summary.received) + " messages, "
                        + std::to_string(summary.received_bytes) + " bytes")
    .line("sent", std::to_string(summary.sent) + " messages")
    .line("other", std::to_string(summary.control_frames) + " control frames, "
                     + std::to_string(summary.events) + " events");
  if (summary.received > 0)
    out.line("rate", fixed_text(summary.mean_rate(), 1) + "/s; at most "
                       + std::to_string(summary.peak_rate)
                       + " in the second of "
                       + time_to_string(summary.peak_at));
  add_epochs(summary, out);
  add_gaps(summary, out);
  add_silences(summary, out);
  add_latencies("round trips", summary.round_trips, out);
  add_latencies("calls", summary.calls, out);
  add_latencies("age of data", summary.market_data, out);
  if (summary.market_data_ahead > 0)
    out.item(std::to_string(summary.market_data_ahead)
             + " from the future: the clock of the venue, or ours, is wrong");
  add_damage(summary.account, out);
  return out.take();
}

std::string to_json(const recording_summary& summary) {
  json_writer out;
  out.begin_object();
  put_strings(out, "clients", summary.clients);
  out.key("dialect").lenient_string(summary.dialect);
  put_member(out, summary.span);
  out.key("files").number(summary.account.files);
  out.key("entries").number(summary.span.entries);
  out.key("received").number(summary.received);
  out.key("received_bytes").number(summary.received_bytes);
  out.key("sent").number(summary.sent);
  out.key("control_frames").number(summary.control_frames);
  out.key("events").number(summary.events);
  out.key("mean_rate").raw(fixed_text(summary.mean_rate(), 3));
  out.key("peak_rate").number(summary.peak_rate);
  if (summary.peak_rate > 0)
    put_member(out, "peak_at", summary.peak_at);
  put_epochs(out, summary);
  put_gaps(out, summary);
  put_silences(out, summary);
  put_member(out, "round_trips", summary.round_trips);
  put_member(out, "calls", summary.calls);
  put_member(out, "market_data", summary.market_data);
  out.key("market_data_ahead").number(summary.market_data_ahead);
  out.key("damaged").boolean(summary.is_damaged());
  out.key("corrupt").number(summary.account.corrupt);
  out.key("torn").boolean(summary.account.torn);
  put_strings(out, "problems", summary.account.problems);
  return *out.end_object().take(); // lenient strings never fail
}

} // namespace zenws
