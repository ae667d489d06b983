// SPDX-License-Identifier: BSD-3-Clause

#include "support/extern_messages.hpp"

#include "zenws/actors/messages/inspect.hpp"

#define ZENWS_DEFINE(type) ZENWS_MESSAGE_TEMPLATES(template class, type)

ZENWS_EACH_MESSAGE(ZENWS_DEFINE)
