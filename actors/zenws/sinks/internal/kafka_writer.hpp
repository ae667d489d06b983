// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sinks/internal/sink_table.hpp"
#include "zenws/sinks/sink_options.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

struct rd_kafka_s;
struct rd_kafka_message_s;

namespace zenws {

/// Writes into topics of Kafka by an idempotent producer. Records stay with the
/// producer, which tries without end, until they are confirmed: another attempt
/// goes on waiting for them.
class kafka_writer : public sink_writer {
public:
  explicit kafka_writer(store_options store);

  ~kafka_writer() override;

  error open(const sink_deadline& deadline) override;

  result<std::vector<size_t>> write(const sink_batch& batch,
                                    sink_attempt attempt,
                                    const sink_deadline& deadline) override;

private:
  enum class delivery : uint8_t {
    missing,
    under_way,
    confirmed,
    /// By the broker, which judges all records of a request together.
    doubted,
    refused,
  };

  struct close_producer {
    void operator()(rd_kafka_s* x) const noexcept;
  };

  // Called by librdkafka, in the thread of the writer.
  static void delivered(rd_kafka_s*, const rd_kafka_message_s* message,
                        void* writer);

  // Hands the records over that are missing, and waits for all.
  error deliver(const sink_batch& batch, const sink_deadline& deadline);

  // Hands the records over that are missing.
  error produce(const sink_batch& batch, const sink_deadline& deadline);

  // Hands over one record. Returns librdkafka's code.
  int produce(const sink_record& record, size_t index);

  void serve();

  bool has(delivery state) const;

  error fail(std::string reason);

  store_options store_;
  std::unique_ptr<rd_kafka_s, close_producer> producer_;
  uint64_t batch_ = 0;
  std::vector<delivery> deliveries_; // of its records
  std::string last_problem_;
};

} // namespace zenws
