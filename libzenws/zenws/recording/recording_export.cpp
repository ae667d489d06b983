// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/recording/recording_export.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/json/json_value.hpp"
#include "zenws/recording/internal/sqlite_table_writer.hpp"
#include "zenws/venue/internal/signature.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

namespace zenws {

BOOST_DESCRIBE_ENUM(export_format, csv, jsonl, sqlite)

std::string_view to_string(export_format value) noexcept {
  return internal::enum_name(value);
}

namespace {

constexpr size_t full_export_buffer = 64 * 1024;

error export_failure(const std::string& text) {
  return {ec::recording_failed, text};
}

// Hands rows over in larger pieces.
class buffered_writer : public table_writer {
public:
  explicit buffered_writer(byte_sink to) : to_(std::move(to)) {
    // nop
  }

  error finish() override {
    return flush();
  }

protected:
  std::string& buffer() noexcept {
    return buffer_;
  }

  error row_ended() {
    return buffer_.size() < full_export_buffer ? error{} : flush();
  }

private:
  error flush() {
    if (!buffer_.empty() && !to_(std::exchange(buffer_, {})))
      return export_failure("cannot write the export");
    return {};
  }

  byte_sink to_;
  std::string buffer_;
};

// -- CSV ----------------------------------------------------------------------

class csv_writer final : public buffered_writer {
public:
  csv_writer(recording_table table, byte_sink to)
    : buffered_writer(std::move(to)), table_(table) {
    const char* separator = "";
    for (auto name : columns_of(table)) {
      buffer().append(std::exchange(separator, ",")).append(name);
    }
    buffer() += "\r\n";
  }

  error write(recording_table table,
              std::span<const table_cell> cells) override {
    if (table != table_)
      return {};
    const char* separator = "";
    for (auto& cell : cells) {
      buffer() += std::exchange(separator, ",");
      std::visit([this](auto& value) { add(value); }, cell);
    }
    buffer() += "\r\n";
    return row_ended();
  }

private:
  void add(std::monostate) {
    // nop
  }

  void add(uint64_t value) {
    buffer() += std::to_string(value);
  }

  void add(std::string_view value) {
    if (value.find_first_of("\",\r\n") == std::string_view::npos) {
      buffer() += value;
      return;
    }
    buffer() += '"';
    for (auto c : value)
      buffer().append(c == '"' ? 2 : 1, c);
    buffer() += '"';
  }

  void add(const table_blob& value) {
    buffer() += internal::base64(value.bytes);
  }

  recording_table table_;
};

// -- JSON ---------------------------------------------------------------------

class jsonl_writer final : public buffered_writer {
public:
  using buffered_writer::buffered_writer;

  error write(recording_table table,
              std::span<const table_cell> cells) override {
    auto& out = buffer();
    out.append(R"({"table":")").append(to_string(table)).append("\"");
    auto columns = columns_of(table);
    for (size_t i = 0; i < cells.size(); ++i) {
      out.append(",\"").append(columns[i]).append("\":");
      std::visit([this](auto& value) { add(value); }, cells[i]);
    }
    out += "}\n";
    return row_ended();
  }

private:
  void add(std::monostate) {
    buffer() += "null";
  }

  void add(uint64_t value) {
    buffer() += std::to_string(value);
  }

  void add(std::string_view value) {
    auto quoted = quoted_json(value);
    buffer() += quoted ? *quoted : '"' + internal::base64(value) + '"';
  }

  void add(const table_blob& value) {
    buffer().append("\"").append(internal::base64(value.bytes)).append("\"");
  }
};

// -- files --------------------------------------------------------------------

// Creates a file that does not exist, readable by its owner only as recordings
// are. Null if it cannot.
std::shared_ptr<std::FILE> create_file(const std::string& path) {
  auto* file = std::fopen(path.c_str(), "wbx");
  if (file == nullptr)
    return nullptr;
  std::error_code ignored;
  using std::filesystem::perms;
  std::filesystem::permissions(path, perms::owner_read | perms::owner_write,
                               ignored);
  return {file, std::fclose};
}

byte_sink sink_of(std::shared_ptr<std::FILE> file) {
  return [file = std::move(file)](std::string_view bytes) {
    return std::fwrite(bytes.data(), 1, bytes.size(), file.get())
             == bytes.size()
           && std::fflush(file.get()) == 0;
  };
}

error cannot_create(const std::string& path) {
  auto reason = std::error_code{errno, std::generic_category()}.message();
  return export_failure("cannot create " + path + ": " + reason);
}

// A file for each table that has rows.
class csv_folder final : public table_writer {
public:
  explicit csv_folder(std::string path) : path_(std::move(path)) {
    // nop
  }

  error write(recording_table table,
              std::span<const table_cell> cells) override {
    auto& writer = writers_[static_cast<size_t>(table)];
    if (!writer) {
      auto name = path_ + '/' + std::string{to_string(table)} + ".csv";
      auto file = create_file(name);
      if (!file)
        return cannot_create(name);
      writer = make_csv_writer(table, sink_of(std::move(file)));
    }
    return writer->write(table, cells);
  }

  error finish() override {
    for (auto& writer : writers_)
      if (writer)
        if (auto problem = writer->finish())
          return problem;
    return {};
  }

private:
  std::string path_;
  std::array<std::unique_ptr<table_writer>, num_recording_tables> writers_;
};

} // namespace

// -- factories ----------------------------------------------------------------

std::unique_ptr<table_writer> make_csv_writer(recording_table table,
                                              byte_sink to) {
  return std::make_unique<csv_writer>(table, std::move(to));
}

std::unique_ptr<table_writer> make_jsonl_writer(byte_sink to) {
  return std::make_unique<jsonl_writer>(std::move(to));
}

result<std::unique_ptr<table_writer>>
make_table_writer(export_format format, const std::string& path) {
  if (format == export_format::csv) {
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    if (failed)
      return export_failure("cannot create " + path + ": " + failed.message());
    return std::make_unique<csv_folder>(path);
  }
  auto file = create_file(path);
  if (!file)
    return cannot_create(path);
  if (format == export_format::sqlite)
    return internal::sqlite_table_writer::open(path);
  return make_jsonl_writer(sink_of(std::move(file)));
}

error export_recording(recording_source& source, dialect_ptr venue,
                       table_writer& to) {
  table_reader tables{std::move(venue)};
  for (; auto* entry = source.peek(); source.pop())
    if (auto problem = tables.add(*entry, to))
      return problem;
  if (source.failure())
    return source.failure();
  return to.finish();
}

} // namespace zenws
