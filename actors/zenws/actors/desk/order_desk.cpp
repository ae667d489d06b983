// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/desk/order_desk.hpp"

#include "zenws/actors/desk/internal/order_desk.hpp"
#include "zenws/internal/enum_names.hpp"

#include <memory>
#include <utility>

namespace zenws {

std::vector<config_problem> validate(const order_desk_options& options) {
  auto result = trading::validate(options.desk);
  if (!options.account)
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

namespace {

// Starts a desk that knows what its journal tells.
template <caf::spawn_options Options>
caf::expected<order_desk_actor> spawn_desk(caf::actor_system& sys,
                                           order_desk_options options,
                                           desk_watchers watchers) {
  if (auto problems = validate(options); !problems.empty())
    return make_error(as_error(problems));
  std::unique_ptr<trading::order_journal> journal;
  trading::order_ledger ledger{options.desk.ledger};
  if (options.journal != trading::journal_mode::off) {
    auto opened = trading::order_journal::open(
      options.journal_path, options.journal, options.desk.ledger.owner);
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
  return sys.spawn<order_desk, Options>(std::move(options), std::move(ledger),
                                        std::move(journal),
                                        std::move(watchers));
}

desk_watchers no_watchers() {
  return std::make_shared<std::vector<desk_watcher>>();
}

// Whatever has ended a desk, the next one may do better.
child_end classify_end(const caf::error& reason) {
  return caf_compat::is_orderly_exit(reason) ? child_end::orderly
                                             : child_end::failure;
}

} // namespace

BOOST_DESCRIBE_ENUM(unwatched_orders, keep, cancel)

std::string_view to_string(unwatched_orders value) noexcept {
  return internal::enum_name(value);
}

caf::expected<order_desk_actor> start_order_desk(caf::actor_system& sys,
                                                 order_desk_options options) {
  return spawn_desk<caf::no_spawn_options>(sys, std::move(options),
                                           no_watchers());
}

child_spec make_child(std::string id, order_desk_options options) {
  child_spec result;
  result.id = std::move(id);
  result.classify_exit = classify_end;
  result.start = [options = std::move(options), watchers = no_watchers()](
                   caf::actor_system& sys) -> caf::expected<caf::actor> {
    auto desk = spawn_desk<caf::lazy_init>(sys, options, watchers);
    if (!desk)
      return std::move(desk.error());
    return caf::actor_cast<caf::actor>(*desk);
  };
  return result;
}

} // namespace zenws
