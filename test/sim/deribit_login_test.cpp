// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE deribit_login

#include "sim_client.hpp"

#include "zenws/sim/deribit/deribit_api.hpp"
#include "zenws/sim/net/signature.hpp"

#include "support/unit_test.hpp"

using namespace zenws;
using namespace zenws::test_support;

namespace {

// A session without a connection, at a time of its own.
struct fixture {
  fixture() {
    cfg.api.token_lifetime = 2s;
  }

  sim::deribit_api make_session() {
    return {cfg,
            orders,
            1,
            {[](std::string_view x) {
               return x == "book.X.raw" || x == "book.X.100ms";
             },
             [](std::string_view x, sim::order_direction) {
               return x == "X" ? std::optional{100.0} : std::nullopt;
             },
             [this] { return now; }}};
  }

  static json_text call(sim::deribit_api& uut, const std::string& method,
                        const std::string& params) {
    auto outcome = uut.handle(R"({"jsonrpc":"2.0","id":1,"method":")" + method
                              + R"(","params":)" + params + '}');
    return json_text{outcome.answer};
  }

  static json_text auth(sim::deribit_api& uut, const std::string& params) {
    return call(uut, "public/auth", params);
  }

  bool authorized(sim::deribit_api& uut) {
    return call(uut, "private/get_open_orders", "{}").has("/result");
  }

  const std::string demo = R"({"grant_type":"client_credentials",)"
                           R"("client_id":"demo",)"
                           R"("client_secret":"demo-secret"})";
  std::chrono::microseconds now = std::chrono::hours{400'000};
  sim::server_config cfg;
  sim::order_store orders{100};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(deribit_login_tests, fixture)

CAF_TEST(signatures agree with published vectors) {
  // RFC 4231, test case 2, and RFC 4648.
  auto mac = sim::hmac_sha256("Jefe", "what do ya want for nothing?");
  CAF_CHECK_EQUAL(
    sim::to_hex(mac),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CAF_CHECK_EQUAL(sim::to_base64("foobar"), "Zm9vYmFy");
  CAF_CHECK_EQUAL(sim::to_base64("foob"), "Zm9vYg==");
  CAF_CHECK_EQUAL(sim::to_base64(""), "");
}

CAF_TEST(credentials of the default account open a session) {
  auto uut = make_session();
  auto answer = auth(uut, demo);
  CAF_CHECK(!answer.str("/result/access_token").empty());
  CAF_CHECK(!answer.str("/result/refresh_token").empty());
  CAF_CHECK_EQUAL(answer.num("/result/expires_in"), 2);
  CAF_CHECK_EQUAL(answer.str("/result/token_type"), "bearer");
  CAF_CHECK(!answer.str("/result/scope").empty());
  CAF_CHECK(authorized(uut));
}

CAF_TEST(wrong credentials are told from missing ones) {
  auto uut = make_session();
  auto code = [&](const std::string& params) {
    return auth(uut, params).num("/error/code");
  };
  CAF_CHECK_EQUAL(code(R"({"grant_type":"client_credentials",)"
                       R"("client_id":"demo","client_secret":"wrong"})"),
                  13004);
  CAF_CHECK_EQUAL(code(R"({"grant_type":"client_credentials",)"
                       R"("client_id":"nobody","client_secret":"x"})"),
                  13004);
  CAF_CHECK_EQUAL(code(R"({"grant_type":"refresh_token",)"
                       R"("refresh_token":"demo.1.00"})"),
                  13004);
  CAF_CHECK_EQUAL(
    code(R"({"grant_type":"refresh_token","refresh_token":".."})"), 13004);
  CAF_CHECK_EQUAL(code(R"({"grant_type":"client_credentials"})"), -32602);
  CAF_CHECK_EQUAL(code(R"({"grant_type":7})"), -32602);
  CAF_CHECK_EQUAL(code(R"({"grant_type":"password"})"), -32602);
  CAF_CHECK_EQUAL(code("[]"), -32602);
  CAF_CHECK(!authorized(uut));
}

CAF_TEST(a signature stands for the secret) {
  auto uut = make_session();
  auto sign = [](const std::string& text) {
    return sim::to_hex(sim::hmac_sha256("demo-secret", text));
  };
  auto params = [](const std::string& signature) {
    return R"({"grant_type":"client_signature","client_id":"demo",)"
           R"("timestamp":1700000000000,"nonce":"n1","data":"",)"
           R"("signature":")"
           + signature + R"("})";
  };
  auto wrong = auth(uut, params(sign("1700000000000\nn2\n")));
  CAF_CHECK_EQUAL(wrong.num("/error/code"), 13004);
  CAF_CHECK(!authorized(uut));
  auto right = auth(uut, params(sign("1700000000000\nn1\n")));
  CAF_CHECK(right.has("/result/access_token"));
  CAF_CHECK(authorized(uut));
}

