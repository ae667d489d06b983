// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/messages/market_messages.hpp"

#include "zenws/actors/messages/client_spec.hpp"

#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace zenws {

namespace {

// Instruments that are named twice count once.
template <class F>
void for_each_wish(const std::vector<std::string>& instruments,
                   market::data_kinds kinds, F f) {
  std::set<std::string_view> done;
  for (auto& instrument : instruments)
    if (done.insert(instrument).second)
      for (auto kind : market::data_kinds::all)
        if (kinds.contains(kind))
          f(kind, instrument);
}

} // namespace

std::vector<market_wish> wishes_of(const subscribe_market& request) {
  std::vector<market_wish> result;
  for_each_wish(request.instruments, request.kinds,
                [&](market::data_kind kind, const std::string& instrument) {
                  auto depth = kind == market::data_kind::book ? request.depth
                                                               : 0u;
                  result.push_back({kind, instrument, depth, request.pace});
                });
  return result;
}

std::vector<market_wish> wishes_of(const unsubscribe_market& request) {
  std::vector<market_wish> result;
  for_each_wish(request.instruments, request.kinds,
                [&](market::data_kind kind, const std::string& instrument) {
                  result.push_back({kind, instrument});
                });
  return result;
}

std::vector<subscribe_market>
requests_for(const std::vector<market_wish>& wishes,
             const market_subscriber& subscriber,
             const subscription_options& options) {
  struct share {
    market::data_kinds kinds;
    uint32_t depth = 0;
  };
  std::map<std::pair<std::string, market_pace>, share> shares;
  for (auto& x : wishes) {
    auto& mine = shares[{x.instrument, x.pace}];
    mine.kinds.insert(x.kind);
    mine.depth = std::max(mine.depth, x.depth);
  }
  std::map<std::tuple<market_pace, uint8_t, uint32_t>, subscribe_market>
    requests;
  for (auto& [about, mine] : shares) {
    auto& [instrument, pace] = about;
    auto& request = requests[{pace, mine.kinds.bits(), mine.depth}];
    request.instruments.push_back(instrument);
    request.kinds = mine.kinds;
    request.subscriber = subscriber;
    request.depth = mine.depth;
    request.pace = pace;
    request.options = options;
  }
  std::vector<subscribe_market> result;
  result.reserve(requests.size());
  for (auto& [terms, request] : requests)
    result.push_back(std::move(request));
  return result;
}

std::vector<config_problem> validate(const subscribe_market& request) {
  auto subscriber = caf::actor_cast<caf::actor>(request.subscriber);
  auto result = validate(subscribe{subscriber, request.options});
  if (request.instruments.empty())
    result.push_back({"instruments", "must not be empty"});
  if (request.kinds.empty())
    result.push_back({"kinds", "must not be empty"});
  for (size_t i = 0; i < request.instruments.size(); ++i)
    if (request.instruments[i].size() > market::instrument_name::max_size)
      result.push_back(
        {"instruments[" + std::to_string(i) + ']', "has more than 63 bytes"});
  if (request.pace > market_pace::fastest)
    result.push_back({"pace", "is none that there is"});
  return result;
}

} // namespace zenws
