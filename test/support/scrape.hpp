// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::test_support {

/// The metrics of one scrape, read from the text format by a reader of its own.
class scrape {
public:
  using labels = std::map<std::string, std::string>;

  struct sample {
    std::string name;
    labels of;
    double value = 0;
  };

  struct family {
    std::string type;
    std::set<std::string> labels; // names
  };

  /// Throws `std::runtime_error` naming the line that is malformed.
  explicit scrape(std::string_view text);

  /// Returns the families by name.
  const std::map<std::string, family>& families() const noexcept {
    return families_;
  }

  const std::vector<sample>& samples() const noexcept {
    return samples_;
  }

  /// Returns the value of the only sample of that name that has these labels
  /// among others; nothing if there is none or more than one.
  std::optional<double> find(std::string_view name,
                             const labels& wanted = {}) const;

  /// Same, 0 if there is nothing.
  double get(std::string_view name, const labels& wanted = {}) const {
    return find(name, wanted).value_or(0);
  }

private:
  void read_type(std::string_view line);

  void read_sample(std::string_view line);

  // Returns the family that a sample belongs to.
  family& family_of(const std::string& sample);

  std::map<std::string, family> families_;
  std::vector<sample> samples_;
};

} // namespace zenws::test_support
