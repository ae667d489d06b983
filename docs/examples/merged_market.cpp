#include "zenws/actors/all.hpp"

using namespace zenws::market;

// One book of two connections to the same venue: the loss of one is no gap.
zenws::client_actor
merge_markets(zenws::runtime& rt, const zenws::client_actor& first,
              const zenws::client_actor& second,
              const zenws::market_subscriber& subscriber) {
  auto merged = rt.merge({.sources = {first, second}, .dialect = "deribit"});
  if (!merged)
    throw std::runtime_error{zenws::to_text(merged.error())};
  zenws::anon_send(*merged, zenws::subscribe_market{
                              .instruments = {"BTC-PERPETUAL"},
                              .kinds = {data_kind::book},
                              .subscriber = subscriber,
                            });
  return *merged;
}
