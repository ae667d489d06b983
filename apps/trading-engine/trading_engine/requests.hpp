#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The requests that the engine sends (JSON-RPC 2.0).
namespace zenws::engine {

std::string subscribe_request(uint64_t id,
                              const std::vector<std::string>& channels);

std::string unsubscribe_request(uint64_t id,
                                const std::vector<std::string>& channels);

/// Asks the venue to send heartbeats and to expect answers.
std::string heartbeat_request(uint64_t id, std::chrono::seconds interval);

/// The answer to a `test_request`.
std::string test_answer(uint64_t id);

} // namespace zenws::engine
