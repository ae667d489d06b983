// SPDX-License-Identifier: BSD-3-Clause

// zenws venues: what zenws knows about venues.

#include "../client_options.hpp"
#include "../json_line.hpp"
#include "../output.hpp"
#include "../text_table.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include "zenws/venue/dialect.hpp"
#include "zenws/venue/known_venue.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace zenws::tool {

namespace {

namespace json = boost::json;

// Channels that bring a kind of market data of an instrument.
struct data_channels {
  market::data_kind kind;
  std::vector<std::string> names{};
};

std::vector<data_channels> channels_of(const known_venue& venue) {
  auto dialect = make_dialect(venue.name);
  std::vector<data_channels> result;
  for (auto kind : market::data_kinds::all) {
    auto channels = dialect->market()->channels(
      {kind, std::string{venue.addresses.front().instrument}});
    if (!channels)
      continue;
    result.push_back({kind});
    for (auto& channel : *channels)
      result.back().names.push_back(channel.name + channel.arguments);
  }
  return result;
}

std::string comma_list(const std::vector<std::string>& texts) {
  std::string result;
  for (auto& text : texts)
    result += (result.empty() ? "" : ", ") + text;
  return result;
}

std::string heartbeat_of(const dialect& venue) {
  auto rule = venue.heartbeat_needed();
  return std::string{to_string(rule.kind)} + ", each "
         + std::to_string(rule.interval.count() / 1000) + " s";
}

json::object object_of(const known_venue& venue) {
  json::array addresses;
  for (auto& x : venue.addresses)
    addresses.push_back({{"name", x.name},
                         {"url", x.url},
                         {"money", to_string(x.money)},
                         {"instrument", x.instrument}});
  json::object channels;
  for (auto& x : channels_of(venue))
    channels[to_string(x.kind)] = json::value_from(x.names);
  auto dialect = make_dialect(venue.name);
  return {{"name", venue.name},
          {"title", venue.title},
          {"addresses", std::move(addresses)},
          {"channels", std::move(channels)},
          {"heartbeat", heartbeat_of(*dialect)},
          {"orders", dialect->orders() != nullptr}};
}

void print_all(const common_options& common) {
  text_table table{{"NAME", "VENUE", "ADDRESSES", "TEST NET", "ORDERS"}};
  for (auto& venue : known_venues()) {
    if (common.json) {
      print_json(object_of(venue));
      continue;
    }
    std::vector<std::string> names;
    for (auto& x : venue.addresses)
      if (x.money == venue_money::real)
        names.emplace_back(x.name);
    auto has_test = venue.find(venue_money::test) != nullptr;
    auto has_orders = make_dialect(venue.name)->orders() != nullptr;
    table.add({std::string{venue.name}, std::string{venue.title},
               comma_list(names), has_test ? "yes" : "no",
               has_orders ? "yes" : "no"});
  }
  if (!common.json)
    table.print();
}

void print_venue(const known_venue& venue) {
  text_table addresses{{"AT", "URL", "MONEY"}};
  for (auto& x : venue.addresses)
    addresses.add({std::string{x.name}, std::string{x.url},
                   std::string{to_string(x.money)}});
  addresses.print();
  print_line("");
  text_table channels{
    {"DATA", "CHANNELS OF " + std::string{venue.addresses.front().instrument}}};
  for (auto& x : channels_of(venue))
    channels.add({std::string{to_string(x.kind)}, comma_list(x.names)});
  channels.print();
  auto dialect = make_dialect(venue.name);
  print_line("");
  print_line("heartbeat: " + heartbeat_of(*dialect));
  for (auto& limit : dialect->limits())
    print_line("limit: " + limit.name + ", of each "
               + std::string{to_string(limit.scope)});
}

int list_venues(const std::string& name, const common_options& common) {
  if (name.empty()) {
    print_all(common);
    return exit_success;
  }
  auto venue = require_venue(name);
  if (!venue)
    return usage_problem("venues", venue.error());
  if (common.json)
    print_json(object_of(**venue));
  else
    print_venue(**venue);
  return exit_success;
}

} // namespace

verb_action declare_venues(CLI::App& app) {
  auto name = std::make_shared<std::string>();
  auto* verb = app.add_subcommand(
    "venues", "List the venues that zenws knows, or addresses and channels "
              "of one");
  verb->add_option("VENUE", *name, "name of a venue; without, all");
  add_examples(*verb,
               {{"all venues", "zenws venues"},
                {"addresses and channels of one", "zenws venues deribit"}});
  return
    [name](const common_options& common) { return list_venues(*name, common); };
}

} // namespace zenws::tool
