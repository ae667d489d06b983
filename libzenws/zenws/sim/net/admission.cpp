// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/net/admission.hpp"

namespace zenws::sim {

namespace {

constexpr const char* control_path = "/control";

// Returns the fault for a path, else the one for all paths.
template <class Map>
auto lookup(Map& faults, const std::string& path) {
  if (path == control_path)
    return faults.end();
  auto i = faults.find(path);
  return i != faults.end() ? i : faults.find("");
}

// Returns whether `times` is used up.
bool use_up(uint64_t& times) noexcept {
  return times > 0 && --times == 0;
}

} // namespace

// -- transitions --------------------------------------------------------------

void admission::refuse(const std::string& path, const fault_refuse& cause) {
  refusals_[path] = cause;
}

void admission::flap(const std::string& path, const fault_flap& cause) {
  if (cause.point == flap_point::after_accept)
    accept_flap_ = cause;
  else
    flaps_[path] = cause;
}

void admission::accept(const std::string& path) {
  forget(refusals_, path);
  forget(flaps_, path);
  if (path.empty())
    accept_flap_.reset();
}

void admission::stall(const std::string& path) {
  stalls_[path] = {};
}

void admission::resume(const std::string& path) {
  forget(stalls_, path);
}

void admission::mute(const std::string& path) {
  mutes_[path] = {};
}

void admission::unmute(const std::string& path) {
  forget(mutes_, path);
}

// -- decisions ----------------------------------------------------------------

std::optional<http_refusal> admission::refusal_for(const std::string& path) {
  auto i = lookup(refusals_, path);
  if (i == refusals_.end())
    return std::nullopt;
  auto& refusal = i->second;
  http_refusal result{refusal.status, refusal.headers, refusal.body};
  if (use_up(refusal.times))
    refusals_.erase(i);
  return result;
}

std::optional<disconnect> admission::flap_after_accept() {
  if (!accept_flap_)
    return std::nullopt;
  auto result = accept_flap_->mode;
  if (use_up(accept_flap_->times))
    accept_flap_.reset();
  return result;
}

std::optional<disconnect>
admission::flap_after_upgrade(const std::string& path) {
  auto i = lookup(flaps_, path);
  if (i == flaps_.end())
    return std::nullopt;
  auto result = i->second.mode;
  if (use_up(i->second.times))
    flaps_.erase(i);
  return result;
}

// -- properties ---------------------------------------------------------------

bool admission::stalls(const std::string& path) const {
  return lookup(stalls_, path) != stalls_.end();
}

bool admission::mutes(const std::string& path) const {
  return lookup(mutes_, path) != mutes_.end();
}

} // namespace zenws::sim
