// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/sinks/internal/redis_address.hpp"
#include "zenws/sinks/internal/sink_table.hpp"
#include "zenws/sinks/sink_options.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

struct redisContext;
struct redisReply;

namespace zenws {

/// Writes into streams of Redis. A batch is one transaction, together with its
/// number: so it is known whether one whose answer was lost is there. Blocks
/// SIGPIPE in its thread.
class redis_writer : public sink_writer {
public:
  explicit redis_writer(store_options store);

  ~redis_writer() override;

  error open(const sink_deadline& deadline) override;

  result<std::vector<size_t>> write(const sink_batch& batch,
                                    sink_attempt attempt,
                                    const sink_deadline& deadline) override;

private:
  struct close_context {
    void operator()(redisContext* x) const noexcept;
  };

  struct free_reply {
    void operator()(redisReply* x) const noexcept;
  };

  using reply = std::unique_ptr<redisReply, free_reply>;

  error connect(const sink_deadline& deadline);

  error log_in(const sink_deadline& deadline);

  // Adds a command to those that wait.
  void append(const std::vector<std::string>& words);

  void append(const sink_record& record);

  // Sends all commands, and returns their answers; an error of any of them is
  // one of all.
  result<std::vector<reply>> run(size_t commands,
                                 const sink_deadline& deadline);

  // Returns the number of the last batch of this origin that is there.
  result<uint64_t> last_number(const sink_batch& batch,
                               const sink_deadline& deadline);

  std::string marker_of(const sink_batch& batch) const;

  error fail(std::string reason = {});

  store_options store_;
  std::optional<redis_address> address_;
  std::unique_ptr<redisContext, close_context> context_;
  std::vector<sink_cell> cells_;
  std::vector<std::string> words_;
};

} // namespace zenws
