// SPDX-License-Identifier: BSD-3-Clause

#include "cases.hpp"
#include "comparison.hpp"
#include "decode_rivals.hpp"
#include "meter.hpp"
#include "recording.hpp"

#include "zenws/market/update_list.hpp"
#include "zenws/venue/dialect.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::bench {

namespace {

// Returns the market data of a venue in a message; nothing if it has none.
bool decode(dialect& venue, std::string_view text,
            market::update_list& updates) {
  updates.clear();
  auto message = venue.read(text);
  return message.kind == inbound_kind::data
         && !venue.market()->decode(message.content, updates)
         && !updates.empty();
}

// Returns the venue that reads most of a recording, unless it is known.
std::string dialect_of(const recording& source) {
  if (!source.dialect.empty())
    return source.dialect;
  std::string result = "json_rpc"; // whatever it is, it is JSON
  size_t most = 0;
  market::update_list updates;
  for (auto name : dialect_names()) {
    auto venue = make_dialect(name);
    if (venue->market() == nullptr)
      continue;
    auto count = static_cast<size_t>(
      std::ranges::count_if(source.messages, [&](std::string_view text) {
        return decode(*venue, text, updates);
      }));
    if (count > most) {
      most = count;
      result = name;
    }
  }
  return result;
}

// Result for the messages of a recording.
struct tally {
  uint64_t messages = 0;
  uint64_t typed = 0;
  uint64_t failed = 0;
};

void read_all(const recording& source, dialect& venue, tally& out) {
  for (auto text : source.messages) {
    ++out.messages;
    if (venue.read(text).kind == inbound_kind::malformed)
      ++out.failed;
  }
}

void decode_all(const recording& source, dialect& venue,
                market::update_list& updates, tally& out) {
  for (auto text : source.messages) {
    ++out.messages;
    if (decode(venue, text, updates))
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
  std::shared_ptr<dialect> venue = make_dialect(dialect_of(source));
  if (venue == nullptr)
    throw std::runtime_error{"no dialect " + source.dialect};
  comparison result;
  result.bench = "decode";
  result.label = source.name;
  result.variants.push_back(
    {"read", [=, &source] {
       return measure(opts.seconds, source,
                      [&](tally& out) { read_all(source, *venue, out); });
     }});
  if (venue->market() == nullptr)
    return result;
  result.baseline = "simdjson";
  result.variants.push_back(
    {"decode", [=, &source] {
       market::update_list updates;
       return measure(opts.seconds, source, [&](tally& out) {
         decode_all(source, *venue, updates, out);
       });
     }});
  auto add_rival = [&](const char* name, std::shared_ptr<decode_rival> rival) {
    if (rival == nullptr)
      return;
    rival->load(source);
    result.variants.push_back(
      {name, [=, &source] {
         market::update_list updates;
         return measure(opts.seconds, source, [&](tally& out) {
           for (size_t i = 0; i < source.messages.size(); ++i) {
             ++out.messages;
             out.typed += rival->decode(i, updates);
           }
         });
       }});
  };
  add_rival("rapidjson", rapidjson_rival(venue->name()));
  add_rival("simdjson", simdjson_rival(venue->name()));
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
             + " bytes, dialect " + dialect_of(source));
    run(decode_comparison(opts, source), opts, out);
  }
}

} // namespace zenws::bench
