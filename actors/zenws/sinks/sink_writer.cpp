// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/sink_writer.hpp"

#include "zenws/sinks/internal/sqlite_writer.hpp"
#include "zenws/sinks/sink_options.hpp"

#ifdef ZENWS_WITH_POSTGRES
#  include "zenws/sinks/internal/postgres_writer.hpp"
#endif
#ifdef ZENWS_WITH_REDIS
#  include "zenws/sinks/internal/redis_writer.hpp"
#endif
#ifdef ZENWS_WITH_KAFKA
#  include "zenws/sinks/internal/kafka_writer.hpp"
#endif

namespace zenws {

sink_writer::~sink_writer() {
  // nop
}

std::unique_ptr<sink_writer> make_sink_writer(const store_options& store) {
  switch (store.kind) {
    case store_kind::sqlite:
      return std::make_unique<sqlite_writer>(store);
#ifdef ZENWS_WITH_POSTGRES
    case store_kind::postgres:
      return std::make_unique<postgres_writer>(store);
#endif
#ifdef ZENWS_WITH_REDIS
    case store_kind::redis:
      return std::make_unique<redis_writer>(store);
#endif
#ifdef ZENWS_WITH_KAFKA
    case store_kind::kafka:
      return std::make_unique<kafka_writer>(store);
#endif
    default:
      return nullptr;
  }
}

} // namespace zenws
