// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/recording_summary.hpp"

#include "zenws/events.hpp"
#include "zenws/market/update_list.hpp"
#include "zenws/venue/dialect.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace zenws {

namespace {

using std::chrono::microseconds;
using std::chrono::system_clock;

// Messages from which the dialect shows.
constexpr size_t dialect_sample = 200;

// Requests without an answer that are remembered.
constexpr size_t max_open_calls = 10'000;

microseconds time_between(system_clock::time_point from,
                          system_clock::time_point to) {
  return std::chrono::floor<microseconds>(to - from);
}

bool is_data_message(const recorded_header& entry) noexcept {
  return entry.type == recorded_type::text
         || entry.type == recorded_type::binary;
}

// Takes the entries of a recording one by one.
class summarizer {
public:
  summarizer(const summary_options& options, dialect_ptr venue)
    : min_silence_(options.min_silence), venue_(std::move(venue)) {
    // nop
  }

  void add(const recorded_entry& entry) {
    begin_epoch(entry);
    out_.span.add(entry);
    current_.span.add(entry);
    if (entry.type == recorded_type::event)
      add_event(entry);
    else if (!is_data_message(entry))
      add_control(entry);
    else if (entry.direction == recorded_direction::out)
      add_sent(entry);
    else
      add_received(entry);
  }

  recording_summary finish() {
    end_epoch();
    count_second();
    std::ranges::sort(out_.silences, std::ranges::greater{},
                      &recorded_silence::length);
    out_.round_trips = round_trips_.summary();
    out_.calls = calls_.summary();
    out_.market_data = market_data_.summary();
    out_.market_data_ahead = ahead_;
    return std::move(out_);
  }

  // Set if an event cannot be read.
  std::optional<error> take_problem() {
    return std::exchange(problem_, std::nullopt);
  }

private:
  // -- epochs -----------------------------------------------------------------

  void begin_epoch(const recorded_header& entry) {
    // The events on the way to a connection count to the one before.
    if (current_.span.entries == 0
        || entry.epoch == current_.span.highest_epoch)
      return;
    end_epoch();
    last_received_.reset();
    ping_.reset();
    open_calls_.clear();
    if (venue_)
      venue_->connected();
  }

  void end_epoch() {
    if (current_.span.entries == 0)
      return;
    auto ended = std::exchange(current_, {});
    if (ended.span.highest_epoch == 0)
      return; // before the first connection
    ++out_.num_epochs;
    if (out_.epochs.size() < recording_summary::max_items)
      out_.epochs.push_back(std::move(ended));
  }

  // -- entries ----------------------------------------------------------------

  void add_event(const recorded_entry& entry) {
    ++out_.events;
    auto event = event_from_json(entry.data);
    if (!event) {
      problem_ = event.error();
      return;
    }
    if (event->kind == event_kind::messages_dropped)
      out_.left_out += event->dropped_messages;
    if (event->state == client_state::disconnected
        || event->state == client_state::backing_off
        || event->state == client_state::stopped) {
      if (event->reason && current_.end.empty())
        current_.end = to_string(event->reason);
      last_received_.reset(); // no silence of a connection
    }
    auto& names = out_.clients;
    if (std::ranges::find(names, event->client) == names.end()
        && names.size() < recording_summary::max_items)
      names.push_back(event->client);
  }

  void add_control(const recorded_entry& entry) {
    ++out_.control_frames;
    if (entry.type == recorded_type::ping
        && entry.direction == recorded_direction::out)
      ping_ = entry.at;
    else if (entry.type == recorded_type::pong && ping_)
      round_trips_.record(time_between(*std::exchange(ping_, {}), entry.at));
  }

  void add_sent(const recorded_entry& entry) {
    ++out_.sent;
    if (!venue_ || open_calls_.size() >= max_open_calls)
      return;
    if (auto id = venue_->id_in(entry.data))
      open_calls_[*id] = entry.at;
  }

  void add_received(const recorded_entry& entry) {
    ++out_.received;
    out_.received_bytes += entry.data.size();
    ++current_.messages;
    find_gap(entry);
    find_silence(entry);
    count(entry.at);
    if (venue_ && entry.type == recorded_type::text)
      read(entry);
  }

  void find_gap(const recorded_header& entry) {
    auto expected = std::exchange(next_sequence_, entry.sequence + 1);
    // A lower number begins a run of the program.
    if (expected == 0 || entry.sequence <= expected)
      return;
    auto missing = entry.sequence - expected;
    ++out_.num_gaps;
    out_.missing += missing;
    if (out_.gaps.size() < recording_summary::max_items)
      out_.gaps.push_back({entry.at, entry.epoch, expected - 1, missing});
  }

