// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE binance_login

#include "zenws/venue/binance/binance_dialect.hpp"
#include "zenws/venue/binance/internal/binance_signer.hpp"
#include "zenws/venue/internal/private_key.hpp"
#include "zenws/venue/internal/signature.hpp"

#include "support/key_pair.hpp"
#include "support/unit_test.hpp"

#include <chrono>
#include <string>

using namespace std::chrono_literals;
using namespace zenws;
using namespace zenws::internal;
using namespace zenws::test_support;

namespace {

constexpr auto channel = "userDataStream";

// The account of the documentation ("SIGNED request example (HMAC)").
const credentials documented{
  "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A",
  "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"};

std::string text_in(std::string_view object, std::string_view name) {
  return find_member(object, name).string().value_or("");
}

std::string params_of(std::string_view request) {
  return std::string{find_member(request, "params").text};
}

struct fixture {
  binance_dialect uut;
  signing_context context{
    .now = std::chrono::sys_time<std::chrono::milliseconds>{5000ms}};

  std::string log_in(const credentials& account) {
    auto text = uut.log_in(account, context, 1);
    if (!text)
      CAF_FAIL(text.error().detail);
    return *text;
  }

  result<login_grant> answer_login(const std::string& result) {
    return uut.read_login(
      uut.read(R"({"id":1,"status":200,"result":)" + result + '}'));
  }

  void log_on() {
    log_in({"me", make_key_pair(key_kind::ed25519).private_key});
    CAF_REQUIRE(answer_login(R"({"apiKey":"me","authorizedSince":5})"));
  }

  void log_in_signed() {
    log_in({"me", "secret"});
    CAF_REQUIRE(answer_login(R"({"subscriptionId":3})"));
  }

  static subscription_request request(const std::vector<std::string>& names,
                                      subscription_request_kind kind
                                      = subscription_request_kind::subscribe) {
    subscription_request result{.kind = kind};
    for (auto& name : names)
      result.channels.push_back({.name = name});
    return result;
  }

  std::string subscription(const subscription_request& what) {
    auto text = uut.subscription(what, 2);
    if (!text)
      return std::string{to_string(text.error().code)};
    return *text;
  }

  // The grants of an answer to a subscription, -1 if it leaves them open.
  int grants(const std::string& answer) {
    auto text = R"({"id":2,)" + answer + '}'; // the message has views of it
    auto told = uut.read(text);
    if (uut.judge(told).meaning != answer_meaning::answered)
      return 0;
    auto names = uut.read_grants(request({channel}), told);
    return names ? static_cast<int>(names->size()) : -1;
  }

