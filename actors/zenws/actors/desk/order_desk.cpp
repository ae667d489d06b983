// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/actors/desk/order_desk.hpp"

#include "zenws/actors/caf/io_loop.hpp"
#include "zenws/actors/caf/stable_address.hpp"
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

// What a desk needs to begin.
struct desk_parts {
  order_desk_options options;
  trading::order_ledger ledger;
  std::unique_ptr<trading::order_journal> journal;
  desk_memory_ptr memory;
};

caf::expected<desk_parts> prepare(order_desk_options options,
                                  desk_memory_ptr memory) {
  if (auto problems = validate(options); !problems.empty())
    return make_error(as_error(problems));
  if (!options.channels)
    options.channels = options.account;
  desk_parts result{std::move(options), trading::order_ledger{{}}, nullptr,
                    std::move(memory)};
  auto& cfg = result.options;
  if (cfg.journal == trading::journal_mode::off) {
    result.ledger = trading::order_ledger{cfg.desk.ledger};
    return result;
  }
  auto opened = trading::order_journal::open(cfg.journal_path, cfg.journal,
                                             journal_owner(cfg));
  if (!opened)
    return make_error(opened.error());
  auto loaded = opened->load(cfg.desk.ledger);
  if (!loaded)
    return make_error(loaded.error());
  auto halt = opened->load_halt();
  if (!halt)
    return make_error(halt.error());
  if (*halt)
    result.memory->halt = std::move(*halt);
  result.ledger = std::move(*loaded);
  result.journal = std::make_unique<trading::order_journal>(std::move(*opened));
  return result;
}

// Address of a supervised desk.
class desk_hooks : public child_hooks {
public:
  explicit desk_hooks(desk_memory_ptr memory) : memory_(std::move(memory)) {
    // nop
  }

  ~desk_hooks() override {
    if (auto closed = std::exchange(memory_->address, {}))
      stable_address::close(closed, make_error(ec::child_down));
  }

  caf::expected<stable_address_handle>
  address(caf::actor_system& sys) override {
    auto& result = memory_->address;
    if (!result)
      result = stable_address::make<caf::actor>(sys);
    return stable_address::handle_to(result);
  }

  // Whatever has ended a desk, the next one may do better.
  child_death ended(const caf::error& reason) override {
    return {caf_compat::is_orderly_exit(reason) ? child_end::orderly
                                                : child_end::failure};
  }

  void retire(const caf::error& reason, caf_compat::execution_unit*) override {
    if (memory_->address)
      stable_address::retire(memory_->address, reason);
  }

private:
  desk_memory_ptr memory_;
};

} // namespace

BOOST_DESCRIBE_ENUM(unwatched_orders, keep, cancel)

std::string_view to_string(unwatched_orders value) noexcept {
  return internal::enum_name(value);
}

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
  auto parts = prepare(std::move(options), std::make_shared<desk_memory>());
  if (!parts)
    return parts.error();
  return sys.spawn<order_desk>(std::move(parts->options),
                               std::move(parts->ledger),
                               std::move(parts->journal),
                               std::move(parts->memory));
}

caf::expected<order_desk_actor> start_order_desk(caf::actor_system& sys,
                                                 io_loop& loop,
                                                 order_desk_options options) {
  auto parts = prepare(std::move(options), std::make_shared<desk_memory>());
  if (!parts)
    return parts.error();
  return order_desk_actor{caf_compat::spawn_on<loop_actor<order_desk>>(
    sys, loop, std::move(parts->options), std::move(parts->ledger),
    std::move(parts->journal), std::move(parts->memory))};
}

child_spec make_child(std::string id, order_desk_options options) {
  auto memory = std::make_shared<desk_memory>();
  child_spec result;
  result.id = std::move(id);
  result.hooks = std::make_shared<desk_hooks>(memory);
  result.start = [options = std::move(options),
                  memory](caf::actor_system& sys) -> caf::expected<caf::actor> {
    auto parts = prepare(options, memory);
    if (!parts)
      return std::move(parts.error());
    return caf::actor_cast<caf::actor>(sys.spawn<order_desk, caf::lazy_init>(
      std::move(parts->options), std::move(parts->ledger),
      std::move(parts->journal), std::move(parts->memory)));
  };
  return result;
}

} // namespace zenws
