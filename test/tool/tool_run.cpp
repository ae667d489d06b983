// SPDX-License-Identifier: BSD-3-Clause

#include "tool_run.hpp"

#include "support/program.hpp"

#include <boost/json/src.hpp>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zenws::test_support {

namespace {

std::string content_of(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (auto& text : texts)
    result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string>
environment_with(const std::map<std::string, std::string>& more) {
  std::vector<std::string> result;
  for (auto** variable = environ; *variable != nullptr; ++variable) {
    std::string text{*variable};
    auto name = text.substr(0, text.find('='));
    if (!more.contains(name) && !name.starts_with("ZENWS_"))
      result.push_back(text);
  }
  for (auto& [name, value] : more)
    result.push_back(name + '=' + value);
  return result;
}

} // namespace

tool_result tool_home::run(const tool_run& setup) const {
  return run_program((program_folder() / "zenws").string(), setup);
}

tool_result tool_home::run_shell(const std::string& command) const {
  auto path = program_folder().string() + ':' + std::getenv("PATH");
  return run_program("/bin/bash", {.arguments = {"-c", command},
                                   .environment = {{"PATH", path}}});
}

void tool_home::write_settings(const std::string& text) const {
  std::filesystem::create_directories(folder_.path() / "zenws");
  write("zenws/config.toml", text);
}

std::string tool_home::write(const std::string& name,
                             const std::string& text) const {
  auto path = folder_.file(name);
  std::ofstream{path, std::ios::binary} << text;
  return path;
}

tool_result tool_home::run_program(const std::string& file,
                                   const tool_run& setup) const {
  auto in = write("stdin", setup.input);
  auto out = folder_.file("stdout");
  auto err = folder_.file("stderr");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr auto mode = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, in.c_str(), O_RDONLY,
                                   0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), mode,
                                   0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), mode,
                                   0600);
  auto variables = setup.environment;
  variables.emplace("XDG_CONFIG_HOME", folder_.path().string());
  variables.emplace("XDG_STATE_HOME", folder_.path().string());
  auto environment = environment_with(variables);
  std::vector<std::string> arguments{file};
  arguments.insert(arguments.end(), setup.arguments.begin(),
                   setup.arguments.end());
  pid_t pid = 0;
  auto failure = posix_spawn(&pid, file.c_str(), &actions, nullptr,
                             pointers_to(arguments).data(),
                             pointers_to(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0)
    throw std::runtime_error{file + ": " + std::strerror(failure)};
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
    ;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status),
          content_of(out), content_of(err)};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    result.push_back(line);
  return result;
}

std::string text_in(const boost::json::object& object, const char* name) {
  auto& text = object.at(name).as_string();
  return {text.data(), text.size()};
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::vector<boost::json::object> objects_of(const std::string& text) {
  std::vector<boost::json::object> result;
  for (auto& line : lines_of(text))
    result.push_back(boost::json::parse(line).as_object());
  return result;
}

} // namespace zenws::test_support
