// SPDX-License-Identifier: BSD-3-Clause

// zenws man: the manual page.

#include "../command_tree.hpp"
#include "../output.hpp"
#include "verbs.hpp"

#include "program/help.hpp"

#include "zenws/version.hpp"

#include <sstream>
#include <string>

namespace zenws::tool {

namespace {

// Returns a text for roff, in which dots, hyphens and backslashes have a
// meaning.
std::string roff(const std::string& text) {
  std::string result;
  for (auto c : text)
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else
      result += c;
  if (result.starts_with('.') || result.starts_with('\''))
    result.insert(0, "\\&");
  return result;
}

std::string bold(const std::string& text) {
  return "\\fB" + roff(text) + "\\fR";
}

std::string italic(const std::string& text) {
  return "\\fI" + roff(text) + "\\fR";
}

void print_option(const CLI::Option& option) {
  std::string names;
  for (auto& name : names_of(option))
    names += (names.empty() ? "" : ", ") + bold(name);
  if (takes_value(option))
    names += ' ' + italic(option.get_option_text());
  print_line(".TP\n" + names + '\n' + roff(option.get_description()) + '.');
}

void print_examples(const CLI::App& app) {
  std::istringstream in{app.get_footer()};
  print_line(".PP\nExamples:\n.PP\n.nf");
  for (std::string line; std::getline(in, line);)
    print_line(roff(line));
  print_line(".fi");
}

void print_verb(const CLI::App& verb) {
  auto synopsis = bold("zenws " + verb.get_name()) + " [" + italic("options")
                  + ']';
  for (auto* argument : listed_arguments(verb)) {
    auto name = italic(argument->get_name());
    if (argument->get_expected_max() > 1)
      name += " ...";
    synopsis += argument->get_required() ? ' ' + name : " [" + name + ']';
  }
  print_line(".SS " + verb.get_name() + '\n' + synopsis + "\n.PP\n"
             + roff(verb.get_description()) + '.');
  for (auto* argument : listed_arguments(verb))
    print_line(".TP\n" + italic(argument->get_name()) + '\n'
               + roff(argument->get_description()) + '.');
  for (auto* option : listed_options(verb))
    if (option != verb.get_help_ptr())
      print_option(*option);
  print_examples(verb);
}

int print_manual(const CLI::App& app) {
  print_line(".TH ZENWS 1 \"\" \"zenws " + std::string{zenws::version}
             + "\" \"User Commands\"");
  print_line(".SH NAME\nzenws \\- supervised WebSocket clients, from the "
             "command line");
  print_line(".SH SYNOPSIS\n" + bold("zenws") + " [" + italic("options") + "] "
             + italic("VERB") + " [" + italic("arguments") + ']');
  print_line(".SH OPTIONS");
  for (auto* option : listed_options(app))
    print_option(*option);
  print_line(".SH VERBS");
  for (auto* verb : listed_verbs(app))
    print_verb(*verb);
  print_line(R"(.SH ENVIRONMENT
.TP
\fBZENWS_TOKEN\fR
Token of the monitor of a running program.
.TP
\fBNO_COLOR\fR
No colors if it is set.
.PP
Each option has a variable: its name in capital letters, behind \fBZENWS_\fR,
such as \fBZENWS_ADDRESS\fR.
.SH FILES
.TP
\fI~/.config/zenws/config.toml\fR
Values of options by their names, for all verbs or in the table of one. The
environment counts more than the file, the command line more than both.
.TP
\fI~/.local/state/zenws/history\fR
Lines that were typed in \fBzenws connect\fR.
.SH EXIT STATUS
.TP
0
In order.
.TP
1
The work failed.
.TP
2
The command line, a setting or a file is wrong.)");
  return exit_success;
}

} // namespace

verb_action declare_man(CLI::App& app) {
  auto* verb = app.add_subcommand("man", "Print the manual page (roff)");
  verb->group("");
  add_examples(*verb, {{"read it", "zenws man | man -l -"}});
  return [&app](const common_options&) { return print_manual(app); };
}

} // namespace zenws::tool
