// SPDX-License-Identifier: BSD-3-Clause

// Holds main() of test programs.

#define CAF_TEST_NO_MAIN

#include "caf/test/unit_test_impl.hpp"

#include <iostream>
#include <streambuf>
#include <string>

namespace {

// CAF prints every check or none: leaves out passed ones, which can be hundreds
// of thousands of lines.
class without_passed_checks : public std::streambuf {
public:
  explicit without_passed_checks(std::ostream& out)
    : out_(out), target_(out.rdbuf(this)) {
    // nop
  }

  ~without_passed_checks() override {
    out_.rdbuf(target_);
  }

protected:
  int_type overflow(int_type c) override {
    line_ += traits_type::to_char_type(c);
    if (c == '\n')
      end_line();
    return c;
  }

private:
  void end_line() {
    if (!line_.starts_with("** "))
      target_->sputn(line_.data(), static_cast<std::streamsize>(line_.size()));
    line_.clear();
  }

  std::ostream& out_;
  std::streambuf* target_;
  std::string line_;
};

} // namespace

int main(int argc, char** argv) {
  without_passed_checks filter{std::cerr};
  return caf::test::main(argc, argv);
}
