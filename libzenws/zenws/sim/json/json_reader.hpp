// SPDX-License-Identifier: BSD-3-Clause

#pragma once

/// @file
/// JSON that clients send. Shares no code with zenws::core on purpose: the
/// simulator is an independent peer, and a mistake of one side shows.

#include <rapidjson/document.h>

#include <optional>
#include <string_view>

namespace zenws::sim {

using json = rapidjson::Value;

/// Parses a client's message, however deeply it is nested. Returns false, and
/// leaves an empty object in `out`, if it is no JSON.
bool parse_json(std::string_view text, rapidjson::Document& out);

/// @pre `x.IsString()`
std::string_view text_of(const json& x);

/// Returns a member, or null; also null if `object` is none.
const json* find(const json& object, const char* name);

/// Returns the text of a member, empty if it has none.
std::string_view text_member(const json& object, const char* name);

/// Returns a finite number, or nothing.
std::optional<double> number_member(const json& object, const char* name);

/// Returns the number that a text consists of, or nothing.
std::optional<double> decimal_member(const json& object, const char* name);

/// Returns whether a value may be sent back as it is: it has no depth of its
/// own.
bool is_scalar(const json& x) noexcept;

bool all_strings(const json& array);

} // namespace zenws::sim