  void find_silence(const recorded_header& entry) {
    auto last = std::exchange(last_received_, entry.at);
    if (!last || entry.at - *last < min_silence_)
      return;
    ++out_.num_silences;
    auto& kept = out_.silences;
    kept.push_back({*last, time_between(*last, entry.at), entry.epoch});
    if (kept.size() > recording_summary::max_silences)
      kept.erase(std::ranges::min_element(kept, {}, &recorded_silence::length));
  }

  // -- rates ------------------------------------------------------------------

  void count(system_clock::time_point at) {
    auto second = std::chrono::floor<std::chrono::seconds>(at);
    if (second != second_)
      count_second();
    second_ = second;
    ++in_second_;
  }

  void count_second() {
    if (in_second_ > out_.peak_rate) {
      out_.peak_rate = in_second_;
      out_.peak_at = second_;
    }
    in_second_ = 0;
  }

  // -- latencies --------------------------------------------------------------

  void read(const recorded_entry& entry) {
    auto message = venue_->read(entry.data);
    if (message.kind == inbound_kind::answer) {
      auto call = open_calls_.find(message.request);
      if (call == open_calls_.end())
        return;
      calls_.record(time_between(call->second, entry.at));
      open_calls_.erase(call);
    } else if (message.kind == inbound_kind::data && venue_->market()) {
      updates_.clear();
      if (venue_->market()->decode(message.content, updates_))
        return;
      for (auto& update : updates_)
        add_age(std::visit([](auto& x) { return x.time; }, update), entry.at);
    }
  }

  void add_age(market::venue_time time, system_clock::time_point received) {
    if (time == market::venue_time{})
      return;
    ahead_ += time > received;
    market_data_.record(time_between(time, received));
  }

  std::chrono::milliseconds min_silence_;
  dialect_ptr venue_; // null if it reads nothing
  recording_summary out_;
  recorded_epoch current_;
  uint64_t next_sequence_ = 0;
  std::optional<system_clock::time_point> last_received_;
  std::optional<system_clock::time_point> ping_;
  std::map<int64_t, system_clock::time_point> open_calls_;
  std::chrono::sys_seconds second_{};
  uint64_t in_second_ = 0;
  latency_histogram round_trips_;
  latency_histogram calls_;
  latency_histogram market_data_;
  uint64_t ahead_ = 0;
  market::update_list updates_;
  std::optional<error> problem_;
};

// Returns the first entries, which are to be summarized as well.
std::vector<recorded_entry> take_sample(recording_source& source) {
  std::vector<recorded_entry> result;
  for (size_t texts = 0; texts < dialect_sample; source.pop()) {
    auto* entry = source.peek();
    if (entry == nullptr)
      break;
    texts += entry->type == recorded_type::text
             && entry->direction == recorded_direction::in;
    result.push_back(*entry);
  }
  return result;
}

bool has_market_data(dialect& venue, std::string_view text,
                     market::update_list& updates) {
  updates.clear();
  auto message = venue.read(text);
  return message.kind == inbound_kind::data
         && !venue.market()->decode(message.content, updates)
         && !updates.empty();
}

} // namespace

double recording_summary::mean_rate() const noexcept {
  auto length = std::chrono::duration<double>{span.latest - span.earliest};
  return length.count() > 0 ? static_cast<double>(received) / length.count()
                            : 0;
}

result<recording_summary> summarize(recording_source& source,
                                    const summary_options& options) {
  auto sample = take_sample(source);
  auto name = options.dialect.empty() ? find_dialect(sample) : options.dialect;
  auto venue = make_dialect(name);
  if (!venue->reads_messages())
    venue = nullptr;
  summarizer sum{options, std::move(venue)};
  auto add = [&](const recorded_entry& entry) {
    sum.add(entry);
    if (auto problem = sum.take_problem())
      source.reject(*problem);
  };
  for (auto& entry : sample)
    add(entry);
  for (; auto* entry = source.peek(); source.pop())
    add(*entry);
  if (source.failure())
    return source.failure();
  auto result = sum.finish();
  result.dialect = std::move(name);
  result.account = source.account();
  return result;
}

std::string find_dialect(std::span<const recorded_entry> entries) {
  std::string result = "raw";
  size_t most = 0;
  market::update_list updates;
  for (auto name : dialect_names()) {
    auto venue = make_dialect(name);
    if (venue->market() == nullptr)
      continue;
    auto is_read = [&](const recorded_entry& entry) {
      return entry.type == recorded_type::text
             && entry.direction == recorded_direction::in
             && has_market_data(*venue, entry.data, updates);
    };
    auto count = static_cast<size_t>(std::ranges::count_if(entries, is_read));
    if (count > most) {
      most = count;
      result = name;
    }
  }
  return result;
}

} // namespace zenws