CAF_TEST(an authorization expires and is renewed with the refresh token) {
  auto uut = make_session();
  auto token = auth(uut, demo).str("/result/refresh_token");
  auto refresh = R"({"grant_type":"refresh_token","refresh_token":")" + token
                 + R"("})";
  now += 1999ms;
  CAF_CHECK(authorized(uut));
  now += 1ms;
  CAF_CHECK(!authorized(uut));
  CAF_CHECK_EQUAL(auth(uut, refresh).num("/result/expires_in"), 2);
  CAF_CHECK(authorized(uut));
  // A token holds on another connection as well.
  auto other = make_session();
  CAF_CHECK(auth(other, refresh).has("/result"));
  CAF_CHECK(authorized(other));
}

CAF_TEST(private methods are for authorized sessions) {
  auto uut = make_session();
  for (auto method : {"private/buy", "private/subscribe", "private/nonsense"}) {
    auto answer = call(uut, method, "{}");
    CAF_CHECK_EQUAL(answer.num("/error/code"), 13009);
    CAF_CHECK_EQUAL(answer.str("/error/message"), "unauthorized");
    CAF_CHECK_EQUAL(answer.str("/error/data/reason"), "invalid_token");
  }
  auth(uut, demo);
  CAF_CHECK_EQUAL(call(uut, "private/nonsense", "{}").num("/error/code"),
                  -32601);
}

CAF_TEST(unknown channels are not granted) {
  auto uut = make_session();
  auto asked
    = R"({"channels":["book.X.100ms","book.Y.100ms","user.orders.X.raw",)"
      R"("user.orders.any.any.raw","user.orders.Y.raw"]})";
  auto open = call(uut, "public/subscribe", asked);
  CAF_CHECK_EQUAL(open.size("/result"), 1u);
  CAF_CHECK_EQUAL(open.str("/result/0"), "book.X.100ms");
  auto none = call(uut, "public/subscribe", R"({"channels":["book.Y.100ms"]})");
  CAF_CHECK(none.has("/result"));
  CAF_CHECK_EQUAL(none.size("/result"), 0u);
  auth(uut, demo);
  auto own = call(uut, "private/subscribe", asked);
  CAF_CHECK_EQUAL(own.size("/result"), 3u);
  CAF_CHECK_EQUAL(own.str("/result/2"), "user.orders.any.any.raw");
  CAF_CHECK_EQUAL(call(uut, "private/unsubscribe", asked).size("/result"), 3u);
}

