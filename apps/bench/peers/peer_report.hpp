// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// What the peers of the bench that are written in C++ measure, see
/// peer_program.hpp. Knows nothing of zenws.

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace peer {

struct job {
  std::string kind;
  std::string url;
  std::string ca_file;
  uint64_t count = 0;
  size_t size = 0;

  bool is_tls() const {
    return url.compare(0, 6, "wss://") == 0;
  }
};

inline job parse(int argc, char** argv) {
  if (argc != 6)
    throw std::runtime_error{"usage: PEER flood|rtt|idle URL CA COUNT SIZE"};
  return {argv[1], argv[2], argv[3], std::stoull(argv[4]),
          std::stoull(argv[5])};
}

/// Measures a flood but its first fifth, which warms up.
class flood_meter {
public:
  explicit flood_meter(const job& order)
    : order_(order), warm_up_(order.count / 5) {
    // nop
  }

  /// @returns `true` after the last message.
  bool take(size_t size) {
    if (size != order_.size)
      throw std::runtime_error{"a message of another size"};
    ++received_;
    if (received_ == warm_up_) {
      began_ = clock::now();
      cpu_began_ = cpu_seconds();
    }
    if (received_ < order_.count)
      return false;
    auto messages = static_cast<double>(order_.count - warm_up_);
    std::chrono::duration<double> took = clock::now() - began_;
    std::printf("%.1f %.6f\n", messages / took.count(),
                (cpu_seconds() - cpu_began_) * 1e6 / messages);
    return true;
  }

private:
  using clock = std::chrono::steady_clock;

  static double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    auto seconds = [](const timeval& x) {
      return static_cast<double>(x.tv_sec)
             + static_cast<double>(x.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
  }

  const job& order_;
  uint64_t warm_up_;
  uint64_t received_ = 0;
  clock::time_point began_;
  double cpu_began_ = 0;
};

/// Measures round trips.
class trip_meter {
public:
  explicit trip_meter(const job& order) : order_(order) {
    micros_.reserve(order.count);
  }

  void sent() {
    sent_at_ = clock::now();
  }

  /// @returns `true` after the last message.
  bool received() {
    std::chrono::duration<double, std::micro> took = clock::now() - sent_at_;
    if (warm_up_ > 0) {
      --warm_up_;
      return false;
    }
    micros_.push_back(took.count());
    if (micros_.size() < order_.count)
      return false;
    std::sort(micros_.begin(), micros_.end());
    auto at = [this](double q) {
      auto n = static_cast<double>(micros_.size());
      return micros_[static_cast<size_t>(q * (n - 1))];
    };
    std::printf("%.3f %.3f\n", at(0.5), at(0.99));
    return true;
  }

private:
  using clock = std::chrono::steady_clock;

  const job& order_;
  size_t warm_up_ = 1'000;
  clock::time_point sent_at_;
  std::vector<double> micros_;
};

/// Measures the memory of all connections but the first.
class idle_meter {
public:
  explicit idle_meter(const job& order) : order_(order) {
    // nop
  }

  /// @returns `true` after the last connection.
  bool opened() {
    ++open_;
    if (open_ == 1)
      first_ = resident_bytes();
    if (open_ < order_.count)
      return false;
    auto more = static_cast<double>(resident_bytes() - first_);
    std::printf("%.0f\n", more / static_cast<double>(order_.count - 1));
    return true;
  }

private:
  static int64_t resident_bytes() {
    malloc_trim(0);
    std::ifstream in{"/proc/self/statm"};
    int64_t total = 0;
    int64_t resident = 0;
    in >> total >> resident;
    return resident * sysconf(_SC_PAGESIZE);
  }

  const job& order_;
  uint64_t open_ = 0;
  int64_t first_ = 0;
};

} // namespace peer
