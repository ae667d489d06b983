// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/messages/market_messages.hpp"

namespace zenws {

namespace {

template <class F>
void for_each_wish(const std::vector<std::string>& instruments,
                   market::data_kinds kinds, F f) {
  for (auto& instrument : instruments)
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

std::vector<config_problem> validate(const subscribe_market& request) {
  std::vector<config_problem> result;
  if (!request.subscriber)
    result.push_back({"subscriber", "is missing"});
  if (request.instruments.empty())
    result.push_back({"instruments", "must not be empty"});
  if (request.kinds.empty())
    result.push_back({"kinds", "must not be empty"});
  for (size_t i = 0; i < request.instruments.size(); ++i)
    if (request.instruments[i].size() > market::instrument_name::max_size)
      result.push_back({"instruments[" + std::to_string(i) + ']',
                        "has more than 63 bytes"});
  return result;
}

} // namespace zenws
