// Finds the next file of a growing set: a glob pattern, asked now and then.
#pragma once

#include <chrono>
#include <string>

namespace rtpsonde {

class FileWatch {
 public:
  // pattern: glob(7) over full paths; empty: no file will ever be found.
  explicit FileWatch(std::string pattern) : pattern_(std::move(pattern)) {}

  // The first matching path that sorts after `path`, empty when there is none.
  // Names sort with numbers by value (trace.pcap2 before trace.pcap10). Looks
  // at the disk a few times a second at most; in between it answers "none".
  std::string after(const std::string& path);

  bool watching() const { return !pattern_.empty(); }

 private:
  std::string pattern_;
  std::chrono::steady_clock::time_point next_look_{};
};

}  // namespace rtpsonde
