// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/sim/config/rules.hpp"

namespace zenws::sim {

namespace {

constexpr std::string_view deribit_api_docs
  = "https://docs.deribit.com/articles/json-rpc-overview";
constexpr std::string_view deribit_errors
  = "https://docs.deribit.com/articles/errors";
constexpr std::string_view deribit_rates
  = "https://docs.deribit.com/articles/rate-limits";
constexpr std::string_view binance_streams
  = "https://developers.binance.com/docs/binance-spot-api-docs/"
    "web-socket-streams";
constexpr std::string_view binance_ws_api
  = "https://developers.binance.com/docs/binance-spot-api-docs/"
    "websocket-api/general-api-information";
constexpr std::string_view binance_market_data
  = "https://developers.binance.com/docs/binance-spot-api-docs/"
    "websocket-api/market-data-requests";
constexpr std::string_view binance_trading
  = "https://developers.binance.com/docs/binance-spot-api-docs/"
    "websocket-api/trading-requests";
constexpr std::string_view binance_user_data
  = "https://developers.binance.com/docs/derivatives/usds-margined-futures/"
    "user-data-streams/Event-User-Data-Stream-Expired";
constexpr std::string_view coinbase_channels
  = "https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/websocket/"
    "websocket-channels";
constexpr std::string_view coinbase_overview
  = "https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/websocket/"
    "websocket-overview";
constexpr std::string_view coinbase_rates
  = "https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/websocket/"
    "websocket-rate-limits";
constexpr std::string_view bybit_connect
  = "https://bybit-exchange.github.io/docs/v5/ws/connect";
constexpr std::string_view bybit_books
  = "https://bybit-exchange.github.io/docs/v5/websocket/public/orderbook";
constexpr std::string_view bybit_tickers
  = "https://bybit-exchange.github.io/docs/v5/websocket/public/ticker";
constexpr std::string_view bybit_errors
  = "https://bybit-exchange.github.io/docs/v5/error";
constexpr std::string_view bybit_orders_page
  = "https://bybit-exchange.github.io/docs/v5/order/create-order";
constexpr std::string_view bybit_positions
  = "https://bybit-exchange.github.io/docs/v5/websocket/private/position";
constexpr std::string_view bybit_trade
  = "https://bybit-exchange.github.io/docs/v5/websocket/trade/guideline";
constexpr std::string_view hyperliquid_limits
  = "https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/"
    "rate-limits-and-user-limits";
constexpr std::string_view hyperliquid_posts
  = "https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/"
    "websocket/post-requests";
constexpr std::string_view hyperliquid_streams
  = "https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/"
    "websocket/subscriptions";
constexpr std::string_view hyperliquid_timeouts
  = "https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/"
    "websocket/timeouts-and-heartbeats";
constexpr std::string_view kraken_docs
  = "https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/book";
constexpr std::string_view kraken_tokens_page
  = "https://docs.kraken.com/exchange/guides/websockets/authentication";
constexpr std::string_view kraken_executions_page
  = "https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/"
    "executions";
constexpr std::string_view kraken_add_order
  = "https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/"
    "add_order";
constexpr std::string_view kraken_checksums
  = "https://docs.kraken.com/exchange/guides/websockets/book-checksum-v2";
constexpr std::string_view kraken_guide
  = "https://docs.kraken.com/exchange/guides/websockets/introduction";
constexpr std::string_view okx_docs = "https://www.okx.com/docs-v5/en/"
                                      "#overview-websocket";
constexpr std::string_view okx_orders_channel
  = "https://www.okx.com/docs-v5/en/"
    "#order-book-trading-trade-ws-order-channel";
constexpr std::string_view okx_positions_channel
  = "https://www.okx.com/docs-v5/en/"
    "#trading-account-websocket-positions-channel";
constexpr std::string_view okx_timeouts
  = "https://www.okx.com/docs-v5/en/#overview-transaction-timeouts";
constexpr std::string_view okx_trade = "https://www.okx.com/docs-v5/en/"
                                       "#order-book-trading-trade";

constexpr std::string_view okx_book = "https://www.okx.com/docs-v5/en/"
                                      "#order-book-trading-market-data-ws-"
                                      "order-book-channel";

constexpr rule all_rules[] = {
  // -- Deribit ---------------------------------------------------------------
  {"deribit.private-needs-login", "Deribit",
   "A private method without a login is refused by 13009, with the reason "
   "invalid_token.",
   deribit_errors, ""},
  {"deribit.raw-needs-login", "Deribit",
   "A subscription to a raw channel of market data without a login is refused "
   "by 13778.",
   deribit_errors, "api.raw_channels"},
  {"deribit.unknown-channels", "Deribit",
   "Unknown channels are left out of the result, without an error.", "observed",
   ""},
  {"deribit.snapshot-once", "Deribit",
   "A repeated subscription is acknowledged and brings no new snapshot.",
   "observed", ""},
  {"deribit.request-size", "Deribit",
   "A request of more than 32 kB is refused by -32600.", deribit_api_docs,
   "api.max_request_bytes"},
  {"deribit.bad-request", "Deribit",
   "A text that is not JSON is answered by 11050, without an id.",
   deribit_errors, ""},
  {"deribit.heartbeat", "Deribit",
   "A test_request that is unanswered for an interval closes the connection "
   "with 4000; an interval has at least 10 s.",
   "https://docs.deribit.com/api-reference/session-management/"
   "public-set_heartbeat",
   "api.heartbeat_second"},
  {"deribit.credits", "Deribit",
   "Requests, subscriptions and matching requests consume credits; without "
   "credits, 10028 comes and the session ends.",
   deribit_rates, "api.limits"},
  {"deribit.token-lifetime", "Deribit",
   "An authorization expires and refresh_token renews it.",
   "https://docs.deribit.com/api-reference/authentication/public-auth",
   "api.token_lifetime"},
  {"deribit.valid-until", "Deribit",
   "An order whose valid_until has passed is refused by 13888.", deribit_errors,
   ""},
  // -- Binance ---------------------------------------------------------------
  {"binance.frames", "Binance",
   "More than 5 frames in any second, pings and pongs included, close a "
   "connection of streams with 1008.",
   binance_streams, "binance.max_frames_per_second"},
  {"binance.penalty", "Binance",
   "After that, connections of the host are closed for a while; off by "
   "default, because the venue does not say for how long.",
   binance_streams, "binance.penalty"},
  {"binance.request-size", "Binance",
   "A request about streams of more than 4,096 bytes on the wire is never "
   "answered and changes nothing.",
   "observed", "binance.max_request_bytes"},
  {"binance.unknown-streams", "Binance",
   "A well-formed name of no stream is acknowledged and stays silent; names "
   "may be UTF-8 beyond ASCII.",
   binance_streams, ""},
  {"binance.streams", "Binance", "A connection has at most 1,024 streams.",
   binance_streams, "binance.max_streams"},
  {"binance.error-shape", "Binance",
   "A refused request carries its code in `error` or beside the id.",
   binance_streams, "binance.errors"},
  {"binance.pong", "Binance",
   "A ping without its own payload in a pong closes the connection with 1008 "
   "after a minute.",
   binance_streams, "binance.pong_timeout"},
  {"binance.age", "Binance",
   "A connection ends after a day, with serverShutdown before; off by default, "
   "since nothing is tested for a day.",
   binance_streams, "binance.max_age"},
  {"binance.shutdown-envelope", "Binance",
   "serverShutdown comes as it is on /ws, as a stream of that name on /stream, "
   "in `event` on /ws-api.",
   binance_ws_api, ""},
  {"binance.listen-key", "Binance",
   "A stream whose listen key expires brings listenKeyExpired and then "
   "nothing.",
   binance_user_data, ""},
  {"binance.signature", "Binance",
   "A request about an account needs a valid key (-2015), timestamp (-1021) "
   "and signature (-1022), by HMAC, RSA or Ed25519.",
   binance_ws_api, ""},
  {"binance.session", "Binance",
   "session.logon, with a key of Ed25519, makes further signatures needless; "
   "timestamps are not.",
   binance_ws_api, ""},
  {"binance.account-events", "Binance",
   "A connection has one subscription to the events of an account (-2035); its "
   "end is told by eventStreamTerminated.",
   binance_ws_api, ""},
  {"binance.duplicate-order", "Binance",
   "A newClientOrderId that an open order has is refused by -2010; a canceled "
   "order has another one.",
   binance_trading, ""},
  {"binance.order-refusals", "Binance",
   "Prices and amounts that are no multiples of their steps are refused by "
   "-1013; makers that would take, and orders that the account cannot pay for, "
   "by -2010 and an event.",
   binance_trading, ""},
  {"binance.amend", "Binance",
   "order.amend.keepPriority only makes an amount smaller (-2038).",
   binance_trading, ""},
  {"binance.request-weight", "Binance",
   "More requests of the WebSocket API than the limit in a minute are refused "
   "by 429 and -1003, with retryAfter. Those about the market weigh 4 to 250, "
   "others 1.",
   binance_ws_api, "binance.max_request_weight"},
  {"binance.depth", "Binance",
   "Streams bring the changes of a book, each with the numbers of its first "
   "and "
   "last one, and no snapshot; depth answers with one of at most 5,000 levels.",
   binance_streams, ""},
  {"binance.trades", "Binance",
   "Trades are numbered without gaps; trades.historical and trades.aggregate "
   "tell at most 1,000 from a number on. The simulator knows the latest "
   "10,000.",
   binance_market_data, ""},
  // -- Coinbase --------------------------------------------------------------
  {"coinbase.subscribe-in-time", "Coinbase",
   "A connection without a subscription within 5 s is closed.",
   coinbase_overview, "coinbase.subscribe_timeout"},
  {"coinbase.one-channel", "Coinbase",
   "A request has one kind of channel and its products, and no id; without "
   "products, an unsubscribe is for all of them.",
   coinbase_overview, ""},
  {"coinbase.answer", "Coinbase",
   "A request is answered by a list of all subscriptions, after the snapshots "
   "of the new ones.",
   "observed", ""},
  {"coinbase.unknown-products", "Coinbase",
   "Products that the venue does not have are left out of the list, without "
   "an error.",
   "observed", ""},
  {"coinbase.unknown-channels", "Coinbase",
   "A channel that does not exist, or needs a token, is refused by "
   "\"authentication failure\"; any other message by \"subscribe or "
   "unsubscribe required\".",
   "observed", ""},
  {"coinbase.books", "Coinbase",
   "More than 30 books of a connection are refused by \"too many L2 streams "
   "requested in a single session\".",
   "observed", "coinbase.max_books"},
  {"coinbase.messages", "Coinbase",
   "More than 8 messages of a host in a second are refused; the words are not "
   "documented.",
   coinbase_rates, "coinbase.max_messages_per_second"},
  {"coinbase.sequence", "Coinbase",
   "The messages of a connection are numbered from 0, whatever their channel.",
   "observed", ""},
  {"coinbase.heartbeats", "Coinbase",
   "The channel heartbeats brings a message each second.", coinbase_channels,
   "coinbase.heartbeat_second"},
  {"coinbase.usdc", "Coinbase",
   "Products in USDC, but for two, bring the data of those in USD under that "
   "name.",
   coinbase_channels, ""},
  {"coinbase.ticker-batch", "Coinbase",
   "The channel ticker_batch brings a message each 5 s, without best prices.",
   coinbase_channels, "coinbase.batch_interval"},
  // -- Bybit -----------------------------------------------------------------
  {"bybit.idle", "Bybit",
   "A connection without pings and data is cut after 10 minutes.",
   bybit_connect, "bybit.idle_timeout"},
  {"bybit.spot-args", "Bybit",
   "A request of spot about more than 10 topics is refused.", bybit_connect,
   "bybit.max_spot_args"},
  {"bybit.args-size", "Bybit",
   "The topics of a connection have at most 21,000 characters.", bybit_connect,
   "bybit.max_args_bytes"},
  {"bybit.all-or-nothing", "Bybit",
   "One topic that is unknown or subscribed already refuses all of a request.",
   "observed", ""},
  {"bybit.private-needs-login", "Bybit",
   "The private stream grants nothing before a login.", bybit_connect, ""},
  {"bybit.login", "Bybit",
   "A login whose moment of expiry has passed is refused without a code, one "
   "with an unknown key by 10003, with a wrong signature by 10004.",
   bybit_trade, ""},
  {"bybit.trade-login", "Bybit",
   "Requests about orders need a login of their connection; a second one is "
   "refused by 20001. The code of requests without one is not documented.",
   bybit_trade, ""},
  {"bybit.receive-window", "Bybit",
   "An order whose X-BAPI-TIMESTAMP is older than its X-BAPI-RECV-WINDOW, or a "
   "second ahead, is refused by 10002.",
   bybit_trade, ""},
  {"bybit.request-ids", "Bybit",
   "A reqId that the account has used before is refused by 20006. The venue "
   "does not say for how long; here, on all connections.",
   bybit_trade, ""},
  {"bybit.link-ids", "Bybit",
   "An orderLinkId that the account has used is refused by 110072.",
   bybit_errors, ""},
  {"bybit.post-only", "Bybit",
   "An order that is post-only and would trade at once is accepted, and then "
   "told as canceled.",
   bybit_orders_page, ""},
  {"bybit.no-such-order", "Bybit",
   "An order that is over and one that never was are refused alike, by 110001.",
   "observed", ""},
  {"bybit.order-size", "Bybit",
   "An order that the account cannot pay for is refused by 110007.",
   bybit_errors, "bybit.max_order_size"},
  {"bybit.positions", "Bybit",
   "Each change of an order brings the position, changed or not.",
   bybit_positions, ""},
  {"bybit.book-numbers", "Bybit",
   "Changes of a book have consecutive numbers and follow a snapshot.",
   bybit_books, ""},
  {"bybit.best-prices", "Bybit",
   "A book of one level has snapshots only; after 3 s without a change the "
   "last one comes again, with its number.",
   bybit_books, ""},
  {"bybit.ticker-changes", "Bybit",
   "Tickers of linear contracts bring what has changed after a snapshot, those "
   "of spot are snapshots.",
   bybit_tickers, ""},
  // -- Hyperliquid ------------------------------------------------------------
  {"hyperliquid.unknown-coin", "Hyperliquid",
   "A subscription to a coin that does not exist ends the connection, without "
   "an answer or a Close frame.",
   "observed", ""},
  {"hyperliquid.idle", "Hyperliquid",
   "60 s without a message to the client end the connection without a Close "
   "frame; any request is answered, a ping by a pong.",
   hyperliquid_timeouts, "hyperliquid.idle_timeout"},
  {"hyperliquid.connections", "Hyperliquid",
   "The 11th connection of an address, or the 31st new one in a minute, is "
   "told so and ends.",
   hyperliquid_limits, "hyperliquid.max_connections"},
  {"hyperliquid.messages", "Hyperliquid",
   "Messages of an address beyond 2,000 in a minute are answered by an error "
   "and change nothing.",
   hyperliquid_limits, "hyperliquid.max_messages"},
  {"hyperliquid.subscriptions", "Hyperliquid",
   "Subscriptions of an address beyond 1,000 are answered by an error that "
   "does not name them.",
   hyperliquid_limits, "hyperliquid.max_subscriptions"},
  {"hyperliquid.repeated", "Hyperliquid",
   "A repeated subscription, or end of one, is answered by an error that "
   "quotes it and changes nothing.",
   "observed", ""},
  {"hyperliquid.bad-request", "Hyperliquid",
   "A text that is no request is quoted in an error.", "observed", ""},
  {"hyperliquid.confirmation", "Hyperliquid",
   "A subscription is confirmed with all of its members, and without an id.",
   hyperliquid_streams, ""},
  {"hyperliquid.books", "Hyperliquid",
   "Books come whole: 20 levels each 5 s, or 5 levels each 0.5 s.", "observed",
   "hyperliquid.book_interval"},
  {"hyperliquid.old-trades", "Hyperliquid",
   "A subscription to trades begins with the latest ones.", "observed", ""},
  {"hyperliquid.posts", "Hyperliquid",
   "A post is answered with its id; what cannot be read has an error with the "
   "status of HTTP.",
   hyperliquid_posts, ""},
  // -- Kraken ----------------------------------------------------------------
  {"kraken.each-symbol", "Kraken",
   "A request has one channel and a list of symbols; each symbol is answered "
   "by itself, with the request's id.",
   kraken_docs, ""},
  {"kraken.unknown-pairs", "Kraken",
   "An unknown pair is refused by \"Currency pair not supported\" with the "
   "symbol, but without the channel.",
   "observed", ""},
  {"kraken.depths", "Kraken",
   "A book of another depth than 10, 25, 100, 500 or 1000 is refused, without "
   "a symbol.",
   kraken_docs, ""},
  {"kraken.one-depth", "Kraken",
   "A connection has one book, one ticker and one channel of trades for each "
   "symbol; another one is refused by \"Already subscribed\".",
   "observed", ""},
  {"kraken.truncation", "Kraken",
   "A level that is pushed beyond the depth of a book is not removed.",
   kraken_checksums, ""},
  {"kraken.checksum", "Kraken",
   "Each message of a book has the CRC-32 of its ten best levels.",
   kraken_checksums, ""},
  {"kraken.trade-snapshot", "Kraken",
   "Trades begin with the latest 50, if the request says so.",
   "https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/trade",
   ""},
  {"kraken.status", "Kraken",
   "Each connection begins with the state of the venue.",
   "https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/status",
   ""},
  {"kraken.heartbeat", "Kraken",
   "A heartbeat comes each second once there was a subscription.",
   "https://docs.kraken.com/api/docs/websocket-v2/heartbeat",
   "kraken.heartbeat_interval"},
  {"kraken.idle", "Kraken", "A minute without activity closes a connection.",
   kraken_guide, "kraken.idle_timeout"},
  {"kraken.rate", "Kraken",
   "More than 25 messages in 5 s are refused by \"Exceeded msg rate\"; the "
   "venue's own figure varies and is not published.",
   "observed", "kraken.max_requests"},
  {"kraken.token", "Kraken",
   "A request about orders and a channel of an account need a token in their "
   "parameters; one that is unknown or has expired is refused by "
   "\"ESession:Invalid session\".",
   kraken_tokens_page, ""},
  {"kraken.token-lifetime", "Kraken",
   "A token is valid for 15 minutes, and for as long as a subscription holds "
   "it.",
   "https://docs.kraken.com/api-reference/trading/get-websockets-token",
   "kraken.token_lifetime"},
  {"kraken.endpoints", "Kraken",
   "Market data and accounts have an endpoint each; what either says about the "
   "other's channels is not known.",
   kraken_guide, ""},
  {"kraken.steps", "Kraken",
   "Each step of an order is a message: pending_new, new, trade, filled, "
   "canceled, amended. Only the first one, and trades, tell pair and side.",
   kraken_executions_page, ""},
  {"kraken.executions-snapshot", "Kraken",
   "Executions begin with the open orders, and with the latest 50 fills on "
   "demand.",
   kraken_executions_page, ""},
  {"kraken.sequence", "Kraken",
   "The messages of a channel of an account are numbered from 1.",
   kraken_executions_page, ""},
  {"kraken.order-ids", "Kraken",
   "A cl_ord_id has at most 18 characters, or is a UUID, and is unique among "
   "the open orders of an account; the words for one that is not are not "
   "known.",
   "https://docs.kraken.com/exchange/guides/general/clordid", ""},
  {"kraken.deadline", "Kraken",
   "An order whose deadline has passed is refused by \"EService:Deadline "
   "elapsed\".",
   kraken_add_order, ""},
  {"kraken.post-only", "Kraken",
   "An order that is post-only and would take is canceled; an amendment that "
   "would is refused, and the order stays.",
   kraken_add_order, ""},
  {"kraken.each-id", "Kraken",
   "Each id of a cancellation is answered by itself; one of no open order is "
   "refused by \"EOrder:Unknown order\".",
   "https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/"
   "cancel_order",
   ""},
  {"kraken.guard", "Kraken",
   "All orders of an account are canceled some seconds after "
   "cancel_all_orders_after, once.",
   "https://docs.kraken.com/exchange/api-reference/spot-websocket-v2/"
   "cancel_after",
   "kraken.guard_second"},
  // -- OKX -------------------------------------------------------------------
  {"okx.idle", "OKX",
   "30 s without a text from the client close the connection with 4004.",
   okx_docs, "okx.idle_timeout"},
  {"okx.requests", "OKX",
   "More than 480 subscriptions, their ends and logins in an hour are refused "
   "by 60014.",
   okx_docs, "okx.max_requests"},
  {"okx.request-size", "OKX",
   "A request of more than 64 KB is refused by 60012.", okx_docs, ""},
  {"okx.login-age", "OKX",
   "A login that is older or newer than 30 s is refused by 60006.", okx_docs,
   "okx.login_window"},
  {"okx.private-needs-login", "OKX",
   "A private channel or an operation without a login is refused by 60011.",
   okx_docs, ""},
  {"okx.each-argument", "OKX",
   "Each argument is answered by itself, with the members that were given and "
   "the request's id.",
   okx_docs, ""},
  {"okx.connections-per-channel", "OKX",
   "The 31st connection of an account with the same private channel is "
   "acknowledged, told channel-conn-count-error, and brings nothing.",
   okx_docs, "okx.max_connections_per_channel"},
  {"okx.order-size", "OKX",
   "An order that the account cannot pay for is refused by 51008.", okx_trade,
   "okx.max_order_size"},
  {"okx.duplicate-order", "OKX",
   "A clOrdId of an order that is open is refused by 51016; after that it is "
   "taken again.",
   okx_trade, ""},
  {"okx.instrument-codes", "OKX",
   "An operation without instIdCode is refused by 50014, an unknown one by "
   "51001.",
   okx_trade, "okx.operations"},
  {"okx.units", "OKX",
   "A size that is below minSz is refused by 51020, one that is no multiple of "
   "lotSz by 51121.",
   okx_trade, ""},
  {"okx.post-only", "OKX",
   "A post-only order that would take is accepted and canceled (cancelSource "
   "31); an amendment to such a price is refused by 51511.",
   okx_trade, ""},
  {"okx.order-is-over", "OKX",
   "The cancellation of an order that is over, or never was, is refused by "
   "51400, its amendment by 51503.",
   okx_trade, ""},
  {"okx.no-order-snapshot", "OKX",
   "The channel orders begins with nothing and tells what happens from then "
   "on.",
   okx_orders_channel, ""},
  {"okx.account-snapshots", "OKX",
   "positions and account begin with all that there is, and repeat it; a "
   "position of 0 is left out.",
   okx_positions_channel, "okx.snapshot_interval"},
  {"okx.partial-success", "OKX",
   "A batch of which some orders fail has the code 2, one of which all fail "
   "the code 1; each row has its sCode.",
   okx_trade, ""},
  {"okx.checksum", "OKX",
   "The checksum of a book is 0, as it is since June 2026; before, it was that "
   "of the best 25 levels.",
   okx_book, "okx.checksums"},
  {"okx.channels-of-type", "OKX",
   "A mark price, funding rate or open interest of an instrument that has none "
   "is refused by 60018.",
   okx_docs, ""},
  {"okx.exp-time", "OKX",
   "Orders and amendments whose expTime has passed are not carried out and "
   "refused by 51149.",
   okx_timeouts, ""},
};

} // namespace

std::span<const rule> rules() noexcept {
  return all_rules;
}

} // namespace zenws::sim
