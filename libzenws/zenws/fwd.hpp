// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <cstddef>
#include <cstdint>

/// @file
/// Forward declarations of all types of libzenws that users may name.

namespace zenws {

// -- classes ------------------------------------------------------------------

class address_memory;
class backoff;
class binance_dialect;
class binance_market;
class binance_orders;
class bybit_dialect;
class bybit_market;
class bybit_orders;
class channel_shards;
class coinbase_dialect;
class coinbase_market;
class connection;
class connection_listener;
class deferred_sends;
class delivery_budget;
class deribit_dialect;
class deribit_market;
class deribit_orders;
class dialect;
class envelope_layout;
class growing_pause;
class heartbeat;
class host_demands;
class hyperliquid_dialect;
class hyperliquid_market;
class hyperliquid_requests;
class hyperliquid_subscription;
class json_rpc_dialect;
class kraken_dialect;
class kraken_market;
class kraken_orders;
class latency_histogram;
class login_schedule;
class market_batch;
class market_block;
class market_feed;
class market_protocol;
class member_health;
class member_ranking;
class message_batch;
class okx_argument;
class okx_dialect;
class okx_market;
class okx_orders;
class order_protocol;
class overridden_costs;
class proxy_handshake;
class rate_gate;
class rate_limiter;
class raw_dialect;
class read_timeout;
class recording_block;
class recording_index;
class recording_reader;
class recording_server;
class recording_source;
class request_correlator;
class restart_intensity;
class rolling_window;
class secret_values;
class session;
class shared_counter;
class shared_histogram;
class shared_rate_limiter;
class signal_watch;
class slab;
class slab_pool;
class subscription_set;
class supervisor_logic;
class table_reader;
class table_writer;
class token_bucket;
class venue_protocol;

// -- structs ------------------------------------------------------------------

struct address_rank;
struct answer_part;
struct answer_verdict;
struct backoff_config;
struct channel_request;
struct book_status;
struct channel_spec;
struct child_death;
struct child_policy;
struct client_config;
struct client_event;
struct client_history;
struct client_identity;
struct code_rule;
struct coinbase_channel;
struct compression_config;
struct config_problem;
struct credentials;
struct dial_target;
struct duration_counts;
struct envelope;
struct envelope_path;
struct error;
struct explanation;
struct feed_config;
struct header;
struct health_config;
struct heartbeat_config;
struct heartbeat_rule;
struct heartbeat_tick;
struct host_and_port;
struct inbound;
struct json_value;
struct known_venue;
struct latency_summary;
struct limit_overrides;
struct log_entry;
struct log_field;
struct login_grant;
struct market_query;
struct market_question;
struct market_wish;
struct message_view;
struct order_call;
struct protocol_context;
struct protocol_event;
struct protocol_snapshot;
struct proxy_address;
struct proxy_config;
struct rate_charge;
struct rate_draw;
struct rate_limit;
struct rate_refusal;
struct recorded_entry;
struct recorded_epoch;
struct recorded_gap;
struct recorded_header;
struct recorded_silence;
struct recorded_span;
struct recording_account;
struct recording_problem;
struct recording_range;
struct recording_server_options;
struct recording_summary;
struct refusal;
struct request_time;
struct restart_limit;
struct rolling_window_config;
struct routed_message;
struct rpc_error;
struct rpc_result;
struct send_policy;
struct session_context;
struct session_latencies;
struct settled_call;
struct signing_context;
struct slab_entry;
struct subscription_limits;
struct subscription_options;
struct subscription_outcome;
struct subscription_request;
struct subscription_set_config;
struct subscription_snapshot;
struct summary_options;
struct supervision_policy;
struct table_blob;
struct tls_config;
struct token_bucket_config;
struct upgrade_refusal;
struct url;
struct usual_beginning;
struct venue_address;
struct venue_call;
struct venue_config;

// -- enumerations -------------------------------------------------------------

enum class address_step : uint8_t;
enum class answer_meaning : uint8_t;
enum class auto_shutdown : uint8_t;
enum class binance_product : uint8_t;
enum class channel_access : uint8_t;
enum class channel_state : uint8_t;
enum class child_end : uint8_t;
enum class child_state : uint8_t;
enum class client_state : uint8_t;
enum class close_cause : uint8_t;
enum class departure_rule : uint8_t;
enum class ec : uint8_t;
enum class envelope_kind : uint8_t;
enum class error_class : uint8_t;
enum class event_kind : uint8_t;
enum class export_format : uint8_t;
enum class heartbeat_habit : uint8_t;
enum class heartbeat_kind : uint8_t;
enum class heartbeat_verdict : uint8_t;
enum class inbound_kind : uint8_t;
enum class json_kind : uint8_t;
enum class limit_scope : uint8_t;
enum class log_level : uint8_t;
enum class login_mode : uint8_t;
enum class market_pace : uint8_t;
enum class message_kind : uint8_t;
enum class order_lookup : uint8_t;
enum class outcome_kind : uint8_t;
enum class overflow_policy : uint8_t;
enum class proxy_scheme : uint8_t;
enum class question_scope : uint8_t;
enum class recorded_direction : uint8_t;
enum class recorded_type : uint8_t;
enum class recording_compression : uint8_t;
enum class recording_table : uint8_t;
enum class refusal_ruling : uint8_t;
enum class refusal_subject : uint8_t;
enum class rejection : uint8_t;
enum class restart_scope : uint8_t;
enum class restart_strategy : uint8_t;
enum class restart_type : uint8_t;
enum class send_outcome : uint8_t;
enum class shutdown_order : uint8_t;
enum class subscriber_lifetime : uint8_t;
enum class subscription_content : uint8_t;
enum class subscription_request_kind : uint8_t;
enum class supervision_end : uint8_t;
enum class tls_verify : uint8_t;
enum class trade_numbering : uint8_t;
enum class url_scheme : uint8_t;
enum class venue_money : uint8_t;

} // namespace zenws

