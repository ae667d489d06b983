// SPDX-License-Identifier: BSD-3-Clause

#include "capture_outline.hpp"

#include "zenws/json/envelope.hpp"
#include "zenws/venue/deribit/deribit_market.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

namespace zenws::demo {

namespace {

using std::chrono::milliseconds;

const char* const capture_remedy
  = "Take a recording of Deribit that begins with its public/subscribe "
    "request.";

// Adds the channels of a subscribe request.
void add_channels(std::string_view text, std::vector<std::string>& out) {
  auto envelope = scan(text);
  if (!envelope || !envelope->method.is("public/subscribe"))
    return;
  auto channels
    = elements_of(find_member(envelope->params.text, "channels").text);
  if (!channels)
    return;
  for (auto& x : *channels)
    if (auto name = x.string())
      out.push_back(std::move(*name));
}

// Returns the channel of a text that carries market data.
std::optional<std::string> channel_of(std::string_view text,
                                      market::update& data) {
  auto envelope = scan(text, layouts::deribit);
  if (!envelope || market::deribit::decode(*envelope, data)
      || data.kind == market::content::none)
    return std::nullopt;
  return std::string{envelope->channel.text};
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
      add_channels(text, result_.channels);
    else if (auto time = seconds_in(head))
      received(*time, text);
  }

  capture_outline take() {
    return std::move(result_);
  }

private:
  void received(double time, std::string_view text) {
    auto channel = channel_of(text, data_);
    if (!channel)
      return;
    if (!start_)
      start_ = time;
    auto offset = between(*start_, time);
    result_.first_data.emplace(std::move(*channel), offset);
    result_.length = std::max(result_.length, offset);
  }

  capture_outline result_;
  std::optional<double> start_;
  market::update data_;
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
  auto result = all.take();
  if (result.channels.empty())
    return obstacle{"there is no public/subscribe request", capture_remedy};
  if (result.first_data.empty())
    return obstacle{"there is no market data", capture_remedy};
  return result;
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
