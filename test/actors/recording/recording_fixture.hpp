// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/messages/recorder_options.hpp"
#include "zenws/recording/recording_source.hpp"

#include "support/unit_test.hpp"
#include "support/world.hpp"

#include "support/temporary_folder.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace zenws::test_support {

/// A directory for a recording, which goes away with the test.
class recording_fixture {
public:
  std::string directory() const {
    return folder_.path().string();
  }

  std::string path() const {
    return folder_.file("client.jsonl");
  }

  /// A recorder at the pace of a test.
  recorder_options options() const {
    recorder_options result;
    result.path = path();
    result.flush_interval = 5ms;
    result.retry_interval = 10ms;
    return result;
  }

  void append(std::string_view text) const {
    std::ofstream{path(), std::ios::app | std::ios::binary} << text;
  }

  /// Appends a received message.
  /// @param after time since the first one
  void add(uint64_t sequence, std::string data,
           std::chrono::microseconds after = {}) const {
    recorded_entry entry;
    entry.at = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + after;
    entry.epoch = 1;
    entry.sequence = sequence;
    entry.data = std::move(data);
    append(write_line(entry) + '\n');
  }

  std::string contents() const {
    return contents_of(path());
  }

  /// Returns all entries of all files, which must be without a fault.
  std::vector<recorded_entry> read_recording() const {
    std::vector<recorded_entry> result;
    for (auto& file : recording_files(path())) {
      recording_reader reader;
      reader.feed(contents_of(file));
      reader.finish();
      while (auto entry = reader.next())
        result.push_back(std::move(*entry));
      CAF_CHECK_EQUAL(reader.corrupt(), 0u);
      CAF_CHECK(!reader.torn());
    }
    return result;
  }

  static size_t count(const std::vector<recorded_entry>& entries,
                      recorded_direction direction, recorded_type type) {
    return static_cast<size_t>(
      std::count_if(entries.begin(), entries.end(), [=](auto& x) {
        return x.direction == direction && x.type == type;
      }));
  }

  static std::vector<client_event>
  events_in(const std::vector<recorded_entry>& entries) {
    std::vector<client_event> result;
    for (auto& entry : entries)
      if (entry.type == recorded_type::event)
        if (auto event = event_from_json(entry.data))
          result.push_back(std::move(*event));
    return result;
  }

private:
  static std::string contents_of(const std::string& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  test_support::temporary_folder folder_;
};

} // namespace zenws::test_support
