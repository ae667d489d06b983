// SPDX-License-Identifier: BSD-3-Clause

#include "cases.hpp"
#include "comparison.hpp"
#include "meter.hpp"
#include "recording.hpp"

#include "zenws/venue/binance/binance_market.hpp"
#include "zenws/venue/deribit/deribit_market.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::bench {

namespace {

// The messages of a venue that are measured.
struct reader {
  std::string_view dialect;
  const envelope_layout& layout;

  // Returns whether data of this venue looks like that.
  bool (*recognizes)(const envelope&);

  // Null if there are no types for its market data.
  error (*decode)(const envelope&, market::update&);
};

bool is_text(const json_value& x) noexcept {
  return x.kind == json_kind::string;
}

const std::array readers{
  reader{"deribit", layouts::deribit,
         [](const envelope& x) { return is_text(x.method) && x.channel; },
         market::deribit::decode},
  reader{"binance", layouts::binance,
         [](const envelope& x) {
           return is_text(x.channel)
                  || (is_text(x.event) && is_text(x.instrument));
         },
         market::binance::decode},
  reader{"okx", layouts::okx,
         [](const envelope& x) { return is_text(x.channel); }, nullptr},
  // Whatever it is, it is JSON.
  reader{"json_rpc", layouts::json_rpc, [](const envelope&) { return true; },
         nullptr},
};

const reader& reader_of(const recording& source) {
  if (!source.dialect.empty()) {
    auto i = std::find_if(readers.begin(), readers.end(),
                          [&](auto& x) { return x.dialect == source.dialect; });
    if (i == readers.end())
      throw std::runtime_error{"no dialect " + source.dialect};
    return *i;
  }
  auto fits = [&](const reader& x) {
    return std::any_of(source.messages.begin(), source.messages.end(),
                       [&](std::string_view text) {
                         auto content = scan(text, x.layout);
                         return content && x.recognizes(*content);
                       });
  };
  return *std::find_if(readers.begin(), readers.end() - 1, fits);
}

// Result for the messages of a recording.
struct tally {
  uint64_t messages = 0;
  uint64_t typed = 0;
  uint64_t failed = 0;
};

void scan_all(const recording& source, const reader& parser, tally& out) {
  for (auto text : source.messages) {
    ++out.messages;
    if (!scan(text, parser.layout))
      ++out.failed;
  }
}

void decode_all(const recording& source, const reader& parser,
                market::update& update, tally& out) {
  for (auto text : source.messages) {
    ++out.messages;
    auto content = scan(text, parser.layout);
    if (!content || parser.decode(*content, update))
      ++out.failed;
    else if (update.kind != market::content::none)
      ++out.typed;
  }
}

// Calls `pass` again and again for some time. Once more before, to warm up.
template <class F>
sample measure(double seconds, const recording& source, F pass) {
  tally ignored;
  pass(ignored);
  tally done;
  meter spent;
  spent.start();
  do {
    pass(done);
    spent.stop();
  } while (spent.seconds() < seconds);
  auto n = static_cast<double>(done.messages);
  auto result = spent.per_message(done.messages);
  auto passes = n / static_cast<double>(source.messages.size());
  result.push_back({"time", "ns/message", spent.seconds() * 1e9 / n});
  result.push_back(
    {"bytes", "MB/s",
     passes * static_cast<double>(source.bytes()) * 1e-6 / spent.seconds()});
  result.push_back(
    {"failed", "1/message", static_cast<double>(done.failed) / n});
  if (done.typed > 0)
    result.push_back(
      {"typed", "1/message", static_cast<double>(done.typed) / n});
  return result;
}

comparison decode_comparison(const options& opts, const recording& source) {
  auto& parser = reader_of(source);
  comparison result;
  result.bench = "decode";
  result.label = source.name;
  result.variants.push_back(
    {"scan", [&] {
       return measure(opts.seconds, source,
                      [&](tally& out) { scan_all(source, parser, out); });
     }});
  if (parser.decode != nullptr)
    result.variants.push_back(
      {"decode", [&] {
         market::update update;
         return measure(opts.seconds, source, [&](tally& out) {
           decode_all(source, parser, update, out);
         });
       }});
  return result;
}

} // namespace

void run_decode(const options& opts, report& out) {
  std::vector<recording> all;
  for (auto& name : opts.captures)
    all.push_back(read_recording(name));
  if (all.empty())
    all.push_back(simulated_recording());
  for (auto& source : all) {
    out.note("\n" + source.name + ": " + std::to_string(source.messages.size())
             + " messages, " + std::to_string(source.bytes())
             + " bytes, dialect " + std::string{reader_of(source).dialect});
    run(decode_comparison(opts, source), opts, out);
  }
}

} // namespace zenws::bench
