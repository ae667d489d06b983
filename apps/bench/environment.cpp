// SPDX-License-Identifier: BSD-3-Clause

#include "environment.hpp"

#include "zenws/actors/caf/caf_compat.hpp"

#include <boost/version.hpp>
#include <openssl/crypto.h>

#include <sys/resource.h>
#include <sys/utsname.h>

#include <fstream>
#include <string>
#include <thread>

namespace zenws::bench {

namespace {

std::string kernel() {
  utsname system{};
  uname(&system);
  return std::string{system.sysname} + ' ' + system.release + ' '
         + system.machine;
}

std::string cpu_model() {
  std::ifstream in{"/proc/cpuinfo"};
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("model name"))
      return line.substr(line.find(':') + 2);
  return "unknown";
}

std::string version(int major, int minor, int patch) {
  return std::to_string(major) + '.' + std::to_string(minor) + '.'
         + std::to_string(patch);
}

} // namespace

void describe_environment(const options& opts, const report& out) {
  auto boost = version(BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000,
                       BOOST_VERSION % 100);
  out.note("kernel     " + kernel());
  out.note("CPU        " + cpu_model() + ", "
           + std::to_string(std::thread::hardware_concurrency()) + " cores");
  out.note("libraries  CAF " + caf_compat::caf_version() + ", Boost " + boost
           + ", " + OpenSSL_version(OPENSSL_VERSION));
  out.note("scheduler  " + opts.policy
           + " (rtt: as named in the case); one I/O loop");
  out.note("cores      rtt: the server on one, the clients on the others, "
           "unless told otherwise");
  out.note("rounds     " + std::to_string(opts.rounds)
           + ", interleaved; medians. Baseline: Beast's async_read loop");
}

size_t raise_file_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return 1024;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

} // namespace zenws::bench
