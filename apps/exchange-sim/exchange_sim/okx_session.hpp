#pragma once

#include "exchange_sim/okx_arg.hpp"
#include "exchange_sim/server_config.hpp"
#include "exchange_sim/sliding_window.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zenws::sim {

/// Which half of the interface a path offers.
enum class okx_side : uint8_t { public_data, private_data };

/// What a request leads to.
struct okx_outcome {
  /// To be sent in this order.
  std::vector<std::string> answers;
  std::vector<okx_arg> subscribed;
  std::vector<okx_arg> unsubscribed;
};

/// One connection's requests, in OKX's manner.
///
/// Pure: text and time in, text out.
class okx_session {
public:
  /// Says whether there is such an instrument.
  using instrument_predicate = std::function<bool(const std::string&)>;

  struct times {
    std::chrono::steady_clock::time_point steady;
    /// Since the Unix epoch.
    std::chrono::milliseconds wall;
  };

  okx_session(const server_config& cfg, okx_side side, std::string connection,
              instrument_predicate knows);

  /// Answers one request, or whatever it was that the client sent.
  okx_outcome handle(std::string_view text, const times& now);

  /// The notice that the service will be upgraded.
  std::string upgrade_notice() const;

  /// What is subscribed to, by its text.
  const std::map<std::string, okx_arg>& channels() const noexcept {
    return channels_;
  }

  /// The account that is logged in, empty for none.
  const std::string& account() const noexcept {
    return account_;
  }

private:
  struct call;

  struct refusal {
    const char* code;
    std::string message;
  };

  void dispatch(call& what, const times& now);
  void subscribe(call& what);
  void unsubscribe(call& what);
  void log_in(call& what, const times& now);
  std::optional<refusal> check(const okx_arg& arg) const;
  const account_config* find_account(const json& login) const;

  const server_config& cfg_;
  okx_side side_;
  std::string connection_;
  instrument_predicate knows_;
  sliding_window requests_;
  std::map<std::string, okx_arg> channels_;
  std::string account_;
};

} // namespace zenws::sim
