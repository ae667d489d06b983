// SPDX-License-Identifier: BSD-3-Clause

// zenws export: a recording as CSV, lines of JSON or a database.

#include "../output.hpp"
#include "../recording_options.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include "zenws/recording/recording_export.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::tool {

namespace {

struct export_options {
  recording_options recording;
  std::string format = "csv";

  /// Empty: all tables.
  std::string table;

  std::string output;
};

int export_usage(const std::string& problem) {
  print_problem(problem, "see \"zenws export --help\"");
  return exit_usage;
}

// Ends the program, quietly, if nobody reads the result any more, as `head`.
bool to_stdout(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()
      && std::fflush(stdout) == 0)
    return true;
  if (errno == EPIPE)
    std::_Exit(exit_success);
  return false;
}

// Returns the enumerator of a name that was checked.
template <class Enum>
Enum enumerator_of(const std::string& name) {
  auto value = static_cast<Enum>(0);
  while (to_string(value) != name)
    value = static_cast<Enum>(static_cast<int>(value) + 1);
  return value;
}

template <class Enum>
std::vector<std::string> names_up_to(Enum last) {
  std::vector<std::string> result;
  for (int i = 0; i <= static_cast<int>(last); ++i)
    result.emplace_back(to_string(static_cast<Enum>(i)));
  return result;
}

result<std::unique_ptr<table_writer>> writer_for(const export_options& from) {
  auto format = enumerator_of<export_format>(from.format);
  if (!from.output.empty())
    return make_table_writer(format, from.output);
  if (format == export_format::jsonl)
    return make_jsonl_writer(to_stdout);
  return make_csv_writer(enumerator_of<recording_table>(from.table), to_stdout);
}

// Returns what is wrong with the destination, nothing if it is right.
std::string problem_of(const export_options& from) {
  auto is_csv = from.format == "csv";
  if (!from.table.empty() && (!is_csv || !from.output.empty()))
    return "--table is for CSV on the standard output";
  if (!from.output.empty() || from.format == "jsonl" || !from.table.empty())
    return {};
  return is_csv ? "CSV needs --output FOLDER, or --table NAME for one table on "
                  "the standard output"
                : "a database needs --output FILE";
}

int export_to(const export_options& options, const common_options& common) {
  if (auto problem = problem_of(options); !problem.empty())
    return export_usage(problem);
  auto source = open_recording(options.recording);
  if (!source)
    return export_usage(source.error().detail);
  auto writer = writer_for(options);
  if (!writer) {
    print_problem(writer.error().detail, "choose a name that is free");
    return exit_usage;
  }
  auto dialect = dialect_of(options.recording);
  auto read = [&] {
    return export_recording(*source, make_dialect(dialect), **writer);
  };
  auto shows_progress = !common.quiet && !options.output.empty();
  if (auto problem = shows_progress ? with_progress(*source, read) : read()) {
    print_problem(problem);
    return exit_failed;
  }
  print_note("read as " + dialect + ": "
             + std::to_string(source->account().entries) + " entries");
  return print_account(*source);
}

} // namespace

verb_action declare_export(CLI::App& app) {
  auto options = std::make_shared<export_options>();
  auto* verb = app.add_subcommand(
    "export", "Turn a recording into CSV, lines of JSON or a database");
  add_recording_options(*verb, options->recording);
  verb
    ->add_option("-f,--format", options->format,
                 "csv (default), jsonl or sqlite")
    ->option_text("NAME")
    ->check(CLI::IsMember(names_up_to(export_format::sqlite)));
  verb
    ->add_option("-o,--output", options->output,
                 "file to create, or folder for CSV; jsonl goes to the "
                 "standard output without one")
    ->option_text("PATH");
  verb
    ->add_option("-t,--table", options->table,
                 "one table as CSV to the standard output: trades, book, "
                 "quotes, tickers, messages")
    ->option_text("NAME")
    ->check(CLI::IsMember(names_up_to(recording_table::messages)));
  add_examples(
    *verb, {{"all tables, a file each", "zenws export feed.jsonl.zst -o feed"},
            {"the trades of a day",
             "zenws export feed.jsonl.zst -t trades --from 2026-03-01 --to "
             "2026-03-01T23:59:59.999999 > trades.csv"},
            {"a database", "zenws export feed.jsonl.zst -f sqlite -o feed.db"},
            {"columns for pandas: see docs/examples",
             "python3 recording_to_parquet.py feed trades.parquet"}});
  return [options](const common_options& common) {
    return export_to(*options, common);
  };
}

} // namespace zenws::tool
