#pragma once

#include <cstdint>

/// Forward declarations of everything that libzenws makes public.
namespace zenws {

// -- classes ------------------------------------------------------------------

class address_memory;
class backoff;
class connection;
class delivery_budget;
class envelope_layout;
class heartbeat;
class latency_histogram;
class message_batch;
class request_correlator;
class rate_gate;
class rate_limiter;
class recording_reader;
class rolling_window;
class session;
class shared_rate_limiter;
class slab;
class slab_pool;
class slab_ptr;
class subscription_set;
class token_bucket;

// -- structs ------------------------------------------------------------------

struct address_rank;
struct backoff_config;
struct channel_spec;
struct client_config;
struct client_event;
struct client_identity;
struct compression_config;
struct config_problem;
struct envelope;
struct envelope_path;
struct error;
struct explanation;
struct header;
struct heartbeat_config;
struct heartbeat_rule;
struct heartbeat_tick;
struct json_value;
struct message_view;
struct rpc_error;
struct rpc_result;
struct settled_call;
struct rate_charge;
struct rate_limit;
struct rate_refusal;
struct recorded_entry;
struct recorded_header;
struct recording_problem;
struct rolling_window_config;
struct channel_request;
struct subscription_limits;
struct subscription_outcome;
struct subscription_request;
struct subscription_set_config;
struct subscription_snapshot;
struct host_and_port;
struct proxy_config;
struct tls_config;
struct token_bucket_config;
struct upgrade_refusal;
struct url;

// -- enumerations -------------------------------------------------------------

enum class address_step : uint8_t;
enum class channel_access : uint8_t;
enum class channel_state : uint8_t;
enum class client_state : uint8_t;
enum class ec : uint8_t;
enum class envelope_kind : uint8_t;
enum class error_class : uint8_t;
enum class event_kind : uint8_t;
enum class heartbeat_kind : uint8_t;
enum class heartbeat_verdict : uint8_t;
enum class json_kind : uint8_t;
enum class limit_scope : uint8_t;
enum class message_kind : uint8_t;
enum class outcome_kind : uint8_t;
enum class recorded_direction : uint8_t;
enum class recorded_type : uint8_t;
enum class rejection : uint8_t;
enum class subscription_request_kind : uint8_t;
enum class tls_verify : uint8_t;
enum class url_scheme : uint8_t;

} // namespace zenws

/// What a `session` tells its owner to do.
namespace zenws::action {

struct close;
struct dial;
struct drop;
struct notify;
struct ping;
struct stop;

} // namespace zenws::action

/// Market data as values.
namespace zenws::market {

class decimal;
class instrument_name;
class sequence_tracker;

struct book_change;
struct level_change;
struct ticker;
struct trade;
struct update;

enum class book_side : uint8_t;
enum class content : uint8_t;
enum class level_action : uint8_t;
enum class sequence_rule : uint8_t;
enum class sequence_verdict : uint8_t;
enum class trade_direction : uint8_t;
enum class update_kind : uint8_t;

} // namespace zenws::market