/// Actions that a `session` returns.
namespace zenws::action {

struct adopt_successor;
struct answer;
struct close;
struct dial;
struct dial_successor;
struct drop;
struct fail;
struct get_credentials;
struct notify;
struct ping;
struct promote_successor;
struct report;
struct stop;
struct write;

enum class write_completion : uint8_t;

} // namespace zenws::action

/// Market data as values.
namespace zenws::market {

class book_levels;
class data_kinds;
class decimal;
class exact_sum;
class feed_merger;
class order_book;
class update_list;

template <size_t MaxSize>
class short_text;

struct book_change;
struct book_lost;
struct book_rules;
struct book_snapshot;
struct book_update;
struct instrument_state;
struct level_change;
struct price_level;
struct quote;
struct ticker;
struct trade;
struct trade_gap;
struct venue_numbers;

enum class amount_unit : uint8_t;
enum class book_outcome : uint8_t;
enum class book_side : uint8_t;
enum class data_kind : uint8_t;
enum class instrument_kind : uint8_t;
enum class level_action : uint8_t;
enum class loss_cause : uint8_t;
enum class sequence_rule : uint8_t;
enum class trade_direction : uint8_t;
enum class trade_kind : uint8_t;
enum class trade_numbers : uint8_t;
enum class trading_state : uint8_t;

} // namespace zenws::market

/// Actions that a `supervisor_logic` returns.
namespace zenws::supervisor_action {

struct finish;
struct forget;
struct kill;
struct notify;
struct start;
struct stop;
struct stopped;

enum class child_event : uint8_t;

} // namespace zenws::supervisor_action

/// Orders and accounts as values.
namespace zenws::trading {

class desk_logic;
class number_set;
class open_amounts;
class order_journal;
class order_ledger;
class order_numbers;
class paper_account;
class paper_venue;
class risk_gate;

struct amend_request;
struct balance;
struct book_view;
struct desk_config;
struct desk_time;
struct fill;
struct ledger_config;
struct ledger_counters;
struct order;
struct order_event;
struct order_key;
struct order_record;
struct order_report;
struct order_request;
struct position;
struct risk_limits;
struct risk_view;

enum class desk_request : uint8_t;
enum class desk_state : uint8_t;
enum class fill_liquidity : uint8_t;
enum class journal_mode : uint8_t;
enum class order_event_kind : uint8_t;
enum class order_side : uint8_t;
enum class order_state : uint8_t;
enum class order_type : uint8_t;
enum class risk_cause : uint8_t;
enum class time_in_force : uint8_t;
enum class venue_order_state : uint8_t;

} // namespace zenws::trading

/// Actions that a `desk_logic` returns.
namespace zenws::desk_action {

struct renew_channels;
struct send;
struct tell;
struct tell_balance;
struct tell_failure;
struct tell_position;
struct tell_state;

} // namespace zenws::desk_action
