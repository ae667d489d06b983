// SPDX-License-Identifier: BSD-3-Clause

#define CAF_SUITE dialect_conformance

#include "zenws/testing/dialect_conformance.hpp"

#include "zenws/json/json_value.hpp"

#include "support/unit_test.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace zenws;
using zenws::testing::venue_script;

namespace {

std::string id_of(std::string_view request) {
  return std::string{find_member(request, "id").text};
}

// -- JSON-RPC -----------------------------------------------------------------

std::string rpc_result_of(std::string_view request, const std::string& json) {
  return R"({"jsonrpc":"2.0","id":)" + id_of(request) + R"(,"result":)" + json
         + '}';
}

venue_script::answer rpc_error_of(int code) {
  return [code](std::string_view request) {
    return R"({"jsonrpc":"2.0","id":)" + id_of(request) + R"(,"error":{"code":)"
           + std::to_string(code) + R"(,"message":"m"}})";
  };
}

venue_script rpc_script(const char* dialect) {
  venue_script result;
  result.make = [dialect] { return make_dialect(dialect); };
  result.result = [](std::string_view request) {
    return rpc_result_of(request, "1");
  };
  result.nonsense = [](std::string_view request) {
    return R"({"jsonrpc":"2.0","id":)" + id_of(request) + R"(,"error":7})";
  };
  return result;
}

venue_script json_rpc() {
  auto result = rpc_script("json_rpc");
  result.channel = {.name = "newHeads"};
  result.other_channel = {.name = "logs"};
  result.data = R"({"jsonrpc":"2.0","method":"eth_subscription",)"
                R"("params":{"subscription":"0x1","result":{}}})";
  result.grant = [](std::string_view request) {
    // Each request has one channel: the one before is answered, too.
    auto id = id_of(request);
    return std::vector{rpc_result_of(request, R"("0x)" + id + '"'),
                       R"({"jsonrpc":"2.0","id":)"
                         + std::to_string(std::stoi(id) - 1)
                         + R"(,"result":"0x1"})"};
  };
  result.refuse_names = rpc_error_of(-32602);
  result.busy = rpc_error_of(-32005);
  result.method = "eth_chainId";
  result.refusal = rpc_error_of(-32601);
  result.failure = rpc_error_of(-32000);
  return result;
}

venue_script deribit() {
  auto result = rpc_script("deribit");
  result.channel = {.name = "trades.BTC-PERPETUAL.100ms"};
  result.other_channel = {.name = "trades.NOPE.100ms"};
  result.data = R"({"jsonrpc":"2.0","method":"subscription","params":{)"
                R"("channel":"trades.BTC-PERPETUAL.100ms","data":[]}})";
  result.grant = [](std::string_view request) {
    auto params = find_member(request, "params").text;
    return std::vector{rpc_result_of(
      request, std::string{find_member(params, "channels").text})};
  };
  result.grant_one = [](std::string_view request) {
    return rpc_result_of(request, R"(["trades.BTC-PERPETUAL.100ms"])");
  };
  result.refuse_names = rpc_error_of(13778);
  result.busy = rpc_error_of(11051);
  result.method = "private/buy";
  result.refusal = rpc_error_of(10009);
  result.failure = rpc_error_of(13028);
  result.grant_login = [](std::string_view request) {
    return rpc_result_of(request, R"({"access_token":"a","expires_in":900})");
  };
  result.refuse_login = rpc_error_of(10047);
  result.refuse_credentials = rpc_error_of(13004);
  result.beat = R"({"jsonrpc":"2.0","method":"heartbeat",)"
                R"("params":{"type":"heartbeat"}})";
  return result;
}

// -- Binance ------------------------------------------------------------------

venue_script::answer binance_error(int status, int code) {
  return [=](std::string_view request) {
    return R"({"id":)" + id_of(request) + R"(,"status":)"
           + std::to_string(status) + R"(,"error":{"code":)"
           + std::to_string(code) + R"(,"msg":"m"}})";
  };
}

venue_script binance() {
  venue_script result;
  result.make = [] { return make_dialect("binance"); };
  result.channel = {.name = "btcusdt@trade"};
  result.other_channel = {.name = "ethusdt@trade"};
  result.data = R"({"stream":"btcusdt@trade","data":{"e":"trade","E":1}})";
  result.grant = [](std::string_view request) {
    return std::vector{R"({"result":null,"id":)" + id_of(request) + '}'};
  };
  result.refuse_names = binance_error(400, 2);
  result.busy = binance_error(429, -1003);
  result.method = "order.place";
  result.result = [](std::string_view request) {
    return R"({"id":)" + id_of(request) + R"(,"status":200,"result":{}})";
  };
  result.refusal = binance_error(400, -2010);
  result.failure = binance_error(503, -1001);
  result.nonsense = [](std::string_view request) {
    return R"({"id":)" + id_of(request) + R"(,"status":400,"error":"?"})";
  };
  result.goodbye = R"({"stream":"!serverShutdown",)"
                   R"("data":{"e":"serverShutdown","E":1}})";
  return result;
}

// -- OKX ----------------------------------------------------------------------

venue_script::answer okx_event(const std::string& code) {
  return [code](std::string_view request) {
    return R"({"id":")" + id_of(request) + R"(","event":"error","code":")"
           + code + R"(","msg":"m","connId":"a"})";
  };
}

