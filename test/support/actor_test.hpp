// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// Includes CAF's unit tests of actors: a scheduler and a clock that the test
/// controls. See unit_test.hpp.

#include "unit_test.hpp"

#ifdef ZENWS_TEST_ENGINE

#  include "zenws/actors/caf/caf_compat.hpp"

/// An actor system whose scheduler and clock the test controls.
template <class Config = caf::actor_system_config>
class test_coordinator_fixture {
public:
  virtual ~test_coordinator_fixture() {
    while (sched.run() > 0 || sched.trigger_timeout())
      ; // nop
  }

  Config cfg;
  zenws::caf_compat::virtual_system sys{cfg};
  caf::scoped_actor self{sys, true};
  zenws::caf_compat::virtual_scheduler& sched
    = dynamic_cast<zenws::caf_compat::virtual_scheduler&>(sys.scheduler());
};

#else

#  include "caf/test/dsl.hpp"

#endif
