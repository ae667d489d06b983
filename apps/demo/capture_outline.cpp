// SPDX-License-Identifier: BSD-3-Clause

#include "capture_outline.hpp"

#include "zenws/json/envelope.hpp"
#include "zenws/market/update_list.hpp"
#include "zenws/venue/dialect.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

namespace zenws::demo {

namespace {

using std::chrono::milliseconds;

const char* const capture_remedy
  = "Take a recording of Deribit that begins with its public/subscribe "
    "request.";

bool is_subscribe_request(std::string_view text) {
  auto envelope = scan(text);
  return envelope && envelope->method.is("public/subscribe");
}

std::optional<double> seconds_in(std::string_view text) {
  double result = 0;
  auto* last = text.data() + text.size();
  auto [end, ec] = std::from_chars(text.data(), last, result);
  if (ec != std::errc{} || end != last)
    return std::nullopt;
  return result;
}

milliseconds between(double from, double to) {
  auto seconds = std::chrono::duration<double>{to - from};
  return std::chrono::duration_cast<milliseconds>(seconds);
}

// Collects the facts of the lines.
class outliner {
public:
  void read(std::string_view line) {
    auto colon = line.find(": ");
    if (colon == std::string_view::npos)
      return;
    auto head = line.substr(0, colon);
    auto text = line.substr(colon + 2);
    if (head.find(" <- ") != std::string_view::npos)
      subscribes_ |= is_subscribe_request(text);
    else if (auto time = seconds_in(head))
      received(*time, text);
  }

  bool subscribes() const noexcept {
    return subscribes_;
  }

  // Nothing if there is no book.
  std::optional<capture_outline> take() {
    for (auto pace : {market_pace::fastest, market_pace::usual})
      if (auto& found = instruments_of(pace); !found.empty()) {
        result_.instruments.assign(found.begin(), found.end());
        result_.pace = pace;
        return std::move(result_);
      }
    return std::nullopt;
  }

private:
  void received(double time, std::string_view text) {
    updates_.clear();
    auto message = venue_->read(text);
    if (message.kind != inbound_kind::data
        || venue_->market()->decode(message.content, updates_)
        || updates_.empty())
      return;
    if (!start_)
      start_ = time;
    auto offset = between(*start_, time);
    result_.length = std::max(result_.length, offset);
    for (auto& x : updates_)
      add(message.channel, x);
  }

  void add(std::string_view channel, const market::update& x) {
    // A change alone proves nothing.
    if (!std::holds_alternative<market::book_snapshot>(x))
      return;
    market_wish wish{.kind = market::data_kind::book,
                     .instrument = std::string{instrument_of(x).view()}};
    for (auto pace : {market_pace::fastest, market_pace::usual}) {
      wish.pace = pace;
      if (brings(channel, wish))
        instruments_of(pace).insert(wish.instrument);
    }
  }

  // Returns whether the engine would get the wish by this channel.
  bool brings(std::string_view channel, const market_wish& wish) const {
    auto channels = venue_->market()->channels(wish);
    return channels
           && std::ranges::find(*channels, channel, &channel_spec::name)
                != channels->end();
  }

  std::set<std::string>& instruments_of(market_pace pace) {
    return instruments_[static_cast<size_t>(pace)];
  }

  dialect_ptr venue_ = make_dialect("deribit");
  market::update_list updates_;
  bool subscribes_ = false;
  std::optional<double> start_;
  std::array<std::set<std::string>, 2> instruments_; // by pace
  capture_outline result_;
};

std::variant<capture_outline, obstacle> outline_of(std::string_view text) {
  outliner all;
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    all.read(line);
  }
  if (!all.subscribes())
    return obstacle{"there is no public/subscribe request", capture_remedy};
  auto result = all.take();
  if (!result)
    return obstacle{"there is no book that begins", capture_remedy};
  return std::move(*result);
}

} // namespace

std::variant<capture_outline, obstacle> load_outline(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in.is_open() || in.bad())
    return obstacle{"cannot read " + path, "Check the name of the file."};
  auto result = outline_of(text);
  if (auto* problem = std::get_if<obstacle>(&result))
    problem->cause = path + ": " + problem->cause;
  return result;
}

} // namespace zenws::demo
