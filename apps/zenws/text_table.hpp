// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "output.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace zenws::tool {

/// Rows of text in columns, of which the first row is the head.
class text_table {
public:
  using row = std::vector<std::string>;

  explicit text_table(row head) : rows_{std::move(head)} {
    // nop
  }

  /// @param style of the whole row.
  void add(row cells, color style = color::plain) {
    rows_.push_back(std::move(cells));
    styles_.push_back(style);
  }

  /// Returns the lines.
  std::vector<std::string> lines() const {
    std::vector<std::string> result;
    for (size_t i = 0; i < rows_.size(); ++i) {
      std::string line;
      for (size_t column = 0; column < rows_[i].size(); ++column) {
        auto& cell = rows_[i][column];
        line += cell;
        if (column + 1 < rows_[i].size())
          line.append(width_of(column) - letters_of(cell) + 2, ' ');
      }
      result.push_back(painted(i == 0 ? color::bold : styles_[i - 1], line));
    }
    return result;
  }

  void print() const {
    for (auto& line : lines())
      print_line(line);
  }

private:
  // Letters of UTF-8, whatever their widths.
  static size_t letters_of(const std::string& text) {
    return static_cast<size_t>(std::ranges::count_if(text, [](char c) {
      return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
  }

  size_t width_of(size_t column) const {
    size_t result = 0;
    for (auto& cells : rows_)
      if (column < cells.size())
        result = std::max(result, letters_of(cells[column]));
    return result;
  }

  std::vector<row> rows_;
  std::vector<color> styles_;
};

} // namespace zenws::tool
