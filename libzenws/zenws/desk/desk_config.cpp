// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/desk/desk_config.hpp"

#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace zenws::trading {

namespace {

using market::decimal;

using config_problems = std::vector<config_problem>;

// What orders cannot be checked without.
void check_terms(const market::instrument_state& x, const std::string& path,
                 config_problems& out) {
  auto check_step = [&](const std::optional<decimal>& step, const char* name) {
    if (!step || *step <= decimal{})
      out.push_back({path + name, "must be positive"});
  };
  check_step(x.tick, ".tick");
  check_step(x.lot, ".lot");
  if (x.min_amount)
    check_step(x.min_amount, ".min_amount");
  if (x.contract_size || x.unit == market::amount_unit::contracts)
    check_step(x.contract_size, ".contract_size");
  if (x.unit == market::amount_unit::unknown)
    out.push_back({path + ".unit", "must be known"});
  if (x.kind == market::instrument_kind::other)
    out.push_back({path + ".kind", "must be known"});
}

void check_terms(const desk_config& cfg, config_problems& out) {
  std::set<std::string_view> seen;
  for (auto& x : cfg.terms) {
    auto name = x.instrument.view();
    auto path = "terms." + std::string{name};
    if (!cfg.instruments.contains(name))
      out.push_back({path, "is none of the instruments"});
    if (!seen.insert(name).second)
      out.push_back({path, "is there twice"});
    check_terms(x, path, out);
  }
}

} // namespace

std::vector<config_problem> validate(const desk_config& cfg) {
  std::vector<config_problem> result;
  if (auto problem = order_numbers::check(cfg.ledger.owner))
    result.push_back({"owner", problem.detail});
  for (auto& [name, limits] : cfg.instruments) {
    if (name.empty() || name.size() > market::instrument_name::max_size)
      result.push_back({"instruments", "a name has 1 to 63 characters"});
    for (auto& problem : validate(limits, "instruments." + name))
      result.push_back(std::move(problem));
  }
  check_terms(cfg, result);
  auto check_positive = [&](std::chrono::milliseconds x, const char* name) {
    if (x.count() <= 0)
      result.push_back({name, "must be positive"});
  };
  check_positive(cfg.lifetime, "lifetime");
  check_positive(cfg.margin, "margin");
  check_positive(cfg.first_pause, "first_pause");
  check_positive(cfg.longest_pause, "longest_pause");
  if (cfg.guard.count() < 0)
    result.push_back({"guard", "must not be negative"});
  return result;
}

} // namespace zenws::trading
