// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE redaction

#include "zenws/json/redaction.hpp"

#include "support/seed.hpp"
#include "support/unit_test.hpp"

#include <random>
#include <string>
#include <vector>

using namespace zenws;
using namespace zenws::test_support;

namespace {

struct row {
  std::string text;
  std::string expected;
};

void check(const std::vector<row>& table) {
  for (auto& [text, expected] : table)
    CAF_CHECK_EQUAL(redact(text), expected);
}

} // namespace

CAF_TEST(logins show the account but not the proof) {
  check({
    // Deribit, by secret, by signature and by refresh token
    {R"({"jsonrpc":"2.0","id":1,"method":"public/auth","params":{)"
     R"("grant_type":"client_credentials","client_id":"me",)"
     R"("client_secret":"s3cret"}})",
     R"({"jsonrpc":"2.0","id":1,"method":"public/auth","params":{)"
     R"("grant_type":"client_credentials","client_id":"me",)"
     R"("client_secret":"***"}})"},
    {R"({"params":{"client_id":"me","timestamp":1,"signature":"ab","nonce":"n"}})",
     R"({"params":{"client_id":"me","timestamp":1,"signature":"***","nonce":"n"}})"},
    {R"({"params":{"grant_type":"refresh_token","refresh_token":"r"}})",
     R"({"params":{"grant_type":"refresh_token","refresh_token":"***"}})"},
    // OKX
    {R"({"op":"login","args":[{"apiKey":"k","passphrase":"p","timestamp":"1",)"
     R"("sign":"c2ln"}]})",
     R"({"op":"login","args":[{"apiKey":"k","passphrase":"***","timestamp":"1",)"
     R"("sign":"***"}]})"},
    // Binance
    {R"({"method":"session.logon","params":{"apiKey":"k","signature":"x"}})",
     R"({"method":"session.logon","params":{"apiKey":"k","signature":"***"}})"},
    {R"({"result":{"listenKey":"abc"}})", R"({"result":{"listenKey":"***"}})"},
  });
}

CAF_TEST(tokens in answers do not show) {
  check({
    {R"({"id":1,"result":{"access_token":"a.b","expires_in":900,)"
     R"("refresh_token":"c.d","scope":"x","token_type":"bearer"}})",
     R"({"id":1,"result":{"access_token":"***","expires_in":900,)"
     R"("refresh_token":"***","scope":"x","token_type":"bearer"}})"},
  });
}

CAF_TEST(secrets are found in any form) {
  check({
    {R"({ "Client-Secret" : "x" })", R"({ "Client-Secret" : "***" })"},
    {R"({"CLIENT_SECRET":12345,"a":1})", R"({"CLIENT_SECRET":"***","a":1})"},
    {R"({"client\u005fsecret":"x"})", R"({"client\u005fsecret":"***"})"},
    {R"({"sign":"a\"b\\","a":"b"})", R"({"sign":"***","a":"b"})"},
    {R"({"sign":{"v":"x","w":["}"]},"a":1})", R"({"sign":"***","a":1})"},
    {R"([{"sign":["x"]},{"sign":"y"}])", R"([{"sign":"***"},{"sign":"***"}])"},
    {R"({"\uZZ":"x"})", R"({"\uZZ":"***"})"},
    {"{\"sign\"\n:\t\"x\"}", "{\"sign\"\n:\t\"***\"}"},
  });
}

CAF_TEST(a message that is cut off keeps no secret) {
  check({
    {R"({"sign":"half)", R"({"sign":"***")"},
    {R"({"sign":{"v":"half)", R"({"sign":"***")"},
    {R"({"sign":12)", R"({"sign":"***")"},
    {R"({"sign":)", R"({"sign":)"},
    {R"({"sign")", R"({"sign")"},
    {"{\"sign\":\"a\nb\",\"c\":1}", "{\"sign\":\"***\",\"c\":1}"},
  });
}

CAF_TEST(all else stays as it is) {
  for (std::string text :
       {R"({"sign":null,"secret":true,"otp":false})", R"({"a":"sign","b":"x"})",
        R"({"signs":"x","design":"y"})", R"({"client_id":"x","apiKey":"y"})",
        R"({"design" : 1.50 , "x":[1,{"y":"z"}]})", "", "plain text",
        R"("sign")", R"(a "quote)", "\"", "{\"a\\", "\xff\x00"})
    CAF_CHECK_EQUAL(redact(text), text);
}

CAF_TEST(names can be added) {
  std::vector<std::string> more{"token"};
  CAF_CHECK_EQUAL(redact(R"({"token":"x","a":"y"})", more),
                  R"({"token":"***","a":"y"})");
  CAF_CHECK_EQUAL(redact(R"({"token":"x"})"), R"({"token":"x"})");
}

CAF_TEST(no cut of a login shows its secret) {
  std::string text
    = R"({"a":[{"client_secret":"XYZZY","passphrase":"XYZZY"}]})";
  for (size_t i = 0; i <= text.size(); ++i)
    CAF_CHECK(redact(text.substr(0, i)).find("XY") == std::string::npos);
}

CAF_TEST(arbitrary text is survived) {
  std::mt19937_64 random{choose_seed()};
  constexpr std::string_view alphabet = "\"\\{}[]:, \nsign1u";
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto n = random() % 30; n > 0; --n)
      text += alphabet[random() % alphabet.size()];
    if (text.find("sig") == std::string::npos
        && text.find('\\') == std::string::npos)
      CAF_CHECK_EQUAL(redact(text), text);
    else
      redact(text);
  }
}
