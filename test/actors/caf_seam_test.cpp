#define CAF_SUITE caf_seam

#include "zenws/actors/all.hpp"

#include "caf/test/unit_test.hpp"

using namespace zenws;

CAF_TEST(errors are rendered with their detail if there is one) {
  system_config cfg;
  caf::actor_system sys{cfg};
  CAF_CHECK_EQUAL(sys.render(make_error(ec::client_stopped)),
                  "zenws.client_stopped");
  CAF_CHECK_EQUAL(sys.render(make_error(error{ec::not_found, "feed"})),
                  "zenws.not_found: feed");
  CAF_CHECK_EQUAL(sys.render(make_error(rpc_error{.code = 5, .message = "no"})),
                  "zenws.request_refused: " + to_error({5, "no", {}}).detail);
}

CAF_TEST(the code of an error is ours or none) {
  CAF_CHECK(seam::code_of(make_error(ec::not_found)) == ec::not_found);
  CAF_CHECK(seam::code_of(caf::sec::runtime_error) == ec::none);
  CAF_CHECK(seam::code_of(caf::error{}) == ec::none);
  CAF_CHECK_EQUAL(seam::detail_of(caf::error{}), "");
  CAF_CHECK(!seam::value_of<rpc_error>(caf::error{}));
  CAF_CHECK_EQUAL(seam::detail_of(make_error(ec::not_found)), "");
}
