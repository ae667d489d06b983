// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sinks/internal/kafka_writer.hpp"

#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <utility>

namespace zenws {

namespace {

constexpr std::string_view kafka_scheme = "kafka://";

// Returns whether a record itself is the reason, so that time does not help.
bool is_refusal(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE
         || code == RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE
         || code == RD_KAFKA_RESP_ERR_INVALID_RECORD
         || code == RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE;
}

// Text is sent as it is, typed data as JSON.
std::string payload_of(const sink_record& record) {
  auto* message = std::get_if<sink_message>(&record.content);
  return message ? message->payload : to_json(record);
}

rd_kafka_headers_t* headers_of(const sink_key& key) {
  auto* result = rd_kafka_headers_new(4);
  auto add = [&](std::string_view name, uint64_t value) {
    auto text = std::to_string(value);
    rd_kafka_header_add(result, name.data(), static_cast<ssize_t>(name.size()),
                        text.data(), static_cast<ssize_t>(text.size()));
  };
  add("run", key.run);
  add("epoch", key.epoch);
  add("sequence", key.sequence);
  add("item", key.item);
  return result;
}

} // namespace

// What was not confirmed is dropped: the sink has it.
void kafka_writer::close_producer::operator()(rd_kafka_s* x) const noexcept {
  rd_kafka_purge(x, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_destroy_flags(x, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

// -- constructors, destructors, and assignment operators ----------------------

kafka_writer::kafka_writer(store_options store) : store_(std::move(store)) {
  // nop
}

kafka_writer::~kafka_writer() {
  // nop
}

// -- opening ------------------------------------------------------------------

error kafka_writer::open(const sink_deadline&) {
  if (producer_ != nullptr)
    return {};
  std::array<char, 512> problem{};
  std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)> conf{
    rd_kafka_conf_new(), &rd_kafka_conf_destroy};
  auto settings = store_.properties;
  settings.try_emplace("bootstrap.servers",
                       store_.url.substr(kafka_scheme.size()));
  settings.try_emplace("client.id", "zenws");
  settings["enable.idempotence"] = "true";
  settings["message.timeout.ms"] = "0"; // never gives up
  for (auto& [name, value] : settings)
    if (rd_kafka_conf_set(conf.get(), name.c_str(), value.c_str(),
                          problem.data(), problem.size())
        != RD_KAFKA_CONF_OK)
      return fail("the setting " + name + " is not accepted");
  rd_kafka_conf_set_opaque(conf.get(), this);
  rd_kafka_conf_set_dr_msg_cb(conf.get(), delivered);
  rd_kafka_conf_set_log_cb(conf.get(), nullptr);
  auto* producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), problem.data(),
                                problem.size());
  if (producer == nullptr)
    return fail(problem.data());
  (void) conf.release(); // the producer's now
  producer_.reset(producer);
  batch_ = 0;
  return {};
}

// -- writing ------------------------------------------------------------------

result<std::vector<size_t>> kafka_writer::write(const sink_batch& batch,
                                                sink_attempt,
                                                const sink_deadline& deadline) {
  if (std::exchange(batch_, batch.number) != batch.number)
    deliveries_.assign(batch.records.size(), delivery::missing);
  last_problem_ = "no confirmation in time";
  if (auto problem = deliver(batch, deadline))
    return problem;
  std::vector<size_t> refused;
  for (size_t i = 0; i < deliveries_.size(); ++i) {
    auto& state = deliveries_[i];
    if (state == delivery::doubted) { // now alone
      state = delivery::missing;
      if (auto problem = deliver(batch, deadline))
        return problem;
      if (state == delivery::doubted)
        state = delivery::refused;
    }
    if (state == delivery::refused)
      refused.push_back(i);
  }
  return refused;
}

error kafka_writer::deliver(const sink_batch& batch,
                            const sink_deadline& deadline) {
  if (auto problem = produce(batch, deadline))
    return problem;
  while (has(delivery::under_way)) {
    if (deadline.has_passed())
      return {ec::sink_failed, "Kafka: " + last_problem_};
    serve();
  }
  std::array<char, 512> reason{};
  if (rd_kafka_fatal_error(producer_.get(), reason.data(), reason.size())
      != RD_KAFKA_RESP_ERR_NO_ERROR)
    return fail(reason.data());
  return has(delivery::missing)
           ? error{ec::sink_failed, "Kafka: " + last_problem_}
           : error{};
}

error kafka_writer::produce(const sink_batch& batch,
                            const sink_deadline& deadline) {
  for (size_t i = 0; i < batch.records.size(); ++i) {
    if (deliveries_[i] != delivery::missing)
      continue;
    int code = RD_KAFKA_RESP_ERR_NO_ERROR;
    while ((code = produce(batch.records[i], i))
           == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      if (deadline.has_passed())
        return {ec::sink_failed, "Kafka: " + last_problem_};
      serve();
    }
    auto problem = static_cast<rd_kafka_resp_err_t>(code);
    if (is_refusal(problem))
      deliveries_[i] = delivery::refused;
    else if (problem != RD_KAFKA_RESP_ERR_NO_ERROR)
      return fail(rd_kafka_err2str(problem));
    else
      deliveries_[i] = delivery::under_way;
  }
  return {};
}

// The macros of librdkafka are an extension of GCC, of which Clang warns.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

int kafka_writer::produce(const sink_record& record, size_t index) {
  using namespace std::chrono;
  auto& key = record.key;
  auto topic = store_.prefix + '.' + std::string{to_string(table_of(record))};
  auto payload = payload_of(record);
  auto* headers = headers_of(key);
  auto time = floor<milliseconds>(key.time).time_since_epoch().count();
  auto result = rd_kafka_producev(
    producer_.get(), RD_KAFKA_V_TOPIC(topic.c_str()),
    RD_KAFKA_V_KEY(key.client->data(), key.client->size()),
    RD_KAFKA_V_VALUE(payload.data(), payload.size()),
    RD_KAFKA_V_TIMESTAMP(time), RD_KAFKA_V_HEADERS(headers),
    RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
    RD_KAFKA_V_OPAQUE(reinterpret_cast<void*>(index)), RD_KAFKA_V_END);
  if (result != RD_KAFKA_RESP_ERR_NO_ERROR)
    rd_kafka_headers_destroy(headers);
  return result;
}

#pragma GCC diagnostic pop

void kafka_writer::serve() {
  rd_kafka_poll(producer_.get(),
                static_cast<int>(sink_deadline::slice.count()));
}

bool kafka_writer::has(delivery state) const {
  return std::ranges::find(deliveries_, state) != deliveries_.end();
}

void kafka_writer::delivered(rd_kafka_s*, const rd_kafka_message_s* message,
                             void* writer) {
  auto& self = *static_cast<kafka_writer*>(writer);
  auto index = reinterpret_cast<size_t>(message->_private);
  auto& state = self.deliveries_[index];
  if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
    state = delivery::confirmed;
  } else if (is_refusal(message->err)) {
    state = delivery::doubted;
  } else {
    state = delivery::missing;
    self.last_problem_ = rd_kafka_err2str(message->err);
  }
}

error kafka_writer::fail(std::string reason) {
  producer_ = nullptr;
  return {ec::sink_failed, "Kafka: " + std::move(reason)};
}

} // namespace zenws
