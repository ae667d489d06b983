// SPDX-License-Identifier: BSD-3-Clause

#include "machine_checks.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <sched.h>
#include <sys/resource.h>
#include <sys/timex.h>

namespace zenws::tool {

namespace {

using std::chrono::microseconds;

// Fewer files than that limit a gateway.
constexpr rlim_t enough_files = 4096;

constexpr int wake_ups = 50;

constexpr microseconds late_wake_up{2'000};

void check_files(const finding_sink& out) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  finding result{.check = "files",
                 .text = std::to_string(limit.rlim_cur) + " of at most "
                         + std::to_string(limit.rlim_max)
                         + " files may be open; each connection is one"};
  if (limit.rlim_cur < enough_files) {
    result.outcome = verdict::warning;
    result.remedy = "for thousands of clients: \"ulimit -n 65536\", or "
                    "LimitNOFILE=65536 in the systemd unit";
  }
  out(result);
}

int usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

void check_processors(const finding_sink& out) {
  auto count = usable_processors();
  double load = 0;
  getloadavg(&load, 1);
  finding result{.check = "processors",
                 .text = std::to_string(count) + " may be used, load "
                         + std::to_string(load).substr(0, 4)};
  if (load > count) {
    result.outcome = verdict::warning;
    result.remedy = "other programs keep the processors busy: latencies will "
                    "be theirs";
  }
  out(result);
}

// The quota of a container, by which all its threads are stopped for a while.
void check_quota(const finding_sink& out) {
  std::ifstream in{"/sys/fs/cgroup/cpu.max"};
  std::string quota;
  if (!(in >> quota) || quota == "max")
    return;
  out({.check = "quota",
       .outcome = verdict::warning,
       .text = "the processor time of this container is limited",
       .remedy = "threads are stopped when it is used up, for milliseconds: "
                 "leave it out, or raise it until cpu.stat shows no "
                 "nr_throttled"});
}

void check_governor(const finding_sink& out) {
  std::ifstream in{"/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"};
  std::string name;
  if (!(in >> name) || name == "performance")
    return;
  out({.check = "governor",
       .outcome = verdict::warning,
       .text = "the processors slow down when idle (" + name + ')',
       .remedy = "for latency: \"cpupower frequency-set -g performance\""});
}

void check_scheduler(const finding_sink& out) {
  using clock = std::chrono::steady_clock;
  std::vector<microseconds> late;
  for (int i = 0; i < wake_ups; ++i) {
    auto due = clock::now() + std::chrono::milliseconds{1};
    std::this_thread::sleep_until(due);
    late.push_back(
      std::chrono::duration_cast<microseconds>(clock::now() - due));
  }
  std::ranges::sort(late);
  auto median = late[late.size() / 2];
  auto worst = late.back();
  finding result{
    .check = "scheduler",
    .text = "a sleeping thread wakes up " + std::to_string(median.count())
            + " us late, at worst " + std::to_string(worst.count()) + " us"};
  if (worst > late_wake_up) {
    result.outcome = verdict::warning;
    result.remedy = "leave a processor to each I/O loop; for subscribers on "
                    "CAF's scheduler choose caf.scheduler.policy = \"sharing\"";
  }
  out(result);
}

void check_clock(const finding_sink& out) {
  timex state{};
  auto status = adjtimex(&state);
  finding result{.check = "clock"};
  if (status == TIME_ERROR || (state.status & STA_UNSYNC) != 0) {
    result.outcome = verdict::warning;
    result.text = "nothing keeps the clock of this machine right";
    result.remedy = "install chrony or enable systemd-timesyncd; in a "
                    "container, on its host. Venues refuse requests with a "
                    "wrong time";
  } else {
    result.text = "synchronized, off by at most "
                  + std::to_string(state.maxerror / 1000) + " ms";
  }
  out(result);
}

} // namespace

void check_machine(const finding_sink& out) {
  check_files(out);
  check_processors(out);
  check_quota(out);
  check_governor(out);
  check_scheduler(out);
  check_clock(out);
}

} // namespace zenws::tool
