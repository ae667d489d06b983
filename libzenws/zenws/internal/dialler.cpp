#include "zenws/internal/dialler.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <string>

namespace zenws::internal {

namespace asio = boost::asio;

dialler::dialler(asio::io_context& ctx, socket_type& socket)
  : socket_(&socket), resolver_(ctx), timer_(ctx) {
  // nop
}

void dialler::start(const host_and_port& to,
                    std::chrono::steady_clock::time_point deadline,
                    phase_handler on_phase, done_handler on_done) {
  deadline_ = deadline;
  on_phase_ = std::move(on_phase);
  on_done_ = std::move(on_done);
  error_code ec;
  auto literal = asio::ip::make_address(to.host, ec);
  if (ec)
    return resolve(to);
  endpoints_.emplace_back(literal, to.port);
  asio::post(resolver_.get_executor(), [self = shared_from_this()] {
    if (self->on_phase_)
      self->on_phase_(phase::connecting);
    self->try_next({});
  });
}

void dialler::cancel() {
  on_phase_ = nullptr;
  on_done_ = nullptr;
  socket_ = nullptr;
  resolver_.cancel();
  timer_.cancel();
}

void dialler::resolve(const host_and_port& to) {
  on_phase_(phase::resolving);
  resolver_.async_resolve(
    to.host, std::to_string(to.port), asio::ip::resolver_base::numeric_service,
    [self = shared_from_this(),
     host = to.host](error_code ec, const resolver_type::results_type& found) {
      if (!self->on_done_)
        return;
      if (ec)
        return self->done(
          error{zenws::ec::name_resolution_failed, host + ": " + ec.message()});
      for (auto& entry : found)
        self->endpoints_.push_back(entry.endpoint());
      self->on_phase_(phase::connecting);
      self->try_next({});
    });
}

void dialler::try_next(error_code last) {
  if (!on_done_)
    return;
  if (next_ == endpoints_.size())
    return done(error{zenws::ec::connect_failed, last.message()});
  auto to = endpoints_[next_];
  auto now = std::chrono::steady_clock::now();
  auto share = (deadline_ - now) / static_cast<int>(endpoints_.size() - next_);
  ++next_;
  timed_out_ = false;
  error_code ignored;
  socket_->close(ignored);
  if (next_ < endpoints_.size()) {
    timer_.expires_after(share);
    timer_.async_wait([self = shared_from_this()](error_code ec) {
      if (ec || self->socket_ == nullptr)
        return;
      self->timed_out_ = true;
      error_code nothing;
      self->socket_->close(nothing);
    });
  }
  socket_->async_connect(to, [self = shared_from_this()](error_code ec) {
    self->timer_.cancel();
    self->connected(self->timed_out_ ? asio::error::timed_out : ec);
  });
}

void dialler::connected(error_code ec) {
  if (!on_done_)
    return;
  if (ec)
    return try_next(ec);
  // Small writes must leave at once, and reads happen only when ready.
  error_code ignored;
  socket_->set_option(asio::ip::tcp::no_delay{true}, ignored);
  socket_->non_blocking(true, ec);
  done(ec ? error{zenws::ec::connect_failed, ec.message()} : error{});
}

void dialler::done(error reason) {
  on_phase_ = nullptr;
  if (auto f = std::exchange(on_done_, nullptr))
    f(std::move(reason));
}

} // namespace zenws::internal
