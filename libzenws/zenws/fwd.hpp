#pragma once

#include <cstdint>

/// Forward declarations of everything that libzenws makes public.
namespace zenws {

// -- classes ------------------------------------------------------------------

class backoff;
class connection;
class delivery_budget;
class heartbeat;
class message_batch;
class session;
class slab;
class slab_pool;
class slab_ptr;

// -- structs ------------------------------------------------------------------

struct backoff_config;
struct client_config;
struct client_event;
struct client_identity;
struct compression_config;
struct config_problem;
struct error;
struct explanation;
struct header;
struct heartbeat_config;
struct heartbeat_tick;
struct message_view;
struct host_and_port;
struct proxy_config;
struct tls_config;
struct upgrade_refusal;
struct url;

// -- enumerations -------------------------------------------------------------

enum class client_state : uint8_t;
enum class ec : uint8_t;
enum class error_class : uint8_t;
enum class event_kind : uint8_t;
enum class heartbeat_kind : uint8_t;
enum class heartbeat_verdict : uint8_t;
enum class message_kind : uint8_t;
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
