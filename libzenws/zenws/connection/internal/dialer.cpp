// SPDX-License-Identifier: BSD-3-Clause

#include "zenws/connection/internal/dialer.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace zenws::internal {

namespace asio = boost::asio;

namespace {

using clock = std::chrono::steady_clock;

void add_to(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : "; ") + item;
}

} // namespace

result<first_hop> find_first_hop(const proxy_config& proxy, const url& target) {
  first_hop result{{target.host, target.port}};
  if (!proxy.url.empty()) {
    auto parsed = parse_proxy_url(proxy.url);
    if (!parsed)
      return parsed.error();
    result.host = parsed->host;
  }
  error_code code;
  auto literal = asio::ip::make_address(result.host.host, code);
  if (!code)
    result.addresses.emplace_back(literal, result.host.port);
  return result;
}

dialer::dialer(asio::io_context& ctx, socket_type& socket,
               std::shared_ptr<address_memory> memory)
  : socket_(&socket), memory_(std::move(memory)), resolver_(ctx), timer_(ctx) {
  // nop
}

void dialer::start(first_hop to, clock::time_point deadline, try_handler on_try,
                   done_handler on_done) {
  host_ = std::move(to.host);
  deadline_ = deadline;
  on_try_ = std::move(on_try);
  on_done_ = std::move(on_done);
  if (to.addresses.empty())
    return resolve();
  asio::post(resolver_.get_executor(),
             [self = shared_from_this(), known = std::move(to.addresses)] {
               if (self->on_done_)
                 self->race(known);
             });
}

error dialer::timed_out() {
  if (!race_)
    return {ec::handshake_timeout, host_.host + " was not resolved"};
  auto list = std::exchange(failures_, {});
  for (auto& x : candidates_) {
    if (x.failed)
      continue;
    auto address = to_text(x.address);
    memory_->failed(host_, address, address_step::connect);
    add_to(list, address + ": no answer");
  }
  return {ec::handshake_timeout, std::move(list)};
}

void dialer::cancel() {
  on_try_ = nullptr;
  on_done_ = nullptr;
  socket_ = nullptr;
  resolver_.cancel();
  timer_.cancel();
  for (auto& x : candidates_) {
    error_code ignored;
    x.socket.close(ignored);
  }
}

void dialer::resolve() {
  tell({});
  resolver_.async_resolve(
    host_.host, std::to_string(host_.port),
    asio::ip::resolver_base::numeric_service,
    [self = shared_from_this()](error_code code,
                                const resolver_type::results_type& found) {
      if (!self->on_done_)
        return;
      if (code)
        return self->done(error{ec::name_resolution_failed,
                                self->host_.host + ": " + code.message()});
      std::vector<endpoint_type> addresses;
      for (auto& entry : found)
        addresses.push_back(entry.endpoint());
      self->race(addresses);
    });
}

void dialer::race(const std::vector<endpoint_type>& addresses) {
  address_plan plan{addresses, host_, *memory_};
  addresses_ = std::move(plan.addresses);
  race_.emplace(addresses_.size(), plan.suspects, clock::now(), deadline_);
  try_due();
}

void dialer::try_due() {
  // A handler may end all this.
  while (on_done_) {
    auto index = race_->next(clock::now());
    if (!index)
      break;
    try_address(addresses_[*index]);
  }
  if (!on_done_)
    return;
  if (race_->lost())
    return done(error{ec::connect_failed, failures_});
  auto due = race_->next_at();
  if (!due)
    return;
  timer_.expires_at(*due);
  timer_.async_wait([self = shared_from_this()](error_code code) {
    if (!code)
      self->try_due();
  });
}

void dialer::try_address(const endpoint_type& address) {
  tell(to_text(address));
  if (!on_done_)
    return;
  auto& fresh = candidates_.emplace_back(resolver_.get_executor(), address);
  fresh.socket.async_connect(address, [self = shared_from_this(),
                                       &fresh](error_code code) {
    self->on_connected(fresh, code);
  });
}

void dialer::on_connected(candidate& attempt, error_code code) {
  if (!on_done_)
    return;
  // Small writes must leave at once, and reads happen only if ready.
  error_code ignored;
  attempt.socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
  if (!code)
    attempt.socket.non_blocking(true, code);
  if (!code)
    return win(attempt);
  on_failed(attempt, code.message());
  try_due();
}

void dialer::on_failed(candidate& attempt, const std::string& reason) {
  attempt.failed = true;
  error_code ignored;
  attempt.socket.close(ignored);
  auto address = to_text(attempt.address);
  memory_->failed(host_, address, address_step::connect);
  add_to(failures_, address + ": " + reason);
  race_->failed(clock::now());
}

void dialer::win(candidate& attempt) {
  *socket_ = std::move(attempt.socket);
  auto address = attempt.address;
  auto handler = std::move(on_done_);
  cancel();
  handler(address);
}

void dialer::tell(const std::string& address) {
  // Lives until it has returned, even if it cancels.
  auto handler = on_try_;
  handler(address);
}

void dialer::done(result<endpoint_type> outcome) {
  on_try_ = nullptr;
  if (auto f = std::exchange(on_done_, nullptr))
    f(std::move(outcome));
}

} // namespace zenws::internal
