// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE sinks.kafka

#ifdef ZENWS_WITH_KAFKA
#  include "sink_fixture.hpp"
#  include "zenws/sinks/internal/kafka_writer.hpp"
#  include "zenws/sinks/internal/sink_source.hpp"

#  include <librdkafka/rdkafka.h>
#  include <librdkafka/rdkafka_mock.h>

#  include <array>

using namespace zenws;
using namespace zenws::test_support;

namespace {

// librdkafka's own brokers, in this process.
class mock_cluster : public store_process {
public:
  mock_cluster() {
    std::array<char, 512> problem{};
    handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(),
                           problem.data(), problem.size());
    cluster_ = rd_kafka_mock_cluster_new(handle_, 1);
    rd_kafka_mock_topic_create(cluster_, "zenws.messages", 1, 1);
  }

  ~mock_cluster() override {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(handle_);
  }

  store_options options() override {
    return {.kind = store_kind::kafka,
            .url = "kafka://" + servers(),
            .properties = {{"reconnect.backoff.max.ms", "100"},
                           {"retry.backoff.ms", "10"},
                           {"socket.timeout.ms", "1000"}}};
  }

  void kill() override {
    rd_kafka_mock_broker_set_down(cluster_, 1);
  }

  void start() override {
    rd_kafka_mock_broker_set_up(cluster_, 1);
  }

  // Answers too late.
  void stall() override {
    rd_kafka_mock_broker_set_rtt(cluster_, 1, 2'000);
  }

  void resume() override {
    rd_kafka_mock_broker_set_rtt(cluster_, 1, 0);
  }

  // Makes the next requests to write fail.
  void fail(size_t count, rd_kafka_resp_err_t code) {
    constexpr int16_t produce = 0; // Kafka protocol, "API keys"
    for (size_t i = 0; i < count; ++i)
      rd_kafka_mock_push_request_errors(cluster_, produce, 1, code);
  }

  std::vector<stored_key> keys() override {
    return read("zenws.messages");
  }

  // Returns the keys of a topic. Reads until nothing comes any more.
  std::vector<stored_key> read(const char* topic) {
    std::array<char, 512> problem{};
    auto* conf = rd_kafka_conf_new();
    auto address = servers();
    for (auto [name, value] : {std::pair{"bootstrap.servers", address.c_str()},
                               {"group.id", "test"},
                               {"auto.offset.reset", "earliest"},
                               {"enable.partition.eof", "true"}})
      rd_kafka_conf_set(conf, name, value, problem.data(), problem.size());
    auto* consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, problem.data(),
                                  problem.size());
    auto* partitions = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(partitions, topic, 0)->offset
      = RD_KAFKA_OFFSET_BEGINNING;
    rd_kafka_assign(consumer, partitions);
    std::vector<stored_key> result;
    auto deadline = std::chrono::steady_clock::now() + patience;
    for (auto at_end = false;
         !at_end && std::chrono::steady_clock::now() < deadline;) {
      auto* message = rd_kafka_consumer_poll(consumer, 100);
      if (message == nullptr)
        continue;
      at_end = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
      if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
        result.push_back(
          {{static_cast<const char*>(message->key), message->key_len},
           header(message, "run"),
           header(message, "epoch"),
           header(message, "sequence")});
      rd_kafka_message_destroy(message);
    }
    rd_kafka_topic_partition_list_destroy(partitions);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    return result;
  }

private:
  std::string servers() const {
    return rd_kafka_mock_cluster_bootstraps(cluster_);
  }

  static uint64_t header(rd_kafka_message_t* message, const char* name) {
    rd_kafka_headers_t* headers = nullptr;
    const void* value = nullptr;
    size_t size = 0;
    if (rd_kafka_message_headers(message, &headers) != 0
        || rd_kafka_header_get_last(headers, name, &value, &size) != 0)
      return 0;
    return std::stoull(std::string{static_cast<const char*>(value), size});
  }