venue_script::answer okx_login_error(const std::string& code) {
  return [code](std::string_view) {
    return R"({"event":"error","code":")" + code
           + R"(","msg":"m","connId":"a"})";
  };
}

venue_script::answer okx_order(const std::string& code) {
  return [code](std::string_view request) {
    return R"({"id":")" + id_of(request)
           + R"(","op":"order","code":"1","msg":"","data":[{"sCode":")" + code
           + R"(","sMsg":"m"}]})";
  };
}

venue_script okx() {
  venue_script result;
  result.make = [] { return make_dialect("okx"); };
  result.channel = {"orders-swap", R"({"channel":"orders","instType":"SWAP"})"};
  result.other_channel = {.name = "trades:BTC-USDT"};
  result.data = R"({"arg":{"channel":"orders","instType":"SWAP","uid":"7"},)"
                R"("data":[]})";
  result.grant = [](std::string_view) {
    return std::vector<std::string>{
      R"({"event":"subscribe","arg":{"channel":"orders","instType":"SWAP"}})",
      R"({"event":"subscribe","arg":{"channel":"trades","instId":"BTC-USDT"}})"};
  };
  result.refuse_names = okx_event("60018");
  result.busy = [](std::string_view request) {
    return request.find("\"op\":\"order\"") != request.npos
             ? okx_order("50011")(request)
             : okx_event("60014")(request);
  };
  result.take_away = R"({"event":"channel-conn-count-error",)"
                     R"("channel":"orders","connCount":"31","connId":"a"})";
  result.method = "order";
  result.result = okx_order("0");
  result.refusal = okx_order("51008");
  result.failure = okx_order("50004");
  result.nonsense = [](std::string_view request) {
    return R"({"id":")" + id_of(request) + R"(","op":"order","code":"x"})";
  };
  result.grant_login = [](std::string_view) {
    return std::string{R"({"event":"login","code":"0","msg":"","connId":"a"})"};
  };
  result.refuse_login = okx_login_error("63999");
  result.refuse_credentials = okx_login_error("60005");
  result.goodbye
    = R"({"event":"notice","code":"64008","msg":"m","connId":"a"})";
  result.beat = "pong";
  return result;
}

std::string problems_of(const venue_script& script) {
  std::string result;
  for (auto& x : zenws::testing::check_dialect(script))
    result += x + "; ";
  return result;
}

} // namespace

CAF_TEST(each dialect of zenws meets the needs of venues) {
  CAF_CHECK_EQUAL(problems_of(json_rpc()), "");
  CAF_CHECK_EQUAL(problems_of(deribit()), "");
  CAF_CHECK_EQUAL(problems_of(binance()), "");
  CAF_CHECK_EQUAL(problems_of(okx()), "");
}

// A suite that finds nothing proves nothing.
CAF_TEST(a dialect that is wrong is found out) {
  auto script = deribit();
  script.refusal = rpc_error_of(99'999); // not on the venue's list
  script.take_away = script.data;
  CAF_CHECK_EQUAL(problems_of(script),
                  "a refusal is not told as one; a channel that the venue ends "
                  "is not told; ");
}