  static std::string event(int subscription, std::string_view kind) {
    return R"({"subscriptionId":)" + std::to_string(subscription)
           + R"(,"event":{"e":")" + std::string{kind} + R"(","E":1}})";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(binance_login_tests, fixture)

// -- signatures ---------------------------------------------------------------

CAF_TEST(a request is signed by HMAC as documented) {
  auto signer = binance_signer::make(documented);
  CAF_REQUIRE(signer);
  CAF_CHECK(!signer->logs_on());
  auto text = signer->sign(
    R"({"symbol":"BTCUSDT","side":"SELL","type":"LIMIT","timeInForce":"GTC",)"
    R"("quantity":"0.01000000","price":"52000.00","recvWindow":100,)"
    R"("timestamp":1645423376532})");
  CAF_REQUIRE(text);
  CAF_CHECK_EQUAL(
    text_in(*text, "signature"),
    "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24");
  CAF_CHECK_EQUAL(text_in(*text, "apiKey"), documented.key);
  CAF_CHECK_EQUAL(text_in(*text, "price"), "52000.00");
  CAF_CHECK(find_member(*text, "recvWindow").integer() == 100);
}

CAF_TEST(names of any script are signed by their bytes) {
  for (auto symbol :
       {"１２３４５６", R"(\uff11\uff12\uff13\uff14\uff15\uff16)"}) {
    auto signer = binance_signer::make(documented);
    auto text = signer->sign(
      R"({"symbol":")" + std::string{symbol}
      + R"(","side":"BUY","type":"LIMIT","timeInForce":"GTC",)"
        R"("quantity":"1.00000000","price":"0.10000000","recvWindow":5000,)"
        R"("timestamp":1645423376532})");
    CAF_REQUIRE(text);
    CAF_CHECK_EQUAL(
      text_in(*text, "signature"),
      "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd");
    CAF_CHECK_EQUAL(text_in(*text, "symbol"), "１２３４５６");
  }
}

CAF_TEST(parameters that are no object are not signed) {
  auto signer = binance_signer::make(documented);
  for (auto text : {"", "[]", "7", R"({"a":)", R"({"a":1}})"})
    CAF_CHECK(signer->sign(text).error().code == ec::invalid_message);
}

// RFC 8032, section 7.1, test 2.
CAF_TEST(a private key signs by Ed25519) {
  constexpr std::string_view seed
    = "\x4c\xcd\x08\x9b\x28\xff\x96\xda\x9d\xb6\xc3\x46\xec\x11\x4e\x0f"
      "\x5b\x8a\x31\x9f\x35\xab\xa6\x24\xda\x8c\xf6\xed\x4f\xb8\xa6\xfb";
  auto key = private_key::read(ed25519_key(seed), {});
  CAF_REQUIRE(key);
  CAF_CHECK(key->kind() == private_key_kind::ed25519);
  auto signature = key->sign("\x72");
  CAF_REQUIRE(signature);
  CAF_CHECK_EQUAL(hex(*signature),
                  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223eb"
                  "db69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d"
                  "291612bb0c00");
}

CAF_TEST(a private key signs by RSA) {
  auto pair = make_key_pair(key_kind::rsa);
  auto key = private_key::read(pair.private_key, {});
  CAF_REQUIRE(key);
  CAF_CHECK(key->kind() == private_key_kind::rsa);
  CAF_CHECK(confirms(pair.public_key, "text", *key->sign("text")));
  CAF_CHECK(!confirms(pair.public_key, "other", *key->sign("text")));
}

CAF_TEST(an encrypted key needs its passphrase) {
  auto pair = make_key_pair(key_kind::ed25519, "open sesame");
  CAF_CHECK(private_key::read(pair.private_key, "open sesame"));
  for (auto passphrase : {"", "wrong"})
    CAF_CHECK(private_key::read(pair.private_key, passphrase).error().code
              == ec::login_failed);
}

CAF_TEST(a key of no use fails the login for good and is not shown) {
  auto curve = make_key_pair(key_kind::elliptic_curve);
  auto broken = make_key_pair(key_kind::rsa).private_key.substr(0, 300);
  for (auto& secret : {curve.private_key, curve.public_key, broken}) {
    auto text = uut.log_in({"me", secret}, context, 1);
    CAF_REQUIRE(!text);
    CAF_CHECK(text.error().code == ec::login_failed);
    CAF_CHECK(text.error().detail.find("-----") == std::string::npos);
  }
}

// -- logins -------------------------------------------------------------------

CAF_TEST(an Ed25519 key logs the connection on) {
  auto pair = make_key_pair(key_kind::ed25519);
  auto text = log_in({"me", pair.private_key});
  CAF_CHECK_EQUAL(text_in(text, "method"), "session.logon");
  auto params = params_of(text);
  auto signature = from_base64(text_in(params, "signature"));
  CAF_REQUIRE(signature);
  CAF_CHECK(confirms(pair.public_key, "apiKey=me&timestamp=5000", *signature));
  CAF_CHECK(answer_login(R"({"apiKey":"me","authorizedSince":5,)"
                         R"("userDataStream":false})"));
  CAF_CHECK(!answer_login(R"({"apiKey":null,"authorizedSince":null})"));
  CAF_CHECK(!answer_login(R"({"subscriptionId":0})"));
}

CAF_TEST(no request has a signature after it) {
  log_on();
  auto text = uut.call("order.status", R"({"timestamp":6000})", 2);
  CAF_CHECK_EQUAL(*text, R"({"method":"order.status",)"
                         R"("params":{"timestamp":6000},"id":2})");
}

CAF_TEST(other keys prove themselves by a signed subscription) {
  auto rsa = make_key_pair(key_kind::rsa);
  auto text = log_in({"me", rsa.private_key});
  CAF_CHECK_EQUAL(text_in(text, "method"),
                  "userDataStream.subscribe.signature");
  auto signature = from_base64(text_in(params_of(text), "signature"));
  CAF_REQUIRE(signature);
  CAF_CHECK(confirms(rsa.public_key, "apiKey=me&timestamp=5000", *signature));
  text = log_in({"me", "secret"});
  CAF_CHECK_EQUAL(text_in(params_of(text), "signature"),
                  hex(hmac_sha256("secret", "apiKey=me&timestamp=5000")));
  CAF_CHECK(answer_login(R"({"subscriptionId":0})"));
  CAF_CHECK(!answer_login(R"({})"));
}

CAF_TEST(each request about the account is signed then) {
  log_in_signed();
  auto text = uut.call("order.status", R"({"timestamp":6000,"orderId":7})", 2);
  CAF_REQUIRE(text);
  CAF_CHECK_EQUAL(
    text_in(params_of(*text), "signature"),
    hex(hmac_sha256("secret", "apiKey=me&orderId=7&timestamp=6000")));
}

CAF_TEST(requests without a time and those signed by others stay as they are) {
  log_in_signed();
  for (auto params : {R"({"symbol":"BTCUSDT"})",
                      R"({"timestamp":6000,"apiKey":"you","signature":"x"})"}) {
    auto text = uut.call("order.status", params, 2);
    CAF_CHECK_EQUAL(params_of(*text), params);
  }
  CAF_CHECK_EQUAL(*uut.call("ping", {}, 2), R"({"method":"ping","id":2})");
}

CAF_TEST(the key is forgotten with the connection) {
  log_in_signed();
  uut.connected();
  CAF_CHECK_EQUAL(params_of(*uut.call("x", R"({"timestamp":1})", 2)),
                  R"({"timestamp":1})");
  CAF_CHECK_EQUAL(subscription(request({channel})), "not_supported");
}

CAF_TEST(a refused key is no outage and a wrong clock is one) {
  log_in({"me", "secret"});
  auto judge = [&](std::string code) {
    return uut.judge(uut.read(R"({"id":1,"status":400,"error":{"code":)" + code
                              + R"(,"msg":"x"}})"));
  };
  for (auto code : {"-1022", "-2014", "-2015"})
    CAF_CHECK(judge(code).is_permanent());
  CAF_CHECK(!judge("-1021").is_permanent());
}

CAF_TEST(a key that is revoked ends the connection) {
  constexpr std::string_view revoked
    = R"({"id":null,"status":401,"error":{"code":-2015,"msg":"Invalid"}})";
  CAF_CHECK(uut.read(revoked).kind == inbound_kind::data);
  log_on();
  CAF_CHECK(uut.read(revoked).kind == inbound_kind::spent);
}

// -- the account's channel ----------------------------------------------------

CAF_TEST(the account is subscribed to after the logon) {
  log_on();
  CAF_CHECK_EQUAL(subscription(request({channel})),
                  R"({"method":"userDataStream.subscribe","id":2})");
  CAF_CHECK_EQUAL(grants(R"("status":200,"result":{"subscriptionId":4})"), 1);
  CAF_CHECK_EQUAL(
    subscription(request({channel}, subscription_request_kind::unsubscribe)),
    R"({"method":"userDataStream.unsubscribe",)"
    R"("params":{"subscriptionId":4},"id":2})");
}

CAF_TEST(a subscription that is there already is granted) {
  log_on();
  subscription(request({channel}));
  CAF_CHECK_EQUAL(grants(R"("status":400,"error":{"code":-2035,"msg":"x"})"),
                  1);
  CAF_CHECK_EQUAL(grants(R"("status":400,"error":{"code":-2042,"msg":"x"})"),
                  0);
}

CAF_TEST(a subscription by the login is asked for) {
  log_in_signed();
  for (auto kind : {subscription_request_kind::subscribe,
                    subscription_request_kind::unsubscribe})
    CAF_CHECK_EQUAL(subscription(request({channel}, kind)),
                    R"({"method":"session.subscriptions","id":2})");
  CAF_CHECK_EQUAL(grants(R"("status":200,"result":[{"subscriptionId":3}])"), 1);
  CAF_CHECK_EQUAL(grants(R"("status":200,"result":[{"subscriptionId":4}])"),
                  -1);
  CAF_CHECK_EQUAL(grants(R"("status":200,"result":[])"), -1);
}

CAF_TEST(streams and accounts have addresses of their own) {
  CAF_CHECK_EQUAL(subscription(request({channel})), "not_supported");
  log_on();
  CAF_CHECK_EQUAL(subscription(request({"btcusdt@trade"})), "not_supported");
  CAF_CHECK_EQUAL(subscription(request({"btcusdt@trade", channel})),
                  "request_too_big");
}

CAF_TEST(events belong to the channel of their account) {
  log_in_signed();
  auto our_text = event(3, "executionReport");
  auto ours = uut.read(our_text);
  CAF_CHECK(ours.kind == inbound_kind::data);
  CAF_CHECK_EQUAL(ours.channel, channel);
  auto other_text = event(4, "executionReport");
  auto other = uut.read(other_text);
  CAF_CHECK(other.kind == inbound_kind::data);
  CAF_CHECK(other.channel.empty());
}

CAF_TEST(a subscription that the venue ends spends the connection) {
  constexpr auto terminated = "eventStreamTerminated";
  log_on();
  subscription(request({channel}));
  grants(R"("status":200,"result":{"subscriptionId":4})");
  CAF_CHECK(uut.read(event(5, terminated)).kind == inbound_kind::data);
  CAF_CHECK(uut.read(event(4, terminated)).kind == inbound_kind::spent);
  subscription(request({channel}, subscription_request_kind::unsubscribe));
  CAF_CHECK(uut.read(event(4, terminated)).kind == inbound_kind::data);
}

// -- costs --------------------------------------------------------------------

CAF_TEST(requests have weights after a login) {
  auto cost = [&](std::string_view method) {
    std::string text;
    for (auto& x : uut.cost_of_call(method))
      text += std::string{x.pool} + ' ' + std::to_string(x.cost) + ' ';
    return text;
  };
  CAF_CHECK_EQUAL(cost("depth"), "messages 1 ");
  CAF_CHECK_EQUAL(uut.cost_of_subscription()[0].pool, "messages");
  log_on();
  CAF_CHECK_EQUAL(cost("order.place"), "weight 1 orders 1 ");
  CAF_CHECK_EQUAL(cost("order.cancel"), "weight 1 ");
  CAF_CHECK_EQUAL(cost("myTrades"), "weight 20 ");
  CAF_CHECK_EQUAL(cost("session.status"), "weight 2 ");
  CAF_CHECK_EQUAL(uut.cost_of_subscription()[0].pool, "weight");
}

CAF_TEST_FIXTURE_SCOPE_END()
