#pragma once

#include "exchange_sim/connection.hpp"
#include "exchange_sim/endpoint.hpp"
#include "exchange_sim/okx_session.hpp"

namespace zenws::sim {

class venue;

/// Runs one connection in OKX's manner, with the cut of silent ones.
class okx_endpoint final : public endpoint {
public:
  okx_endpoint(venue& owner, connection& client);

  void opened() override;

  void received(const message& what) override;

  void ending() override;

  void closed() override;

private:
  void subscribe(const okx_arg& arg);
  void unsubscribe(const okx_arg& arg);
  void await_message();

  venue& owner_;
  connection& client_;
  okx_session session_;
  loop_timer idle_timer_;
  bool closed_ = false;
};

} // namespace zenws::sim
