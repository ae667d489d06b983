// SPDX-License-Identifier: BSD-3-Clause

// zenws check: mistakes in the file of a gateway or of an engine.

#include "../json_line.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "config_file/config_section.hpp"
#include "engine_settings.hpp"
#include "gateway_file/gateway_file.hpp"

#include "program/help.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zenws::tool {

namespace {

enum class file_kind : uint8_t { unknown, gateway, engine };

std::string_view to_string(file_kind kind) {
  return kind == file_kind::gateway  ? "gateway"
         : kind == file_kind::engine ? "engine"
                                     : "unknown";
}

// Finds out about a file by its tables.
file_kind kind_of(const std::string& text) {
  auto result = file_kind::unknown;
  read_config(text, [&](config_section& root) {
    auto keys = root.keys();
    auto has = [&](std::string_view key) {
      return std::ranges::find(keys, key) != keys.end();
    };
    if (has("engine") || has("venues") || has("strategies"))
      result = file_kind::engine;
    else if (has("gateway") || has("clients") || has("desks"))
      result = file_kind::gateway;
  });
  return result;
}

struct check_result {
  file_kind kind = file_kind::unknown;
  std::vector<file_mistake> mistakes{};

  /// What the file has.
  std::string summary{};
};

check_result check_gateway(const std::string& text) {
  gateway_file content;
  auto mistakes = read_config(text, [&](config_section& root) {
    read_gateway_file(root, content);
  });
  return {file_kind::gateway, std::move(mistakes),
          "clients: " + std::to_string(content.clients.size())
            + ", desks: " + std::to_string(content.desks.size())};
}

check_result check_engine(const std::string& text) {
  engine::engine_settings content;
  auto mistakes = read_config(text, [&](config_section& root) {
    engine::read_engine_file(root, content);
  });
  return {file_kind::engine, std::move(mistakes),
          "venues: " + std::to_string(content.engine.venues.size())
            + ", strategies: "
            + std::to_string(content.engine.strategies.size())};
}

check_result check_text(const std::string& text) {
  switch (kind_of(text)) {
    case file_kind::gateway:
      return check_gateway(text);
    case file_kind::engine:
      return check_engine(text);
    default:
      break;
  }
  auto mistakes = read_config(text, [](config_section& root) { root.keys(); });
  // Unknown keys are no mistakes of a file of nobody.
  std::erase_if(mistakes, [](auto& x) { return !x.key.empty(); });
  if (mistakes.empty())
    mistakes.push_back({.message = "neither a gateway's file (tables gateway "
                                   "and clients) nor an engine's (engine, "
                                   "venues and strategies)"});
  return {file_kind::unknown, std::move(mistakes), {}};
}

void print_result(const std::string& file, const check_result& found,
                  const common_options& common) {
  auto is_right = found.mistakes.empty();
  if (common.json) {
    boost::json::array mistakes;
    for (auto& x : found.mistakes)
      mistakes.push_back({{"line", x.line},
                          {"column", x.column},
                          {"key", x.key},
                          {"message", x.message}});
    print_json({{"file", file},
                {"kind", to_string(found.kind)},
                {"ok", is_right},
                {"mistakes", std::move(mistakes)}});
  } else if (is_right) {
    print_line(file + ": in order, " + std::string{to_string(found.kind)} + " ("
               + found.summary + ')');
  }
  if (!common.json)
    for (auto& x : found.mistakes)
      print_problem(to_string(x, file), "");
}

int check(const std::string& file, const common_options& common) {
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in) {
    print_problem(file + " cannot be read", "");
    return exit_usage;
  }
  auto found = check_text(text);
  print_result(file, found, common);
  return found.mistakes.empty() ? exit_success : exit_usage;
}

} // namespace

verb_action declare_check(CLI::App& app) {
  auto file = std::make_shared<std::string>();
  auto* verb = app.add_subcommand(
    "check", "Find all mistakes in the file of a gateway or an engine");
  verb->add_option("FILE", *file, "configuration file (TOML)")
    ->required()
    ->check(CLI::ExistingFile);
  add_examples(*verb, {{"before a restart", "zenws check gateway.toml"}});
  return [file](const common_options& common) { return check(*file, common); };
}

} // namespace zenws::tool
