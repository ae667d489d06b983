#include "zenws/message_batch.hpp"

namespace zenws {

message_batch::message_batch(slab_ptr content,
                             std::shared_ptr<delivery_budget> budget)
  : lease_(new lease(std::move(content), std::move(budget))) {
  // nop
}

} // namespace zenws
