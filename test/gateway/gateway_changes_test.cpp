// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE gateway_changes

#include "gateway_file/gateway_changes.hpp"

#include "gateway_file_fixture.hpp"
#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

using strings = std::vector<std::string>;

constexpr auto old_file = R"(
[gateway]
port = 4242
[clients.a]
url = "ws://a"
channels = ["x"]
[clients.b]
url = "ws://b"
)";

strings names(const std::vector<gateway_file::client>& from) {
  strings result;
  for (auto& x : from)
    result.push_back(x.spec.name);
  return result;
}

// A client with orders, and a desk that uses it.
std::string desk_file(const std::string& client, const std::string& desk) {
  return "[clients.venue]\nurl = \"ws://a\"\ndialect = \"deribit\"\n"
         "credentials_from_environment = \"ZENWS_TEST_DESK\"\n"
         + client + "[desks.mm]\naccount = \"venue\"\nowner = \"mm\"\n"
         + "journal = \"off\"\n" + desk + "[desks.mm.instruments.X]\n";
}

struct fixture : gateway_file_fixture {
  gateway_file correct(const std::string& text) {
    auto [result, mistakes] = read(text);
    for (auto& x : mistakes)
      CAF_FAIL(to_string(x, "file"));
    return result;
  }

  // Returns the changes from one file to another.
  gateway_changes changes(const std::string& before, const std::string& after) {
    auto running = correct(before);
    next = correct(after);
    return compare(running, next);
  }

  gateway_file next;
};

bool is_empty(const gateway_changes& x) {
  return x.stops.empty() && x.starts.empty() && x.channels.empty()
         && x.refused.empty();
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(gateway_changes_tests, fixture)

CAF_TEST(the same file changes nothing) {
  CAF_CHECK(is_empty(changes(old_file, old_file)));
  CAF_CHECK(is_empty(changes(everything(), everything())));
}

CAF_TEST(an order of its own and comments change nothing) {
  CAF_CHECK(is_empty(changes(old_file, R"(# other
[clients.b]
url = 'ws://b'
[clients.a]
channels = [ "x", ]
url = "ws://a"
[gateway]
port = 4242
)")));
}

CAF_TEST(clients are started and stopped by name) {
  auto uut = changes(old_file, "[gateway]\nport = 4242\n"
                               "[clients]\nb = { url = \"ws://b\" }\n"
                               "c = { url = \"ws://c\" }\n");
  CAF_CHECK(uut.stops == strings({"a"}));
  CAF_CHECK(names(uut.starts) == strings({"c"}));
  CAF_CHECK(uut.channels.empty());
  CAF_CHECK(uut.refused.empty());
}

CAF_TEST(a client with other settings is stopped and started) {
  std::string text = old_file;
  text += "idle_timeout = \"7s\"\n";
  auto uut = changes(old_file, text);
  CAF_CHECK(uut.stops == strings({"b"}));
  CAF_CHECK(names(uut.starts) == strings({"b"}));
}

CAF_TEST(channels change without a restart) {
  std::string text = old_file;
  text.replace(text.find("[\"x\"]"), 5, "[\"y\"]");
  auto uut = changes(old_file, text);
  CAF_CHECK(uut.stops.empty());
  CAF_CHECK(uut.starts.empty());
  CAF_CHECK(names(uut.channels) == strings({"a"}));
  CAF_CHECK_EQUAL(uut.channels[0].channels.at(0).name, "y");
}

CAF_TEST(a channel that becomes private is another one) {
  std::string text = old_file;
  text.insert(text.find("channels"), "private_");
  CAF_CHECK(names(changes(old_file, text).channels) == strings({"a"}));
}

CAF_TEST(what cannot change is named and stays) {
  std::string text = old_file;
  text.replace(text.find("4242"), 4, "4243");
  text += "[supervision]\nmax_children = 7\n[caf.scheduler]\n"
          "max_threads = 3\n";
  auto uut = changes(old_file, text);
  CAF_CHECK(uut.refused
            == strings({"caf.scheduler.max_threads takes effect at the next "
                        "start",
                        "gateway.port takes effect at the next start",
                        "supervision.max_children takes effect at the next "
                        "start"}));
  CAF_CHECK_EQUAL(next.gateway.port, 4242u);
  // It is told again as long as it differs.
  auto running = next;
  auto again = correct(text);
  CAF_CHECK_EQUAL(compare(running, again).refused.size(), 3u);
}

CAF_TEST(values do not show) {
  std::string text = old_file;
  text.replace(text.find("port = 4242"), 11, "name = \"hunter2\"");
  auto uut = changes(old_file, text);
  CAF_CHECK_EQUAL(uut.refused.size(), 2u);
  for (auto& x : uut.refused)
    CAF_CHECK(x.find("hunter2") == std::string::npos);
}

CAF_TEST(the log changes without a word) {
  std::string text = old_file;
  text += "[log]\nlevel = \"error\"\n";
  CAF_CHECK(is_empty(changes(old_file, text)));
  CAF_CHECK(next.log.level == log_level::error);
}

CAF_TEST(desks and their clients stay) {
  auto before = desk_file("", "");
  CAF_CHECK(is_empty(changes(before, before)));
  auto uut = changes(before, desk_file("idle_timeout = \"7s\"\n",
                                       "lifetime = \"5s\"\n"));
  CAF_CHECK(uut.stops.empty());
  CAF_CHECK(uut.starts.empty());
  CAF_CHECK(uut.refused
            == strings({"desks.mm takes effect at the next start",
                        "clients.venue is used by the desk mm until the "
                        "gateway ends"}));
  uut = changes(before, old_file);
  CAF_CHECK(uut.stops.empty());
  CAF_CHECK(names(uut.starts) == strings({"a", "b"}));
  CAF_CHECK_EQUAL(uut.refused.size(), 3u); // and the port
  CAF_CHECK_EQUAL(next.clients.size(), 3u);
  CAF_CHECK_EQUAL(next.desks.size(), 1u);
}

CAF_TEST(channels of a client that a desk uses may change) {
  auto uut = changes(desk_file("", ""), desk_file("channels = [\"x\"]\n", ""));
  CAF_CHECK(names(uut.channels) == strings({"venue"}));
  CAF_CHECK(uut.refused.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
