// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include "zenws/actors/caf/io_loop.hpp"
#include "zenws/actors/desk/desk_messages.hpp"
#include "zenws/actors/messages/messages.hpp"
#include "zenws/outlet/internal/outlet_queue.hpp"
#include "zenws/outlet/internal/outlet_source.hpp"

#include <functional>
#include <memory>

namespace zenws {

namespace detail {

using outlet_stream_impl
  = desk_watcher::extend<caf_compat::takes<message_batch>,
                         caf_compat::takes<market_batch>,
                         caf_compat::takes<client_event>>;

} // namespace detail

/// One subscription of a program: an ordinary subscriber of a client, or a
/// watcher of a desk, that puts what it receives into the queue of its
/// connection. Ends with its connection.
class outlet_stream
  : public loop_actor<ending_actor<detail::outlet_stream_impl::base>> {
public:
  // -- member types -----------------------------------------------------------

  using super = loop_actor<ending_actor<detail::outlet_stream_impl::base>>;

  // -- constructors, destructors, and assignment operators --------------------

  /// @param give_up called if the program was too slow for its policy: nothing
  ///                is taken any more.
  outlet_stream(caf::actor_config& cfg, outlet_source_ptr source,
                std::shared_ptr<outlet_queue> queue,
                std::function<void()> give_up);

  // -- implementation of local_actor ------------------------------------------

  const char* name() const override;

  behavior_type make_behavior() override;

  void before_end() override;

private:
  template <class Batch>
  void take(const Batch& batch);

  void take(const client_event& event);

  // Passes on what a desk has told.
  template <class News>
  void tell(const News& news);

  bool is_for_program(const client_event& event) const;

  outlet_source_ptr source_;
  std::shared_ptr<outlet_queue> queue_;
  std::function<void()> give_up_; // null afterwards
};

} // namespace zenws
