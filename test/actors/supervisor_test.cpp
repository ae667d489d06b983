#define CAF_SUITE client_supervisor

#include "world.hpp"

#include "caf/test/unit_test.hpp"

using namespace zenws;
using namespace zenws::test;

namespace {

struct fixture : world {
  std::unique_ptr<sim::server> server = start_server();

  client_supervisor_actor supervisor = rt.supervise();

  client_actor start(const std::string& path = "/echo",
                     std::string name = {}) {
    auto result = ask<client_actor>(
      supervisor, start_client{{.name = std::move(name),
                                .config = quick(server->url(path))}});
    CAF_REQUIRE(result);
    return *result;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(client_supervisor_tests, fixture)

CAF_TEST(subscribers of a killed client receive data again) {
  auto uut = start();
  auto [subscriber, in] = collect(uut);
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 1));
  caf::anon_send_exit(uut, caf::exit_reason::kill);
  CAF_REQUIRE(in->wait_for_kind(event_kind::restarted));
  CAF_REQUIRE(in->wait_for_state(client_state::ready, 2));
  CAF_CHECK_EQUAL(tell(uut, send_text{"after the crash"}), caf::none);
  CAF_CHECK(in->wait_for_text("after the crash"));
}

CAF_TEST(a stopped client is gone and not restarted) {
  auto uut = start("/echo", "feed");
  CAF_REQUIRE(ask<uint64_t>(uut, await_ready{}));
  CAF_CHECK_EQUAL(tell(supervisor, stop_client{"feed"}), caf::none);
  CAF_CHECK(seam::is_orderly_exit(end_of(uut)));
  auto list = ask<client_list>(supervisor, list_clients{});
  CAF_REQUIRE(list);
  CAF_CHECK_EQUAL(list->clients.size(), 0u);
  CAF_CHECK_EQUAL(tell(uut, send_text{"x"}), caf::exit_reason::user_shutdown);
}

CAF_TEST_FIXTURE_SCOPE_END()
