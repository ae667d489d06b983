// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/desk/order_desk.hpp"

#include "zenws/actors/desk/internal/order_desk.hpp"
#include "zenws/internal/enum_names.hpp"

#include <memory>
#include <utility>

namespace zenws {

namespace {

// Returns whose orders are in a journal: those on paper are not those of the
// venue. Names of owners have no spaces.
std::string journal_owner(const order_desk_options& options) {
  auto& owner = options.desk.ledger.owner;
  return options.mode == desk_mode::paper ? owner + " on paper" : owner;
}

} // namespace

BOOST_DESCRIBE_ENUM(desk_mode, live, paper)

std::string_view to_string(desk_mode value) noexcept {
  return internal::enum_name(value);
}

std::vector<config_problem> validate(const order_desk_options& options) {
  auto result = trading::validate(options.desk);
  if (!options.account && options.mode == desk_mode::live)
    result.push_back({"account", "must be a client"});
  if (!options.market)
    result.push_back({"market", "must be a client"});
  auto venue = make_dialect(options.dialect);
  if (venue == nullptr || venue->orders() == nullptr)
    result.push_back({"dialect", "has no orders"});
  if (options.journal != trading::journal_mode::off
      && options.journal_path.empty())
    result.push_back({"journal_path", "must not be empty"});
  return result;
}

caf::expected<order_desk_actor> start_order_desk(caf::actor_system& sys,
                                                 order_desk_options options) {
  if (auto problems = validate(options); !problems.empty())
    return make_error(as_error(problems));
  std::unique_ptr<trading::order_journal> journal;
  trading::order_ledger ledger{options.desk.ledger};
  if (options.journal != trading::journal_mode::off) {
    auto opened = trading::order_journal::open(
      options.journal_path, options.journal, journal_owner(options));
    if (!opened)
      return make_error(opened.error());
    auto loaded = opened->load(options.desk.ledger);
    if (!loaded)
      return make_error(loaded.error());
    ledger = std::move(*loaded);
    journal = std::make_unique<trading::order_journal>(std::move(*opened));
  }
  if (!options.channels)
    options.channels = options.account;
  return sys.spawn<order_desk>(std::move(options), std::move(ledger),
                               std::move(journal));
}

} // namespace zenws