  rd_kafka_t* handle_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

struct fixture : sink_fixture {
  sink_batch batch_of(uint64_t records, size_t bytes = 10) {
    sink_batch result{.origin = 1, .number = 1};
    std::string text(bytes, 'x');
    for (uint64_t i = 1; i <= records; ++i)
      result.records.push_back(
        source.make(1, message_view{.payload = text, .sequence = i}));
    return result;
  }

  sink_source source{"venue", 7};
  mock_cluster kafka;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(kafka_sink_tests, fixture)

CAF_TEST(nothing is lost or doubled while the broker is down and slow) {
  survive_outages(*this, kafka);
}

CAF_TEST(another attempt goes on with what is under way) {
  kafka_writer uut{kafka.options()};
  CAF_REQUIRE(!uut.open({{}, 30s}));
  kafka.kill();
  CAF_CHECK(!uut.write(batch_of(20), sink_attempt::first, {{}, 100ms}));
  kafka.start();
  CAF_CHECK(uut.write(batch_of(20), sink_attempt::repeated, {{}, 30s}));
  auto keys = kafka.keys();
  CAF_REQUIRE_EQUAL(keys.size(), 20u);
  CAF_CHECK((keys.front() == stored_key{"venue", 7, 1, 1}));
  CAF_CHECK((keys.back() == stored_key{"venue", 7, 1, 20}));
}

CAF_TEST(errors of the broker that pass are survived) {
  kafka_writer uut{kafka.options()};
  CAF_REQUIRE(!uut.open({{}, 30s}));
  kafka.fail(3, RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS);
  CAF_CHECK(uut.write(batch_of(20), sink_attempt::first, {{}, 30s}));
  CAF_CHECK_EQUAL(kafka.keys().size(), 20u);
}

CAF_TEST(a record that is too large is refused and the others are written) {
  kafka_writer uut{kafka.options()};
  CAF_REQUIRE(!uut.open({{}, 30s}));
  auto batch = batch_of(3);
  std::get<sink_message>(batch.records[1].content).payload.resize(2'000'000);
  auto outcome = uut.write(batch, sink_attempt::first, {{}, 30s});
  CAF_REQUIRE(outcome);
  CAF_CHECK(*outcome == std::vector<size_t>{1});
  CAF_CHECK_EQUAL(kafka.keys().size(), 2u);
}

CAF_TEST(what the broker refuses as a whole is tried record by record) {
  kafka_writer uut{kafka.options()};
  CAF_REQUIRE(!uut.open({{}, 30s}));
  kafka.fail(1, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
  auto outcome = uut.write(batch_of(20), sink_attempt::first, {{}, 30s});
  CAF_REQUIRE(outcome);
  CAF_CHECK(outcome->empty());
  auto keys = kafka.keys();
  CAF_CHECK_EQUAL(keys.size(), 20u);
  CAF_CHECK_EQUAL(std::set(keys.begin(), keys.end()).size(), 20u);
}

CAF_TEST(a record that the broker refuses twice is refused) {
  kafka_writer uut{kafka.options()};
  CAF_REQUIRE(!uut.open({{}, 30s}));
  kafka.fail(2, RD_KAFKA_RESP_ERR_INVALID_RECORD);
  auto outcome = uut.write(batch_of(1), sink_attempt::first, {{}, 30s});
  CAF_REQUIRE(outcome);
  CAF_CHECK(*outcome == std::vector<size_t>{0});
}

CAF_TEST(a setting that is not known is told) {
  auto options = kafka.options();
  options.properties["no.such.setting"] = "a-secret";
  kafka_writer uut{options};
  auto problem = uut.open({{}, 1s});
  CAF_CHECK(problem.detail.find("no.such.setting") != std::string::npos);
  CAF_CHECK(problem.detail.find("a-secret") == std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()

#endif // ZENWS_WITH_KAFKA
