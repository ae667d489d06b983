// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE sinks.redis

#ifdef ZENWS_WITH_REDIS
#  include "sink_fixture.hpp"
#  include "store_servers.hpp"
#  include "zenws/sinks/internal/redis_writer.hpp"
#  include "zenws/sinks/internal/sink_source.hpp"

#  include <hiredis/hiredis.h>

#  include <map>

using namespace zenws;
using namespace zenws::test_support;

namespace {

constexpr auto password = "a-password-of-redis";

class redis_server : public store_process {
public:
  explicit redis_server(std::string file) : file_(std::move(file)) {
    give_to_server(folder_.path());
    start();
  }

  store_options options() override {
    return {.kind = store_kind::redis,
            .url = "unix://" + socket(),
            .password = password};
  }

  void start() override {
    process_.emplace(start_server_process(
      file_ + " --port 0 --unixsocket " + socket() + " --dir "
      + folder_.path().string()
      + " --save '' --appendonly yes"
      // Otherwise Redis confirms what it has not handed to the system yet.
      + " --appendfsync always" + " --requirepass " + password + extra_));
    if (!process_->read_after("ready to accept connections", server_patience))
      throw std::runtime_error{"redis-server does not start"};
  }

  void start_with(const std::string& arguments) {
    extra_ = ' ' + arguments;
    kill();
    start();
  }

  void kill() override {
    process_->signal(SIGKILL);
    process_->wait(patience);
    process_.reset();
  }

  void stall() override {
    process_->signal(SIGSTOP);
  }

  void resume() override {
    process_->signal(SIGCONT);
  }

  std::vector<stored_key> keys() override {
    std::vector<stored_key> result;
    for (auto& x : entries("zenws:messages"))
      result.push_back({x["client"], std::stoull(x["run"]),
                        std::stoull(x["epoch"]), std::stoull(x["sequence"])});
    return result;
  }

  // Returns the fields of all entries of a stream.
  std::vector<std::map<std::string, std::string>>
  entries(const std::string& stream) {
    std::vector<std::map<std::string, std::string>> result;
    auto* context = redisConnectUnix(socket().c_str());
    freeReplyObject(redisCommand(context, "AUTH %s", password));
    auto* reply = static_cast<redisReply*>(
      redisCommand(context, "XRANGE %s - +", stream.c_str()));
    for (size_t i = 0; i < reply->elements; ++i) {
      auto& fields = *reply->element[i]->element[1];
      auto& entry = result.emplace_back();
      for (size_t j = 0; j + 1 < fields.elements; j += 2)
        entry[fields.element[j]->str] = {fields.element[j + 1]->str,
                                         fields.element[j + 1]->len};
    }
    freeReplyObject(reply);
    redisFree(context);
    return result;
  }

  void command(const std::string& text) {
    auto* context = redisConnectUnix(socket().c_str());
    freeReplyObject(redisCommand(context, "AUTH %s", password));
    freeReplyObject(redisCommand(context, text.c_str()));
    redisFree(context);
  }

private:
  std::string socket() const {
    return folder_.file("redis.sock");
  }

  std::string file_;
  std::string extra_;
  temporary_folder folder_;
  std::optional<program> process_;
};

struct fixture : sink_fixture {
  fixture() {
    if (auto file = find_server("/usr/bin", "redis-server"))
      redis.emplace(*file);
    else
      CAF_MESSAGE("skipped: there is no redis-server");
  }

  sink_batch batch_of(uint64_t number, uint64_t records) {
    sink_batch result{.origin = 1, .number = number};
    for (uint64_t i = 1; i <= records; ++i)
      result.records.push_back(
        source.make(1, message_view{.payload = "x", .sequence = i}));
    return result;
  }

  sink_source source{"venue", 1};
  std::optional<redis_server> redis;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(redis_sink_tests, fixture)

CAF_TEST(nothing is lost or doubled while the server is killed and stalled) {
  if (redis)
    survive_outages(*this, *redis);
}

CAF_TEST(a batch that is there is not written again) {
  if (!redis)
    return;
  redis_writer uut{redis->options()};
  for (auto attempt : {sink_attempt::first, sink_attempt::repeated}) {
    CAF_REQUIRE(!uut.open({{}, 30s}));
    CAF_REQUIRE(uut.write(batch_of(1, 3), attempt, {{}, 30s}));
  }
  CAF_CHECK_EQUAL(redis->keys().size(), 3u);
  // Another one of the same origin is.
  CAF_REQUIRE(uut.write(batch_of(2, 2), sink_attempt::repeated, {{}, 30s}));
  CAF_CHECK_EQUAL(redis->keys().size(), 5u);
  auto entry = redis->entries("zenws:messages").front();
  CAF_CHECK_EQUAL(entry["payload"], "x");
  CAF_CHECK_EQUAL(entry["kind"], "text");
}

CAF_TEST(a large batch does not block on the answers) {
  if (!redis)
    return;
  redis_writer uut{redis->options()};
  CAF_REQUIRE(!uut.open({{}, 60s}));
  CAF_REQUIRE(uut.write(batch_of(1, 50'000), sink_attempt::first, {{}, 60s}));
  CAF_CHECK_EQUAL(redis->keys().size(), 50'000u);
}

CAF_TEST(streams keep as many entries as they may) {
  if (!redis)
    return;
  auto options = redis->options();
  options.max_stream_length = 100;
  redis_writer uut{options};
  CAF_REQUIRE(!uut.open({{}, 30s}));
  CAF_REQUIRE(uut.write(batch_of(1, 5'000), sink_attempt::first, {{}, 30s}));
  CAF_CHECK(redis->keys().size() < 500);
}

CAF_TEST(a server without memory takes nothing of a batch) {
  if (!redis)
    return;
  redis->start_with("--maxmemory 1 --maxmemory-policy noeviction");
  redis_writer uut{redis->options()};
  CAF_REQUIRE(!uut.open({{}, 30s}));
  auto outcome = uut.write(batch_of(1, 3), sink_attempt::first, {{}, 30s});
  CAF_REQUIRE(!outcome);
  CAF_CHECK_EQUAL(outcome.error().code, ec::sink_failed);
  CAF_CHECK_EQUAL(redis->keys().size(), 0u);
}

CAF_TEST(a key that is no stream refuses its records only) {
  if (!redis)
    return;
  redis->command("SET zenws:losses text");
  redis_writer uut{redis->options()};
  CAF_REQUIRE(!uut.open({{}, 30s}));
  auto batch = batch_of(1, 2);
  batch.records.push_back(source.make(sink_loss{}));
  auto outcome = uut.write(batch, sink_attempt::first, {{}, 30s});
  CAF_REQUIRE(outcome);
  CAF_CHECK(*outcome == std::vector<size_t>{2});
  CAF_CHECK_EQUAL(redis->keys().size(), 2u);
}

CAF_TEST(a wrong password is told without being shown) {
  if (!redis)
    return;
  auto options = redis->options();
  options.password = "another-password";
  redis_writer uut{options};
  auto problem = uut.open({{}, 30s});
  CAF_CHECK_EQUAL(problem.code, ec::sink_failed);
  CAF_CHECK(problem.detail.find("another") == std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()

#endif // ZENWS_WITH_REDIS
