// What another program says, for tests that compare with it.
#pragma once

#include <doctest/doctest.h>

#include <cstdio>
#include <string>

// Standard output of a shell command; empty when it does not exist.
inline std::string output_of(const std::string& command) {
  std::string text;
  char buffer[4096];
  std::FILE* const pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  REQUIRE(pipe != nullptr);
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, pipe)) text.append(buffer, got);
  ::pclose(pipe);
  return text;
}
