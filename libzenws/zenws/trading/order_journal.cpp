// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/trading/order_journal.hpp"

#include "zenws/internal/enum_names.hpp"
#include "zenws/trading/internal/journal_record.hpp"
#include "zenws/trading/internal/journal_tables.hpp"
#include "zenws/trading/internal/order_log.hpp"

#include <algorithm>
#include <future>
#include <utility>
#include <vector>

namespace zenws::trading {

namespace {

const order_key& key_of(const order_event& x) noexcept {
  return x.content.key;
}

const order_key& key_of(const fill& x) noexcept {
  return x.order;
}

const order_key& key_of(const ledger_news& x) noexcept {
  return std::visit(
    [](auto& y) -> auto& { return key_of(y); }, x);
}

} // namespace

BOOST_DESCRIBE_ENUM(journal_mode, off, async, sync)

std::string_view to_string(journal_mode value) noexcept {
  return internal::enum_name(value);
}

// -- files --------------------------------------------------------------------

// A log, written before an order is sent, and tables, which take over one half
// of the log while the other one is written, in a thread of their own. Between
// `turn` and `settle` nothing else touches the tables.
class order_journal::files {
public:
  ~files() {
    (void) flush(); // what fails is in the log
  }

  error open(const std::string& path, journal_mode mode,
             std::string_view owner) {
    using durability = internal::order_log::durability;
    if (auto problem = tables_.open(path, mode, owner))
      return problem;
    if (auto problem = log_.open(path + "-log", mode == journal_mode::sync
                                                  ? durability::of_machine
                                                  : durability::of_process))
      return problem;
    // What the process before has not brought to the tables.
    std::string image;
    if (auto problem = log_.recover(tables_.last_record(), image))
      return problem;
    if (auto problem = tables_.apply(image))
      return problem;
    last_record_ = tables_.last_record();
    return log_.clear();
  }

  error write(const order_ledger& ledger, std::span<const ledger_news> news) {
    if (auto problem = encode(ledger, news))
      return problem;
    auto content = record_.bytes();
    if (content.empty())
      return {};
    if (!log_.has_room_for(content))
      if (auto problem = turn())
        return problem;
    auto problem = log_.has_room_for(content)
                     ? log_.append(last_record_ + 1, content)
                     : write_to_tables(content);
    if (!problem)
      ++last_record_;
    return problem;
  }

  error load(order_ledger& to, size_t max_settled) {
    if (auto problem = flush())
      return problem;
    return tables_.load(to, max_settled);
  }

  error write_halt(const std::optional<std::string>& reason) {
    if (auto problem = settle())
      return problem;
    return tables_.put_halt(reason);
  }

  result<std::optional<std::string>> load_halt() {
    if (auto problem = settle())
      return problem;
    return tables_.load_halt();
  }

private:
  // Encodes the orders of news as they are, each once.
  error encode(const order_ledger& ledger, std::span<const ledger_news> news) {
    record_.clear();
    numbers_.clear();
    instruments_.clear();
    for (auto& x : news) {
      auto& key = key_of(x);
      numbers_.push_back(ledger.number_of(key.id));
      if (std::ranges::find(instruments_, key.instrument) == instruments_.end())
        instruments_.push_back(key.instrument);
      if (auto* item = std::get_if<fill>(&x))
        record_.add(*item);
    }
    std::ranges::sort(numbers_);
    numbers_.erase(std::unique(numbers_.begin(), numbers_.end()),
                   numbers_.end());
    for (auto number : numbers_)
      if (auto* x = ledger.find_record(number))
        record_.add(number, *x);
    for (auto& name : instruments_) {
      auto position = ledger.position(name.view());
      if (!position)
        return {ec::journal_failed, "a position is too large"};
      record_.add(name, *position);
    }
    return {};
  }

  // Goes on in the other half of the log.
  error turn() {
    if (auto problem = settle())
      return problem;
    leaving_ = log_.turn();
    moving_ = std::async(std::launch::async,
                         [this] { return tables_.apply(leaving_); });
    return {};
  }

  // Waits until the half of the log that was left is in the tables. If it could
  // not be brought there, tries again: it must not be written over before.
  error settle() {
    auto problem = moving_.valid() ? moving_.get() : tables_.apply(leaving_);
    if (!problem)
      leaving_.clear();
    return problem;
  }

  error flush() {
    if (auto problem = settle())
      return problem;
    return tables_.apply(log_.image());
  }

  // For what is larger than a half of the log.
  error write_to_tables(std::string_view content) {
    if (auto problem = flush())
      return problem;
    std::string image;
    internal::log_image::append(image, last_record_ + 1, content);
    return tables_.apply(image);
  }

  internal::journal_tables tables_;
  internal::order_log log_;
  uint64_t last_record_ = 0;

  // Reused from one record to the next.
  internal::journal_encoder record_;
  std::vector<uint64_t> numbers_;
  std::vector<market::instrument_name> instruments_;

  std::string leaving_; // the half of the log that was left
  std::future<error> moving_;
};

// -- constructors, destructors, and assignment operators ----------------------

result<order_journal> order_journal::open(const std::string& path,
                                          journal_mode mode,
                                          std::string_view owner) {
  auto content = std::make_unique<files>();
  if (auto problem = content->open(path, mode, owner))
    return problem;
  return order_journal{std::move(content)};
}

order_journal::order_journal(std::unique_ptr<files> content)
  : files_(std::move(content)) {
  // nop
}

order_journal::order_journal(order_journal&&) noexcept = default;

order_journal& order_journal::operator=(order_journal&&) noexcept = default;

order_journal::~order_journal() = default;

// -- transitions --------------------------------------------------------------

error order_journal::write(const order_ledger& ledger,
                           std::span<const ledger_news> news) {
  return files_->write(ledger, news);
}

result<order_ledger> order_journal::load(const ledger_config& cfg) {
  order_ledger result{cfg};
  if (auto problem = files_->load(result, cfg.max_settled))
    return problem;
  return result;
}

error order_journal::write_halt(const std::optional<std::string>& reason) {
  return files_->write_halt(reason);
}

result<std::optional<std::string>> order_journal::load_halt() {
  return files_->load_halt();
}

} // namespace zenws::trading
