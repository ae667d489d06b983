#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include <sys/types.h>

namespace zenws::demo {

/// Why something cannot be done, and what a person can do about it.
struct obstacle {
  std::string cause;
  std::string remedy;
};

/// Where the programs of this build lie: next to the one that runs.
std::filesystem::path program_folder();

/// The exchange simulator in a process of its own, with TLS and an authority
/// of its own. Ends with this object, and with this process at the latest.
class exchange_process {
public:
  // -- constructors, destructors, and assignment operators --------------------

  /// Starts `program` and waits until it listens.
  /// @param arguments in addition to those for port and TLS.
  /// @pre there is only one thread so far.
  static std::variant<exchange_process, obstacle>
  start(const std::filesystem::path& program,
        const std::vector<std::string>& arguments);

  exchange_process(exchange_process&& other) noexcept;

  exchange_process& operator=(exchange_process&&) = delete;

  ~exchange_process();

  // -- properties -------------------------------------------------------------

  /// For example "wss://127.0.0.1:40123".
  const std::string& url() const noexcept {
    return url_;
  }

  /// The certificate of the simulator's authority.
  std::string ca_file() const;

  pid_t pid() const noexcept {
    return pid_;
  }

private:
  exchange_process() = default;

  std::string url_;
  /// Holds the certificate; removed at the end.
  std::filesystem::path folder_;
  pid_t pid_ = -1;
  /// What the simulator prints; its end tells of the simulator's.
  int output_ = -1;
};

} // namespace zenws::demo
