// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE sink_settings

#include "gateway_file_fixture.hpp"

#include "support/unit_test.hpp"

#include <algorithm>
#include <filesystem>

using namespace zenws;
using namespace zenws::test_support;
using namespace std::chrono_literals;

namespace {

using names = std::vector<std::string>;

struct fixture : gateway_file_fixture {
  fixture() {
    std::ofstream{file("password")} << "a-password-of-a-file\n";
    std::filesystem::permissions(file("password"),
                                 std::filesystem::perms::owner_read);
    ::setenv("ZENWS_TEST_PASSWORD", "a-password-of-the-environment", 1);
  }

  ~fixture() {
    ::unsetenv("ZENWS_TEST_PASSWORD");
  }

  // Reads a file with a client called "venue" and a sink.
  reading read_sink(const std::string& lines) {
    return read("[clients.venue]\nurl = \"ws://127.0.0.1/\"\n[sinks.a]\n"
                + lines);
  }

  // Returns the keys of the mistakes in a sink.
  names mistakes_of(const std::string& lines) {
    names result;
    for (auto& x : read_sink(lines).mistakes)
      result.push_back(x.key);
    std::ranges::sort(result);
    return result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sink_settings_tests, fixture)

CAF_TEST(a sink is read to the last field) {
  auto [uut, mistakes] = read_sink(R"(
type = "sqlite"
path = "/var/lib/zenws/store.db"
prefix = "desk_1"
clients = ["venue"]
channels = ["a", "b"]
private_channels = ["c"]
instruments = ["BTC-PERPETUAL"]
kinds = ["trades", "quotes", "ticker"]
pace = "fastest"
budget = "9MiB"
batch_bytes = "2MiB"
batch_records = 3
flush_interval = "40ms"
write_within = "5s"
close_within = "6s"
retry = { min = "7ms", max = "8s" }
)");
  for (auto& x : mistakes)
    CAF_MESSAGE(to_string(x, "gateway.toml"));
  CAF_REQUIRE(mistakes.empty());
  CAF_REQUIRE_EQUAL(uut.sinks.count("a"), 1u);
  auto& own = uut.sinks["a"];
  CAF_CHECK(own.store.kind == store_kind::sqlite);
  CAF_CHECK_EQUAL(own.store.path, "/var/lib/zenws/store.db");
  CAF_CHECK_EQUAL(own.store.prefix, "desk_1");
  CAF_CHECK(own.clients == names{"venue"});
  CAF_REQUIRE_EQUAL(own.channels.size(), 3u);
  CAF_CHECK_EQUAL(own.channels[1].name, "b");
  CAF_CHECK(own.channels[2].access == channel_access::authenticated_only);
  CAF_CHECK(own.instruments == names{"BTC-PERPETUAL"});
  CAF_CHECK(
    (own.kinds
     == market::data_kinds{market::data_kind::trades, market::data_kind::quotes,
                           market::data_kind::ticker}));
  CAF_CHECK(own.pace == market_pace::fastest);
  CAF_CHECK_EQUAL(own.budget_bytes, size_t{9} * 1024 * 1024);
  CAF_CHECK_EQUAL(own.batch_bytes, size_t{2} * 1024 * 1024);
  CAF_CHECK_EQUAL(own.batch_records, 3u);
  CAF_CHECK_EQUAL(own.flush_interval, 40ms);
  CAF_CHECK_EQUAL(own.write_within, 5s);
  CAF_CHECK_EQUAL(own.close_within, 6s);
  CAF_CHECK_EQUAL(own.retry.min, 7ms);
  CAF_CHECK_EQUAL(own.retry.max, 8s);
}

CAF_TEST(passwords come from files and from the environment) {
  if (!is_built(store_kind::postgres) || !is_built(store_kind::redis))
    return;
  auto a = read_sink("type = \"postgres\"\nurl = \"postgresql://u@h/d\"\n"
                     "clients = [\"venue\"]\neverything = true\n"
                     "password_file = \""
                     + file("password") + "\"\n");
  CAF_CHECK(a.mistakes.empty());
  CAF_CHECK_EQUAL(a.file.sinks["a"].store.password, "a-password-of-a-file");
  auto b = read_sink("type = \"redis\"\nurl = \"redis://h:1/2\"\n"
                     "clients = [\"venue\"]\neverything = true\n"
                     "max_stream_length = 4\n"
                     "password_from_environment = \"ZENWS_TEST_PASSWORD\"\n");
  CAF_CHECK(b.mistakes.empty());
  auto& own = b.file.sinks["a"].store;
  CAF_CHECK_EQUAL(own.password, "a-password-of-the-environment");
  CAF_CHECK_EQUAL(own.url, "redis://h:1/2");
  CAF_CHECK_EQUAL(own.max_stream_length, 4u);
}

CAF_TEST(the address of a Redis server is checked) {
  if (!is_built(store_kind::redis))
    return;
  auto mistakes = [&](const std::string& url) {
    return mistakes_of("type = \"redis\"\nurl = \"" + url
                       + "\"\nclients = [\"venue\"]\neverything = true\n");
  };
  for (auto* url : {"redis://h", "redis://u@h:1/2", "redis://[::1]:6379",
                    "unix:///run/redis.sock"})
    CAF_CHECK(mistakes(url).empty());
  for (auto* url :
       {"redis://", "redis://h:0", "redis://h:65536", "redis://h:99999",
        "redis://h/x", "redis://h/1?x=y", "unix://redis.sock"})
    CAF_CHECK(mistakes(url) == names{"sinks.a.url"});
}

CAF_TEST(librdkafka is told its settings) {
  if (!is_built(store_kind::kafka))
    return;
  auto uut = read_sink("type = \"kafka\"\nurl = \"kafka://h:9092\"\n"
                       "clients = [\"venue\"]\neverything = true\n"
                       "properties = { \"linger.ms\" = 7 }\n");
  CAF_CHECK(uut.mistakes.empty());
  CAF_CHECK_EQUAL(uut.file.sinks["a"].store.properties["linger.ms"], "7");
}

CAF_TEST(mistakes in a sink are found) {
  const std::string usual = "type = \"sqlite\"\npath = \"x\"\n"
                            "clients = [\"venue\"]\n";
  CAF_CHECK(mistakes_of(usual + "everything = true\n").empty());
  CAF_CHECK((mistakes_of(usual) == names{"sinks.a.channels"}));
  CAF_CHECK((mistakes_of(usual + "kinds = [\"trades\"]\n")
             == names{"sinks.a.instruments"}));
  CAF_CHECK((mistakes_of(usual + "kinds = [\"book\"]\ninstruments = [\"x\"]\n")
             == names{"sinks.a.kinds"}));
  CAF_CHECK((mistakes_of(usual + "everything = true\nprefix = \"x;\"\n")
             == names{"sinks.a.prefix"}));
  CAF_CHECK((mistakes_of(usual + "everything = true\nbudget = \"1MiB\"\n")
             == names{"sinks.a.budget"}));
  CAF_CHECK((mistakes_of("type = \"sqlite\"\npath = \"x\"\n"
                         "clients = [\"nobody\"]\neverything = true\n")
             == names{"sinks.a.clients"}));
}

CAF_TEST(a password in a URL is refused and not shown) {
  for (auto url : {"postgresql://u:the-word@h/d",
                   "postgresql://u@h/d?password=the-word"}) {
    auto [uut, mistakes]
      = read_sink("type = \"postgres\"\nclients = [\"venue\"]\n"
                  "everything = true\nurl = \""
                  + std::string{url} + "\"\n");
    CAF_CHECK(!mistakes.empty());
    for (auto& x : mistakes)
      CAF_CHECK(x.message.find("the-word") == std::string::npos);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
