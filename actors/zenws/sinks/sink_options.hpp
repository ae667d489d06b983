// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/config_problem.hpp"
#include "zenws/market/data_kind.hpp"
#include "zenws/sinks/sink_stats.hpp"
#include "zenws/sinks/sink_writer.hpp"
#include "zenws/subscription/subscription.hpp"
#include "zenws/timing/backoff.hpp"
#include "zenws/venue/market_protocol.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace zenws {

/// Kind of a store.
enum class store_kind : uint8_t { sqlite, postgres, redis, kafka };

/// Returns the name of the enumerator.
std::string_view to_string(store_kind value) noexcept;

/// Returns whether this build of zenws can write into stores of a kind.
bool is_built(store_kind value) noexcept;

/// Where a sink writes.
struct store_options {
  store_kind kind = store_kind::sqlite;

  /// File of SQLite.
  std::string path{};

  /// Address of any other store, without a password:
  /// "postgresql://user@host:5432/database" and all else that libpq reads,
  /// "redis://user@host:6379/0" or "unix:///run/redis.sock", and
  /// "kafka://host:9092,other:9092".
  std::string url{};

  /// Never shown.
  std::string password{};

  /// Tables are called PREFIX_trades, streams PREFIX:trades, topics
  /// PREFIX.trades. Up to 32 of a-z, 0-9 and "_", a letter first.
  std::string prefix = "zenws";

  /// Entries that a stream of Redis keeps, approximately; 0 for all.
  uint64_t max_stream_length = 1'000'000;

  /// Settings of librdkafka by their names, for example of TLS. Values may be
  /// secrets.
  std::map<std::string, std::string> properties{};
};

/// Returns **every** problem.
std::vector<config_problem> validate(const store_options& store);

/// Settings of a sink.
struct sink_options {
  store_options store{};

  /// Names of supervised clients. One that does not exist yet is waited for.
  std::vector<std::string> clients{};

  // -- records ----------------------------------------------------------------

  /// Channels whose messages are written as they are.
  std::vector<channel_spec> channels{};

  /// Writes all messages of the clients.
  bool everything = false;

  /// Instruments whose data is written, one row for each trade and so on.
  std::vector<std::string> instruments{};

  /// Of `trades`, `quotes` and `ticker`.
  market::data_kinds kinds{};

  market_pace pace = market_pace::usual;

  // -- bounds -----------------------------------------------------------------

  /// Bytes of memory for records that wait for the store. Beyond, new ones are
  /// left out and told as a loss. Twice `batch_bytes` at least.
  size_t budget_bytes = size_t{64} * 1024 * 1024;

  /// A batch is written once it has so many bytes or records, or is so old.
  size_t batch_bytes = size_t{1024} * 1024;
  size_t batch_records = 5'000;
  std::chrono::milliseconds flush_interval{1'000};

  /// Time for connecting, and for writing a batch.
  std::chrono::milliseconds write_within = std::chrono::seconds{30};

  /// Time for what waits to be written when the sink is to end.
  std::chrono::milliseconds close_within = std::chrono::seconds{5};

  /// Delays after failures. `max_attempts` is not used: a sink never gives up.
  backoff_config retry{};

  // -- others -----------------------------------------------------------------

  /// Receives the figures of the sink.
  std::shared_ptr<sink_stats> stats = std::make_shared<sink_stats>();

  /// Makes the writer, for stores that zenws does not know; null for that of
  /// `store`. Called in the sink's own thread, again if it has returned null.
  std::function<std::unique_ptr<sink_writer>()> make_writer{};
};

/// Returns **every** problem, none if the options are valid. Never shows a
/// password.
std::vector<config_problem> validate(const sink_options& options);

} // namespace zenws
