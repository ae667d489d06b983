// SPDX-License-Identifier: BSD-3-Clause

#pragma once

#include <string_view>

namespace zenws {

// The one place of the version: CMake reads it from here.

/// Version of zenws as "major.minor.patch" (semver.org).
constexpr std::string_view version = "0.2.0";

constexpr unsigned version_major = 0;
constexpr unsigned version_minor = 2;
constexpr unsigned version_patch = 0;

} // namespace zenws
