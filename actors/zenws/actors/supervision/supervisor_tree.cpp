#include "zenws/actors/supervision/supervisor.hpp"

#include <iterator>
#include <memory>
#include <utility>

/// How a supervisor tells of all that is below it.
namespace zenws {

namespace {

/// How long a supervisor below may take to tell of its children.
constexpr std::chrono::seconds tree_patience{1};

} // namespace

caf::result<tree_node> supervisor::tree() {
  struct collection {
    tree_node root;
    size_t pending = 1; // the collection itself
    caf::typed_response_promise<tree_node> promise;

    void done() {
      if (--pending == 0)
        promise.deliver(std::move(root));
    }
  };
  auto all = std::make_shared<collection>();
  all->promise = make_response_promise<tree_node>();
  all->root.name = options_.name;
  all->root.kind = child_kind::supervisor;
  all->root.state = "running";
  all->root.details
    = {{"strategy", std::string{to_string(options_.policy.strategy)}}};
  all->root.children.resize(children_.size());
  size_t index = 0;
  for (auto& [number, who] : children_) {
    auto& node = all->root.children[index];
    auto state = *policy_.state_of(number);
    if (who.spec.hooks)
      node = who.spec.hooks->describe(state);
    else if (state == child_state::gave_up)
      node.details.push_back({"last error", caf_compat::to_text(who.reason)});
    node.name = who.spec.id;
    node.kind = who.spec.kind;
    if (node.state.empty())
      node.state = to_string(state);
    append_restarts(node, policy_, number);
    if (who.spec.kind == child_kind::supervisor && who.incarnation) {
      ++all->pending;
      request(who.incarnation, tree_patience, get_tree{})
        .then(
          [all, index](tree_node& below) {
            auto& to = all->root.children[index];
            std::move(below.details.begin(), below.details.end(),
                      std::back_inserter(to.details));
            to.children = std::move(below.children);
            all->done();
          },
          [all, index](const caf::error&) {
            all->root.children[index].state = "does not answer";
            all->done();
          });
    }
    ++index;
  }
  auto promise = all->promise;
  all->done();
  return promise;
}

} // namespace zenws
