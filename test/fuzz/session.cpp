// SPDX-License-Identifier: BSD-3-Clause

// A session under arbitrary events. A byte chooses each event; text of the peer
// goes up to the next line break.

#include "zenws/session/session.hpp"

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <utility>

using namespace zenws;
using namespace std::chrono_literals;

namespace {

client_config config() {
  client_config result{.url = "ws://h"};
  result.venue.dialect = "deribit";
  result.venue.login = login_mode::required;
  result.venue.max_pending_calls = 8;
  result.venue.max_channels = 8;
  result.heartbeat.kind = heartbeat_kind::venue;
  return result;
}

class owner {
public:
  void drive(std::string_view bytes) {
    uut_.start(now_, out_);
    take_actions();
    while (!bytes.empty() && !stopped_) {
      auto event = bytes.front();
      bytes.remove_prefix(1);
      step(event, bytes);
      take_actions();
    }
  }

private:
  void step(char event, std::string_view& bytes) {
    switch (event % 12) {
      case 0:
        return uut_.opened(now_, out_);
      case 1:
        return uut_.lost(error{ec::connection_lost}, now_, 0.5, out_);
      case 2: {
        auto end = bytes.find('\n');
        (void) uut_.received(bytes.substr(0, end), now_, out_);
        bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
        return;
      }
      case 3:
        now_ += 1s;
        return uut_.expired(now_, out_);
      case 4:
        if (auto due = uut_.wake_at())
          now_ = std::max(now_, *due);
        return uut_.expired(now_, out_);
      case 5:
        open_.insert(++token_);
        return uut_.call(token_, "private/buy", "{}", 5s, queue_until(3s), now_,
                         out_);
      case 6:
        open_.insert(++token_);
        return uut_.send(token_, message_kind::text, "x", fail_if_down, now_,
                         out_);
      case 7: {
        channel_spec channel{
          .name = std::string(1, bytes.empty() ? 'a' : bytes[0])};
        (void) uut_.subscribe(1, {&channel, 1}, now_, out_);
        return;
      }
      case 8:
        return uut_.remove_subscriber(1, now_, out_);
      case 9:
        return uut_.authorized(credentials{"k", "s"}, {}, now_, out_);
      case 10:
        return uut_.request_close(1000, {}, now_, {}, out_);
      default:
        return uut_.peer_pinged(now_);
    }
  }

  // Nothing comes after the end, and each token is answered at most once.
  void take_actions() {
    for (auto& next : std::exchange(out_, {})) {
      if (stopped_)
        std::abort();
      if (auto* x = std::get_if<action::fail>(&next))
        close(x->token);
      else if (auto* y = std::get_if<action::answer>(&next))
        close(y->token);
      else if (auto* z = std::get_if<action::write>(&next);
               z && z->completion == action::write_completion::on_written)
        close(z->token);
      else if (std::holds_alternative<action::stop>(next))
        stopped_ = true;
    }
  }

  void close(uint64_t token) {
    if (open_.erase(token) == 0)
      std::abort();
  }

  session uut_{config(),
               {.id = 1, .name = "fuzz"},
               {.dialect = make_dialect("deribit")}};
  session::time_point now_{1h};
  session_actions out_;
  std::set<uint64_t> open_;
  uint64_t token_ = 0;
  bool stopped_ = false;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  owner{}.drive({reinterpret_cast<const char*>(data), size});
  return 0;
}
