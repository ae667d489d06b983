// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/config/call_faults.hpp"

#include "zenws/sim/json/json_reader.hpp"

#include <algorithm>
#include <utility>

namespace zenws::sim {

namespace {

bool is_for(const std::string& fault_path, const std::string& path) {
  return fault_path.empty() || fault_path == path;
}

// Undoing a fault for all paths undoes it for each.
template <class Entries>
void forget(Entries& entries, const std::string& path) {
  std::erase_if(entries, [&](const auto& x) { return is_for(path, x.path); });
}

} // namespace

// -- transitions --------------------------------------------------------------

void call_faults::fail(const std::string& path, const fault_fail_calls& cause) {
  call_error error{cause.code, cause.message, cause.status};
  add({path, cause.method, {cause.executes, std::move(error)}, cause.times});
}

void call_faults::ignore(const std::string& path,
                         const fault_answer_nothing& cause) {
  add({path, cause.method, {cause.executes, std::nullopt}, cause.times});
}

// A later fault for the same calls replaces the earlier one.
void call_faults::add(failing_call call) {
  std::erase_if(calls_, [&](const failing_call& x) {
    return x.path == call.path && x.method == call.method;
  });
  calls_.push_back(std::move(call));
}

void call_faults::maintain(const std::string& path,
                           std::optional<time_point> until) {
  maintenance_[path] = until;
}

void call_faults::notify_first(const std::string& path,
                               const fault_notify_first& cause) {
  notify_first_[path] = cause;
}

void call_faults::silence(const std::string& path, const fault_silence& cause) {
  std::erase_if(silent_, [&](const silent_channel& x) {
    return x.path == path && x.channel == cause.channel;
  });
  silent_.push_back({path, cause.channel});
}

void call_faults::recover(const std::string& path) {
  forget(calls_, path);
  forget(maintenance_, path);
  forget(notify_first_, path);
  forget(silent_, path);
}

// -- decisions ----------------------------------------------------------------

std::optional<call_verdict> call_faults::judge(const std::string& path,
                                               std::string_view method,
                                               time_point now) {
  if (maintains(path, now))
    return call_verdict{execution::left, call_error{}};
  auto i = std::ranges::find_if(calls_, [&](const failing_call& x) {
    return is_for(x.path, path) && (x.method.empty() || x.method == method);
  });
  if (i == calls_.end())
    return std::nullopt;
  auto result = i->verdict;
  if (i->times > 0 && --i->times == 0)
    calls_.erase(i);
  return result;
}

bool call_faults::notifies_first(const std::string& path) {
  auto i = notify_first_.find(path);
  if (i == notify_first_.end())
    i = notify_first_.find("");
  if (i == notify_first_.end())
    return false;
  if (i->second.times > 0 && --i->second.times == 0)
    notify_first_.erase(i);
  return true;
}

// -- properties ---------------------------------------------------------------

bool call_faults::maintains(const std::string& path, time_point now) const {
  return std::ranges::any_of(maintenance_, [&](const auto& x) {
    return is_for(x.first, path) && (!x.second || now < *x.second);
  });
}

bool call_faults::silences(const std::string& path,
                           std::string_view channel) const {
  return std::ranges::any_of(silent_, [&](const silent_channel& x) {
    return is_for(x.path, path) && covers_channel(x.channel, channel);
  });
}

bool covers_channel(std::string_view pattern, std::string_view channel) {
  return pattern.empty() || channel == pattern
         || (channel.starts_with(pattern) && channel[pattern.size()] == ':');
}

std::string method_of(std::string_view request) {
  rapidjson::Document doc;
  if (!parse_json(request, doc))
    return {};
  for (auto name : {"method", "op", "type"})
    if (auto method = text_member(doc, name); !method.empty())
      return std::string{method};
  return {};
}

} // namespace zenws::sim
