// SPDX-License-Identifier: BSD-3-Clause

#include "program/print_problem.hpp"

#include <cstdio>

namespace zenws {

void print_problem(std::string_view program, std::string_view problem,
                   std::string_view remedy) {
  std::string text{program};
  text.append(": ").append(problem) += '\n';
  if (!remedy.empty())
    text.append("What to do: ").append(remedy) += '\n';
  // In one write: other threads print as well.
  std::fwrite(text.data(), 1, text.size(), stderr);
}

} // namespace zenws