CAF_TEST(nonsense is answered with an error) {
  auto uut = make_session();
  auto code = [&](const std::string& text) {
    return json_text{uut.handle(text).answer}.num("/error/code");
  };
  CAF_CHECK_EQUAL(code(""), 11050);
  CAF_CHECK_EQUAL(code("{"), 11050);
  CAF_CHECK_EQUAL(code("[]"), -32600);
  CAF_CHECK_EQUAL(code("7"), -32600);
  CAF_CHECK_EQUAL(code(R"({"id":1})"), -32600);
  CAF_CHECK_EQUAL(code(R"({"method":7})"), -32600);
  CAF_CHECK_EQUAL(code(R"({"id":{},"method":"public/test"})"), -32600);
  CAF_CHECK_EQUAL(code(R"({"id":1,"method":"public/nonsense"})"), -32601);
  CAF_CHECK_EQUAL(
    code(R"({"id":1,"method":"public/subscribe","params":{"channels":[1]}})"),
    -32602);
  // An answer must not repeat the depth of a request.
  std::string deep(10'000, '[');
  auto nested = R"({"method":"public/test","id":)" + deep
                + std::string(deep.size(), ']') + '}';
  CAF_CHECK_EQUAL(code(nested), -32600);
}

CAF_TEST(raw channels are for sessions with a login) {
  auto uut = make_session();
  auto asked = R"({"channels":["book.X.100ms","book.X.raw"]})";
  auto refused = call(uut, "public/subscribe", asked);
  CAF_CHECK_EQUAL(refused.num("/error/code"), 13778);
  CAF_CHECK_EQUAL(refused.str("/error/message"),
                  "raw_subscriptions_not_available_for_unauthorized");
  auth(uut, demo);
  CAF_CHECK_EQUAL(call(uut, "public/subscribe", asked).size("/result"), 2u);
  cfg.api.raw_channels = sim::raw_access::open;
  auto open
    = sim::deribit_api{cfg,
                       orders,
                       2,
                       {.knows_channel = [](std::string_view) { return true; },
                        .touch = {},
                        .now = [this] { return now; },
                        .raw_channels = sim::raw_access::open}};
  CAF_CHECK_EQUAL(call(open, "public/subscribe", asked).size("/result"), 2u);
}

CAF_TEST(a request that is too large is refused without an id) {
  auto uut = make_session();
  auto request = [](size_t size) {
    std::string text = R"({"jsonrpc":"2.0","id":1,"method":"public/test"})";
    return text + std::string(size - text.size(), ' ');
  };
  auto most = json_text{uut.handle(request(32 * 1024)).answer};
  CAF_CHECK(most.has("/result"));
  auto refused = json_text{uut.handle(request(32 * 1024 + 1)).answer};
  CAF_CHECK_EQUAL(refused.num("/error/code"), -32600);
  CAF_CHECK_EQUAL(refused.str("/error/message"), "request entity too large");
  CAF_CHECK(!refused.has("/id"));
}

CAF_TEST(channels come as a list) {
  auto uut = make_session();
  auto refused = call(uut, "public/subscribe",
                      R"({"channels":"book.X.100ms"})");
  CAF_CHECK_EQUAL(refused.num("/error/code"), -32602);
  CAF_CHECK_EQUAL(refused.str("/error/data/reason"), "value must be a list");
}

CAF_TEST(credits for ten subscriptions at once are given by default) {
  auto uut = make_session();
  auto code = [&] {
    return call(uut, "public/subscribe", R"({"channels":["book.X.100ms"]})")
      .num("/error/code");
  };
  for (int i = 0; i < 10; ++i)
    CAF_CHECK_EQUAL(code(), INT64_MIN);
  CAF_CHECK_EQUAL(code(), 10028);
  now += 300ms;
  CAF_CHECK_EQUAL(code(), INT64_MIN);
}

CAF_TEST(a session beyond its credits is told so and ended) {
  cfg.api.limits = sim::deribit_limits{.requests = {500, 1000, 500}};
  auto uut = make_session();
  auto request = R"({"jsonrpc":"2.0","id":1,"method":"public/test"})";
  for (int i = 0; i < 2; ++i)
    CAF_CHECK(uut.handle(request).end == sim::session_end::none);
  now += 1s;
  CAF_CHECK(uut.handle(request).end == sim::session_end::none);
  auto outcome = uut.handle(request);
  CAF_CHECK(outcome.end == sim::session_end::rate_limited);
  CAF_CHECK_EQUAL(json_text{outcome.answer}.num("/error/code"), 10028);
  CAF_CHECK_EQUAL(json_text{outcome.answer}.str("/error/message"),
                  "too_many_requests");
}

CAF_TEST_FIXTURE_SCOPE_END()
