#define CAF_SUITE my_engine

#include "zenws/actors/all.hpp"
#include "zenws/testing/fake_clients.hpp"

#include "caf/test/dsl.hpp"

using namespace std::chrono_literals;

struct my_config : caf::actor_system_config {
  my_config() {
    zenws::load_types(*this);
  }
};

using my_fixture = test_coordinator_fixture<my_config>;

CAF_TEST_FIXTURE_SCOPE(my_engine_tests, my_fixture)

CAF_TEST(a lost heartbeat leads to a new connection) {
  zenws::testing::fake_clients fakes{sys};
  auto uut = sys.spawn<zenws::client_supervisor>(
    zenws::client_supervisor_config{}, fakes);
  zenws::client_spec feed{.name = "feed", .config = {.url = "ws://example.org"}};
  zenws::anon_send(uut, zenws::start_client{feed});
  sched.run();
  fakes.enter("feed", zenws::client_state::ready);
  fakes.receive("feed", {R"({"price":1})"}); // to all subscribers
  fakes.fail("feed", {zenws::ec::heartbeat_lost});
  sched.run();
  sched.advance_time(1s);
  sched.run();
  CAF_CHECK(fakes.is_running("feed"));
  CAF_CHECK_EQUAL(fakes.incarnations("feed"), 2u);
  caf::anon_send_exit(uut, caf::exit_reason::user_shutdown); // before `fakes`
  sched.run();
}

CAF_TEST_FIXTURE_SCOPE_END()
